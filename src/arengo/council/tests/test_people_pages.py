"""What the clerk does on the pages of the people, and what strangers do not."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arengo.council.models import MandateKind, Person, Stance
from arengo.council.operations import add_person, place_group
from arengo.council.queries import council_on, person_file
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope

DAY = date(2026, 6, 10)
URL = "/consiglio/pero/"
ROLL = "cognome;nome;carica;data_nascita\nBo;Anna;Sindaca;1970\nFo;Ugo;Consigliere;1971\n"


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return the browser of Pero's segretaria."""
    client.force_login(anna)
    return client


@pytest.fixture
def ada(pero: Comune) -> Person:
    """Return a councillor of the majority."""
    place_group(comune=pero, name="Insieme", stance=Stance.MAJORITY, starts_on=DAY, by=None)
    return seat(pero, "Ada", "Su", group="Insieme")


def seat(comune: Comune, given_name: str, family_name: str, group: str = "") -> Person:
    return add_person(
        comune=comune,
        given_name=given_name,
        family_name=family_name,
        group=group,
        kind=MandateKind.COUNCILLOR,
        starts_on=DAY,
        by=None,
    )


def mandate_of(comune: Comune, person: Person) -> int:
    found = person_file(comune=comune, person_id=person.pk).open_mandate
    assert found is not None
    return found.pk


def test_a_person_is_added_and_a_homonym_refused_on_the_page(clerk: Client, pero: Comune) -> None:
    data = {
        "family_name": "Su",
        "given_name": "Ada",
        "kind": "councillor",
        "starts_on": "2026-06-10",
    }
    assert clerk.post(URL + "persone/nuova/", data).status_code == 302
    again = clerk.post(URL + "persone/nuova/", data)
    assert again.status_code == 422
    assert "C’è già Ada Su" in again.content.decode()
    assert len(council_on(comune=pero, day=DAY)) == 1


def test_the_list_shows_the_council_of_the_day_asked_for(clerk: Client, ada: Person) -> None:
    page = clerk.get(URL + "persone/").content.decode()
    assert "Ada Su" in page
    assert "maggioranza" in page
    earlier = clerk.get(URL + "persone/?giorno=2026-06-09").content.decode()
    assert "Ada Su" not in earlier
    assert clerk.get(URL + "persone/?giorno=ieri").status_code == 200


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_asks_the_database_as_often_for_two_as_for_twenty(
    clerk: Client, pero: Comune, ada: Person, count: int, django_assert_max_num_queries: object
) -> None:
    for number in range(count):
        seat(pero, "Ugo", f"Fo{number}", "Insieme")
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
        clerk.get(URL + "persone/")


