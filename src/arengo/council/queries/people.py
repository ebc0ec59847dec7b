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
from arengo.kernel.errors import NotFound
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
        return named or (self.mandate.title if self.mandate else "")

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


@dataclass(frozen=True, slots=True)
class Bench:
    """The seats of one group on one day; `name` is empty for who is in none."""

    name: str
    stance: str
    seats: tuple[Seat, ...]


def benches(seats: Iterable[Seat]) -> tuple[Bench, ...]:
    """Sort who holds a mandate by group: majority, minority, mixed, then who is in none."""
    by_group: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        if seat.mandate is not None:
            by_group[seat.group].append(seat)
    sides = {"majority": 0, "minority": 1, "mixed": 2}
    found = [Bench(name, held[0].stance, tuple(held)) for name, held in by_group.items()]
    found.sort(key=lambda bench: (not bench.name, sides.get(bench.stance, 3), bench.name))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything known of a person, latest first."""

    person: Person
    mandates: tuple[Mandate, ...]
    groups: tuple[GroupMembership, ...]
    offices: tuple[Office, ...]
    replaced_by: dict[int, Mandate]

    @property
    def open_mandate(self) -> Mandate | None:
        """Return the mandate without an end."""
        return next((one for one in self.mandates if one.ends_on is None), None)

    @property
    def open_group(self) -> GroupMembership | None:
        """Return the group the person is in, without an end."""
        return next((one for one in self.groups if one.ends_on is None), None)

    @property
    def last_group(self) -> str:
        """Return the name of the latest group."""
        return self.groups[0].group if self.groups else ""


@query
def person_file(*, comune: Comune, person_id: int) -> PersonFile:
    """Return a person of the Comune with mandates, groups and offices, or raise `NotFound`."""
    person = Person.objects.filter(pk=person_id).select_related("user").first()
    if person is None:
        raise NotFound
    mandates = Mandate.objects.filter(person=person).select_related("replaces__person")
    taken = Mandate.objects.filter(replaces__person=person).select_related("person")
    return PersonFile(
        person,
        tuple(mandates.order_by("-starts_on", "-id")),
        tuple(GroupMembership.objects.filter(person=person).order_by("-starts_on", "-id")),
        tuple(Office.objects.filter(person=person).order_by("-starts_on", "-id")),
        {one.replaces_id: one for one in taken.order_by("id") if one.replaces_id},
    )


@query
def get_mandate(*, comune: Comune, mandate_id: int) -> Mandate:
    """Return a mandate of the Comune with its person, or raise `NotFound`."""
    found = Mandate.objects.filter(pk=mandate_id).select_related("person").first()
    if found is None:
        raise NotFound
    return found


@query
def get_office(*, comune: Comune, office_id: int) -> Office:
    """Return an office of the Comune with its person, or raise `NotFound`."""
    found = Office.objects.filter(pk=office_id).select_related("person").first()
    if found is None:
        raise NotFound
    return found


@query
def get_group(*, comune: Comune, group_id: int) -> Group:
    """Return a group of the Comune, or raise `NotFound`."""
    found = Group.objects.filter(pk=group_id).first()
    if found is None:
        raise NotFound
    return found


@query
def groups_on(*, comune: Comune, day: date) -> tuple[Group, ...]:
    """Return the groups in force on a day, by name."""
    return tuple(_in_force(Group.objects.all(), day).order_by("name", "id"))


@query
def group_history(*, comune: Comune) -> tuple[Group, ...]:
    """Return every group with every change of side, latest first."""
    return tuple(Group.objects.order_by("name", "-starts_on", "-id"))


@query
def former_mandates(*, comune: Comune, day: date) -> tuple[Mandate, ...]:
    """Return the mandates over by a day, latest first, with their people."""
    over = Mandate.objects.filter(ends_on__lte=day).select_related("person")
    return tuple(over.order_by("-ends_on", "-id"))


@query
def people_outside(*, comune: Comune, day: date) -> tuple[Person, ...]:
    """Return who may be seated on a day: known, without a mandate in force or to come."""
    held = Mandate.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day)).values("person")
    free = Person.objects.exclude(pk__in=held)
    return tuple(free.order_by("family_name", "given_name", "distinction", "id"))
