"""The pages of agenda and convocation, asked as a browser does; and by whom they may be asked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from convened import PDF, Convened, convene, proposal, seat_council
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arengo.council.models import AgendaItem, Document, Notice, Sitting
from arengo.council.operations.agenda import LIMIT_MB, MEGABYTE, add_document
from arengo.kernel.models import AuditEntry, Comune, User


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return Anna's browser."""
    client.force_login(anna)
    return client


@pytest.fixture
def convened(pero: Comune, sitting: Sitting) -> Convened:
    """Return a sitting of Pero whose notice went out."""
    return convene(pero, sitting)


def odg(sitting: Sitting, rest: str = "") -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/odg/{rest}"


def upload(
    clerk: Client, item: AgendaItem, name: str, content: bytes, **over: str
) -> tuple[int, str]:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    answer = clerk.post(
        odg(item.sitting, f"{item.pk}/documenti/"),
        {"title": "Relazione tecnica", "file": file, "is_public": "on", **over},
    )
    return answer.status_code, answer.content.decode()


def test_a_clerk_writes_an_item_and_reads_it_back(clerk: Client, sitting: Sitting) -> None:
    typed = {"title": "Piano regolatore", "type": "proposal", "affects_spending": "on"}
    answer = clerk.post(odg(sitting), typed, follow=True)
    page = answer.content.decode()
    assert "Punto 1 aggiunto." in page
    assert "Manca il parere di regolarità contabile" in page
    assert "Comporta spesa" in page


def test_a_form_without_title_says_so_and_writes_nothing(clerk: Client, sitting: Sitting) -> None:
    page = clerk.post(odg(sitting), {"title": "", "type": "proposal"}).content.decode()
    assert "ar-field__error" in page
    assert not AgendaItem.across.exists()


def test_an_item_is_moved_with_a_button(clerk: Client, pero: Comune, sitting: Sitting) -> None:
    first, second = (proposal(pero, sitting, title) for title in "AB")
    page = clerk.post(
        odg(sitting, f"{second.pk}/sposta/"), {"direction": "up"}, follow=True
    ).content.decode()
    assert "«B» ora è il punto 1." in page
    first.refresh_from_db()
    assert first.position == 2


def test_an_item_is_taken_off(clerk: Client, pero: Comune, sitting: Sitting) -> None:
    item = proposal(pero, sitting, "A")
    page = clerk.post(odg(sitting, f"{item.pk}/togli/"), follow=True).content.decode()
    assert "Punto «A» tolto." in page
    assert "L’ordine del giorno è vuoto." in page


def test_an_opinion_is_written(clerk: Client, pero: Comune, sitting: Sitting) -> None:
    item = proposal(pero, sitting, "A")
    typed = {
        "type": "technical",
        "verdict": "contrary",
        "by_whom": "Ing. Rota",
        "given_on": "2026-11-20",
    }
    page = clerk.post(odg(sitting, f"{item.pk}/pareri/"), typed, follow=True).content.decode()
    assert "Regolarità tecnica: contrario" in page
    assert "art. 49 c. 4" in page


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "a\x00b.pdf", "C:\\virus.exe", "<script>.html", "…" * 90, ".htaccess"],
)
def test_no_name_becomes_a_path_or_a_page(
    clerk: Client, pero: Comune, sitting: Sitting, name: str, data_folder: Path
) -> None:
    item = proposal(pero, sitting, "A")
    status, _page = upload(clerk, item, name, PDF)
    assert status == 302
    document = Document.across.get()
    files = [
        path for path in data_folder.rglob("*") if path.is_file() and "documents" in path.parts
    ]
    assert files == [data_folder / "documents" / pero.pk / document.uid]
    answer = clerk.get(f"/pero/sedute/{sitting.uid}/documenti/{document.uid}/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="relazione-tecnica.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer) == PDF


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><script>1</script>", "non è un documento"),
        (b"", "Il file è vuoto"),
        (PDF.ljust(LIMIT_MB * MEGABYTE + 1), "21 MB: il limite è 20 MB"),
    ],
    ids=["page", "empty", "large"],
)
def test_a_refused_file_is_explained_beside_its_field(
    clerk: Client, pero: Comune, sitting: Sitting, content: bytes, words: str
) -> None:
    item = proposal(pero, sitting, "A")
    status, page = upload(clerk, item, "relazione.pdf", content)
    assert status == 422
    assert words in page
    assert not Document.across.exists()


