"""The hall's screen and the stream's overlay: one thing at a time, true, legible, never too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from chamber import Asked, board_of, make_agenda, opinions, play, roll_call, seat_council, vote
from stage import Stage, cue, speech, until
from visit import Visit

from arengo.kernel import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.engine.state import State
    from arengo.council.models import Sitting

Check = Callable[["Page"], None]

# A clock of this machine that tests can set wrong: `shift` milliseconds ahead.
WRONG_CLOCK = "window.shift = 0; const real = Date.now; Date.now = () => real() + window.shift;"


@dataclass
class Hall:
    """A sitting of Pero with its council seated; what is played reaches the open page."""

    sitting: Sitting
    stage: Stage
    page: Page
    ids: dict[str, str]
    state: State

    def show(self, *asked: Asked, at: datetime | None = None, every_s: float = 0.1) -> None:
        """Write in the journal and push the board."""
        if asked:
            self.state = play(self.sitting, *asked, at=at, every_s=every_s)
        self.stage.board(self.sitting.uid, board_of(self.sitting))

    def until_view(self, view: str) -> None:
        """Wait for one view of the board that was pushed last."""
        until(
            self.page,
            f"document.querySelector('main').dataset.view === {view!r}"
            f" && arengo.feed.board.seq === {self.state.seq}",
        )

    def text(self) -> str:
        """Return what can be read on the stage, a line each."""
        return lines(self.page, "#stage")

    @property
    def here(self) -> list[str]:
        """Return the members who attend."""
        return list(self.state.here(clock.now()))


def lines(page: Page, place: str) -> str:
    """Return the lines that can be read in a place."""
    text = page.locator(place).inner_text()
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@pytest.fixture
def hall(visit: Visit, stage: Stage, open_sitting: Sitting) -> Hall:
    """Return a sitting that is open, its second item called, with captions on air."""
    ids = seat_council(open_sitting.comune)
    make_agenda(open_sitting)
    earlier = clock.now() - timedelta(minutes=40)
    state = play(open_sitting, at=earlier)
    made = Hall(open_sitting, stage, visit.page, ids, state)
    absent = {ids["Cannizzaro"]: "justified", ids["Pirovano"]: "absent"}
    opening = (*roll_call(state, absent=absent), *opinions(state), ("sitting_opened", {}))
    second = list(state.items)[1]
    made.show(*opening, ("item_called", {"item": second}), at=earlier)
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(12))
    visit.page.add_init_script(WRONG_CLOCK)
    return made


def opened(hall: Hall, visit: Visit, name: str = "tabellone", query: str = "") -> Page:
    """Open a screen of the sitting."""
    hall.page.set_viewport_size({"width": 1920, "height": 1080})
    return visit.go(f"/pero/sedute/{hall.sitting.uid}/{name}/{query}")


def ballot(hall: Hall, title: str = "La variazione") -> tuple[Asked, ...]:
    """Return a vote: ten in favour, three against, two abstained."""
    here = hall.here
    choices = dict.fromkeys(here[:10], "favour") | dict.fromkeys(here[10:13], "against")
    return vote(title, choices | dict.fromkeys(here[13:], "abstained"))


def test_speaker_has_a_clock_that_is_the_servers(hall: Hall, visit: Visit) -> None:
    """This machine is five minutes ahead: elapsed and limit are right all the same."""
    hall.page.add_init_script("window.shift = 300_000")
    asked = [("floor_asked", {"member": hall.ids[name]}) for name in ("Radaelli", "Benali")]
    speaks = ("floor_given", {"member": hall.ids["Beretta"], "type": "intervention"})
    hall.show(*asked, speaks, at=clock.now() - timedelta(seconds=65), every_s=0)
    page = opened(hall, visit)
    hall.until_view("item")
    until(page, "/^1:[01]/.test(document.querySelector('.tb-clock__time').textContent)")
    text = hall.text()
    assert "Punto 2" in text
    assert "Federica Beretta\nLista Ponte" in text
    assert "di 10:00" in text
    assert "Prossimi interventi: Radaelli, Benali" in text
    assert page.locator("#quorum").inner_text() == "Numero legale: presenti 14, ne servono 8"
    assert page.locator("li[data-speaking=true]").inner_text().startswith("Beretta")


def test_clock_warns_and_then_tells_how_long_over(hall: Hall, visit: Visit) -> None:
    speaks = ("floor_given", {"member": hall.ids["Beretta"], "type": "intervention"})
    hall.show(speaks, at=clock.now() - timedelta(seconds=560))
    page = opened(hall, visit)
    hall.until_view("item")
    until(page, "document.getElementById('clock').dataset.level === 'warn'")
    assert "ancora 0:" in hall.text()
    page.evaluate("window.shift = 60_000")
    until(page, "document.getElementById('clock').dataset.level === 'over'")
    assert "tempo superato di 0:" in hall.text()


def test_nobodys_turn_is_the_presidents(hall: Hall, visit: Visit) -> None:
    opened(hall, visit)
    hall.until_view("item")
    assert "Parla il presidente\nAmbrogio Colnaghi" in hall.text()


def test_vote_tells_who_has_voted_and_never_how(hall: Hall, visit: Visit) -> None:
    cast = ballot(hall)
    hall.show(*cast[:12])
    page = opened(hall, visit)
    hall.until_view("vote")
    text = hall.text()
    assert "Votazione in corso" in text
    assert "elettronica palese" in text
    assert "Maggioranza assoluta dei votanti: 8 voti favorevoli, se votano tutti" in text
    assert "11 su 15 hanno votato" in text
    states = page.evaluate(
        "[...document.querySelectorAll('.tb-seats > .seats .seat')].map((one) => one.dataset.state)"
    )
    counts = {state: states.count(state) for state in sorted(set(states))}
    assert counts == {"absent": 2, "voted": 11, "waiting": 4}
    assert not page.locator("#stage [data-state=favour], #stage [data-state=against]").count()
    for word in ("favorevoli\n", "contrari", "astenuti"):
        assert word not in text


def test_result_has_the_screen_for_a_minute(hall: Hall, visit: Visit) -> None:
    hall.show(*ballot(hall))
    page = opened(hall, visit)
    hall.until_view("result")
    assert page.locator(".tb-huge").inner_text() == "APPROVATO"
    size = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.tb-huge')).fontSize)"
    )
    assert size >= 1080 / 8
    totals = page.locator(".tb-total").all_inner_texts()
    assert [" ".join(one.split()) for one in totals] == [
        *("favorevoli 10", "contrari 3", "astenuti 2")
    ]
    assert "contrari: Pozzoli, Radaelli, Ronchi" in hall.text()
    page.evaluate("window.shift = 61_000")
    hall.until_view("item")


def test_result_goes_when_someone_speaks(hall: Hall, visit: Visit) -> None:
    hall.show(*ballot(hall), at=clock.now() - timedelta(seconds=5))
    opened(hall, visit)
    hall.until_view("result")
    hall.show(("floor_asked", {"member": hall.ids["Benali"]}))
    hall.until_view("result")
    hall.show(("floor_given", {"member": hall.ids["Benali"], "type": "personal"}))
    hall.until_view("item")


def test_secret_sitting_says_nothing_else(hall: Hall, visit: Visit) -> None:
    page = opened(hall, visit)
    hall.until_view("item")
    hall.show(("secret_began", {"requester": "Il Presidente", "reason": "dati personali"}))
    hall.until_view("secret")
    hall.stage.say(hall.sitting.uid, cue(800, 30, "Parole che nessuno deve leggere."))
    assert hall.text() == "Seduta segreta"
    assert page.locator("#quorum").inner_text() == ""
    assert not page.locator("#words").is_visible()
    assert "Parole" not in page.locator("#words").inner_text()
    hall.show(("secret_ended", {}))
    hall.until_view("item")


def test_lost_line_is_said_and_found_again(hall: Hall, visit: Visit) -> None:
    visit.expected = ("503",)
    page = opened(hall, visit)
    hall.until_view("item")
    hall.stage.drop(is_down=True)
    until(page, "state.textContent.startsWith('Collegamento perso')")
    hall.stage.drop(is_down=False)
    hall.show(("sitting_suspended", {"reason": "riunione dei capigruppo"}))
    until(page, "state.textContent === ''", within_s=20)
    hall.until_view("suspended")
    assert "riunione dei capigruppo" in hall.text()


SIZES = """[...document.querySelectorAll('#stage *, .tb-top *, #words *, .tb-demo')]
    .filter((one) => one.checkVisibility() && !one.closest('.visually-hidden, svg')
        && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .map((one) => [parseFloat(getComputedStyle(one).fontSize), one.getBoundingClientRect(),
        one.textContent.slice(0, 40)])
    .filter(([size, box]) => size < innerHeight / 25 - .01 || box.right > innerWidth + 1 || box.left < 0)
    .map(([size, box, text]) => [size, box.right, text])"""


def test_every_view_is_legible_and_accessible(
    hall: Hall, visit: Visit, check_access: Check
) -> None:
    """Text of at least a twenty-fifth of the height, nothing beside the screen; axe at each width."""
    page = opened(hall, visit)
    cast = ballot(hall)
    steps: list[tuple[str, tuple[Asked, ...]]] = [
        ("item", (("floor_given", {"member": hall.ids["Pozzoli"], "type": "presentation"}),)),
        ("vote", cast[:5]),
        ("result", cast[5:]),
        ("suspended", (("sitting_suspended", {"reason": "riunione dei capigruppo"}),)),
        ("roll", (("roll_call_began", {"purpose": "resumption"}),)),
        ("item", (("roll_call_ended", {}), ("sitting_resumed", {}))),
        ("secret", (("secret_began", {"requester": "Il Presidente", "reason": "dati"}),)),
        ("ended", (("secret_ended", {}), ("sitting_ended", {"reason": "adjourned"}))),
    ]
    for view, asked in steps:
        hall.show(*asked)
        hall.until_view(view)
        for width, height in ((1920, 1080), (1280, 720)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(SIZES) == [], (view, width)
        check_access(page)


def test_names_that_do_not_fit_are_left_to_the_seats(hall: Hall, visit: Visit) -> None:
    """Sixty members: no name is cut in half, the seats are all there."""
    page = opened(hall, visit)
    hall.until_view("item")
    board = board_of(hall.sitting)
    one = board["members"][1]
    board["members"] += [
        {**one, "id": f"x{n}", "surname": f"Cognome {n}", "name": f"Nome {n}"} for n in range(43)
    ]
    board["seq"] += 1
    hall.stage.board(hall.sitting.uid, board)
    until(page, "document.querySelectorAll('.tb-seats > .seats .seat').length === 60")
    assert not page.locator(".tb-groupblock li").first.is_visible()
    assert page.locator(".tb-groupblock h3").count() == 2
    assert page.evaluate("stage.scrollHeight <= stage.clientHeight")


def test_long_words_never_push_the_count_off_the_screen(hall: Hall, visit: Visit) -> None:
    """An agenda's titles run to 500 characters, and so may a vote's."""
    page = opened(hall, visit)
    hall.show(*ballot(hall)[:3])
    hall.until_view("vote")
    board = board_of(hall.sitting)
    long = "Approvazione della variazione urgente al bilancio di previsione " * 7
    board["seq"] += 1
    board["items"][1]["title"] = board["ballot"]["title"] = long
    hall.stage.board(hall.sitting.uid, board)
    until(page, "document.querySelector('.tb-title').textContent.length > 400")
    for width, height in ((1920, 1080), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        bottom = "document.querySelector('progress').getBoundingClientRect().bottom"
        until(page, f"{bottom} <= stage.getBoundingClientRect().bottom")
        assert page.evaluate(SIZES) == []


def test_a_sitting_without_a_journal_still_has_its_screen(
    visit: Visit, stage: Stage, demo_sitting: Sitting, check_access: Check
) -> None:
    page = visit.go(f"/pero/sedute/{demo_sitting.uid}/tabellone/")
    until(page, "stage.textContent.includes('La seduta non è ancora iniziata')")
    assert "23 novembre" in page.locator("#stage").inner_text()
    check_access(page)
    stage.state(demo_sitting.uid, "open", "live")
    until(page, "stage.textContent.includes('Seduta aperta')")


# --- the overlay ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "colour"),
    [
        ("", "rgb(0, 177, 64)"),
        ("?sfondo=blu", "rgb(0, 71, 187)"),
        ("?sfondo=trasparente", "rgba(0, 0, 0, 0)"),
        ("?sfondo=<script>", "rgb(0, 177, 64)"),
    ],
)
def test_overlay_lies_on_the_colour_asked_for(
    visit: Visit, demo_sitting: Sitting, query: str, colour: str
) -> None:
    page = visit.go(f"/pero/sedute/{demo_sitting.uid}/grafica/{query}")
    for place in ("document.documentElement", "document.body"):
        assert page.evaluate(f"getComputedStyle({place}).backgroundColor") == colour
    assert not page.locator("#band").is_visible()


def test_overlay_is_a_lower_third_inside_the_safe_margins(
    hall: Hall, visit: Visit, check_access: Check
) -> None:
    page = opened(hall, visit, "grafica")
    hall.show(("floor_given", {"member": hall.ids["Pozzoli"], "type": "presentation"}))
    hall.until_view("item")
    text = lines(page, "#band")
    assert "Giorgio Pozzoli\nLista Olona · relazione" in text
    assert text.startswith("Punto 2 Variazione al bilancio")
    _is_safe(page)
    check_access(page)
    page.set_viewport_size({"width": 1920, "height": 1080})
    hall.show(*ballot(hall))
    hall.until_view("result")
    text = lines(page, "#band")
    assert "APPROVATO" in text
    assert "favorevoli 10" in text
    _is_safe(page)
    hall.show(("secret_began", {"requester": "Il Presidente", "reason": "dati personali"}))
    hall.until_view("secret")
    assert page.locator("#band").inner_text() == "Seduta segreta"


def _is_safe(page: Page) -> None:
    box = page.locator("#band").bounding_box()
    assert box
    assert box["x"] >= 96
    assert box["x"] + box["width"] <= 1920 - 96
    assert box["y"] >= 1080 * 2 / 3
    assert box["y"] + box["height"] <= 1080 - 54
