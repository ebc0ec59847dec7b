"""What writes in a sitting's journal: the one way in for every screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from arengo.council import events as published
from arengo.council import ports
from arengo.council.engine import events as e
from arengo.council.engine.board import public_board
from arengo.council.engine.chain import Entry, body_of, next_entry
from arengo.council.engine.guards import check, check_undo
from arengo.council.engine.intents import intended
from arengo.council.engine.state import State
from arengo.council.errors import NothingToUndo, Overtaken
from arengo.council.models import Device, JournalEntry, Sitting
from arengo.council.queries.agenda import journal_opinions
from arengo.council.queries.journal import (
    Written,
    constitution,
    last_entry,
    moment,
    read_journal,
    state_of,
    who_wrote,
)
from arengo.council.queries.people import ROME
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation

FROM_DEVICES = frozenset(
    cls.kind
    for cls in (e.VoteCast, e.FloorAsked, e.FloorForgone, e.VerbatimAsked, e.ConnectionChanged)
)
UNDOABLE_BACK = 40
SILENT_AFTER = timedelta(seconds=20)
MOVES_SECRECY = (e.SecretBegan, e.SecretEnded, e.ItemCalled, e.ItemLeft, e.Undone)
ATTENDED = ("prepared", "open", "suspended")  # phases in which devices come and go

Meaning = Callable[[State, datetime], e.Event]

_told: set[tuple[str, int]] = set()  # sittings whose screens this process has told


@operation
def begin_journal(*, comune: Comune, sitting: Sitting, by: User | None) -> State:
    """Constitute the sitting: rules, people and agenda as they are today become its first entry.

    The opinions given before the sitting follow it.

    Raises
    ------
    RuleBroken
        It has begun already, or nobody is in the council.
    """
    first = constitution(comune=comune, sitting=sitting)
    state = record(comune=comune, sitting=sitting, event=first, by=by)
    for opinion in journal_opinions(comune=comune, sitting=sitting):
        state = record(comune=comune, sitting=sitting, event=opinion, by=by)
    return state


@operation
def record(
    *,
    comune: Comune,
    sitting: Sitting,
    event: e.Event,
    by: User | None,
    command: str = "",
    expected: int | None = None,
) -> State:
    """Write one event after judging it, and publish what everyone may see of it.

    Parameters
    ----------
    command : the screen's own key of what it asks; the same key again changes nothing, so that
        a device may ask until it is answered.
    expected : the last entry that the console was looking at, None not to ask. Another person's
        entry after it (not a councillor's device's) refuses the event.

    Returns
    -------
    The state after it.

    Raises
    ------
    RuleBroken
        It cannot happen now.
    Overtaken
        Someone else wrote in the meantime.
    """
    return _record(comune, sitting, lambda state, at: event, by, command, expected)


@operation
def record_asked(
    *,
    comune: Comune,
    sitting: Sitting,
    kind: str,
    facts: Mapping[str, Any],
    by: User | None,
    command: str = "",
    expected: int | None = None,
) -> State:
    """Write what a screen means by `kind` and `facts` (`intents.intended`).

    What the screen leaves to the sitting (who may vote, what the box holds) is found while
    nobody else writes: the box is emptied only for a count that will be written.

    Raises
    ------
    RuleBroken, Overtaken
        As `record`.
    Unavailable
        The box of a secret ballot does not answer: nothing is written.
    """

    def meaning(state: State, at: datetime) -> e.Event:
        counted: dict[str, Any] = (
            {"took_part": [], "totals": []} if kind == e.SecretCounted.kind else {}
        )
        event = intended(state, kind, {**counted, **facts}, at)
        if isinstance(event, e.SecretCounted):
            return _from_the_box(sitting, state, event, at)
        if isinstance(event, e.BallotOpened) and event.method == "secret_electronic":
            check(state, event, at)
            _open_the_box(sitting, event)
        return event

    return _record(comune, sitting, meaning, by, command, expected)


@operation
def undo_last(
    *,
    comune: Comune,
    sitting: Sitting,
    by: User | None,
    command: str = "",
    expected: int | None = None,
) -> State:
    """Undo the last thing that the console did and that is not undone yet.

    Raises
    ------
    NothingToUndo
        There is no such thing, or it is final.
    RuleBroken, Overtaken
        As `record`.
    """

    def meaning(state: State, at: datetime) -> e.Event:
        seq = last_undoable(read_journal(comune=comune, sitting=sitting))
        if seq is None:
            raise NothingToUndo
        return e.Undone(seq)

    return _record(comune, sitting, meaning, by, command, expected)


def last_undoable(entries: list[Entry]) -> int | None:
    """Return the entry that one press of «annulla» would undo."""
    undone = {one.event.seq for one in entries if isinstance(one.event, e.Undone)}
    for entry in reversed(entries[-UNDOABLE_BACK:]):
        kind = entry.event.kind
        if kind == e.Undone.kind or kind in FROM_DEVICES - {e.VoteCast.kind} or entry.seq in undone:
            continue
        return None if kind == e.SittingConstituted.kind else entry.seq
    return None


@operation
def hear_from(*, comune: Comune, sitting: Sitting, person_id: int, device: str) -> None:
    """Note that a councillor's device is there; it reconnects a member who was lost."""
    Device.objects.update_or_create(
        comune=comune,
        sitting=sitting,
        person_id=person_id,
        device="".join(filter(str.isprintable, device))[:40],
        defaults={"seen_at": clock.now()},
    )
    member = str(person_id)
    if _is_lost(state_of(comune=comune, sitting=sitting), member):
        _lock(sitting)
        if _is_lost(state_of(comune=comune, sitting=sitting), member):
            back = e.ConnectionChanged(member, is_connected=True)
            record(comune=comune, sitting=sitting, event=back, by=None)


