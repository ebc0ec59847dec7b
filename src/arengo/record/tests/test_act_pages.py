"""The pages of an act's way: clerk, councillor, and anyone with a file in hand."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from approved_act import close, hold_next
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from spoken_sitting import hold

from arengo.council.models import Sitting
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.kernel.scope import scope
from arengo.record import acts, approvals, signatures
from arengo.record.models import Act, Rectification, Signer


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a demonstration's sitting that is over."""
    sitting = hold(pero, make_sitting)
    with scope(pero):
        Sitting.objects.filter(pk=sitting.pk).update(is_demo=True)
    return close(sitting)


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return Anna's browser."""
    client.force_login(anna)
    return client


def address(sitting: Sitting, rest: str = "") -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/atti/verbale/{rest}"


def test_the_list_says_where_each_document_is_and_what_comes_next(
    clerk: Client, held: Sitting
) -> None:
    page = clerk.get(f"/consiglio/pero/sedute/{held.uid}/atti/").content.decode()
    assert "condividere con i consiglieri" in page
    clerk.post(address(held, "condividi/"))
    page = clerk.get(f"/consiglio/pero/sedute/{held.uid}/atti/").content.decode()
    assert "Condiviso con i consiglieri" in page
    assert "approvazione in una seduta successiva" in page


def test_a_shared_document_is_recalled_with_a_reason(clerk: Client, held: Sitting) -> None:
    clerk.post(address(held, "condividi/"))
    assert clerk.post(address(held, "richiama/"), {"reason": " "}).status_code == 409
    assert clerk.post(address(held, "richiama/"), {"reason": "Refuso"}).status_code == 302
    assert "Richiamato" in clerk.get(address(held)).content.decode()


def test_a_councillor_reads_proposes_and_the_clerk_decides(
    clerk: Client, pero: Comune, held: Sitting, anna: User
) -> None:
    acts.share(comune=pero, sitting=held, name="verbale", by=anna)
    shared = f"/consiglio/pero/sedute/{held.uid}/condivisi/verbale/"
    page = clerk.get(shared).content.decode()
    assert "via Sempione" in page
    line = page.split('href="?riga=')[1].split("#")[0]
    assert "Proponi una rettifica" in clerk.get(f"{shared}?riga={line}").content.decode()
    clerk.post(shared, {"piece": line, "text": "Altro testo", "reason": "Così fu detto"})
    assert clerk.post(shared, {"piece": "99999", "text": "x"}).status_code == 404
    one = Rectification.across.get()
    both = clerk.get(address(held, "rettifiche/")).content.decode()
    assert "Altro testo" in both
    assert "Così fu detto" in both
    asked = {"rectification": one.pk, "outcome": "accepted", "why": ""}
    assert clerk.post(address(held, "rettifiche/"), asked).status_code == 302
    assert "Accolta" in clerk.get(shared).content.decode()


def test_what_was_recalled_is_no_more_read(clerk: Client, pero: Comune, held: Sitting) -> None:
    act = acts.share(comune=pero, sitting=held, name="verbale", by=None)
    acts.recall(comune=pero, act=act, reason="Errore", by=None)
    assert clerk.get(f"/consiglio/pero/sedute/{held.uid}/condivisi/verbale/").status_code == 404
    assert "Nessun documento" in clerk.get("/consiglio/pero/atti/").content.decode()


@pytest.fixture
def signed(pero: Comune, held: Sitting, make_sitting: Callable[..., Sitting]) -> Act:
    """Return the verbale, approved and signed by both."""
    act = acts.share(comune=pero, sitting=held, name="verbale", by=None)
    hold_next(pero, make_sitting)
    (one,) = approvals.candidates(comune=pero, act=act)
    approvals.approve(comune=pero, act=act, key=one.key, by=None)
    approvals.prepare(comune=pero, act=act, by=None)
    for signer in (Signer.PRESIDENT, Signer.SECRETARY):
        signatures.sign_as_trial(comune=pero, act=act, signer=signer, by=None)
    act.refresh_from_db()
    return act


