"""Takes a file of people into the council, exactly as its preview said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from arengo.council.errors import HomonymsUndecided, RegisterStale
from arengo.council.models import Group, Office, Person
from arengo.council.operations.groups import enter_group, take_office
from arengo.council.operations.mandates import (
    correct_mandate,
    end_mandate,
    leave_seat,
    take_seat,
)
from arengo.council.operations.names import new_person
from arengo.council.queries.register import (
    LISTED,
    Change,
    Choices,
    RegisterPlan,
    plan_register,
    takes_group,
)
from arengo.council.register import RegisterRow
from arengo.kernel import audit
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation

RENEWED = "Fine del mandato"
NOT_LISTED = "Non più nell’elenco importato"


@operation
def import_register(
    *,
    comune: Comune,
    rows: Sequence[RegisterRow],
    choices: Choices,
    by: User | None,
    decisions: Mapping[int, str] | None = None,
    digest: str = "",
) -> RegisterPlan:
    """Do what `plan_register` says, all of it or nothing; everything stays as dated rows.

    Parameters
    ----------
    digest
        The plan that was seen: when the council changed since, nothing is done.

    Raises
    ------
    RegisterStale, HomonymsUndecided
        The plan is another one now; two rows name the same person.
    SeatsFull, MayorThere, OfficeTaken, MandateOverlaps
        The council of the file is not one that can be.
    """
    plan = plan_register(comune=comune, rows=rows, choices=choices, decisions=decisions)
    if plan.homonyms:
        first = plan.homonyms[0]
        raise HomonymsUndecided(lines=" e ".join(map(str, first.others)), name=first.row.full_name)
    if digest and digest != plan.digest:
        raise RegisterStale
    _apply(comune, plan, choices.day, by)
    audit.record(
        "council.import_register",
        comune=comune,
        by=by,
        subject="register",
        added=len(plan.added),
        changed=len(plan.changed),
        ended=len(plan.ended),
    )
    return plan


def _apply(comune: Comune, plan: RegisterPlan, day: date, by: User | None) -> None:
    for seat in plan.ended:
        if seat.mandate is not None:
            ends_on = max(day, seat.mandate.starts_on)
            end_mandate(
                comune=comune, mandate=seat.mandate, ends_on=ends_on, because=NOT_LISTED, by=by
            )
    for change in plan.changed:
        _free_offices(change, day)
    for change in plan.changed:
        _move(comune, change, day, by)
    for change in plan.added:
        _add(comune, change, day)


def _add(comune: Comune, change: Change, day: date) -> None:
    row = change.row
    person = change.person or new_person(comune, row.given_name, row.family_name, row.distinction)
    starts_on = row.starts_on or day
    take_seat(comune, person, change.kind, starts_on)
    _hold(comune, person, change, starts_on)


def _move(comune: Comune, change: Change, day: date, by: User | None) -> None:
    """Change the mandate, offices and group of one who sits already."""
    seat, person, row = change.seat, change.person, change.row
    if seat is None or seat.mandate is None or person is None:
        return
    mandate, from_day = seat.mandate, day
    if change.starts_a_mandate:
        is_later = row.starts_on is not None and row.starts_on > mandate.starts_on
        from_day = row.starts_on if is_later and row.starts_on else day
        group = seat.group if not takes_group(change) else ""
        leave_seat(mandate, max(from_day, mandate.starts_on), RENEWED)
        take_seat(comune, person, change.kind, from_day)
        if group:
            enter_group(comune, person, group, from_day)
    elif change.starts_earlier and row.starts_on is not None:
        correct_mandate(
            comune=comune,
            mandate=mandate,
            kind=change.kind,
            starts_on=row.starts_on,
            ends_on=mandate.ends_on,
            because=mandate.ends_because,
            by=by,
        )
    _hold(comune, person, change, from_day)


def _free_offices(change: Change, day: date) -> None:
    """End the offices that the file no longer gives, before others take them."""
    if change.person is None:
        return
    for office in Office.objects.filter(person=change.person, ends_on=None, kind__in=LISTED):
        if (office.kind, office.label) not in change.offices:
            office.ends_on = max(day, office.starts_on)
            office.save(update_fields=["ends_on"])


def _hold(comune: Comune, person: Person, change: Change, day: date) -> None:
    for kind, label in change.offices:
        held = Office.objects.filter(person=person, kind=kind, label=label, ends_on=None)
        if not held.exists():
            take_office(comune, person, kind, label, day)
    if takes_group(change):
        _ensure_group(comune, change.row.group, day)
        enter_group(comune, person, change.row.group, day)


def _ensure_group(comune: Comune, name: str, day: date) -> None:
    """Found a group that the file names; one that began later began by that day, it appears."""
    held = Group.objects.filter(name=name, ends_on=None).first()
    if held is None:
        Group.objects.create(comune=comune, name=name, starts_on=day)
    elif held.starts_on > day:
        held.starts_on = day
        held.save(update_fields=["starts_on"])
