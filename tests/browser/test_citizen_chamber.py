"""The chamber on the citizens' page: agenda, who speaks, votes with names, and their moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from chamber import Asked, board_of, make_agenda, opinions, play, roll_call, seat_council, vote
from stage import CLIP_S, Stage, cue, speech, until
from visit import Visit

from arengo.kernel import clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from arengo.council.models import Sitting

Check = Callable[["Page"], None]

PLAYING = "arengo.phase === 'live' && video.currentTime > 0.5 && arengo.chamber.board"


class Evening:
    """A sitting that is open; its video began twelve seconds ago, at `began`."""

    def __init__(self, stage: Stage, sitting: Sitting) -> None:
        self.stage, self.sitting, self.uid = stage, sitting, sitting.uid
        self.ids = seat_council(sitting.comune)
        make_agenda(sitting)
        earlier = clock.now() - timedelta(minutes=30)
        state = play(sitting, at=earlier)
        absent = {self.ids["Pirovano"]: "justified"}
        opening = (*roll_call(state, absent=absent), *opinions(state), ("sitting_opened", {}))
        self.state = play(sitting, *opening, at=earlier, every_s=0.1)
        self.items = list(state.items)

    def on_air(self) -> datetime:
        """Put the video on air and say at what hour it began."""
        self.stage.state(self.uid, "open", "live")
        began = clock.now() - timedelta(seconds=12)
        self.stage.clock(self.uid, (0.0, began))
        self.stage.say(self.uid, *speech(12))
        return began

    def show(self, *asked: Asked, at: datetime | None = None, every_s: float = 0.0) -> None:
        """Write in the journal and push the board."""
        if asked:
            self.state = play(self.sitting, *asked, at=at, every_s=every_s)
        self.stage.board(self.uid, board_of(self.sitting))

    def vote(self, title: str, against: int = 4, **facts: str) -> tuple[Asked, ...]:
        """Return a vote of the sixteen who attend."""
        here = self.state.here(clock.now())
        choices = dict.fromkeys(here[against:], "favour") | dict.fromkeys(here[:against], "against")
        return vote(title, choices, **facts)

    @property
    def address(self) -> str:
        """Return the page's path."""
        return f"/pero/sedute/{self.uid}/"


@pytest.fixture
def evening(stage: Stage, open_sitting: Sitting) -> Evening:
    """Return a sitting under way, with its journal."""
    return Evening(stage, open_sitting)


def seen(page: Page, seq: int) -> None:
    """Wait until the page knows a board."""
    until(page, f"arengo.chamber.board?.seq === {seq}")


def test_without_a_journal_the_page_is_as_it_was(
    visit: Visit, stage: Stage, open_sitting: Sitting
) -> None:
    stage.state(open_sitting.uid, "open", "live")
    page = visit.go(f"/pero/sedute/{open_sitting.uid}/")
    until(page, "arengo.phase === 'live' && video.currentTime > 0.5")
    assert not page.locator("#chamber").is_visible()


def test_a_journal_that_begins_shows_itself_without_a_reload(
    visit: Visit, stage: Stage, open_sitting: Sitting
) -> None:
    page = visit.go(f"/pero/sedute/{open_sitting.uid}/")
    until(page, "sitting.dataset.scripted")
    assert not page.locator("#chamber").is_visible()
    evening = Evening(stage, open_sitting)
    evening.show()
    page.wait_for_selector("#chamber:not([hidden]) .ch-agenda li")
    assert page.locator(".ch-agenda li").count() == 4


def test_each_vote_comes_with_names_the_moment_it_is_proclaimed(
    visit: Visit, evening: Evening
) -> None:
    page = visit.go(evening.address)
    cast = evening.vote("La variazione di bilancio")
    evening.show(("item_called", {"item": evening.items[1]}), *cast[:-1])
    seen(page, evening.state.seq)
    assert page.locator(".ch-vote").count() == 0
    assert "Votazione in corso: La variazione" in page.locator(".ch-now").inner_text()
    evening.show(cast[-1])
    page.wait_for_selector(".ch-vote")
    text = page.locator(".ch-vote").inner_text()
    assert "Approvato" in text
    assert "12 favorevoli su 16 votanti" in text
    assert "Regolamento del Consiglio" in text
    favour, against = page.locator(".ch-names dd").all_inner_texts()
    assert (favour.count(","), against.count(",")) == (11, 3)
    assert "Marta Valtorta" in against
    spoken = page.locator("#chamber [data-part=spoken]")
    assert spoken.text_content() == "La variazione di bilancio: Approvato"
    evening.show(*evening.vote("Immediata eseguibilità", 9, subject="immediate"))
    until(page, "document.querySelectorAll('.ch-vote').length === 2")
    assert page.locator(".ch-vote h4").all_inner_texts() == [
        *("Immediata eseguibilità", "La variazione di bilancio")
    ]
    assert "TUEL art. 134" in page.locator(".ch-vote").first.inner_text()


def test_a_votes_table_has_a_caption_and_one_row_each(visit: Visit, evening: Evening) -> None:
    evening.show(("item_called", {"item": evening.items[1]}), *evening.vote("La variazione"))
    page = visit.go(evening.address)
    seen(page, evening.state.seq)
    page.locator(".ch-table summary").click()
    table = page.get_by_role("table", name="Voto di ciascuno: La variazione")
    assert table.locator("tbody tr").count() == 16
    row = table.get_by_role("row", name="Marta Valtorta")
    assert row.inner_text().split("\t")[-1].strip() == "contrario"


