"""Attacks on the journal's way in: lost counts, failing listeners, clocks, rubbish over HTTP."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from chamber import make_agenda, opinions, play, roll_call, seat_council
from django.db import transaction
from django.test import Client

from arengo.council import events as published
from arengo.council import ports
from arengo.council.engine import events as e
from arengo.council.engine.board import public_board
from arengo.council.engine.chain import Entry
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.fold import fold as engine_fold
from arengo.council.errors import Overtaken
from arengo.council.models import JournalEntry, Person, Sitting
from arengo.council.operations import journal as operations
from arengo.council.queries import journal as queries
from arengo.council.queries.journal import read_journal, state_of
from arengo.kernel import clock
from arengo.kernel.errors import Unavailable
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope
from arengo.live import box as studio_box
from arengo.live import chamber as live_chamber

JSON = {"accept": "application/json"}


class Box:
    """A ballot box in memory that remembers what was asked of it."""

    def __init__(self) -> None:
        self.papers: dict[str, dict[str, str]] = {}
        self.counted: set[str] = set()
        self.is_down = False

    def _answer(self) -> None:
        if self.is_down:
            raise Unavailable

    def open(self, uid: str, ballot: str, choices: tuple[str, ...]) -> None:
        self._answer()
        assert ballot not in self.papers
        self.papers[ballot] = {}

    def right(self, uid: str, ballot: str, member: str) -> str:
        return f"{ballot} {member}"

    def count(self, uid: str, ballot: str) -> tuple[tuple[str, ...], dict[str, int]]:
        self._answer()
        if ballot not in self.papers:
            raise Unavailable
        found = self.papers.pop(ballot)
        self.counted.add(ballot)
        return tuple(sorted(found)), dict(Counter(found.values()))

    def cancel(self, uid: str, ballot: str) -> None:
        self._answer()
        if ballot not in self.papers:
            raise Unavailable
        del self.papers[ballot]

    def progress(self, uid: str, ballot: str) -> int:
        return len(self.papers.get(ballot, {}))


@pytest.fixture
def box() -> Iterator[Box]:
    made, before = Box(), ports._box
    ports.use_box(made)
    yield made
    ports._box = before


@pytest.fixture
def ids(pero: Comune) -> dict[str, str]:
    return seat_council(pero)


@pytest.fixture
def evening(ids: dict[str, str], sitting: Sitting) -> Sitting:
    """Return an open sitting on its second item; everyone attends."""
    items = make_agenda(sitting)
    state = play(sitting)
    play(sitting, *roll_call(state), ("sitting_opened", {}), *opinions(state))
    play(sitting, ("item_called", {"item": str(items[1].pk)}))
    return sitting


class Console:
    """A clerk's console without a browser."""

    def __init__(self, user: User, sitting: Sitting) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.base = f"/consiglio/{sitting.comune.slug}/sedute/{sitting.uid}/banco/"
        self.sitting = sitting

    def post(self, path: str, body: Any) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(
            self.base + path, data, content_type="application/json", headers=JSON
        )

    def fact(self, kind: str, event: Any, command: str = "", **over: Any) -> Any:
        return self.post("fatto/", {"kind": kind, "event": event, "command": command, **over})


@pytest.fixture
def console(anna: User, evening: Sitting) -> Console:
    return Console(anna, evening)


def secret_vote(console: Console, ballot: str = "s1", **over: Any) -> Any:
    """Open a secret electronic vote on the item that is treated."""
    state = state_of(comune=console.sitting.comune, sitting=console.sitting)
    facts = {"ballot": ballot, "item": state.item, "subject": "proposal", "title": "T"}
    return console.fact("ballot_opened", {**facts, "method": "secret_electronic"}, **over)


def kinds(sitting: Sitting) -> list[str]:
    return [one.event.kind for one in read_journal(comune=sitting.comune, sitting=sitting)]


# --- the box ------------------------------------------------------------------------------------


def test_a_console_that_is_overtaken_does_not_empty_the_box(
    console: Console, box: Box, ids: dict[str, str], evening: Sitting, pero: Comune, bruno: User
) -> None:
    """A count can be had once: it is asked for only when it will be written."""
    assert secret_vote(console).status_code == 200
    box.papers["s1"][ids["Brambilla"]] = "favour"
    seen = state_of(comune=pero, sitting=evening).seq
    operations.record(comune=pero, sitting=evening, event=e.Noted("di un altro"), by=bruno)
    answer = console.fact("secret_counted", {"ballot": "s1"}, expected=seen)
    assert (answer.status_code, answer.json()["code"]) == (409, "overtaken")
    assert len(box.papers["s1"]) == 1
    assert console.fact("secret_counted", {"ballot": "s1"}).status_code == 200


