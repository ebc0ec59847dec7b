"""What the public pages ask: decisions, who sits in the council, what one of them did there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from arengo.council.models import Person, Sitting
from arengo.council.queries.people import PersonFile, Seat, council_on, person_file, today
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.models import Attendance, Decision, Passage, PassageKind

PAGE = 30
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Evening:
    """A sitting with what it decided."""

    sitting: Sitting
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of decisions by sitting, the latest first."""

    evenings: tuple[Evening, ...]
    number: int
    is_last: bool


@query
def decided(*, comune: Comune, page: int = 1) -> Page:
    """Return a page of what the council decided, latest first."""
    first = (max(1, page) - 1) * PAGE
    rows = Decision.objects.select_related("sitting").order_by("-decided_at", "-id")
    found = list(rows[first : first + PAGE + 1])
    evenings = tuple(
        Evening(sitting, tuple(sorted(listed, key=lambda one: one.place)))
        for sitting, listed in groupby(found[:PAGE], key=lambda one: one.sitting)
    )
    return Page(evenings, max(1, page), len(found) <= PAGE)


@query
def decided_in(*, comune: Comune, sitting: Sitting) -> tuple[Decision, ...]:
    """Return what a sitting decided, in the order of its agenda."""
    return tuple(Decision.objects.filter(sitting=sitting).order_by("place", "id"))


@query
def deciders(*, comune: Comune, decisions: Iterable[Decision]) -> Mapping[str, str]:
    """Return the names of who voted on decisions, by member, in alphabetical order."""
    ids = {int(member) for one in decisions for member in one.cast if member.isdigit()}
    people = Person.objects.filter(pk__in=ids).order_by("family_name", "given_name", "id")
    return {str(one.pk): one.full_name for one in people}


@query
def votes_after(*, comune: Comune, passages: Iterable[Passage]) -> Mapping[int, Decision]:
    """Return, by passage, the vote that followed on the same item; nothing where none did."""
    listed = [one for one in passages if one.item_number]
    rows = Decision.objects.filter(sitting_id__in={one.sitting_id for one in listed})
    by_item = {(row.sitting_id, row.number): row for row in rows.order_by("place", "id")}
    found = {one.pk: by_item.get((one.sitting_id, one.item_number)) for one in listed}
    return {one.pk: row for one in listed if (row := found[one.pk]) and _is_before(one, row)}


def _is_before(passage: Passage, vote: Decision) -> bool:
    """Tell whether something was said before a vote; where there is no video nobody can tell."""
    if passage.start_s is None or vote.start_s is None:
        return True
    return passage.start_s <= vote.start_s


# --- who sits in the council -----------------------------------------------------------------


@query
def sitting_members(*, comune: Comune) -> tuple[Seat, ...]:
    """Return who sits in the council today, the mayor first."""
    return tuple(one for one in council_on(comune=comune, day=today()) if one.mandate)


@dataclass(frozen=True, slots=True)
class Presence:
    """A sitting and how a person attended it, as the roll has it; `status` is a key."""

    sitting: Sitting
    status: str
    periods: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Voted:
    """A decision and how a person voted; `choice` is a key, empty where they did not."""

    decision: Decision
    choice: str


@dataclass(frozen=True, slots=True)
class Member:
    """What everyone may know of what somebody did in the council."""

    file: PersonFile
    presences: tuple[Presence, ...]
    speeches: tuple[Passage, ...]
    votes: tuple[Voted, ...]

    @property
    def is_sitting(self) -> bool:
        """Tell whether the person sits in the council today."""
        return any(_is_in_force(one.starts_on, one.ends_on) for one in self.file.mandates)


def _is_in_force(since: date, until: date | None) -> bool:
    return since <= today() and (until is None or until > today())


@query
def member_of(*, comune: Comune, person_id: str) -> Member:
    """Return what a person with a mandate did in the closed sittings, the latest first.

    Raises
    ------
    NotFound
        Nobody has that number here, or they never sat in the council.
    """
    if not (person_id.isascii() and person_id.isdigit() and len(person_id) < 19):
        raise NotFound
    file = person_file(comune=comune, person_id=int(person_id))
    if not file.mandates:
        raise NotFound
    key = str(file.person.pk)
    return Member(file, _presences(key), _speeches(key), _voted(key))


def _presences(member: str) -> tuple[Presence, ...]:
    rows = Attendance.objects.select_related("sitting").order_by("-sitting__scheduled_at", "-id")
    found = (_presence(row.sitting, row.members.get(member)) for row in rows[:MOST_SHOWN])
    return tuple(one for one in found if one)


def _presence(sitting: Sitting, facts: Mapping[str, Any] | None) -> Presence | None:
    if facts is None:
        return None
    periods = tuple((since, until) for since, until in facts["periods"])
    return Presence(sitting, facts["status"], periods)


def _speeches(member: str) -> tuple[Passage, ...]:
    """Return the first passage of each speech of a member."""
    rows = Passage.objects.filter(kind=PassageKind.SPEECH, member=member)
    listed = rows.select_related("sitting").order_by("-id")[: 4 * MOST_SHOWN]
    found = [
        min(group, key=lambda one: one.pk)
        for _, group in groupby(listed, key=lambda one: (one.sitting_id, one.item_number))
    ]
    return tuple(found[:MOST_SHOWN])


def _voted(member: str) -> tuple[Voted, ...]:
    """Return the open votes of the sittings in which the person was on the roll."""
    rows = Decision.objects.select_related("sitting").order_by("-decided_at", "-id")
    found = [Voted(row, row.cast.get(member, "")) for row in rows[: 2 * MOST_SHOWN] if row.cast]
    return tuple(one for one in found if one.choice)[:MOST_SHOWN]