def _is_lost(state: State, member: str) -> bool:
    standing = state.presence.get(member)
    if standing is None or state.phase not in ATTENDED:
        return False
    return standing.status == "remote" and standing.lost_at is not None


@operation
def note_lost_connections(*, comune: Comune, sitting: Sitting) -> int:
    """Mark the remote members whose devices have been silent; return how many are newly lost."""
    _tell_again(comune, sitting)
    if not _silent(comune, sitting):
        return 0
    _lock(sitting)  # another console may be noting the same
    lost = _silent(comune, sitting)
    for member in lost:
        gone = e.ConnectionChanged(member, is_connected=False)
        record(comune=comune, sitting=sitting, event=gone, by=None)
    return len(lost)


def _silent(comune: Comune, sitting: Sitting) -> list[str]:
    """Return the remote members who count as connected and were not heard for a while."""
    state = state_of(comune=comune, sitting=sitting)
    remote = {m: one for m, one in state.presence.items() if one.status == "remote"}
    if state.phase not in ATTENDED or not remote:
        return []
    heard = dict(
        Device.objects.filter(sitting=sitting)
        .order_by("seen_at", "id")
        .values_list("person_id", "seen_at")
    )
    silent_since = clock.now() - SILENT_AFTER
    return [
        member
        for member, standing in remote.items()
        if standing.lost_at is None
        and max(heard.get(int(member), standing.since), standing.since) < silent_since
    ]


# --- inside -------------------------------------------------------------------------------


def _record(
    comune: Comune,
    sitting: Sitting,
    meaning: Meaning,
    by: User | None,
    command: str,
    expected: int | None,
) -> State:
    """Judge and write what `meaning` makes of the state, while nobody else writes."""
    _lock(sitting)
    state = state_of(comune=comune, sitting=sitting)
    written = who_wrote(comune=comune, sitting=sitting, command=command)
    if written is not None:
        return _again(comune, sitting, state, written, by)
    if expected is not None:
        _refuse_overtaken(sitting, state, expected, by)
    at = moment(state)
    event = meaning(state, at)
    entries = read_journal(comune=comune, sitting=sitting) if isinstance(event, e.Undone) else []
    if isinstance(event, e.Undone):
        check_undo(entries, event)
    else:
        check(state, event, at)
    _empty_the_box(sitting, event, entries)
    return _write(comune, sitting, event, at, by, command)


def _again(
    comune: Comune, sitting: Sitting, state: State, written: Written, by: User | None
) -> State:
    """Answer what was asked before; a cut that may not have reached the studio is sent again."""
    if written.by != (by.pk if by else None):
        raise Overtaken(who="un'altra persona")
    if written.kind in [one.kind for one in MOVES_SECRECY]:
        _send_secrecy(comune, sitting)
    return state


