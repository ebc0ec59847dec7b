"""The captions alone, large: for the hall's screen and for who cannot hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stage import Stage, cue, speech, until
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting


@pytest.fixture
def hall(visit: Visit, stage: Stage, open_sitting: Sitting) -> Page:
    """Return the page of captions of a sitting on air."""
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(12))
    page = visit.go(f"/pero/sedute/{open_sitting.uid}/sottotitoli/")
    page.wait_for_selector("#words p")
    return page


SCREENS = [(1920, 1080), (1280, 720), (3840, 2160), (1080, 1920)]


def test_text_is_never_under_a_twentyfifth_of_the_height(hall: Page) -> None:
    """Read from twelve metres: captions, state line and note, at every size on offer."""
    script = """[...document.querySelectorAll('#words p, #state, .hall__demo')]
        .filter((one) => one.textContent.trim())
        .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
    for width, height in SCREENS:
        hall.set_viewport_size({"width": width, "height": height})
        for size in ("s", "m", "l", "xl"):
            hall.select_option("#hallSize", size)
            assert min(hall.evaluate(script)) >= height / 25, (width, height, size)


def test_newest_words_are_always_in_view(hall: Page, stage: Stage, open_sitting: Sitting) -> None:
    for number in range(20):
        words = f"Riga numero {number}, abbastanza lunga da occupare spazio."
        stage.say(open_sitting.uid, cue(100 + number, 20 + number, words))
    until(hall, "words.lastElementChild.textContent.includes('numero 19')")
    assert hall.evaluate(
        "words.lastElementChild.getBoundingClientRect().bottom <= words.getBoundingClientRect().bottom + 1"
    )


def test_words_still_changing_are_set_apart(
    hall: Page, stage: Stage, open_sitting: Sitting
) -> None:
    stage.hear(open_sitting.uid, "e dunque proporrei")
    until(hall, "words.lastElementChild.dataset.partial && words.textContent.includes('proporrei')")


def test_one_phrase_at_a_time_waits_for_the_reader(
    hall: Page, stage: Stage, open_sitting: Sitting
) -> None:
    """A second caption does not push the first away before it can be read."""
    hall.select_option("#hallWay", "hold")
    hall.wait_for_timeout(1600)  # until the studio has repeated what was said before
    first = "Una frase di una quarantina di caratteri."
    stage.say(open_sitting.uid, cue(200, 30, first), cue(201, 32, "La seconda."))
    until(hall, f"words.textContent === {first!r}")
    hall.wait_for_timeout(1200)
    assert hall.evaluate("words.textContent") == first
    until(hall, "words.textContent === 'La seconda.'")


def test_choices_are_remembered_by_the_browser_alone(hall: Page) -> None:
    hall.select_option("#hallContrast", "cream")
    hall.select_option("#hallWay", "hold")
    hall.reload()
    until(hall, "hall.dataset.contrast === 'cream' && hall.dataset.way === 'hold'")
    assert hall.context.cookies() == []


def test_controls_hide_and_come_back_with_the_keyboard(hall: Page) -> None:
    hall.locator("#hallHide").press("Enter")
    until(hall, "bar.hidden && document.activeElement === hallShow")
    hall.keyboard.press("Enter")
    until(hall, "!bar.hidden && document.activeElement === hallHide")


def test_state_is_said_in_words(hall: Page, stage: Stage, open_sitting: Sitting) -> None:
    stage.state(open_sitting.uid, "open", "lost")
    until(hall, "state.textContent.includes('Segnale interrotto')")
    stage.state(open_sitting.uid, "closed", "closed")
    until(hall, "state.textContent === 'La seduta è conclusa.'")