def test_only_people_of_the_comune_read_what_is_not_public(
    client: Client, pero: Comune, sitting: Sitting, bruno: User, carla: User
) -> None:
    item = proposal(pero, sitting, "A")
    document = add_document(
        comune=pero, item=item, title="D", content=PDF, is_public=False, by=None
    )
    public = f"/pero/sedute/{sitting.uid}/documenti/{document.uid}/"
    reserved = f"/consiglio{public}"
    for user, status in ((bruno, 200), (carla, 404)):
        client.force_login(user)
        assert client.get(public).status_code == 404
        answer = client.get(reserved)
        assert answer.status_code == status
        assert (b"".join(answer) == PDF) == (status == 200)


def test_a_document_whose_file_is_gone_is_not_found(
    client: Client, convened: Convened, data_folder: Path
) -> None:
    (data_folder / "documents" / convened.sitting.comune_id / convened.document.uid).unlink()
    address = f"/pero/sedute/{convened.sitting.uid}/documenti/{convened.document.uid}/"
    assert client.get(address).status_code == 404


def test_what_hangs_on_one_sitting_is_not_found_under_another(
    clerk: Client, pero: Comune, convened: Convened, make_sitting: Callable[..., Sitting]
) -> None:
    other = make_sitting(pero, title="Altra")
    base = f"/consiglio/pero/sedute/{other.uid}"
    notice = convened.notices["colnaghi"].pk
    for address in (
        f"{base}/odg/{convened.item.pk}/",
        f"{base}/documenti/{convened.document.uid}/",
        f"/pero/sedute/{other.uid}/documenti/{convened.document.uid}/",
        f"{base}/avvisi/{notice}/messaggio.eml",
        f"{base}/convocazione/{convened.convocation.pk}/messaggi.zip",
    ):
        assert clerk.get(address).status_code == 404, address
    for address in (
        f"{base}/avvisi/{notice}/riprova/",
        f"{base}/assenze/{convened.absence.pk}/togli/",
    ):
        assert clerk.post(address).status_code == 404, address


def convocation(sitting: Sitting) -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/convocazione/"


def test_the_page_says_what_stands_in_the_way(clerk: Client, sitting: Sitting) -> None:
    page = clerk.get(convocation(sitting)).content.decode()
    for words in (
        "Non ci sono punti da comunicare",
        "Manca il luogo",
        "Nessuno siede in Consiglio",
    ):
        assert words in page
    assert 'value="send"' not in page


def test_a_preview_sends_nothing_and_keeps_what_was_typed(
    clerk: Client, pero: Comune, sitting: Sitting
) -> None:
    seat_council(pero)
    proposal(pero, sitting, "A")
    page = clerk.post(
        convocation(sitting), {"act": "preview", "urgency": "Scade il bando."}
    ).content.decode()
    assert "Motivo dell’urgenza: Scade il bando." in page
    assert not Notice.across.exists()


def test_the_sitting_is_described_and_its_notice_sent(
    clerk: Client, pero: Comune, sitting: Sitting
) -> None:
    seat_council(pero)
    proposal(pero, sitting, "A")
    Sitting.across.filter(pk=sitting.pk).update(
        scheduled_at=sitting.scheduled_at.replace(year=2099)
    )
    typed = {"place": "Sala consiliare", "kind": "ordinary", "mode": "mixed", "call": "1"}
    page = clerk.post(f"{convocation(sitting)}dati/", typed, follow=True).content.decode()
    assert "senza indirizzo:" in page
    assert "Piero Aceti" in page
    assert "Invia a 4 componenti" in page
    page = clerk.post(convocation(sitting), {"act": "send"}, follow=True).content.decode()
    assert "Avviso di convocazione in partenza." in page
    assert "Ricevuta confermata da 0 su 4." in page
    assert Notice.across.count() == 4


