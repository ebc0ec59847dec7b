"""The clerk's console: a whole sitting by keyboard alone, refusals said, two clerks at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from chamber import make_agenda, seat_council
from stage import until
from visit import Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

COUNCILLORS = 24
PROPOSALS = 8
NAMES = [
    "Aceti",
    "Bonfanti",
    "Cavalleri",
    "Dossi",
    "Esposito",
    "Ferrario",
    "Galimberti",
    "Iacono",
    "Lombardi",
    "Moretti",
    "Negri",
    "Oldani",
    "Pagani",
    "Quadri",
    "Riboldi",
    "Sala",
    "Tosi",
    "Uboldi",
    "Villa",
    "Zanetti",
    "Bellini",
    "Corti",
    "Ferri",
    "Gatti",
    "Rinaldi",
]


@pytest.fixture
def big_council(pero: Comune) -> None:
    """Seat a mayor and twenty-four councillors, as in a Comune of forty thousand."""
    from datetime import date

    from arengo.council.engine.profile import profile_facts
    from arengo.council.models import RuleBook
    from arengo.council.operations.people import add_councillors
    from arengo.council.profiles import profile_for
    from arengo.council.roll import RollLine
    from arengo.kernel.scope import scope

    lines = [RollLine(f"Ugo {NAMES[0]}", "Sindaco", "Insieme")]
    lines += [RollLine(f"Ada {name}", "", "Insieme") for name in NAMES[1 : COUNCILLORS + 1]]
    add_councillors(comune=pero, lines=lines, by=None)
    profile = profile_for(40_000)
    with scope(pero):
        RuleBook.objects.create(
            comune=pero,
            name=profile.name,
            valid_from=date(2026, 1, 1),
            facts=profile_facts(profile),
        )


@pytest.fixture
def today_sitting(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting of today with twelve items."""
    from arengo.council.models import Opinion
    from arengo.kernel import clock
    from arengo.kernel.scope import scope

    sitting = make_sitting(pero, scheduled_at=clock.now())
    proposals = [
        {"title": f"Delibera {n}", "wants_immediate": True} for n in range(1, PROPOSALS + 1)
    ]
    items = make_agenda(
        sitting,
        [
            *proposals,
            {"title": "Nomina del revisore", "is_secret_ballot": True},
            {"title": "Mozione sulla scuola", "type": "motion"},
            {"title": "Interrogazione sui rifiuti", "type": "question"},
            {"title": "Comunicazioni", "type": "communication"},
        ],
    )
    with scope(pero):
        for item in items[: PROPOSALS + 1]:
            Opinion.objects.create(
                comune=pero,
                item=item,
                type="technical",
                verdict="favourable",
                given_on="2026-11-20",
            )
    return sitting


@pytest.fixture
def desk(operator: Visit, big_council: None, today_sitting: Sitting) -> Page:
    """Return the console with the journal begun."""
    operator.expected = ("409 (Conflict)",)  # a refusal is an answer, the browser calls it an error
    page = operator.go(f"/consiglio/pero/sedute/{today_sitting.uid}/banco/")
    page.wait_for_selector("[data-part=begin]:not([hidden])")
    page.locator("[data-part=begin] button").press("Enter")
    until(page, "window.arengo && arengo.now && arengo.now.phase === 'prepared'")
    return page


REFUSED = "!document.querySelector('[data-part=refusal]').hidden"


def seq(page: Page) -> int:
    """Return how many entries the journal has, as the page knows."""
    return int(page.evaluate("arengo.now.seq"))


def press(page: Page, *keys: str, writes: int = 1) -> None:
    """Press keys and wait until the journal grew by `writes`."""
    before = seq(page)
    for key in keys:
        page.keyboard.press(key)
    if writes:
        until(page, f"arengo.now.seq >= {before + writes} || {REFUSED}")
        assert not page.evaluate(REFUSED), page.locator("[data-part=refusal]").inner_text()


def asked(page: Page) -> None:
    """Wait for the question."""
    page.wait_for_selector("#ask[open]")


def roll_call(page: Page) -> None:
    """Call everyone: all present but the last two."""
    press(page, "a")
    for n in range(COUNCILLORS + 1):
        press(page, "p" if n < COUNCILLORS - 1 else "g")
    press(page, "a")


def vote(page: Page, *, against: str = "") -> None:
    """Open what comes next, count hands, proclaim."""
    page.keyboard.press("v")
    asked(page)
    press(page, "Enter")
    page.keyboard.press("h")
    asked(page)
    if against:
        page.keyboard.type(against)
        page.keyboard.press("Enter")
    press(page, "Enter", writes=2)
    press(page, "p")


