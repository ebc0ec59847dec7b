"""What changes who sits in the council: seats taken, left, filled again, and their dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from arengo.council.errors import (
    DatesReversed,
    MandateOver,
    MandateOverlaps,
    MayorThere,
    SeatsFull,
)
from arengo.council.models import GroupMembership, Mandate, MandateKind, Office, Person
from arengo.council.operations.accounts import end_access
from arengo.council.operations.groups import enter_group
from arengo.council.operations.names import new_person
from arengo.council.queries.rulebook import assigned_on
from arengo.kernel import audit
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who takes over a seat, from which day, in which group (empty: none).

    `person` is someone known; for someone new it is None, and the names say who.
    """

    person: Person | None
    starts_on: date
    group: str = ""
    given_name: str = ""
    family_name: str = ""
    distinction: str = ""


@operation
def seat_person(
    *,
    comune: Comune,
    person: Person,
    kind: MandateKind,
    starts_on: date,
    by: User | None,
    group: str = "",
) -> Mandate:
    """Give a known person a mandate from a day on.

    Raises
    ------
    MandateOverlaps, SeatsFull, MayorThere, GroupUnknown
        They sit already; there is no seat; there is a mayor; there is no such group.
    """
    _refuse_foreign(comune, person)
    mandate = take_seat(comune, person, kind, starts_on)
    if group:
        enter_group(comune, person, group, starts_on)
    _record("seat_person", mandate, by, starts_on=starts_on.isoformat())
    return mandate


@operation
def end_mandate(
    *,
    comune: Comune,
    mandate: Mandate,
    ends_on: date,
    because: str,
    by: User | None,
    keeps: tuple[str, ...] = (),
    substitute: Substitute | None = None,
) -> Mandate:
    """End a mandate and, in the same step, seat who takes it over.

    Parameters
    ----------
    ends_on
        The first day on which the person no longer sits.
    keeps
        Kinds of office that last beyond the mandate; the others end with it, as does the
        group, and the account of the councillor.
    substitute
        Who follows on the same list; their mandate `replaces` this one.

    Raises
    ------
    MandateOver, DatesReversed
        It has ended already; it would end before it started.
    MandateOverlaps, SeatsFull, GroupUnknown, HomonymKnown, NameMissing
        The substitute cannot sit, or cannot be told apart.
    """
    # law: TUEL (d.lgs. 267/2000) art. 45 (reasons and articles are in data/vacancies.toml)
    _refuse_foreign(comune, mandate)
    if mandate.ends_on is not None:
        raise MandateOver(name=mandate.person.full_name, ends_on=told(mandate.ends_on))
    leave_seat(mandate, ends_on, because, keeps)
    end_access(mandate.person, ends_on)
    _record("end_mandate", mandate, by, ends_on=ends_on.isoformat())
    if substitute is not None:
        _fill(comune, mandate, substitute, by)
    return mandate


@operation
def correct_mandate(
    *,
    comune: Comune,
    mandate: Mandate,
    kind: MandateKind,
    starts_on: date,
    ends_on: date | None,
    because: str,
    by: User | None,
) -> Mandate:
    """Correct a mandate written wrongly; without `ends_on` it is in force again.

    Raises
    ------
    DatesReversed, MandateOverlaps, SeatsFull, MayorThere
        The corrected dates do not fit.
    """
    _refuse_foreign(comune, mandate)
    if ends_on is not None:
        _refuse_reversed(starts_on, ends_on)
    _refuse_overlap(mandate.person, starts_on, ends_on, but=mandate)
    before = f"{mandate.kind} {mandate.starts_on} {mandate.ends_on or ''}".strip()
    mandate.kind, mandate.starts_on, mandate.ends_on = kind, starts_on, ends_on
    mandate.ends_because = because.strip()[:120] if ends_on else ""
    mandate.save(update_fields=["kind", "starts_on", "ends_on", "ends_because"])
    refuse_full(comune, mandate)
    _record("correct_mandate", mandate, by, before=before)
    return mandate


def leave_seat(mandate: Mandate, ends_on: date, because: str, keeps: tuple[str, ...] = ()) -> None:
    """End a mandate with its group and offices; part of an operation, never one alone."""
    _refuse_reversed(mandate.starts_on, ends_on)
    mandate.ends_on, mandate.ends_because = ends_on, because.strip()[:120]
    mandate.save(update_fields=["ends_on", "ends_because"])
    _leave_all(mandate.person, ends_on, keeps)


