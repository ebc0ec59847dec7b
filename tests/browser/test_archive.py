"""The public archive in a browser: empty, full, without results, refused; read at three widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]
ARCHIVE = "/pero/archivio/"
SPEECH = (
    "Le risorse per via Sempione ci sono e i lavori cominciano a marzo, dopo la gara che gli "
    "uffici hanno chiuso la settimana scorsa con tre imprese."
)


@pytest.fixture(autouse=True)
def index(pero: Comune) -> Iterator[None]:
    """Empty SQLite's index after each test: what empties the tables does not know it."""
    from django.db import connection

    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO record_words(record_words) VALUES ('delete-all')")


@pytest.fixture
def archived(closed_sitting: Sitting) -> Sitting:
    """Put a sitting of more than a page in the archive."""
    from arengo.record.archive import index_sitting
    from arengo.record.models import PassageKind
    from arengo.record.passages import Piece

    title = "Variazione al bilancio per la raccolta dei rifiuti"
    item = partial(Piece, item_number="2", item_title=title)
    pieces = [
        item(PassageKind.ITEM, f"{title} in via Sempione", 60.0),
        item(PassageKind.SPEECH, SPEECH, 122.4, "Marta Beretta", "7"),
        Piece(PassageKind.SPEECH, "Via Sempione " + "è " * 5 + "A" * 90, 3723.0),
        item(PassageKind.VOTE, "Via Sempione. Approvata. 12 su 16"),
        *(Piece(PassageKind.SPEECH, f"E di via Sempione, {k}.", 4000.0 + k) for k in range(20)),
    ]
    index_sitting(comune=closed_sitting.comune, sitting=closed_sitting, passages=pieces)
    return closed_sitting


def test_an_empty_archive_says_how_it_fills(
    visit: Visit, pero: Comune, check_access: Check
) -> None:
    page = visit.go(ARCHIVE)
    assert "ancora vuoto" in page.inner_text("main")
    check_access(page)


def test_a_citizen_finds_what_was_said_and_goes_to_it(
    visit: Visit, archived: Sitting, check_access: Check
) -> None:
    page = visit.go("/pero/")
    page.click("text=Cerca nelle sedute concluse")
    page.wait_for_selector("text=Come si cerca")
    check_access(page)
    page.fill("#q", '"via Sempione"')
    page.keyboard.press("Enter")
    page.wait_for_selector("text=24 risultati")
    check_access(page)
    page.click("text=Meno recenti")
    page.wait_for_selector("text=Pagina 2 di 2")
    assert page.locator(".re-hit").count() == 4
    assert page.locator("mark").first.inner_text() == "Via Sempione"
    check_access(page)
    address = page.locator("a:has-text('Marta Beretta')").get_attribute("href")
    assert address == f"/pero/sedute/{archived.uid}/#t=122"


def test_what_is_not_found_and_what_has_no_sense_are_said(
    visit: Visit, archived: Sitting, check_access: Check
) -> None:
    visit.expected = ("422",)
    page = visit.go(ARCHIVE + "?q=elicottero")
    assert "Nessun risultato per «elicottero»" in page.inner_text("main")
    check_access(page)
    page = visit.go(ARCHIVE + "?q=voto:forse")
    assert page.get_attribute("#q", "aria-invalid") == "true"
    assert "scrivi approvato" in page.inner_text("[role=alert]")
    check_access(page)
    page = visit.go(ARCHIVE + "?q=" + "a" * 2_000)
    assert "al massimo 300 caratteri" in page.inner_text("[role=alert]")
    check_access(page)
