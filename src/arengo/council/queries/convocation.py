"""What is asked about the notices of a sitting: the draft, what was sent, who read it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from arengo.council.engine.convocation import (
    USUAL_RULES,
    TermRule,
    Terms,
    check_in_time,
    rules_from,
    terms,
)
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.notice_text import TextFacts, TextItem, notice_text
from arengo.council.errors import (
    AgendaFrozen,
    NobodyToConvene,
    NothingToConvene,
    PlaceMissing,
    RulesNotChosen,
    SecondCallTooEarly,
)
from arengo.council.models import (
    Absence,
    AgendaItem,
    Convocation,
    ConvocationKind,
    Notice,
    OfficeKind,
    Person,
    Sitting,
    SittingKind,
    SittingMode,
)
from arengo.council.queries.agenda import agenda_items, announced_items, is_agenda_open
from arengo.council.queries.people import ROME, Seat, council_on
from arengo.council.queries.rulebook import rules_on
from arengo.kernel.errors import DomainError, NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import query


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone a notice goes to; an empty `address` means another way must be found."""

    person: Person
    label: str

    @property
    def address(self) -> str:
        """Return where the notice is sent, "" when nobody wrote it."""
        return self.person.email


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice as it would be sent now. `obstacles` are the refusals that sending would meet."""

    kind: ConvocationKind
    subject: str
    text: str
    items: tuple[AgendaItem, ...]
    terms: Terms
    recipients: tuple[Recipient, ...]
    obstacles: tuple[DomainError, ...]

    @property
    def unreachable(self) -> tuple[Recipient, ...]:
        """Those without an address."""
        return tuple(one for one in self.recipients if not one.address)

    @property
    def is_supplement(self) -> bool:
        """Whether it only adds items to a notice that went out."""
        return self.kind == ConvocationKind.SUPPLEMENT


@dataclass(frozen=True, slots=True)
class SentNotice:
    """A convocation as it went out, with everyone's copy. `terms` is how it was counted."""

    convocation: Convocation
    terms: Mapping[str, Any]
    notices: tuple[Notice, ...]

    @property
    def read(self) -> int:
        """How many said that they received it."""
        return sum(one.read_at is not None for one in self.notices)


@query
def term_rules(*, comune: Comune, day: date) -> Mapping[str, TermRule]:
    """Return the terms of the rules in force, by kind; those of use when none were chosen."""
    try:
        return rules_from(rules_on(comune=comune, day=day).notice)
    except RulesNotChosen:
        return USUAL_RULES


@query
def draft_notice(
    *,
    comune: Comune,
    sitting: Sitting,
    at: datetime,
    second_call_at: datetime | None = None,
    urgency: str = "",
) -> Draft:
    """Return the notice that would go out `at`: the first, or a supplement with the new items.

    A reason of `urgency` makes an urgent sitting of any other.
    """
    announced = announced_items(comune=comune, sitting=sitting)
    every = agenda_items(comune=comune, sitting=sitting)
    items = tuple(item for item in every if item.pk not in announced)
    is_first = not Convocation.objects.filter(sitting=sitting).exists()
    kind = ConvocationKind.NOTICE if is_first else ConvocationKind.SUPPLEMENT
    sitting_at = sitting.scheduled_at.astimezone(ROME)
    term = terms(
        _term_rule(comune, sitting, kind, urgency), sitting_at=sitting_at, at=at.astimezone(ROME)
    )
    seats = council_on(comune=comune, day=sitting_at.date())
    recipients = tuple(Recipient(seat.person, seat.label) for seat in seats if seat.mandate)
    facts = _facts(comune, sitting, kind, items, seats, at, second_call_at, urgency)
    subject = f"{kind.label}: {sitting.title}"[:200]
    obstacles = _obstacles(comune, sitting, items, recipients, term, second_call_at)
    return Draft(kind, subject, notice_text(facts), items, term, recipients, obstacles)


def _term_rule(comune: Comune, sitting: Sitting, kind: ConvocationKind, urgency: str) -> TermRule:
    day = sitting.scheduled_at.astimezone(ROME).date()
    rules = term_rules(comune=comune, day=day)
    if kind == ConvocationKind.SUPPLEMENT:
        return rules["supplement"]
    return rules["urgent" if urgency else sitting.kind]


