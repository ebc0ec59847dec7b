"""What writes in a sitting's journal: the one way in for every screen."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from arengo.council import events as published
from arengo.council.engine import events as e
from arengo.council.engine.board import public_board
from arengo.council.engine.chain import Entry, body_of, next_entry
from arengo.council.engine.guards import check, check_undo
from arengo.council.engine.state import State
from arengo.council.errors import NothingToUndo, Overtaken
from arengo.council.models import Device, JournalEntry, Sitting
from arengo.council.queries.agenda import journal_opinions
from arengo.council.queries.journal import (
    ROME,
    constitution,
    is_written,
    last_entry,
    read_journal,
    state_of,
)
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation

FROM_DEVICES = frozenset(
    cls.kind
    for cls in (e.VoteCast, e.FloorAsked, e.FloorForgone, e.VerbatimAsked, e.ConnectionChanged)
)
UNDOABLE_BACK = 40
SILENT_AFTER = timedelta(seconds=20)


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
    _lock(sitting)
    state = state_of(comune=comune, sitting=sitting)
    if command and is_written(comune=comune, sitting=sitting, command=command):
        return state
    if expected is not None:
        _refuse_overtaken(sitting, state, expected, by)
    if isinstance(event, e.Undone):
        check_undo(read_journal(comune=comune, sitting=sitting), event)
    else:
        check(state, event, clock.now())
    return _write(comune, sitting, event, by, command)


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
    entries = read_journal(comune=comune, sitting=sitting)
    seq = last_undoable(entries)
    if seq is None:
        raise NothingToUndo
    return record(
        comune=comune,
        sitting=sitting,
        event=e.Undone(seq),
        by=by,
        command=command,
        expected=expected,
    )


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
    now = clock.now()
    Device.objects.update_or_create(
        comune=comune,
        sitting=sitting,
        person_id=person_id,
        device=device[:40],
        defaults={"seen_at": now},
    )
    state = state_of(comune=comune, sitting=sitting)
    standing = state.presence.get(str(person_id))
    if standing and standing.status == "remote" and standing.lost_at:
        back = e.ConnectionChanged(str(person_id), is_connected=True)
        record(comune=comune, sitting=sitting, event=back, by=None)


@operation
def note_lost_connections(*, comune: Comune, sitting: Sitting) -> int:
    """Mark the remote members whose devices have been silent; return how many are newly lost."""
    state = state_of(comune=comune, sitting=sitting)
    if state.phase not in ("open", "suspended", "prepared"):
        return 0
    heard = dict(
        Device.objects.filter(sitting=sitting)
        .order_by("seen_at", "id")
        .values_list("person_id", "seen_at")
    )
    silent_since = clock.now() - SILENT_AFTER
    lost = [
        member
        for member, standing in state.presence.items()
        if standing.status == "remote"
        and standing.lost_at is None
        and max(heard.get(int(member), standing.since), standing.since) < silent_since
    ]
    for member in lost:
        gone = e.ConnectionChanged(member, is_connected=False)
        record(comune=comune, sitting=sitting, event=gone, by=None)
    return len(lost)


# --- inside -------------------------------------------------------------------------------


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
    comune: Comune, sitting: Sitting, event: e.Event, by: User | None, command: str
) -> State:
    last = last_entry(comune=comune, sitting=sitting)
    actor = f"user {by.pk}" if by else ""
    entry = next_entry(last, event, at=clock.now().astimezone(ROME), by=actor)
    JournalEntry.objects.create(
        comune=comune,
        sitting=sitting,
        seq=entry.seq,
        at=entry.at,
        kind=event.kind,
        body=body_of(event),
        by=by,
        command=command[:40],
        previous=entry.previous,
        sha256=entry.sha256,
    )
    state = state_of(comune=comune, sitting=sitting)
    _follow_secrecy(comune, sitting, state)
    _publish(comune, sitting, state)
    return state


def _follow_secrecy(comune: Comune, sitting: Sitting, state: State) -> None:
    """Have every output cut, or resumed, as the journal now wants."""
    if sitting.secret_since != state.cut_since:
        Sitting.objects.filter(pk=sitting.pk).update(secret_since=state.cut_since)
        sitting.secret_since = state.cut_since
        transaction.on_commit(
            partial(published.secrecy_changed.send, Sitting, comune=comune, uid=sitting.uid)
        )


def _publish(comune: Comune, sitting: Sitting, state: State) -> None:
    board: dict[str, Any] = public_board(state, clock.now())
    transaction.on_commit(
        partial(published.board_changed.send, Sitting, comune=comune, uid=sitting.uid, board=board)
    )
