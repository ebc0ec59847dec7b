"""What is asked about the people of the council."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet

from arengo.council.models import (
    Group,
    GroupMembership,
    Mandate,
    MandateKind,
    Office,
    OfficeKind,
    Person,
)
from arengo.kernel import clock
from arengo.kernel.models import Comune
from arengo.kernel.scope import query

ROME = ZoneInfo("Europe/Rome")
M = TypeVar("M", bound=Model)


def today() -> date:
    """Return the present day in Italy."""
    return clock.now().astimezone(ROME).date()


@dataclass(frozen=True, slots=True)
class Seat:
    """A person of the council on one day: `mandate` is None for who only holds an office."""

    person: Person
    mandate: Mandate | None
    offices: tuple[Office, ...] = ()
    group: str = ""
    stance: str = ""

    @property
    def votes(self) -> bool:
        """Whether the person may vote."""
        return self.mandate is not None and self.mandate.kind != MandateKind.EXTERNAL

    @property
    def is_mayor(self) -> bool:
        """Whether the person is the mayor."""
        return self.mandate is not None and self.mandate.kind == MandateKind.MAYOR

    @property
    def label(self) -> str:
        """Return the offices in words, or the kind of the mandate."""
        named = ", ".join(str(office) for office in self.offices)
        return named or (self.mandate.get_kind_display() if self.mandate else "")

    def holds(self, kind: OfficeKind) -> bool:
        """Tell whether the person holds an office."""
        return any(office.kind == kind for office in self.offices)


@query
def council_on(*, comune: Comune, day: date) -> tuple[Seat, ...]:
    """Return who sits in the council on a day, mayor first, then by family name.

    Who holds only an office (the secretary) comes last.
    """
    mandates = {one.person_id: one for one in _in_force(Mandate.objects.all(), day)}
    offices = _by_person(_in_force(Office.objects.all(), day))
    groups = {one.person_id: one.group for one in _in_force(GroupMembership.objects.all(), day)}
    stances = {one.name: one.stance for one in _in_force(Group.objects.all(), day)}
    people = Person.objects.filter(pk__in={*mandates, *offices}).order_by(
        "family_name", "given_name", "distinction", "id"
    )
    seats = [
        Seat(
            person,
            mandates.get(person.pk),
            tuple(offices[person.pk]),
            groups.get(person.pk, ""),
            stances.get(groups.get(person.pk, ""), ""),
        )
        for person in people
    ]
    return tuple(sorted(seats, key=lambda seat: (seat.mandate is None, not seat.is_mayor)))


def _in_force(rows: QuerySet[M], day: date) -> QuerySet[M]:
    found = rows.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)
    return found.order_by("starts_on", "id")


def _by_person(offices: Iterable[Office]) -> defaultdict[int, list[Office]]:
    found: defaultdict[int, list[Office]] = defaultdict(list)
    for office in offices:
        found[office.person_id].append(office)
    return found


@query
def list_names(*, comune: Comune) -> tuple[str, ...]:
    """Return the names of who is in the council today, in alphabetical order."""
    return tuple(sorted(seat.person.full_name for seat in council_on(comune=comune, day=today())))