def test_a_stale_page_does_not_empty_the_box_of_another_vote(console: Console, box: Box) -> None:
    secret_vote(console)
    assert console.fact("secret_counted", {"ballot": "s0"}).status_code == 409
    assert "s1" in box.papers


def test_a_count_whose_answer_was_lost_is_asked_again(
    console: Console, box: Box, evening: Sitting
) -> None:
    secret_vote(console)
    for _ in range(2):
        assert console.fact("secret_counted", {"ballot": "s1"}, "k1").status_code == 200
    assert kinds(evening).count("secret_counted") == 1


def test_a_box_is_counted_once(console: Console, box: Box) -> None:
    secret_vote(console)
    console.fact("secret_counted", {"ballot": "s1"})
    answer = console.fact("secret_counted", {"ballot": "s1"})
    assert answer.status_code == 409  # a rule, not a fault: no page asks again by itself
    assert "già" in answer.json()["detail"]


def test_no_vote_begins_without_its_box(console: Console, box: Box, evening: Sitting) -> None:
    """What the studio did not open is not in the journal; with the studio back it opens."""
    box.is_down = True
    assert secret_vote(console, command="k1").status_code == 503
    assert "ballot_opened" not in kinds(evening)
    box.is_down = False
    for _ in range(2):
        assert secret_vote(console, command="k1").status_code == 200
    assert box.papers == {"s1": {}}


def test_a_box_left_open_by_a_lost_answer_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def opened(*given: Any, **more: Any) -> None:
        asked.append("open")
        if len(asked) == 1:
            raise studio_box.BoxOpenAlready

    monkeypatch.setattr(studio_box, "open_box", opened)
    monkeypatch.setattr(studio_box, "cancel_box", lambda *given: asked.append("cancel"))
    live_chamber.StudioBox().open("u", "s1", ("favour",))
    assert asked == ["open", "cancel", "open"]


def test_a_second_opening_does_not_throw_the_papers_away(
    console: Console, box: Box, ids: dict[str, str]
) -> None:
    secret_vote(console)
    box.papers["s1"][ids["Brambilla"]] = "favour"
    assert secret_vote(console).status_code == 409
    assert len(box.papers["s1"]) == 1


