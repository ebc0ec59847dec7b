"""From the numbers to the albo in the browser, and what a citizen finds there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from signed_delibera import held_and_closed, sign
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]


@pytest.fixture
def closed(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting that adopted a delibera."""
    return held_and_closed(pero, make_sitting)


def test_a_clerk_numbers_leaves_out_publishes_and_everyone_reads(
    operator: Visit, pero: Comune, closed: Sitting, check_access: Check
) -> None:
    from arengo.record.models import RegisterLine

    page = operator.go("/consiglio/pero/delibere/")
    check_access(page)
    page.get_by_role("button", name="Dai i numeri").press("Enter")
    page.locator(".re-list__title", has_text="1/").wait_for()
    sign(pero, RegisterLine.across.select_related("sitting").get())

    page.locator(".re-list__title", has_text="1/").click()
    page.get_by_role("link", name="Prepara la copia").click()
    page.locator("#testo").get_by_text("Oggetto:").select_text()
    page.get_by_role("button", name="Aggiungi ciò che ho selezionato").press("Enter")
    assert page.locator("#id_texts").input_value().startswith("Oggetto: Variazione")
    page.fill("#id_texts", "raccolta dei rifiuti")
    check_access(page)
    page.get_by_role("button", name="Scrivi la copia").click()

    page.get_by_role("link", name="Pubblica all’albo").click()
    page.select_option("#id_personal_data", "ordinary")
    page.get_by_role("button", name="Vedi le date").click()
    page.get_by_role("button", name="Conferma e pubblica").wait_for()
    check_access(page)
    page.get_by_role("button", name="Conferma e pubblica").press("Enter")
    page.get_by_text("È all’albo.", exact=True).wait_for()
    check_access(page)
    for address in ("/consiglio/pero/scadenze/", "/consiglio/pero/albo/", "/consiglio/pero/"):
        check_access(operator.go(address))

    page = operator.go("/pero/albo/")
    check_access(page)
    page.get_by_role("link", name="Delibera n. 1/").click()
    check_access(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Scarica la delibera").click()
    assert coming.value.suggested_filename == "delibera-firmata.pdf"
    page.get_by_role("link", name="La delibera nel registro").click()
    assert "«omissis»" in page.locator(".re-paper").inner_text()
    assert "rifiuti" not in page.locator("main").inner_text()
    check_access(page)
    check_access(operator.go("/pero/delibere/"))
