"""What changes groups and offices: who belongs where, on which side, with what charge."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from arengo.council.errors import (
    DatesReversed,
    GroupHasMembers,
    GroupUnknown,
    OfficeTaken,
)
from arengo.council.models import Group, GroupMembership, Office, OfficeKind, Person, Stance
from arengo.kernel import audit
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation

# law: TUEL (d.lgs. 267/2000) arts. 39 c. 1, 46 c. 1, 97 c. 1: each is one person
OF_ONE = (OfficeKind.MAYOR, OfficeKind.PRESIDENT, OfficeKind.SECRETARY, OfficeKind.DEPUTY_MAYOR)


@operation
def place_group(
    *, comune: Comune, name: str, stance: Stance, starts_on: date, by: User | None
) -> Group:
    """Found a group, or put it on another side from a day on: the earlier row is kept.

    Raises
    ------
    GroupUnknown
        It has no name.
    DatesReversed
        Its present side holds from a later day.
    """
    name = " ".join(name.split())[:100]
    if not name:
        raise GroupUnknown(group=name, day=_told(starts_on))
    held = Group.objects.filter(name=name, ends_on=None).first()
    if held is not None and held.starts_on > starts_on:
        raise DatesReversed(later=_told(starts_on), earlier=_told(held.starts_on))
    group = _restate(comune, held, name, stance, starts_on)
    audit.record(
        "council.place_group",
        comune=comune,
        by=by,
        subject=f"group {group.pk}",
        stance=stance,
        starts_on=starts_on.isoformat(),
    )
    return group


def _restate(
    comune: Comune, held: Group | None, name: str, stance: Stance, starts_on: date
) -> Group:
    if held is not None and held.stance == stance:
        return held
    if held is not None and held.starts_on == starts_on:
        held.stance = stance
        held.save(update_fields=["stance"])
        return held
    Group.objects.filter(name=name, ends_on=None).update(ends_on=starts_on)
    group, _ = Group.objects.update_or_create(
        comune=comune, name=name, starts_on=starts_on, defaults={"stance": stance, "ends_on": None}
    )
    return group


@operation
def end_group(*, comune: Comune, group: Group, ends_on: date, by: User | None) -> Group:
    """End a group that nobody belongs to any more.

    Raises
    ------
    GroupHasMembers, DatesReversed
    """
    if group.comune_id != comune.pk:
        raise NotFound
    if ends_on < group.starts_on:
        raise DatesReversed(later=_told(ends_on), earlier=_told(group.starts_on))
    inside = GroupMembership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=ends_on), group=group.name
    )
    left = inside.select_related("person").order_by("id").first()
    if left is not None:
        raise GroupHasMembers(group=group.name, name=left.person.full_name)
    group.ends_on = ends_on
    group.save(update_fields=["ends_on"])
    audit.record("council.end_group", comune=comune, by=by, subject=f"group {group.pk}")
    return group


@operation
def join_group(
    *, comune: Comune, person: Person, group: str, starts_on: date, by: User | None
) -> None:
    """Move a person to a group from a day on; with an empty name they leave theirs.

    Raises
    ------
    GroupUnknown, DatesReversed
        There is no such group on that day; they entered the present one later.
    """
    if person.comune_id != comune.pk:
        raise NotFound
    enter_group(comune, person, group, starts_on)
    audit.record(
        "council.join_group",
        comune=comune,
        by=by,
        subject=f"person {person.pk}",
        group=group,
        starts_on=starts_on.isoformat(),
    )


def enter_group(comune: Comune, person: Person, group: str, starts_on: date) -> None:
    """Write a membership and end the present one; part of an operation, never one alone."""
    in_force = Q(ends_on=None) | Q(ends_on__gt=starts_on)
    if group and not Group.objects.filter(in_force, name=group, starts_on__lte=starts_on).exists():
        raise GroupUnknown(group=group, day=_told(starts_on))
    held = GroupMembership.objects.filter(person=person, ends_on=None).first()
    if held is not None and held.starts_on > starts_on:
        raise DatesReversed(later=_told(starts_on), earlier=_told(held.starts_on))
    if held is not None and held.group == group:
        return
    if held is not None:
        _leave(held, starts_on)
    if group:
        GroupMembership.objects.create(
            comune=comune, person=person, group=group, starts_on=starts_on
        )


def _leave(held: GroupMembership | Office, day: date) -> None:
    """End a row on a day; one that started that very day was a mistake, and goes."""
    if held.starts_on == day:
        held.delete()
        return
    held.ends_on = day
    held.save(update_fields=["ends_on"])


@operation
def give_office(
    *,
    comune: Comune,
    person: Person,
    kind: OfficeKind,
    starts_on: date,
    by: User | None,
    label: str = "",
) -> Office:
    """Give a person an office from a day on, called as the Comune calls it.

    Raises
    ------
    OfficeTaken
        It is an office of one person, and another holds it on that day.
    """
    if person.comune_id != comune.pk:
        raise NotFound
    office = take_office(comune, person, kind, label, starts_on)
    audit.record(
        "council.give_office",
        comune=comune,
        by=by,
        subject=f"person {person.pk}",
        office=kind,
        starts_on=starts_on.isoformat(),
    )
    return office


def take_office(
    comune: Comune, person: Person, kind: OfficeKind, label: str, starts_on: date
) -> Office:
    """Write an office, or refuse it; part of an operation, never one alone."""
    in_force = Q(ends_on=None) | Q(ends_on__gt=starts_on)
    held = Office.objects.filter(in_force, kind=kind).select_related("person").order_by("id")
    holder = held.exclude(person=person).first() if kind in OF_ONE else None
    if holder is not None:
        raise OfficeTaken(
            office=kind.label, name=holder.person.full_name, starts_on=_told(holder.starts_on)
        )
    for same in held.filter(person=person, ends_on=None):
        _leave(same, max(starts_on, same.starts_on))
    return Office.objects.create(
        comune=comune, person=person, kind=kind, label=label.strip()[:100], starts_on=starts_on
    )


@operation
def end_office(*, comune: Comune, office: Office, ends_on: date, by: User | None) -> Office:
    """End an office on a day, the first on which it is no longer held.

    Raises
    ------
    DatesReversed
        It would end before it started.
    """
    if office.comune_id != comune.pk:
        raise NotFound
    if ends_on < office.starts_on:
        raise DatesReversed(later=_told(ends_on), earlier=_told(office.starts_on))
    office.ends_on = ends_on
    office.save(update_fields=["ends_on"])
    audit.record(
        "council.end_office",
        comune=comune,
        by=by,
        subject=f"office {office.pk}",
        ends_on=ends_on.isoformat(),
    )
    return office


def _told(day: date) -> str:
    return f"{day:%d/%m/%Y}"