def test_undoing_the_opening_throws_the_papers_away(
    console: Console, box: Box, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    secret_vote(console)
    with django_capture_on_commit_callbacks(execute=True):
        assert console.post("annulla/", {}).status_code == 200
    assert box.papers == {}


# --- listeners that fail ------------------------------------------------------------------------


@pytest.fixture
def failing() -> Iterator[None]:
    """Have the board's listener fail as on a full disk."""

    def fail(**news: Any) -> None:
        raise OSError(28, "No space left on device")

    published.board_changed.connect(fail)
    yield
    published.board_changed.disconnect(fail)


def test_a_board_that_cannot_be_published_costs_the_clerk_nothing(
    console: Console,
    evening: Sitting,
    failing: None,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = console.fact("noted", {"text": "a verbale"})
    assert answer.status_code == 200
    assert kinds(evening)[-1] == "noted"


def test_a_cut_that_did_not_reach_the_studio_is_said_and_asked_again(
    pero: Comune,
    evening: Sitting,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """The journal says secret: whoever pressed the key must know that the outputs may go on."""
    asked: list[str] = []

    def fail(*, uid: str, **which: Any) -> None:
        asked.append(uid)
        if len(asked) == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(live_chamber, "write_sitting_file", fail)
    event = e.SecretBegan("Sindaca", "giudizio su persone")
    given: dict[str, Any] = {"comune": pero, "sitting": evening, "event": event, "by": None}
    with (
        pytest.raises(Unavailable, match="diretta"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        operations.record(**given, command="k1")
    with django_capture_on_commit_callbacks(execute=True):
        operations.record(**given, command="k1")
    assert asked == [evening.uid, evening.uid]
    assert kinds(evening).count("secret_began") == 1


def test_after_a_restart_screens_are_told_again(
    console: Console,
    pero: Comune,
    evening: Sitting,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """Who was killed between writing and telling left the screens behind the journal."""
    told: list[int] = []

    def hear(**news: Any) -> None:
        told.append(news["board"]["seq"])

    operations._told.clear()
    published.board_changed.connect(hear)
    try:
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                console.client.get(console.base + "stato/", headers=JSON)
    finally:
        published.board_changed.disconnect(hear)
    assert told == [state_of(comune=pero, sitting=evening).seq]


# --- time ---------------------------------------------------------------------------------------


def test_judged_and_written_at_the_same_instant(
    pero: Comune, evening: Sitting, ids: dict[str, str], frozen_now: datetime
) -> None:
    """A clock set back would let a lost member vote as long as it is behind."""
    Sitting.across.filter(pk=evening.pk).update(mode="mixed")
    member, grace = ids["Brambilla"], state_of(comune=pero, sitting=evening).rules.remote_grace_s
    state = state_of(comune=pero, sitting=evening)
    state.mode = "mixed"  # as if convened so
    last = read_journal(comune=pero, sitting=evening)[-1].at
    with clock.frozen(last + timedelta(seconds=1)):
        play(evening, ("presence_set", {"member": member, "status": "remote", "cause": "exit"}))
        gone = e.ConnectionChanged(member, is_connected=False)
        operations.record(comune=pero, sitting=evening, event=gone, by=None)
    with clock.frozen(last + timedelta(seconds=2 + grace)):
        operations.record(comune=pero, sitting=evening, event=e.Noted("dopo"), by=None)
    asked = e.FloorAsked(member)
    with clock.frozen(last - timedelta(hours=1)), pytest.raises(RuleBroken, match="non è presente"):
        operations.record(comune=pero, sitting=evening, event=asked, by=None)


def test_a_device_lost_at_the_end_still_gets_its_page(
    pero: Comune, evening: Sitting, ids: dict[str, str]
) -> None:
    member = ids["Brambilla"]
    state_of(comune=pero, sitting=evening).mode = "mixed"
    play(evening, ("presence_set", {"member": member, "status": "remote", "cause": "exit"}))
    gone = e.ConnectionChanged(member, is_connected=False)
    operations.record(comune=pero, sitting=evening, event=gone, by=None)
    play(evening, ("sitting_ended", {"reason": "adjourned"}))
    operations.hear_from(comune=pero, sitting=evening, person_id=int(member), device="d1")
    assert kinds(evening)[-1] == "sitting_ended"


# --- memory -------------------------------------------------------------------------------------


def test_what_another_transaction_wrote_costs_no_reading_from_the_start(
    pero: Comune, evening: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of a long evening each page that asks while the clerk writes would read it all."""
    state_of(comune=pero, sitting=evening)
    with suppress(ZeroDivisionError), transaction.atomic():
        operations.record(comune=pero, sitting=evening, event=e.Noted("mai"), by=None)
        raise ZeroDivisionError
    folded: list[int] = []

    def fold(entries: list[Entry], *start: Any) -> Any:
        folded.append(len(entries))
        return engine_fold(entries, *start)

    monkeypatch.setattr(queries, "fold", fold)
    assert state_of(comune=pero, sitting=evening).notes == []
    assert folded == []


def test_memory_does_not_grow_with_the_sitting(pero: Comune, evening: Sitting) -> None:
    for number in range(10):
        operations.record(comune=pero, sitting=evening, event=e.Noted(f"{number}"), by=None)
    assert {len(one) for one in queries._kept.values()} <= {1, 2, queries.BEFORE}
    assert len(queries._kept) <= queries.KEPT


# --- rubbish over HTTP --------------------------------------------------------------------------

BODIES = [
    b"",
    b"null",
    b"[]",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"kind": {"a": 1}}',
    b'{"kind": "noted", "event": [1]}',
    b'{"kind": "noted", "event": {"text": "\\ud800"}}',
    b'{"kind": "noted", "event": {"text": "\\u0000"}}',
    b'{"kind": "noted", "event": {"text": "x"}, "command": "\\u0000\\ud800"}',
    b'{"kind": "noted", "event": {"text": "x"}, "command": "' + b"k" * 41 + b'"}',
    b'{"kind": "noted", "event": {"text": ' + b"[" * 900 + b"]" * 900 + b"}}",
    b'{"kind": "noted", "event": {"text": 1e999}}',
    b'{"kind": "floor_given", "event": {"member": "", "name": "X", "limit_s": 1'
    + b"0" * 5000
    + b"}}",
    b'{"kind": "item_added", "event": {"item": "x"}}',
    b'{"kind": "secret_counted", "event": {"totals": 3}}',
    b"x" * 10_000_000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_rubbish_is_refused_with_a_sentence(
    console: Console, evening: Sitting, body: bytes
) -> None:
    before = kinds(evening)
    answer = console.post("fatto/", body)
    assert answer.status_code in (400, 409, 413, 422)
    assert answer.json()["detail"]
    assert kinds(evening) == before


@pytest.mark.parametrize("device", ["\x00", "\ud800", "x" * 500, {"a": 1}, None, 10**30])
def test_any_device_name_is_a_sign_of_life(
    evening: Sitting, ids: dict[str, str], pero: Comune, bruno: User, device: Any
) -> None:
    with scope(pero):
        Person.objects.filter(family_name="Beretta").update(user=bruno)
    seat = Console(bruno, evening)
    seat.base = seat.base.replace("banco", "seggio")
    assert seat.post("stato/", {"device": device}).status_code == 200


def test_a_huge_expected_number_is_no_fault(console: Console) -> None:
    assert console.fact("noted", {"text": "x"}, expected=10**40).status_code == 200


def test_forged_forms_write_nothing(anna: User, evening: Sitting) -> None:
    forged = Console(anna, evening)
    forged.client = Client(enforce_csrf_checks=True)
    forged.client.force_login(anna)
    before = kinds(evening)
    assert forged.fact("noted", {"text": "x"}).status_code == 403
    assert forged.post("annulla/", {}).status_code == 403
    assert forged.client.post(forged.base.replace("banco", "seggio") + "fatto/").status_code == 403
    assert kinds(evening) == before


def test_the_next_towns_clerk_finds_nothing(dario: User, evening: Sitting) -> None:
    stranger = Console(dario, evening)
    assert stranger.fact("noted", {"text": "x"}).status_code == 404
    stranger.base = stranger.base.replace("/pero/", "/rho/")
    assert stranger.fact("noted", {"text": "x"}).status_code == 404


def test_another_persons_key_does_not_swallow_a_vote(
    pero: Comune, evening: Sitting, anna: User, bruno: User
) -> None:
    """A key that someone else used is not an answer to what this person asks."""
    given: dict[str, Any] = {"comune": pero, "sitting": evening, "command": "k1"}
    operations.record(**given, event=e.Noted("di Anna"), by=anna)
    with pytest.raises(Overtaken):
        operations.record(**given, event=e.Noted("di Bruno"), by=bruno)


# --- what is told in secret ---------------------------------------------------------------------


def test_in_secret_the_board_tells_no_conflict_and_no_stage(
    pero: Comune, evening: Sitting, ids: dict[str, str]
) -> None:
    state = state_of(comune=pero, sitting=evening)
    play(
        evening,
        ("secret_began", {"requester": "Sindaca", "reason": "persone"}),
        ("conflict_declared", {"member": ids["Brambilla"], "item": state.item, "leaves": False}),
        ("stage_opened", {"stage": "declarations"}),
    )
    state = state_of(comune=pero, sitting=evening)
    told = public_board(state, clock.now())
    assert not any(one["conflict"] for one in told["members"])
    assert not any(one["stage"] for one in told["items"])
    assert any(
        one["conflict"] for one in public_board(state, clock.now(), is_staff=True)["members"]
    )


def test_who_leaves_the_secret_part_hears_no_more(
    evening: Sitting, ids: dict[str, str], pero: Comune, bruno: User
) -> None:
    with scope(pero):
        Person.objects.filter(family_name="Beretta").update(user=bruno)
    seat = Console(bruno, evening)
    seat.base = seat.base.replace("banco", "seggio")
    play(evening, ("secret_began", {"requester": "Sindaca", "reason": "persone"}))
    assert seat.post("stato/", {}).json()["is_inside"]
    gone = {"member": ids["Beretta"], "status": "absent", "cause": "exit"}
    play(evening, ("presence_set", gone))
    assert not seat.post("stato/", {}).json()["is_inside"]


def test_a_secret_vote_leaves_nothing_that_names_a_choice(
    console: Console, box: Box, evening: Sitting, ids: dict[str, str], pero: Comune
) -> None:
    """In the journal, the board and the console: totals and who took part, sorted."""
    secret_vote(console)
    box.papers["s1"] = {ids["Brambilla"]: "against", ids["Beretta"]: "favour"}
    shown = console.fact("secret_counted", {"ballot": "s1"}).json()
    assert shown["cast"] == {}
    with scope(pero), transaction.atomic():
        row = JournalEntry.objects.get(sitting=evening, kind="secret_counted")
    body = json.loads(row.body)
    assert body["took_part"] == sorted(body["took_part"])
    assert body["totals"] == sorted(body["totals"])
    told = json.dumps(public_board(state_of(comune=pero, sitting=evening), clock.now()))
    assert '"took_part": [' not in told