def test_moments_lead_to_the_video_and_tell_who_was_speaking(
    visit: Visit, evening: Evening
) -> None:
    began = evening.on_air()
    seconds = timedelta(seconds=1)
    evening.show(("item_called", {"item": evening.items[1]}), at=began + 2 * seconds)
    speaks = ("floor_given", {"member": evening.ids["Beretta"], "type": "intervention"})
    evening.show(speaks, at=began + 3 * seconds)
    evening.show(("floor_ended", {}), at=began + 7 * seconds)
    evening.show(*evening.vote("La variazione"), at=began + 8 * seconds)
    page = visit.go(evening.address)
    until(page, PLAYING)
    until(page, "!document.querySelector('.ch-vote .ch-jump').hidden")
    assert page.locator(".ch-vote .ch-jump time").inner_text() == "0:08"
    page.get_by_role("button", name="Guarda il punto 2 nel video").click()
    until(page, "arengo.player.time > 3.2 && arengo.player.time < 7")
    until(page, "document.querySelector('[data-part=speaker]').textContent === 'Federica Beretta'")
    assert "In questo punto del video" in page.locator(".ch-now").inner_text()
    page.get_by_role("button", name="Guarda la votazione nel video: La variazione").click()
    until(page, "Math.abs(arengo.player.time - 6.5) < 1.4")


def test_a_moment_before_the_live_window_is_in_the_recording(
    visit: Visit, evening: Evening
) -> None:
    """Two takes with ten minutes between: the hour of the second leads into the second."""
    stage, now = evening.stage, clock.now()
    stage.started[evening.uid] = stage.loop.time() - CLIP_S
    stage.state(evening.uid, "open", "live")
    stage.clock(
        evening.uid,
        (0.0, now - timedelta(seconds=640)),
        (5.0, now - timedelta(seconds=35)),
    )
    evening.show(
        ("item_called", {"item": evening.items[1]}), at=now - timedelta(seconds=32), every_s=0
    )
    page = visit.go(evening.address)
    until(page, PLAYING + " && arengo.player.range.start > 10")
    until(page, "!document.querySelector('.ch-agenda .ch-jump').hidden")
    page.locator(".ch-agenda .ch-jump:visible").click()
    until(page, "arengo.player.source === 'recording' && Math.abs(arengo.player.time - 7) < 1.5")


def test_secret_sitting_stops_picture_and_words(visit: Visit, evening: Evening) -> None:
    evening.on_air()
    evening.show(("item_called", {"item": evening.items[1]}))
    page = visit.go(evening.address)
    until(page, PLAYING)
    evening.show(("secret_began", {"requester": "Il Presidente", "reason": "dati personali"}))
    evening.stage.state(evening.uid, "open", "secret")
    until(page, "arengo.phase === 'secret' && arengo.player.source === null")
    assert page.locator(".ar-poster--secret").is_visible()
    assert page.locator("[data-part=badge]").inner_text() == "Seduta segreta"
    assert not page.locator("#controls").is_visible()
    evening.stage.say(evening.uid, cue(700, 20, "Parole segrete."))
    evening.stage.hear(evening.uid, "altre parole")
    seen(page, evening.state.seq)
    words = page.locator("#transcript").inner_text()
    assert "Parole segrete" not in words
    assert "La trascrizione è sospesa" in words
    assert "Seduta segreta" in page.locator(".ch-now").inner_text()
    assert not page.locator(".ch-quorum").is_visible()
    evening.stage.cues[evening.uid].pop("t1.700")  # the studio never had it
    evening.show(("secret_ended", {}))
    evening.stage.state(evening.uid, "open", "live")
    until(page, "arengo.phase === 'live' && arengo.player.source === 'live' && !video.paused")
    assert not page.locator(".ar-poster--secret").is_visible()


def test_without_javascript_agenda_and_votes_are_there(
    browser: Browser, stage: Stage, evening: Evening
) -> None:
    evening.show(("item_called", {"item": evening.items[1]}), *evening.vote("La variazione"))
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    page.goto(stage.url + evening.address)
    assert page.locator(".ch-agenda li").count() == 4
    assert "in trattazione" in page.locator(".ch-agenda li").nth(1).inner_text()
    assert "16 presenti su 17" in page.locator("#chamber").inner_text()
    page.locator(".ch-table summary").click()
    assert page.locator(".ch-table tbody tr").count() == 16
    assert context.cookies() == []
    context.close()


def test_every_state_is_accessible(visit: Visit, evening: Evening, check_access: Check) -> None:
    evening.on_air()
    evening.show(("item_called", {"item": evening.items[1]}))
    page = visit.go(evening.address)
    until(page, PLAYING)
    check_access(page)
    evening.show(*evening.vote("La variazione"), *evening.vote("Immediata", subject="immediate"))
    seen(page, evening.state.seq)
    page.locator("details.ch-presence summary").click()
    page.locator(".ch-table summary").first.click()
    check_access(page)
    evening.show(("secret_began", {"requester": "Il Presidente", "reason": "dati personali"}))
    evening.stage.state(evening.uid, "open", "secret")
    until(page, "arengo.phase === 'secret'")
    check_access(page)
