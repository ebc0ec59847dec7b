"""What is asked about a sitting's journal: entries, state, the first entry to be."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection

from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.fold import fold
from arengo.council.engine.profile import profile_facts
from arengo.council.engine.state import State
from arengo.council.models import Absence, Device, JournalEntry, OfficeKind, Person, Sitting
from arengo.council.queries.agenda import journal_items
from arengo.council.queries.people import ROME, Seat, council_on, today
from arengo.council.queries.rulebook import rules_on
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import query

KEPT = 16  # sittings whose state is kept in memory
BEFORE = 3  # states of each: the last may be of a transaction that others do not see yet

_kept: OrderedDict[tuple[str, int], tuple[tuple[str, State], ...]] = OrderedDict()
_turn = Lock()


@query
def read_journal(*, comune: Comune, sitting: Sitting, after: int = 0) -> list[Entry]:
    """Return the entries of a sitting, in order, from the one after `after`."""
    rows = JournalEntry.objects.filter(sitting=sitting, seq__gt=after).order_by("seq")
    return [_entry(row) for row in rows]


def _entry(row: JournalEntry) -> Entry:
    return Entry(
        row.seq,
        row.at.astimezone(ROME),
        e.event_of(row.kind, json.loads(row.body)),
        f"user {row.by_id}" if row.by_id else "",
        row.previous,
        row.sha256,
    )


@query
def last_entry(*, comune: Comune, sitting: Sitting) -> Entry | None:
    """Return the last entry; None when the journal has not begun."""
    row = JournalEntry.objects.filter(sitting=sitting).order_by("-seq").first()
    return _entry(row) if row else None


@dataclass(frozen=True, slots=True)
class Written:
    """What the entry of a screen's key is, and which account wrote it."""

    kind: str
    by: int | None


@query
def who_wrote(*, comune: Comune, sitting: Sitting, command: str) -> Written | None:
    """Return what a screen's key wrote; None when it is not in the journal, or there is no key."""
    rows = JournalEntry.objects.filter(sitting=sitting, command=command).order_by("seq")
    found = rows.values_list("kind", "by_id").first() if command else None
    return Written(*found) if found else None


def moment(state: State) -> datetime:
    """Return the instant at which what comes next happens: the journal's clock never goes back."""
    now = clock.now()
    return max(now, state.at) if state.at else now


@query
def state_of(*, comune: Comune, sitting: Sitting) -> State:
    """Return how the sitting stands: the fold of its journal, of which only the news is read.

    What is kept in memory is used only when the entry it ends with is still in the database
    (a transaction that was rolled back takes its entries with it).
    """
    key = (connection.alias, sitting.pk)
    state = _known(key, sitting)
    news = read_journal(comune=comune, sitting=sitting, after=state.seq)
    if news:
        state = _continued(comune, sitting, state, news)
        _keep(key, news[-1].sha256, state)
    return state


def _known(key: tuple[str, int], sitting: Sitting) -> State:
    """Return the last kept state that the database, as it is seen here, agrees with."""
    with _turn:
        kept = _kept.get(key, ())
    found = (state for link, state in kept if _is_there(sitting, state.seq, link))
    return next(found, State())


def _is_there(sitting: Sitting, seq: int, link: str) -> bool:
    return JournalEntry.objects.filter(sitting=sitting, seq=seq, sha256=link).exists()


def _continued(comune: Comune, sitting: Sitting, state: State, news: list[Entry]) -> State:
    if any(isinstance(one.event, e.Undone) for one in news) or not state.seq:
        return fold(read_journal(comune=comune, sitting=sitting))
    return fold(news, state)


def _keep(key: tuple[str, int], link: str, state: State) -> None:
    with _turn:
        others = [one for one in _kept.get(key, ()) if one[0] != link]
        _kept[key] = ((link, state), *others[: BEFORE - 1])
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


@query
def constitution(*, comune: Comune, sitting: Sitting) -> e.SittingConstituted:
    """Return the first entry of the journal: rules, people and agenda as they are today."""
    day = today()
    seats = council_on(comune=comune, day=day)
    profile = rules_on(comune=comune, day=day)
    return e.SittingConstituted(
        title=sitting.title,
        call=sitting.call,
        mode=sitting.mode,
        profile=profile_facts(profile),
        members=tuple(_member(seat) for seat in seats if seat.mandate),
        items=journal_items(comune=comune, sitting=sitting),
        chair=_chair(seats),
        secretary=next(
            (one.person.full_name for one in seats if one.holds(OfficeKind.SECRETARY)), ""
        ),
    )


def _member(seat: Seat) -> e.Member:
    return e.Member(
        id=str(seat.person.pk),
        name=seat.person.full_name,
        surname=seat.person.family_name,
        office=seat.label,
        group=seat.group,
        side=seat.stance,
        is_mayor=seat.is_mayor,
        votes=seat.votes,
    )


def _chair(seats: tuple[Seat, ...]) -> str:
    """Return who presides: the president of the council, else the mayor (TUEL art. 39)."""
    presidents = [one for one in seats if one.mandate and one.holds(OfficeKind.PRESIDENT)]
    found = next(iter(presidents or [one for one in seats if one.is_mayor]), None)
    return str(found.person.pk) if found is not None else ""


@query
def person_of(*, comune: Comune, user: User) -> Person | None:
    """Return the person of the council who signs in as `user`."""
    return Person.objects.filter(user=user).first()


CONNECTED_FOR = timedelta(seconds=20)


@query
def connected(*, comune: Comune, sitting: Sitting) -> list[str]:
    """Return the members whose device was heard in the last twenty seconds."""
    recent = Device.objects.filter(sitting=sitting, seen_at__gt=clock.now() - CONNECTED_FOR)
    return sorted({str(pk) for pk in recent.values_list("person_id", flat=True)})


@query
def announced(*, comune: Comune, sitting: Sitting) -> dict[str, str]:
    """Return what members said beforehand about attending, by member."""
    rows = Absence.objects.filter(sitting=sitting).order_by("id")
    return {str(person): status for person, status in rows.values_list("person_id", "status")}
