"""The words of a sitting corrected in the browser, with the keyboard alone."""

from __future__ import annotations

import os
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
    """Return a closed sitting in which Beretta spoke."""
    from arengo.live.operations import close_broadcast, open_broadcast

    sitting = hold(pero, make_sitting)
    os.utime(folder_of(sitting) / "cues.jsonl", (1_000_000, 1_000_000))
    open_broadcast(comune=pero, sitting=sitting, by=None)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


def test_a_clerk_corrects_a_word_with_the_keyboard_and_takes_it_back(
    operator: Visit, held: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{held.uid}/odg/")
    page.get_by_role("link", name="Trascrizione", exact=True).click()
    page.wait_for_selector(".tr-word")
    check_access(page)
    page.locator(".tr-word").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("e")
    page.keyboard.type("Sanzio")
    page.keyboard.press("Enter")
    page.wait_for_selector('.tr-word[data-state="corrected"]:text-is("Sanzio")')
    assert "corretta da" in page.locator("[data-part=word]").inner_text()
    check_access(page)
    page.keyboard.press("u")
    page.wait_for_selector('.tr-word:text-is("Sempione")')


def test_a_sitting_without_words_says_so(
    operator: Visit, demo_sitting: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{demo_sitting.uid}/trascrizione/")
    assert page.locator(".ar-empty").is_visible()
    check_access(page)
