"""A passage chosen in the transcript, seen once more and omitted; and what the page says of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from spoken_sitting import folder_of, hold
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which Beretta spoke, and whose resoconto was shared."""
    from arengo.live.operations import close_broadcast, open_broadcast
    from arengo.record import acts

    sitting = hold(pero, make_sitting)
    os.utime(folder_of(sitting) / "cues.jsonl", (1_000_000, 1_000_000))
    open_broadcast(comune=pero, sitting=sitting, by=None)
    made = close_broadcast(comune=pero, sitting=sitting, by=None)
    acts.share(comune=pero, sitting=made, name="resoconto-integrale", by=None)
    return made


def test_the_segretaria_omits_words_that_she_chose_by_keyboard(
    operator: Visit, held: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{held.uid}/trascrizione/")
    page.wait_for_selector(".tr-word")
    page.locator(".tr-word").first.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    page.wait_for_selector("[data-part=status]:has-text('comincia da')")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    page.wait_for_selector("#anteprima")
    assert page.locator(".om-words del").inner_text().strip() == "per via Sempione"
    check_access(page)
    page.get_by_label("Motivo").fill("Dati sanitari di una persona.")
    page.get_by_label("Ho ascoltato").check()
    page.get_by_role("button", name="Ometti ovunque").click()
    page.wait_for_selector(".om-one")
    assert page.locator(".om-places dt").count() == 5
    page.locator(".om-one summary").click()
    page.get_by_label("Perché serve aprire il sigillo").fill("Ricorso.")
    page.get_by_role("button", name="Chiedi l’apertura").click()
    page.wait_for_selector(".om-openings")
    assert "serve una seconda persona" in page.locator(".om-openings").inner_text()
    check_access(page)
    page.goto(page.url.replace("omissis/", "trascrizione/"))
    page.wait_for_selector(".tr-word[data-state=omitted]")
    words = page.locator("[data-part=words]").inner_text()
    assert re.search(r"risorse\s+\[omissis\]\s+ci sono", words)
    assert "Sempione" not in page.content()


def test_a_sitting_without_omissions_says_so(
    operator: Visit, held: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{held.uid}/omissis/")
    assert page.locator(".ar-empty").is_visible()
    check_access(page)
