"""What changes the people of the council."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arengo.council.models import (
    Group,
    GroupMembership,
    Mandate,
    MandateKind,
    Office,
    OfficeKind,
    Person,
)
from arengo.council.operations.groups import enter_group
from arengo.council.operations.mandates import take_seat
from arengo.council.operations.names import new_person, refuse_homonym, spaced
from arengo.council.queries.people import today
from arengo.council.roll import RollLine, split_name
from arengo.kernel import audit
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation

OFFICES = (
    ("segretari", OfficeKind.SECRETARY),
    ("vicepresident", OfficeKind.VICE),
    ("vice president", OfficeKind.VICE),
    ("president", OfficeKind.PRESIDENT),
    ("vicesindac", OfficeKind.DEPUTY_MAYOR),
    ("sindac", OfficeKind.MAYOR),
    ("assessor", OfficeKind.ASSESSORE),
    ("capogruppo", OfficeKind.LEADER),
)


@operation
def add_person(
    *,
    comune: Comune,
    family_name: str,
    given_name: str,
    kind: MandateKind,
    starts_on: date,
    by: User | None,
    distinction: str = "",
    email: str = "",
    group: str = "",
) -> Person:
    """Put a new person in the council from a day on, in a group when one is named.

    Raises
    ------
    NameMissing, HomonymKnown
        The family name is empty; somebody has the same name and nothing tells them apart.
    SeatsFull, MayorThere, GroupUnknown
        There is no seat for them on that day, or no such group.
    """
    person = new_person(comune, given_name, family_name, distinction, email)
    take_seat(comune, person, kind, starts_on)
    if group:
        enter_group(comune, person, group, starts_on)
    audit.record(
        "council.add_person",
        comune=comune,
        by=by,
        subject=f"person {person.pk}",
        kind=kind,
        starts_on=starts_on.isoformat(),
    )
    return person


@operation
def correct_person(
    *,
    comune: Comune,
    person: Person,
    family_name: str,
    given_name: str,
    by: User | None,
    distinction: str = "",
    email: str = "",
) -> Person:
    """Correct how a person is written, or where notices reach them.

    Raises
    ------
    NameMissing, HomonymKnown
        As in `add_person`.
    NotFound
        The person is another Comune's.
    """
    if person.comune_id != comune.pk:
        raise NotFound
    names = spaced(given_name, family_name, distinction)
    refuse_homonym(names, but=person)
    person.given_name, person.family_name, person.distinction = names
    person.email = email.strip()
    person.save(update_fields=["given_name", "family_name", "distinction", "email"])
    audit.record("council.correct_person", comune=comune, by=by, subject=f"person {person.pk}")
    return person


@operation
def add_councillors(*, comune: Comune, lines: Sequence[RollLine], by: User | None) -> int:
    """Put people in the council from today, or correct office and group of those already there.

    Returns
    -------
    How many lines were written; a name twice in `lines` counts once, the last one holds.
    """
    people = {line.full_name: line for line in lines}
    day = today()
    for line in people.values():
        _seat(comune, line, day)
    audit.record(
        "council.add_councillors", comune=comune, by=by, subject="roll", people=len(people)
    )
    return len(people)


@operation
def replace_roll(*, comune: Comune, lines: Sequence[RollLine], by: User | None) -> int:
    """Make `lines` the whole council: who is not among them leaves it today."""
    names = {split_name(line.full_name) for line in lines}
    day = today()
    gone = 0
    for person in Person.objects.order_by("id"):
        if (person.given_name, person.family_name) not in names:
            gone += _leave(person, day)
    written = add_councillors(comune=comune, lines=lines, by=by)
    audit.record("council.replace_roll", comune=comune, by=by, subject="roll", gone=gone)
    return written


def _leave(person: Person, day: date) -> int:
    mandates = Mandate.objects.filter(person=person, ends_on=None)
    offices = Office.objects.filter(person=person, ends_on=None)
    groups = GroupMembership.objects.filter(person=person, ends_on=None)
    changed = [rows.update(ends_on=day) for rows in (mandates, offices, groups)]
    return int(any(changed))


def office_of(label: str) -> OfficeKind | None:
    """Return the office that a label names («Assessora al Bilancio»); None for none."""
    said = label.casefold()
    return next((kind for start, kind in OFFICES if start in said), None)


def _seat(comune: Comune, line: RollLine, day: date) -> None:
    given, family = split_name(line.full_name)
    person, _ = Person.objects.get_or_create(
        comune=comune, given_name=given, family_name=family, distinction=""
    )
    office = office_of(line.role_label)
    if office != OfficeKind.SECRETARY:
        _hold_seat(comune, person, _mandate_kind(office, line), day)
        called = "" if office else line.role_label
        Mandate.objects.filter(person=person, ends_on=None).update(label=called)
    _hold_office(comune, person, office, line.role_label, day)
    _join_group(comune, person, line.group, day)


def _mandate_kind(office: OfficeKind | None, line: RollLine) -> MandateKind:
    if office == OfficeKind.MAYOR:
        return MandateKind.MAYOR
    if office == OfficeKind.ASSESSORE and "estern" in line.role_label.casefold():
        return MandateKind.EXTERNAL
    return MandateKind.COUNCILLOR


def _hold_seat(comune: Comune, person: Person, kind: MandateKind, day: date) -> None:
    held = Mandate.objects.filter(person=person, ends_on=None)
    if held.exclude(kind=kind).update(ends_on=day) or not held.exists():
        Mandate.objects.create(comune=comune, person=person, kind=kind, starts_on=day)


def _hold_office(
    comune: Comune, person: Person, kind: OfficeKind | None, label: str, day: date
) -> None:
    held = Office.objects.filter(person=person, ends_on=None)
    if kind is None:
        held.update(ends_on=day)
    elif not held.filter(kind=kind, label=label).exists():
        held.update(ends_on=day)
        Office.objects.create(comune=comune, person=person, kind=kind, label=label, starts_on=day)


def _join_group(comune: Comune, person: Person, group: str, day: date) -> None:
    held = GroupMembership.objects.filter(person=person, ends_on=None)
    if held.filter(group=group).exists():
        return
    held.update(ends_on=day)
    if group:
        if not Group.objects.filter(name=group, ends_on=None).exists():
            Group.objects.create(comune=comune, name=group, starts_on=day)
        GroupMembership.objects.create(comune=comune, person=person, group=group, starts_on=day)