def test_messages_for_certified_mail_come_one_by_one_and_together(
    clerk: Client, convened: Convened, anna: User
) -> None:
    sitting, notice = convened.sitting, convened.notices["dellorto"]
    one = clerk.get(f"/consiglio/pero/sedute/{sitting.uid}/avvisi/{notice.pk}/messaggio.eml")
    assert one.headers["Content-Disposition"] == 'attachment; filename="ines-dellorto.eml"'
    message = message_from_bytes(one.content, policy=default)
    assert "dellorto@example.org" in message["To"]
    every = clerk.get(f"{convocation(sitting)}{convened.convocation.pk}/messaggi.zip")
    with zipfile.ZipFile(io.BytesIO(every.content)) as archive:
        assert archive.namelist() == [
            "01-piero-aceti.eml",
            "02-ambrogio-colnaghi.eml",
            "03-ines-dellorto.eml",
            "04-marta-valtorta.eml",
        ]
        assert archive.testzip() is None
    taken = AuditEntry.across.filter(action="council.take_messages", actor=anna)
    assert taken.count() == 2


def test_opening_a_receipt_writes_nothing_and_its_button_does(
    client: Client, convened: Convened
) -> None:
    notice = convened.notices["colnaghi"]
    address = f"/convocazioni/{notice.token}/"
    for _ in range(2):
        page = client.get(address).content.decode()
        assert "Ho ricevuto" in page
        assert "Copia per Ambrogio Colnaghi" in page
    client.head(address)
    notice.refresh_from_db()
    assert notice.read_at is None
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(address, follow=True).content.decode()
    assert "Hai confermato la ricevuta" in page
    assert "Ho ricevuto</button>" not in page
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_receipt_tells_nothing_of_secret_items_nor_of_those_not_yet_announced(
    client: Client, pero: Comune, convened: Convened
) -> None:
    secret = AgendaItem.across.get(is_secret=True)
    add_document(comune=pero, item=secret, title="Scheda di Tizio", content=PDF, by=None)
    later = proposal(pero, convened.sitting, "Scuolabus")
    add_document(comune=pero, item=later, title="Preventivo", content=PDF, by=None)
    page = client.get(f"/convocazioni/{convened.notices['colnaghi'].token}/").content.decode()
    assert "Relazione" in page
    assert "Documento riservato del punto 2" in page
    for words in ("Tizio", "Scuolabus", "Preventivo"):
        assert words not in page


def test_an_absence_is_written_and_taken_back(clerk: Client, convened: Convened) -> None:
    base = f"/consiglio/pero/sedute/{convened.sitting.uid}/assenze/"
    person = convened.notices["dellorto"].person_id
    typed = {"person": str(person), "status": "mission", "reason": "Viaggio"}
    page = clerk.post(base, typed, follow=True).content.decode()
    assert "In missione: Viaggio" in page
    page = clerk.post(f"{base}{convened.absence.pk}/togli/", follow=True).content.decode()
    assert "Assente giustificato</small>" not in page


def test_nobody_outside_the_council_is_absent_from_it(clerk: Client, convened: Convened) -> None:
    base = f"/consiglio/pero/sedute/{convened.sitting.uid}/assenze/"
    assert clerk.post(base, {"person": "999999", "status": "mission"}).status_code == 422


def test_a_consigliere_does_not_write_the_agenda(
    client: Client, sitting: Sitting, bruno: User
) -> None:
    client.force_login(bruno)
    assert client.get(odg(sitting)).status_code == 404
    assert client.post(odg(sitting), {"title": "A", "type": "proposal"}).status_code == 404


def test_what_was_announced_cannot_be_typed_over_and_the_rest_can(
    clerk: Client, convened: Convened
) -> None:
    item = convened.item
    typed = {"title": "Altro", "type": "motion", "is_secret": "on", "wants_immediate": "on"}
    page = clerk.post(odg(convened.sitting, f"{item.pk}/"), typed, follow=True).content.decode()
    assert "Punto 1 corretto." in page
    item.refresh_from_db()
    assert (item.title, item.type, item.is_secret) == ("Variazione di bilancio", "proposal", False)
    assert item.wants_immediate
