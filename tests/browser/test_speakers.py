"""Who speaks, above the lines of the transcript: names, doubt in words, nobody where not known."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chamber import make_agenda, play, roll_call, seat_council
from stage import Stage, cue, speech, until
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting

CHAIR, MEMBER = "Ambrogio Colnaghi, Presidente del Consiglio", "Andrea Mantegazza, Lista Ponte"
NAMES = {"1": CHAIR, "2": MEMBER}
SPANS = [(0.0, 6.2, "1", 1.0), (6.2, 12.2, "2", 0.6), (12.2, 15.2, None, 0.0), (15.2, 40, "1", 0.9)]
HEADS = [CHAIR, f"{MEMBER} (probabile)", "voce non riconosciuta", CHAIR]
READY = "document.querySelectorAll('.ar-lines li').length > 5"


def heads(page: Page) -> list[str]:
    """Return the names that are shown, in order."""
    return page.locator(".ar-lines li:visible > p").all_inner_texts()


@pytest.fixture
def page(visit: Visit, stage: Stage, open_sitting: Sitting) -> Page:
    """Return the page of a sitting on air, with twenty seconds of words."""
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(20))
    made = visit.go(f"/pero/sedute/{open_sitting.uid}/")
    until(made, READY)
    return made


def test_without_a_chamber_no_line_has_a_name(page: Page) -> None:
    assert heads(page) == []


def test_names_stand_above_the_first_line_of_each_speaker(
    page: Page, stage: Stage, open_sitting: Sitting, check_access: Callable[[Page], None]
) -> None:
    stage.speakers(open_sitting.uid, SPANS, NAMES)
    page.wait_for_selector(".ar-lines li > p")
    assert heads(page) == HEADS
    firsts = page.locator(".ar-lines li:has(> p) time").all_inner_texts()
    assert firsts == ["0:00", "0:06", "0:12", "0:15"]
    item = page.locator(".ar-lines li:has(> p)").nth(1)
    assert item.inner_text().startswith(f"{MEMBER} (probabile)")
    if folder := os.environ.get("SHOTS"):
        for width in (1440, 768, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.locator("#transcript").scroll_into_view_if_needed()
            page.screenshot(path=Path(folder) / f"speakers-{width}.png")
    check_access(page)


def test_news_changes_the_names_from_then_on(
    page: Page, stage: Stage, open_sitting: Sitting
) -> None:
    stage.speakers(open_sitting.uid, SPANS, NAMES)
    page.wait_for_selector(".ar-lines li > p")
    stage.speakers(open_sitting.uid, [(6.2, 40.0, "2", 1.0)], NAMES, **{"from": 6.2})
    until(page, "document.querySelectorAll('.ar-lines li > p').length === 2")
    assert heads(page) == [CHAIR, MEMBER]
    stage.say(open_sitting.uid, cue(50, 39.0, "Una riga nuova."))
    until(page, "document.querySelector('.ar-lines').textContent.includes('Una riga nuova')")
    assert heads(page) == [CHAIR, MEMBER]
    stage.say(open_sitting.uid, cue(0, 0.5, rev=1), cue(1, 3.5, rev=1))  # withdrawn
    until(page, "document.querySelectorAll('.ar-lines li > p').length === 1")
    assert heads(page) == [MEMBER]


def test_lines_that_are_searched_for_keep_their_speaker(
    page: Page, stage: Stage, open_sitting: Sitting
) -> None:
    stage.speakers(open_sitting.uid, SPANS, NAMES)
    page.wait_for_selector(".ar-lines li > p")
    page.fill("#search", "segretaria")  # the second line of the chair
    until(page, "document.querySelectorAll('.ar-lines li:not([hidden])').length < 3")
    assert heads(page)[0] == CHAIR
    page.fill("#search", "")
    until(page, READY)
    assert heads(page) == HEADS


def test_who_comes_later_or_has_no_events_is_told_too(
    visit: Visit, stage: Stage, open_sitting: Sitting
) -> None:
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(20))
    stage.speakers(open_sitting.uid, SPANS, NAMES)
    made = visit.go(f"/pero/sedute/{open_sitting.uid}/")
    made.wait_for_selector(".ar-lines li > p")
    until(made, READY)
    assert heads(made) == HEADS


def test_the_clerk_gives_the_floor_to_who_is_heard_with_one_key(
    operator: Visit, stage: Stage, open_sitting: Sitting, check_access: Callable[[Page], None]
) -> None:
    ids = seat_council(open_sitting.comune)
    make_agenda(open_sitting)
    state = play(open_sitting)
    opening = (
        *roll_call(state),
        ("sitting_opened", {}),
        ("item_called", {"item": next(iter(state.items))}),
    )
    play(open_sitting, *opening, every_s=0.0)
    heard, uid = ids["Mantegazza"], open_sitting.uid
    page = operator.go(f"/consiglio/pero/sedute/{uid}/banco/")
    page.wait_for_selector(".cs-speaker")
    page.keyboard.press("n")
    assert page.locator(".cs-hint").count() == 0
    stage.speakers(uid, SPANS, NAMES, heard=[heard, "microphones"])
    page.wait_for_selector(".cs-hint")
    assert "Secondo i microfoni parla Andrea Mantegazza" in page.locator(".cs-hint").inner_text()
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / "hint-1440.png")
    check_access(page)
    page.keyboard.press("n")
    until(page, f"window.arengo.now.turn?.member === '{heard}'")
    until(page, "!document.querySelector('.cs-hint')")
    assert page.evaluate("arengo.now.turn.type") == "intervention"
    stage.speakers(uid, SPANS, NAMES, heard=[ids["Colnaghi"], "words"])
    page.wait_for_selector(".cs-hint")
    assert (
        "Secondo le parole del presidente parla Ambrogio" in page.locator(".cs-hint").inner_text()
    )
    page.locator(".cs-hint button").click()
    until(page, "!arengo.now.turn")
