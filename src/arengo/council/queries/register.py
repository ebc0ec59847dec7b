"""What importing a file of people would do, told before anything is done."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from arengo.council.models import MandateKind, OfficeKind, Person
from arengo.council.queries.people import Seat, council_on
from arengo.council.register import RegisterRow, mandate_in, name_key, offices_in
from arengo.council.wording import label
from arengo.kernel.models import Comune
from arengo.kernel.scope import query

# The register lists these; leaders and secretaries are the Comune's own, and stay.
LISTED = (
    OfficeKind.MAYOR,
    OfficeKind.PRESIDENT,
    OfficeKind.VICE,
    OfficeKind.DEPUTY_MAYOR,
    OfficeKind.ASSESSORE,
)
Offices = tuple[tuple[OfficeKind, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the clerk decided: from which day, and how to read what the file leaves open.

    `is_whole`: who is not in the file leaves the council; `assessors_sit`: who is only an
    assessore is a councillor too.
    """

    day: date
    is_whole: bool = True
    assessors_sit: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What a row does to a person: `what` in words, `seat` None for someone new to the council."""

    row: RegisterRow
    person: Person | None
    seat: Seat | None
    kind: MandateKind
    offices: Offices
    what: tuple[str, ...] = ()

    @property
    def kind_label(self) -> str:
        """Say by what right they sit."""
        return str(self.kind.label)

    @property
    def full_name(self) -> str:
        """Return the name, with what tells homonyms apart."""
        told = self.row.distinction
        return f"{self.row.full_name} ({told})" if told else self.row.full_name

    @property
    def starts_a_mandate(self) -> bool:
        """Tell whether the row begins a mandate of one who sits already: another kind or term."""
        held = self.seat.mandate if self.seat else None
        if held is None:
            return False
        is_later = self.row.starts_on is not None and self.row.starts_on > held.starts_on
        return held.kind != self.kind or is_later

    @property
    def starts_earlier(self) -> bool:
        """Tell whether the row says that the present mandate began before the day we have."""
        held = self.seat.mandate if self.seat else None
        if held is None or self.row.starts_on is None:
            return False
        return held.kind == self.kind and self.row.starts_on < held.starts_on


@dataclass(frozen=True, slots=True)
class Homonym:
    """A row whose name is another's too: `known` are those in the council's files."""

    row: RegisterRow
    others: tuple[int, ...]
    known: tuple[Person, ...]

    @property
    def suggestion(self) -> str:
        """Return what probably tells them apart."""
        return self.row.distinction or self.row.birth_year


@dataclass(frozen=True, slots=True)
class RegisterPlan:
    """All that an import would do; `digest` names exactly this plan."""

    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]
    ended: tuple[Seat, ...]
    homonyms: tuple[Homonym, ...]
    digest: str

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing would change."""
        return not (self.added or self.changed or self.ended)


@query
def plan_register(
    *,
    comune: Comune,
    rows: Sequence[RegisterRow],
    choices: Choices,
    decisions: Mapping[int, str] | None = None,
) -> RegisterPlan:
    """Compare the rows of a file with the council of a day.

    Parameters
    ----------
    decisions
        What tells a row's person apart from homonyms, by line.
    """
    people = list(Person.objects.order_by("id"))
    told, homonyms = _tell_apart(rows, people, decisions or {})
    seats = {seat.person.pk: seat for seat in council_on(comune=comune, day=choices.day)}
    named = {(name_key(p.given_name, p.family_name), p.distinction.casefold()): p for p in people}
    alone = _alone(people)
    changes = [_change(row, _who(row, named, alone), seats, choices) for row in told]
    known = {change.person.pk for change in changes if change.person}
    open_rows = {name_key(one.row.given_name, one.row.family_name) for one in homonyms}
    ended = [
        seat
        for pk, seat in seats.items()
        if choices.is_whole and seat.mandate and pk not in known and _key(seat) not in open_rows
    ]
    return _plan(changes, ended, homonyms)


