"""The pages of the drafts, asked as a browser does; and by whom they may be asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chamber import play
from django.test import Client
from spoken_sitting import hold

from arengo.council.models import Sitting
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.record.checking import problems_in


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting in which Beretta spoke and a vote was proclaimed."""
    return hold(pero, make_sitting)


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return Anna's browser."""
    client.force_login(anna)
    return client


def acts(sitting: Sitting, rest: str = "") -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/atti/{rest}"


def test_a_clerk_finds_every_document_with_its_formats(clerk: Client, held: Sitting) -> None:
    page = clerk.get(acts(held)).content.decode()
    for name in ("verbale", "resoconto-integrale", "resoconto-sommario", "delibera-1", "presenze"):
        assert acts(held, f"{name}/") in page
    assert "verbale/?formato=pdf" in page
    assert "Variazione al bilancio per la raccolta dei rifiuti" in page  # of which delibera it is


def test_a_draft_is_read_on_the_page_and_says_what_it_is(clerk: Client, held: Sitting) -> None:
    page = clerk.get(acts(held, "verbale/")).content.decode()
    assert "Bozza del verbale" in page
    assert "via Sempione" in page


@pytest.mark.parametrize(
    ("format_", "kind", "begins"),
    [
        ("pdf", "application/pdf", b"%PDF"),
        ("odt", "application/vnd.oasis.opendocument.text", b"PK"),
        ("akn", "application/akn+xml", b"<?xml"),
    ],
)
def test_a_draft_is_taken_as_a_file(
    clerk: Client, held: Sitting, format_: str, kind: str, begins: bytes
) -> None:
    answer = clerk.get(acts(held, f"verbale/?formato={format_}"))
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert answer["Cache-Control"].startswith("max-age=0")
    assert answer.content.startswith(begins)


def test_captions_are_taken_as_a_file(clerk: Client, held: Sitting, sitting: Sitting) -> None:
    assert "sottotitoli/?formato=srt" in clerk.get(acts(held)).content.decode()
    answer = clerk.get(acts(held, "sottotitoli/?formato=srt"))
    assert answer["Content-Disposition"].endswith('-sottotitoli.srt"')
    assert clerk.get(acts(held, "sottotitoli/?formato=doc")).status_code == 422
    assert clerk.get(acts(sitting, "sottotitoli/")).status_code == 409


def test_the_whole_sitting_is_taken_in_one_file_and_it_is_noted(
    clerk: Client, held: Sitting
) -> None:
    assert acts(held, "pacchetto/") in clerk.get(acts(held)).content.decode()
    assert problems_in(clerk.get(acts(held, "pacchetto/")).content) == ()
    assert AuditEntry.across.get(action="record.read_reserved").subject == held.uid


def test_a_sitting_not_begun_says_when_its_acts_will_be_there(
    clerk: Client, sitting: Sitting
) -> None:
    assert "quando al banco si fa l’appello" in clerk.get(acts(sitting)).content.decode()
    assert clerk.get(acts(sitting, "verbale/")).status_code == 409


@pytest.mark.parametrize("rest", ["romanzo/", "verbale%00/", "..%2Fverbale/"])
def test_what_is_not_there_is_not_found(clerk: Client, held: Sitting, rest: str) -> None:
    assert clerk.get(acts(held, rest)).status_code == 404


def test_a_format_that_is_not_made_is_refused_in_words(clerk: Client, held: Sitting) -> None:
    answer = clerk.get(acts(held, "verbale/?formato=exe"))
    assert answer.status_code == 422
    assert "exe" in answer.content.decode()


def test_who_is_no_clerk_reads_no_draft(
    client: Client, held: Sitting, bruno: User, dario: User
) -> None:
    assert client.get(acts(held)).status_code == 302
    for stranger in (bruno, dario):
        client.force_login(stranger)
        assert client.get(acts(held, "verbale/")).status_code == 404


def test_reading_what_was_secret_is_noted(clerk: Client, held: Sitting) -> None:
    staying = [next(iter(play(held).members))]
    asked = {"requester": "Il presidente", "reason": "Persone", "staying": staying}
    play(held, ("secret_began", asked), ("secret_ended", {}))
    assert clerk.get(acts(held, "parte-separata/")).status_code == 200
    noted = AuditEntry.across.get(action="record.read_reserved")
    assert noted.subject == held.uid