def _from_the_box(
    sitting: Sitting, state: State, event: e.SecretCounted, at: datetime
) -> e.SecretCounted:
    """Fill in the count of an electronic secret ballot, which nobody types."""
    ballot = state.ballots.get(event.ballot)
    if ballot is None or ballot.method != "secret_electronic":
        return event
    check(state, e.SecretCounted(ballot.id, (), ()), at)  # everything but the numbers
    took_part, totals = ports.box().count(sitting.uid, ballot.id)
    return e.SecretCounted(ballot.id, took_part, tuple(sorted(totals.items())))


def _empty_the_box(sitting: Sitting, event: e.Event, entries: list[Entry]) -> None:
    """Throw away the papers of a vote that is voided, or whose opening is undone."""
    gone = _undone_box(event, entries) if isinstance(event, e.Undone) else ""
    if isinstance(event, e.BallotVoided):
        gone = event.ballot
    if gone:
        transaction.on_commit(partial(ports.cancel_quietly, sitting.uid, gone))


def _open_the_box(sitting: Sitting, event: e.BallotOpened) -> None:
    choices = (*event.choices, "blank") if event.choices else ("favour", "against", "blank")
    ports.box().open(sitting.uid, event.ballot, choices)


def _undone_box(event: e.Undone, entries: list[Entry]) -> str:
    """Return the ballot whose opening is undone; empty when something else is."""
    undone = next(one.event for one in entries if one.seq == event.seq)
    return undone.ballot if isinstance(undone, e.BallotOpened) else ""


def _lock(sitting: Sitting) -> None:
    """Take turns: on PostgreSQL by the sitting's row, on SQLite the transaction is IMMEDIATE."""
    Sitting.objects.select_for_update().filter(pk=sitting.pk).values_list("pk").get()


def _refuse_overtaken(sitting: Sitting, state: State, expected: int, by: User | None) -> None:
    newer = JournalEntry.objects.filter(sitting=sitting, seq__gt=expected).exclude(
        kind__in=FROM_DEVICES
    )
    if by is not None:
        newer = newer.exclude(by=by)
    found = newer.select_related("by").order_by("seq").first()
    if found is not None:
        raise Overtaken(who=str(found.by) if found.by else "il sistema")


def _write(
    comune: Comune, sitting: Sitting, event: e.Event, at: datetime, by: User | None, command: str
) -> State:
    last = last_entry(comune=comune, sitting=sitting)
    actor = f"user {by.pk}" if by else ""
    entry = next_entry(last, event, at=at.astimezone(ROME), by=actor)
    JournalEntry.objects.create(
        comune=comune,
        sitting=sitting,
        seq=entry.seq,
        at=entry.at,
        kind=event.kind,
        body=body_of(event),
        by=by,
        command=command,
        previous=entry.previous,
        sha256=entry.sha256,
    )
    state = state_of(comune=comune, sitting=sitting)
    _publish(comune, sitting, state)
    _follow_secrecy(comune, sitting, state)
    return state


def _follow_secrecy(comune: Comune, sitting: Sitting, state: State) -> None:
    """Have every output cut, or resumed, as the journal now wants."""
    if sitting.secret_since != state.cut_since:
        Sitting.objects.filter(pk=sitting.pk).update(secret_since=state.cut_since)
        sitting.secret_since = state.cut_since
        _send_secrecy(comune, sitting)


def _send_secrecy(comune: Comune, sitting: Sitting) -> None:
    """Tell the outputs, last of all: where that fails, whoever asked is told so."""
    transaction.on_commit(
        partial(published.secrecy_changed.send, Sitting, comune=comune, uid=sitting.uid)
    )


def _publish(comune: Comune, sitting: Sitting, state: State) -> None:
    """Tell every screen; where that fails it is logged, and what was written stands."""
    board: dict[str, Any] = public_board(state, moment(state))
    news = {"comune": comune, "uid": sitting.uid, "board": board}
    transaction.on_commit(lambda: published.board_changed.send(Sitting, **news), robust=True)
    transaction.on_commit(partial(_told.add, _place(sitting)))


def _tell_again(comune: Comune, sitting: Sitting) -> None:
    """Tell the screens once of what another process may have written and not told."""
    if _place(sitting) in _told:
        return
    state = state_of(comune=comune, sitting=sitting)
    if state.seq:
        _publish(comune, sitting, state)
        _send_secrecy(comune, sitting)


def _place(sitting: Sitting) -> tuple[str, int]:
    return connection.alias, sitting.pk