def test_a_whole_sitting_by_keyboard(desk: Page, check_access: Callable[[Page], None]) -> None:
    """Twenty-four councillors, twelve items, twenty votes; the page stays accessible throughout."""
    page = desk
    check_access(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    roll_call(page)
    press(page, "o")
    here = "arengo.now.members.filter((one) => one.is_here).length"
    assert page.evaluate(here) == COUNCILLORS - 1
    press(page, "q", writes=0)
    asked(page)
    for name in ("Bonf", "Cav", "Dos"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    press(page, "Enter")
    for n in range(PROPOSALS):
        press(page, "i")
        if n == 0:
            speak(page)
            check_access(page)
            page.set_viewport_size({"width": 1440, "height": 900})
        if n in (1, 2):
            amend(page)
            vote(page)
        vote(page, against="Mor")
        vote(page)
        press(page, "f")
    secret_vote(page)
    roll_call_vote(page)
    for result in ("answered", "discussed"):
        press(page, "i")
        page.keyboard.press("f")
        asked(page)
        assert page.evaluate("document.getElementById('ask-field-result').value") == result
        press(page, "Enter")
    page.keyboard.press("z")
    asked(page)
    press(page, "Enter")
    votes: list[Any] = page.evaluate("arengo.now.votes")
    assert len(votes) == 20
    assert [one["names"]["against"] for one in votes if one["title"] == "1. Delibera 1"] == [
        [member(page, "Moretti")]
    ]
    assert page.evaluate("arengo.now.phase") == "ended"
    check_access(page)


def member(page: Page, surname: str) -> str:
    """Return a member's id."""
    return str(page.evaluate(f"arengo.now.members.find((one) => one.surname === '{surname}').id"))


def speak(page: Page) -> None:
    """Give someone the floor, then back to the chair."""
    page.keyboard.press("d")
    asked(page)
    page.keyboard.type("lomb")
    press(page, "Enter")
    assert page.locator(".cs-speaker strong").inner_text() == "Ada Lombardi"
    press(page, "t")


def amend(page: Page) -> None:
    """File an amendment."""
    page.keyboard.press("m")
    asked(page)
    page.keyboard.type("Emendamento del gruppo Insieme")
    press(page, "Enter")


def secret_vote(page: Page) -> None:
    """Vote by papers: the numbers must add up, and then do."""
    press(page, "i")
    page.keyboard.press("v")
    asked(page)
    press(page, "Enter")
    page.keyboard.press("h")
    asked(page)
    page.keyboard.type("20")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=refusal]:not([hidden])")
    assert "ricontate" in page.locator("[data-part=refusal]").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    asked(page)
    for number in ("20", "2", "1", "0"):
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    press(page, "Enter", writes=2)
    press(page, "p")
    press(page, "f")


def roll_call_vote(page: Page) -> None:
    """Vote by appello nominale, one key a name."""
    press(page, "i")
    page.keyboard.press("v")
    asked(page)
    page.keyboard.press("Tab")
    page.keyboard.type("Per appello")
    press(page, "Enter")
    for n in range(COUNCILLORS - 1):
        press(page, "cfan"[n % 4])
    press(page, "c")
    press(page, "p")
    press(page, "f")


def test_undo_takes_back_the_last_thing(desk: Page) -> None:
    press(desk, "a")
    press(desk, "p")
    press(desk, "u")
    until(desk, "arengo.now.members.every((one) => one.status === 'absent')")
    assert "(annullata)" in desk.locator("[data-part=log]").inner_text()


def test_what_the_rules_refuse_is_said(desk: Page) -> None:
    desk.keyboard.press("o")
    desk.wait_for_selector("[data-part=refusal]:not([hidden])")
    assert "Manca il numero legale" in desk.locator("[data-part=refusal]").inner_text()
    desk.keyboard.press("Escape")
    desk.wait_for_selector("[data-part=refusal]", state="hidden")


def test_two_clerks_do_not_overtake_each_other(
    desk: Page, pero: Comune, today_sitting: Sitting, make_clerk: Callable[[], Any]
) -> None:
    """Anna's console is told that Elio wrote in the meantime, and shows what he wrote."""
    from arengo.council.engine import events as e
    from arengo.council.operations.journal import record

    record(comune=pero, sitting=today_sitting, event=e.Noted("Da Elio"), by=make_clerk())
    desk.keyboard.press("a")
    desk.wait_for_selector("[data-part=refusal]:not([hidden])")
    assert "Elio" in desk.locator("[data-part=refusal]").inner_text()
    until(desk, "arengo.now.log.some((one) => one.text === 'Nota: Da Elio')")


@pytest.fixture
def make_clerk(pero: Comune) -> Callable[[], Any]:
    """Return a maker of a second clerk of Pero."""

    def make() -> Any:
        from arengo.kernel.models import Membership, Role, User

        user = User.objects.create_user("elio@example.org", "Elio", "una parola lunga")
        Membership.across.create(comune=pero, user=user, role=Role.SEGRETARIO)
        return user

    return make


def test_a_lost_line_is_said_and_the_act_is_tried_again(desk: Page, operator: Visit) -> None:
    operator.expected = ("Failed to load resource",)
    desk.context.set_offline(True)
    desk.keyboard.press("a")
    desk.wait_for_selector("[data-part=line]:not([hidden])")
    desk.context.set_offline(False)
    until(desk, "arengo.now.roll_call === 'opening'", within_s=20)
    assert (
        desk.evaluate("arengo.now.log.filter((one) => one.kind === 'roll_call_began').length") == 1
    )


def test_the_red_key_asks_once_and_cuts(desk: Page, today_sitting: Sitting) -> None:
    roll_call(desk)
    press(desk, "o")
    desk.keyboard.press("Shift+R")
    asked(desk)
    press(desk, "Enter")
    desk.wait_for_selector("[data-part=secret]:not([hidden])")
    today_sitting.refresh_from_db()
    assert today_sitting.secret_since is not None
    desk.locator("[data-act=public]").press("Enter")
    desk.wait_for_selector("[data-part=secret]", state="hidden")
    today_sitting.refresh_from_db()
    assert today_sitting.secret_since is None


def test_seat_council_is_there(pero: Comune) -> None:
    assert len(seat_council(pero)) == 18