def _facts(
    comune: Comune,
    sitting: Sitting,
    kind: ConvocationKind,
    items: tuple[AgendaItem, ...],
    seats: tuple[Seat, ...],
    at: datetime,
    second_call_at: datetime | None,
    urgency: str,
) -> TextFacts:
    office, name = _signature(seats)
    urgent = urgency and kind == ConvocationKind.NOTICE
    return TextFacts(
        comune=comune.name,
        kind=str(SittingKind.URGENT.label if urgent else sitting.get_kind_display()).lower(),
        call=sitting.call,
        mode=sitting.mode,
        place=sitting.place,
        sitting_at=sitting.scheduled_at.astimezone(ROME),
        written_at=at.astimezone(ROME),
        items=tuple(_text_item(item) for item in items),
        signed_by=name,
        office=office,
        is_supplement=kind == ConvocationKind.SUPPLEMENT,
        second_call_at=second_call_at.astimezone(ROME) if second_call_at else None,
        urgency=urgency if urgent else "",
    )


def _text_item(item: AgendaItem) -> TextItem:
    return TextItem(
        item.position,
        item.title,
        item.get_type_display(),
        item.is_secret,
        item.is_supplementary,
        item.proposer,
    )


def _signature(seats: tuple[Seat, ...]) -> tuple[str, str]:
    """Return who convenes: the president of the council, the mayor where there is none."""
    # law: TUEL art. 39
    presidents = [seat for seat in seats if seat.holds(OfficeKind.PRESIDENT)]
    if presidents:
        return "Il Presidente del Consiglio comunale", presidents[0].person.full_name
    mayors = [seat for seat in seats if seat.is_mayor]
    return ("Il Sindaco", mayors[0].person.full_name) if mayors else ("Il Presidente", "")


def _obstacles(
    comune: Comune,
    sitting: Sitting,
    items: tuple[AgendaItem, ...],
    recipients: tuple[Recipient, ...],
    term: Terms,
    second_call_at: datetime | None,
) -> tuple[DomainError, ...]:
    found: list[DomainError] = []
    if not is_agenda_open(comune=comune, sitting=sitting):
        found.append(AgendaFrozen(title=sitting.title))
    if not items:
        found.append(NothingToConvene())
    if not sitting.place and sitting.mode != SittingMode.REMOTE:
        found.append(PlaceMissing())
    if not recipients:
        found.append(NobodyToConvene())
    if second_call_at and _day(second_call_at) <= _day(sitting.scheduled_at):
        found.append(SecondCallTooEarly())
    try:
        check_in_time(term)
    except RuleBroken as late:
        found.append(late)
    return tuple(found)


def _day(at: datetime) -> date:
    return at.astimezone(ROME).date()


@query
def sent_notices(*, comune: Comune, sitting: Sitting) -> tuple[SentNotice, ...]:
    """Return what was sent for a sitting, the first notice first, copies by name."""
    convocations = Convocation.objects.filter(sitting=sitting).select_related("sent_by")
    copies: defaultdict[int, list[Notice]] = defaultdict(list)
    notices = Notice.objects.filter(convocation__sitting=sitting).select_related("person")
    for one in notices.order_by("person__family_name", "person__given_name", "id"):
        copies[one.convocation_id].append(one)
    return tuple(
        SentNotice(one, json.loads(one.terms), tuple(copies[one.pk]))
        for one in convocations.order_by("id")
    )


@query
def get_notice(*, comune: Comune, sitting: Sitting, notice_id: str) -> Notice:
    """Return one person's copy of a notice of this sitting, or raise `NotFound`."""
    found = None
    if notice_id.isascii() and notice_id.isdigit() and len(notice_id) < 19:
        copies = Notice.objects.filter(convocation__sitting=sitting, pk=int(notice_id))
        found = copies.select_related("convocation__sitting", "person", "comune").first()
    if found is None:
        raise NotFound
    return found


def notice_of_token(token: str) -> Notice:
    """Return the copy whose address holds this token, or raise `NotFound`.

    The token alone names it: whoever opens the link did not sign in.
    """
    copies = Notice.across.filter(token=token).exclude(token="")
    found = copies.select_related("convocation__sitting", "person", "comune").first()
    if found is None:
        raise NotFound
    return found


@query
def sequence_of(*, comune: Comune, convocation: Convocation) -> int:
    """Return how many notices of the same sitting came before: iCalendar's SEQUENCE."""
    earlier = Convocation.objects.filter(sitting=convocation.sitting_id, id__lt=convocation.pk)
    return earlier.count()


@query
def absences(*, comune: Comune, sitting: Sitting) -> tuple[Absence, ...]:
    """Return what was announced about a sitting, by name."""
    found = Absence.objects.filter(sitting=sitting).select_related("person")
    return tuple(found.order_by("person__family_name", "person__given_name", "id"))