def take_seat(
    comune: Comune,
    person: Person,
    kind: MandateKind,
    starts_on: date,
    replaces: Mandate | None = None,
) -> Mandate:
    """Write a mandate, or refuse it; part of an operation, never one alone."""
    _refuse_overlap(person, starts_on, None)
    mandate = Mandate.objects.create(
        comune=comune, person=person, kind=kind, starts_on=starts_on, replaces=replaces
    )
    refuse_full(comune, mandate)
    return mandate


def refuse_full(comune: Comune, mandate: Mandate) -> None:
    """Refuse a written mandate for which there was no seat, on any day of it."""
    if mandate.kind == MandateKind.MAYOR:
        _refuse_mayor(mandate)
    if mandate.kind != MandateKind.COUNCILLOR:
        return
    for day in _days_of_entry(mandate):
        known = assigned_on(comune=comune, day=day)
        count = _sitting(MandateKind.COUNCILLOR, day).count()
        if known is not None and count > known[0]:
            raise SeatsFull(day=told(day), count=count, assigned=known[0], article=known[1])


def told(day: date) -> str:
    """Write a day as Italians do: 31/12/2026."""
    return f"{day:%d/%m/%Y}"


def _days_of_entry(mandate: Mandate) -> list[date]:
    """Return the days of a mandate on which the council may grow."""
    later = Mandate.objects.filter(
        kind=MandateKind.COUNCILLOR, starts_on__gte=mandate.starts_on
    ).values_list("starts_on", flat=True)
    end = mandate.ends_on or date.max
    return sorted({day for day in later if day < end})


def _sitting(kind: MandateKind, day: date) -> QuerySet[Mandate]:
    in_force = Q(ends_on=None) | Q(ends_on__gt=day)
    return Mandate.objects.filter(in_force, kind=kind, starts_on__lte=day)


def _refuse_mayor(mandate: Mandate) -> None:
    others = Mandate.objects.filter(kind=MandateKind.MAYOR).exclude(pk=mandate.pk)
    met = _overlapping(others, mandate.starts_on, mandate.ends_on)
    if met is not None:
        day = max(met.starts_on, mandate.starts_on)
        raise MayorThere(day=told(day), name=met.person.full_name)


def _refuse_overlap(
    person: Person, starts_on: date, ends_on: date | None, but: Mandate | None = None
) -> None:
    others = Mandate.objects.filter(person=person)
    if but is not None:
        others = others.exclude(pk=but.pk)
    met = _overlapping(others, starts_on, ends_on)
    if met is not None:
        until = (
            _("fino al {day}").format(day=told(met.ends_on))
            if met.ends_on
            else _("senza data di fine")
        )
        raise MandateOverlaps(name=person.full_name, starts_on=told(met.starts_on), until=until)


def _overlapping(rows: QuerySet[Mandate], starts_on: date, ends_on: date | None) -> Mandate | None:
    """Return the first row that shares a day with a period whose end is excluded."""
    found = rows.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        found = found.filter(starts_on__lt=ends_on)
    return found.select_related("person").order_by("starts_on", "id").first()


def _fill(comune: Comune, left: Mandate, substitute: Substitute, by: User | None) -> None:
    if left.ends_on is not None:
        _refuse_reversed(left.ends_on, substitute.starts_on)
    person = substitute.person or new_person(
        comune, substitute.given_name, substitute.family_name, substitute.distinction
    )
    _refuse_foreign(comune, person)
    kind = MandateKind(left.kind)
    taken = take_seat(comune, person, kind, substitute.starts_on, replaces=left)
    if substitute.group:
        enter_group(comune, person, substitute.group, substitute.starts_on)
    _record("fill_seat", taken, by, replaces=left.pk, starts_on=substitute.starts_on.isoformat())


def _leave_all(person: Person, day: date, keeps: tuple[str, ...]) -> None:
    """End group and offices on a day; what would start later never starts."""
    offices = Office.objects.filter(person=person).exclude(kind__in=keeps)
    for rows in (offices, GroupMembership.objects.filter(person=person)):
        rows.filter(starts_on__gt=day).delete()
        rows.filter(Q(ends_on=None) | Q(ends_on__gt=day)).update(ends_on=day)


def _refuse_reversed(first: date, then: date) -> None:
    if then < first:
        raise DatesReversed(later=told(then), earlier=told(first))


def _refuse_foreign(comune: Comune, row: Person | Mandate) -> None:
    if row.comune_id != comune.pk:
        raise NotFound


def _record(action: str, mandate: Mandate, by: User | None, **facts: str | int | None) -> None:
    audit.record(
        f"council.{action}",
        comune=mandate.comune,
        by=by,
        subject=f"mandate {mandate.pk}",
        person=mandate.person_id,
        **facts,
    )