def test_a_substitute_is_seated_from_the_page_of_who_leaves(
    clerk: Client, pero: Comune, ada: Person
) -> None:
    data = {
        "end-reason": "dimissioni",
        "end-note": "prot. 12",
        "end-ends_on": "2026-11-02",
        "end-takes_on": "2026-11-10",
        "end-family_name": "Fo",
        "end-given_name": "Ugo",
        "end-group": "Insieme",
    }
    address = f"{URL}mandati/{mandate_of(pero, ada)}/cessazione/"
    assert clerk.post(address, data).status_code == 302
    (found,) = council_on(comune=pero, day=date(2026, 11, 10))
    assert (found.person.full_name, found.group) == ("Ugo Fo", "Insieme")
    page = clerk.get(f"{URL}persone/{ada.pk}/").content.decode()
    assert "Dimissioni (prot. 12)" in page
    assert "Al suo posto" in page
    again = clerk.post(address, data)
    assert "già cessato il 02/11/2026" in again.content.decode()


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"end-ends_on": "2026-01-01"}, "viene prima"),
        ({"end-reason": "scadenza", "end-family_name": "Fo"}, "non viene surrogato"),
        ({"end-given_name": "Ugo"}, "anche il cognome"),
        ({"end-family_name": "Su", "end-given_name": "Ada"}, "C’è già Ada Su"),
    ],
)
def test_a_wrong_end_is_refused_beside_the_form(
    clerk: Client, pero: Comune, ada: Person, over: dict[str, str], words: str
) -> None:
    data = {"end-reason": "dimissioni", "end-ends_on": "2026-11-02", **over}
    answer = clerk.post(f"{URL}mandati/{mandate_of(pero, ada)}/cessazione/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert len(council_on(comune=pero, day=date(2026, 12, 1))) == 1


def test_a_new_accounts_password_is_shown_this_once(clerk: Client, ada: Person) -> None:
    address = f"{URL}persone/{ada.pk}/"
    answer = clerk.post(address + "accesso/", {"account-email": "ada@example.org"})
    shown = re.search(r"<code>([\w-]{16})</code>", answer.content.decode())
    assert shown
    assert "no-store" in answer.headers["Cache-Control"]
    assert shown[1] not in clerk.get(address).content.decode()
    ada.refresh_from_db()
    assert ada.user is not None
    assert ada.user.check_password(shown[1])
    assert clerk.post(address + "accesso/togli/").status_code == 302
    ada.refresh_from_db()
    assert ada.user is None


def test_offices_groups_and_corrections_from_the_page(
    clerk: Client, pero: Comune, ada: Person
) -> None:
    address = f"{URL}persone/{ada.pk}/"
    office = {"office-kind": "presidente", "office-starts_on": "2026-06-10"}
    clerk.post(address + "carica/", office)
    clerk.post(URL + "gruppi/", {"name": "Misto", "stance": "mixed", "starts_on": "2026-06-10"})
    clerk.post(address + "gruppo/", {"join-group": "Misto", "join-starts_on": "2026-06-11"})
    clerk.post(address + "correggi/", {"correct-family_name": "Sù", "correct-given_name": "Ada"})
    (found,) = council_on(comune=pero, day=date(2026, 6, 12))
    assert (str(found.person), found.group, found.label) == (
        "Ada Sù",
        "Misto",
        "Presidente del Consiglio",
    )
    clerk.post(f"{URL}cariche/{found.offices[0].pk}/termina/", {"ends_on": "2026-06-12"})
    (found,) = council_on(comune=pero, day=date(2026, 6, 12))
    assert found.label == "Consigliere"


def test_a_group_with_members_is_not_ended(clerk: Client, pero: Comune, ada: Person) -> None:
    with scope(pero):
        from arengo.council.models import Group

        group = Group.objects.get()
    address = f"{URL}gruppi/{group.pk}/sciogli/"
    page = clerk.post(address, {"ends_on": "2026-11-01"}, follow=True).content.decode()
    assert "c’è ancora Ada Su" in page
    page = clerk.post(address, {"ends_on": "mai"}, follow=True).content.decode()
    group.refresh_from_db()
    assert group.ends_on is None


# ---- import


def upload(clerk: Client, text: str, **over: str) -> str:
    file = SimpleUploadedFile("elenco.csv", text.encode("cp1252"))
    data = {"file": file, "day": "2026-06-10", "is_whole": "on", "assessors_sit": "on", **over}
    return clerk.post(URL + "persone/importa/", data).content.decode()


def hidden(page: str) -> dict[str, str]:
    """Return what the preview's form carries."""
    from html import unescape

    found = re.findall(r'<input(?: type="hidden")?[^>]* name="([\w-]+)"[^>]* value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_file_is_previewed_then_taken_in(clerk: Client, pero: Comune, ada: Person) -> None:
    page = upload(clerk, ROLL)
    assert "Si aggiungono" in page
    assert "Cessano dalla carica" in page
    assert len(council_on(comune=pero, day=DAY)) == 1
    carried = hidden(page)
    assert "1971" in carried["rows"]
    answer = clerk.post(URL + "persone/importa/", {**carried, "confirm": "1"}, follow=True)
    assert "2 in più, 0 variazioni, 1 cessazioni" in answer.content.decode()
    names = [seat.person.full_name for seat in council_on(comune=pero, day=DAY)]
    assert names == ["Anna Bo", "Ugo Fo"]
    assert "Non cambia nulla" in upload(clerk, ROLL)


def test_homonyms_are_told_apart_on_the_preview(clerk: Client, pero: Comune) -> None:
    text = ROLL + "Fo;Ugo;Consigliere;1990\n"
    page = upload(clerk, text)
    assert "Omonimi da distinguere" in page
    assert "Conferma e scrivi" not in page
    carried = hidden(page)
    assert (carried["distinction-3"], carried["distinction-4"]) == ("1971", "1990")
    forced = clerk.post(
        URL + "persone/importa/", {**carried, "distinction-4": "1971", "confirm": "1"}
    )
    assert "Le righe 3 e 4" in forced.content.decode()
    looked = clerk.post(URL + "persone/importa/", {**carried, "look": "1"}).content.decode()
    clerk.post(URL + "persone/importa/", {**hidden(looked), "confirm": "1"})
    names = [seat.person.full_name for seat in council_on(comune=pero, day=DAY)]
    assert names == ["Anna Bo", "Ugo Fo (1971)", "Ugo Fo (1990)"]


def test_a_stale_preview_is_shown_again(clerk: Client, pero: Comune) -> None:
    carried = hidden(upload(clerk, ROLL))
    seat(pero, "Ada", "Su")
    answer = clerk.post(URL + "persone/importa/", {**carried, "confirm": "1"})
    assert answer.status_code == 422
    assert "Nel frattempo il Consiglio è cambiato" in answer.content.decode()
    assert len(council_on(comune=pero, day=DAY)) == 1


@pytest.mark.parametrize("rows", ["", "[]x", '[{"line": 1}]', "[1]", "{}", "null"])
def test_a_mangled_preview_is_refused(clerk: Client, rows: str) -> None:
    answer = clerk.post(URL + "persone/importa/", {"rows": rows, "confirm": "1"})
    assert answer.status_code in (422, 302)
    if answer.status_code == 422:
        assert "Carica di nuovo il file" in answer.content.decode()


def test_wrong_rows_are_listed_and_nothing_is_written(clerk: Client, pero: Comune) -> None:
    page = upload(clerk, "cognome;nome;dal\nBo;Anna;31/02/2026\n;Ugo;\n")
    assert "2 righe sono da correggere" in page
    assert "31/02/2026" in page
    assert council_on(comune=pero, day=DAY) == ()


def test_a_file_that_is_no_list_is_refused_beside_the_field(clerk: Client) -> None:
    assert "foglio di calcolo" in upload(clerk, "PK\x03\x04")


# ---- strangers


@pytest.mark.parametrize(
    "address",
    ["persone/{person}/", "mandati/{mandate}/", "persone/0/", "persone/99999999999999999999/"],
)
def test_another_towns_people_are_as_absent(
    client: Client, dario: User, pero: Comune, ada: Person, address: str
) -> None:
    client.force_login(dario)
    filled = address.format(person=ada.pk, mandate=mandate_of(pero, ada))
    assert client.get(f"/consiglio/rho/{filled}").status_code == 404
    assert client.get(f"{URL}{filled}").status_code == 404


def test_a_councillor_does_not_change_the_council(client: Client, bruno: User) -> None:
    client.force_login(bruno)
    for address in ("", "persone/", "persone/importa/", "regole/", "gruppi/"):
        assert client.get(URL + address).status_code == 404
