"""Agenda, convocation and receipt in the browser: by keyboard, without JavaScript, at three widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from convened import PDF, Convened, convene, prepare, proposal, seat_council
from visit import Visit

from arengo.council.models import ItemType, Notice
from arengo.council.operations.agenda import add_document

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]


@pytest.fixture
def convened(pero: Comune, demo_sitting: Sitting) -> Convened:
    """Return a sitting whose notice went out."""
    return convene(pero, demo_sitting)


def odg(sitting: Sitting) -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/odg/"


def convocation(sitting: Sitting) -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/convocazione/"


def test_an_empty_agenda_and_its_first_item(
    operator: Visit, demo_sitting: Sitting, check_access: Check
) -> None:
    page = operator.go(odg(demo_sitting))
    assert page.locator(".ar-empty").is_visible()
    check_access(page)
    page.locator("summary", has_text="Che cosa comporta").press("Enter")
    check_access(page)
    page.fill("#id_title", "Piano di diritto allo studio")
    page.check("#id_affects_spending")
    page.click("form.ar-card button[type=submit]")
    page.wait_for_selector(".ag-items li")
    assert page.locator(".ag-items__title").inner_text() == "Piano di diritto allo studio"
    check_access(page)


def test_a_form_without_title_says_what_to_do(
    operator: Visit, demo_sitting: Sitting, check_access: Check
) -> None:
    page = operator.go(odg(demo_sitting))
    page.click("form.ar-card button[type=submit]")
    page.wait_for_selector(".ar-field__error")
    check_access(page)


def test_items_are_moved_by_keyboard(
    operator: Visit, pero: Comune, demo_sitting: Sitting, check_access: Check
) -> None:
    for title in ("Comunicazioni", "Bilancio", "Mozione sul traffico"):
        proposal(pero, demo_sitting, title)
    page = operator.go(odg(demo_sitting))
    page.get_by_role("button", name="Sposta su il punto 3").press("Enter")
    page.wait_for_selector("text=ora è il punto 2")
    assert page.locator(".ag-items__title").all_inner_texts() == [
        "Comunicazioni",
        "Mozione sul traffico",
        "Bilancio",
    ]
    assert page.get_by_role("button", name="Sposta su il punto 1").is_disabled()
    check_access(page)


def test_an_item_with_papers_and_opinions(
    operator: Visit, pero: Comune, demo_sitting: Sitting, check_access: Check, tmp_path: Path
) -> None:
    item = proposal(pero, demo_sitting, "Variazione di bilancio", affects_spending=True)
    page = operator.go(f"{odg(demo_sitting)}{item.pk}/")
    check_access(page)
    file = tmp_path / "finto.pdf"
    file.write_bytes(b"<script>")
    page.fill("#document_title", "Relazione")
    page.set_input_files("input[type=file]", file)
    operator.expected = ("422",)
    page.get_by_role("button", name="Allega").click()
    page.wait_for_selector(".ar-field__error")
    check_access(page)
    file.write_bytes(PDF)
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Allega").click()
    page.wait_for_selector(".ag-files a")
    page.fill("#opinion_by_whom", "Ing. Rota, Lavori pubblici")
    page.select_option("#opinion_verdict", "contrary")
    page.click("text=Scrivi il parere")
    page.wait_for_selector("text=art. 49 c. 4")
    check_access(page)
    with page.expect_download() as download:
        page.click(".ag-files a")
    assert download.value.suggested_filename == "relazione.pdf"
    page.locator("summary", has_text="Togli il punto").press("Enter")
    check_access(page)
    page.click("text=Togli definitivamente")
    page.wait_for_selector(".ar-empty")


def test_a_convocation_that_cannot_go_yet_says_why(
    operator: Visit, demo_sitting: Sitting, check_access: Check
) -> None:
    page = operator.go(convocation(demo_sitting))
    assert page.locator("#ostacoli li").count() >= 3
    check_access(page)


def test_a_sitting_is_convened_and_its_state_shown(
    operator: Visit, pero: Comune, demo_sitting: Sitting, check_access: Check
) -> None:
    seat_council(pero)
    prepare(pero, demo_sitting)
    proposal(pero, demo_sitting, "Variazione di bilancio")
    proposal(pero, demo_sitting, "Nomina", type=ItemType.ELECTION, is_secret=True)
    page = operator.go(convocation(demo_sitting))
    assert "[seduta segreta]" in page.locator(".ag-notice").inner_text()
    check_access(page)
    page.click("text=Invia a 4 componenti")
    page.wait_for_selector("text=Ricevuta confermata da 0 su 4")
    assert page.get_by_role("row").filter(has_text="Aceti").locator(".ar-state").inner_text() == (
        "Non consegnato"
    )
    check_access(page)
    page.get_by_role("button", name="Segna consegnato in altro modo a Piero Aceti").press("Enter")
    page.wait_for_selector("text=Consegna a Piero Aceti segnata")
    proposal(pero, demo_sitting, "Scuolabus")
    page = operator.go(convocation(demo_sitting))
    assert "ORDINE DEL GIORNO SUPPLETIVO" in page.locator("#anteprima ~ .ag-notice").inner_text()
    check_access(page)
    page.locator("summary", has_text="Testo inviato").press("Enter")
    page.select_option("#id_person", label="Marta Valtorta")
    page.click("text=Segna >> nth=-1")
    page.wait_for_selector("text=Assenza segnata")
    check_access(page)


def test_a_recipient_confirms_with_the_button_alone(
    visit: Visit, pero: Comune, convened: Convened, check_access: Check
) -> None:
    add_document(comune=pero, item=convened.item, title="Prospetto", content=PDF, by=None)
    notice = convened.notices["colnaghi"]
    page = visit.go(f"/convocazioni/{notice.token}/")
    check_access(page)
    assert Notice.across.get(pk=notice.pk).read_at is None
    page.get_by_role("button", name="Ho ricevuto").press("Enter")
    page.wait_for_selector("text=Hai confermato la ricevuta")
    assert Notice.across.get(pk=notice.pk).read_at is not None
    check_access(page)


def test_once_the_sitting_began_the_agenda_is_only_read(
    operator: Visit, pero: Comune, convened: Convened, check_access: Check
) -> None:
    from arengo.live.operations import open_broadcast

    open_broadcast(comune=pero, sitting=convened.sitting, by=None)
    page = operator.go(odg(convened.sitting))
    assert page.locator("form.ar-card").count() == 0
    check_access(page)
    check_access(operator.go(f"{odg(convened.sitting)}{convened.item.pk}/"))
    check_access(operator.go(convocation(convened.sitting)))