def _plan(
    changes: Sequence[Change], ended: Sequence[Seat], homonyms: Sequence[Homonym]
) -> RegisterPlan:
    added = tuple(one for one in changes if one.seat is None or one.seat.mandate is None)
    seated = [one for one in changes if one not in added]
    changed = tuple(one for one in seated if one.what)
    said = [
        *(f"+{one.full_name}|{one.kind}|{one.offices}|{one.row}" for one in added),
        *(f"~{one.full_name}|{one.what}" for one in changed),
        *(f"-{seat.person.pk}" for seat in ended),
        *(f"?{one.row.line}" for one in homonyms),
    ]
    return RegisterPlan(
        added,
        changed,
        tuple(one for one in seated if not one.what),
        tuple(ended),
        tuple(homonyms),
        hashlib.sha256("\n".join(said).encode()).hexdigest()[:32],
    )


def _key(seat: Seat) -> str:
    return name_key(seat.person.given_name, seat.person.family_name)


def _alone(people: Iterable[Person]) -> dict[str, Person]:
    """Return the people whose name is theirs alone, by name."""
    found: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        found[name_key(person.given_name, person.family_name)].append(person)
    return {key: held[0] for key, held in found.items() if len(held) == 1}


def _who(
    row: RegisterRow, named: Mapping[tuple[str, str], Person], alone: Mapping[str, Person]
) -> Person | None:
    exact = named.get((row.key, row.distinction.casefold()))
    return exact or (None if row.distinction else alone.get(row.key))


def _tell_apart(
    rows: Sequence[RegisterRow], people: Sequence[Person], decisions: Mapping[int, str]
) -> tuple[list[RegisterRow], list[Homonym]]:
    """Return the rows whose person is certain, and those that somebody must decide."""
    together: defaultdict[str, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        together[row.key].append(row)
    certain: list[RegisterRow] = []
    open_rows: list[Homonym] = []
    for key, held in together.items():
        known = [p for p in people if name_key(p.given_name, p.family_name) == key]
        decided = [_decided(row, known, decisions) for row in held]
        marks = [row.distinction.casefold() for row in decided]
        if not _are_ambiguous(held, known) or ("" not in marks and len(set(marks)) == len(marks)):
            certain += decided
        else:
            lines = tuple(row.line for row in held)
            open_rows += [Homonym(row, lines, tuple(known)) for row in decided]
    return certain, open_rows


def _decided(
    row: RegisterRow, known: Sequence[Person], decisions: Mapping[int, str]
) -> RegisterRow:
    given = " ".join(decisions.get(row.line, "").split())[:40] or row.distinction
    years = {person.distinction for person in known if person.distinction}
    return replace(row, distinction=given or (row.birth_year if row.birth_year in years else ""))


def _are_ambiguous(rows: Sequence[RegisterRow], known: Sequence[Person]) -> bool:
    if len(rows) > 1 or len(known) > 1:
        return True
    other = known[0].distinction if known else ""
    year = rows[0].birth_year
    return other.isdigit() and bool(year) and other != year


def _change(
    row: RegisterRow, person: Person | None, seats: Mapping[int, Seat], choices: Choices
) -> Change:
    seat = seats.get(person.pk) if person else None
    kind = mandate_in(row.charge, assessors_sit=choices.assessors_sit)
    change = Change(row, person, seat, kind, offices_in(row.charge))
    return replace(change, what=tuple(_differences(change))) if seat else change


def _differences(change: Change) -> list[str]:
    seat, row = change.seat, change.row
    if seat is None or seat.mandate is None:
        return []
    found = []
    if seat.mandate.kind != change.kind:
        found.append(f"{label(seat.mandate.title)} → {label(change.kind.label)}")
    elif change.starts_a_mandate or change.starts_earlier:
        days = {"before": seat.mandate.starts_on, "after": row.starts_on}
        found.append(_("in carica dal {before:%d/%m/%Y} → {after:%d/%m/%Y}").format(**days))
    held = sorted(str(one) for one in seat.offices if one.kind in LISTED)
    told = sorted(named or str(kind.label) for kind, named in change.offices if kind in LISTED)
    if held != told:
        found.append(
            f"{label(', '.join(held)) or _('nessuna carica')} → {label(', '.join(told)) or _('nessuna')}"
        )
    if takes_group(change):
        found.append(f"{seat.group or _('senza gruppo')} → {row.group}")
    return found


def takes_group(change: Change) -> bool:
    """Tell whether the row puts the person in a group: a list does so only for who has none."""
    held = change.seat.group if change.seat else ""
    return bool(change.row.group) and change.row.group != held and not (change.row.is_list and held)
