"""A template in the browser: the preview follows, and of a faulty text the last good one stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]


def test_a_clerk_writes_a_template_beside_its_preview(
    operator: Visit, pero: Comune, check_access: Check
) -> None:
    operator.expected = ("422",)  # a refusal is an answer, the browser calls it an error
    page = operator.go("/consiglio/pero/modelli/")
    check_access(page)
    page.get_by_role("link", name="Verbale", exact=True).click()
    text = page.locator("#te-testo")
    text.fill("{% block titolo %}Verbale nostro{% endblock %}\n{% block firme %}Io{% endblock %}")
    page.wait_for_selector(".re-paper__title:has-text('Verbale nostro')")
    assert page.locator("[data-part=preview]").get_by_text("Il modello tralascia").is_visible()
    check_access(page)
    text.fill("{% block titolo %}Altro{% endblock %}\n{{ nessuno }}")
    page.wait_for_selector("#te-errore:has-text('Riga 2')")
    assert page.locator(".re-paper__title").inner_text() == "Verbale nostro"
    assert page.locator("[data-part=stale]").is_visible()
    page.get_by_role("button", name="Vai alla riga").click()
    assert page.evaluate("getSelection().toString()") == "{{ nessuno }}"
    check_access(page)