def test_approval_and_signature_on_the_pages(
    clerk: Client, pero: Comune, held: Sitting, make_sitting: Callable[..., Sitting]
) -> None:
    clerk.post(address(held, "condividi/"))
    assert "Nessuna seduta successiva" in clerk.get(address(held, "approvazione/")).content.decode()
    hold_next(pero, make_sitting)
    page = clerk.get(address(held, "approvazione/")).content.decode()
    key = page.split('name="fact"')[1].split('value="')[1].split('"')[0]
    assert clerk.post(address(held, "approvazione/"), {"fact": key}).status_code == 302
    assert clerk.post(address(held, "firma/testo/")).status_code == 302
    page = clerk.get(address(held, "firma/")).content.decode()
    assert "Scarica il file da firmare" in page
    rubbish = SimpleUploadedFile("verbale.pdf", b"%PDF-1.7 niente")
    answer = clerk.post(address(held, "firma/"), {"file": rubbish})
    assert answer.status_code == 422
    assert "Firma non accettata" in answer.content.decode()
    assert clerk.post(address(held, "firma/prova/"), {"signer": "president"}).status_code == 302
    assert clerk.post(address(held, "firma/prova/"), {"signer": "nessuno"}).status_code == 404
    assert "Firma di prova" in clerk.get(address(held, "firma/")).content.decode()


def test_anyone_sees_that_a_file_is_the_signed_act(
    client: Client, pero: Comune, signed: Act
) -> None:
    version = acts.latest(comune=pero, act=signed)
    assert version
    page = client.get(f"/pero/verifica/?impronta={version.sha256}").content.decode()
    assert "È l’atto firmato" in page
    assert "integra" in page
    assert "Firma di prova" in page
    assert version.head in page


def test_an_older_version_and_a_changed_file_are_told_as_such(
    client: Client, pero: Comune, signed: Act
) -> None:
    first = next(
        one for one in acts.versions_of(comune=pero, act=signed) if one.content_type == acts.PDF
    )
    older = client.get(f"/pero/verifica/?impronta={first.sha256}").content.decode()
    assert "È una versione precedente" in older
    changed = sha256(b"cambiato").hexdigest()
    told = client.get(f"/pero/verifica/?impronta={changed}&atto={signed.uid}").content.decode()
    assert "Il file è stato cambiato" in told
    assert "Nessun atto ha" in client.get(f"/pero/verifica/?impronta={changed}").content.decode()
    assert "Questa non è" in client.get("/pero/verifica/?impronta=ciao").content.decode()


def test_what_is_not_signed_or_not_for_everyone_is_unknown(
    client: Client, pero: Comune, signed: Act
) -> None:
    version = acts.latest(comune=pero, act=signed)
    assert version
    asked = f"/pero/verifica/?impronta={version.sha256}&atto={signed.uid}"
    for facts in ({"state": "approved"}, {"state": "signed", "is_reserved": True}):
        with scope(pero):
            Act.objects.filter(pk=signed.pk).update(**facts)
        page = client.get(asked).content.decode()
        assert "Nessun atto ha questa impronta" in page
        assert version.head not in page


def test_the_signed_pdf_bears_the_code_of_the_act_in_the_clear(pero: Comune, signed: Act) -> None:
    version = acts.latest(comune=pero, act=signed)
    assert version
    data = acts.read_version(comune=pero, version=version)
    assert f"arengo:atto:{signed.uid}".encode() in data


def test_reading_a_reserved_act_is_noted(clerk: Client, pero: Comune, signed: Act) -> None:
    with scope(pero):
        Act.objects.filter(pk=signed.pk).update(is_reserved=True)
    clerk.get(address(signed.sitting, "file/3/"))
    assert AuditEntry.across.get(action="record.read_reserved").subject == signed.uid
