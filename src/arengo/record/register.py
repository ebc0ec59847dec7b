"""The register of delibere: numbers given after the sitting, in the order of its items.

One at a time: whoever gives numbers holds the Comune's row, so that two sittings numbered at once
take one after the other and no number is left out. On SQLite the transaction is IMMEDIATE anyway.
"""

from __future__ import annotations

from arengo.council.engine.ballots import was_decided
from arengo.council.engine.numbering import Registered, register
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.delibere import deciding
from arengo.council.models import Sitting, SittingState
from arengo.council.queries.journal import state_of
from arengo.council.queries.people import ROME
from arengo.kernel import audit
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record.drafts import Draft, account_of, drafts_of
from arengo.record.errors import EarlierWithoutNumbers, NothingToNumber, SittingNotOver
from arengo.record.models import RegisterLine


@operation
def number_delibere(
    *, comune: Comune, sitting: Sitting, by: User | None
) -> tuple[RegisterLine, ...]:
    """Give the delibere of a closed sitting their numbers; those that have one keep it.

    Raises
    ------
    NotFound
        It is another Comune's.
    SittingNotOver
        It is not closed: what is decided may still change.
    EarlierWithoutNumbers
        A sitting held before it waits for its numbers.
    NothingToNumber
        Nothing was decided.
    RuleBroken
        The register has a hole.
    """
    if sitting.comune_id != comune.pk:
        raise NotFound
    if sitting.state != SittingState.CLOSED:
        raise SittingNotOver(title=sitting.title)
    hold_comune(comune)
    earlier = _earlier_without_numbers(comune, sitting)
    if earlier is not None:
        raise EarlierWithoutNumbers(title=earlier.title, day=_day(earlier))
    found = account_of(comune=comune, sitting=sitting)
    drafts = [one for one in drafts_of(found) if one.document.kind == "delibera"]
    if not drafts:
        raise NothingToNumber(title=sitting.title)
    return tuple(_numbered(comune, sitting, found, draft, by) for draft in drafts)


def hold_comune(comune: Comune) -> None:
    """Take turns with whoever else gives numbers in the Comune, until the transaction ends."""
    rows = Comune.objects.select_for_update(no_key=True).filter(pk=comune.pk)
    rows.values_list("pk").get()


def _day(sitting: Sitting) -> str:
    return f"{(sitting.opened_at or sitting.scheduled_at).astimezone(ROME):%d/%m/%Y}"


def _earlier_without_numbers(comune: Comune, sitting: Sitting) -> Sitting | None:
    """Return a sitting of the same year, closed before this began, whose delibere have no number."""
    began_at = sitting.opened_at or sitting.scheduled_at
    year = began_at.astimezone(ROME).year
    closed = Sitting.objects.filter(
        state=SittingState.CLOSED, is_demo=sitting.is_demo, opened_at__lt=began_at
    ).exclude(pk=sitting.pk)
    numbered = RegisterLine.objects.values_list("sitting_id", flat=True)
    for one in closed.exclude(pk__in=list(numbered)).order_by("opened_at", "id"):
        is_of_the_year = (one.opened_at or one.scheduled_at).astimezone(ROME).year == year
        if is_of_the_year and _has_decided(comune, one):
            return one
    return None


def _has_decided(comune: Comune, sitting: Sitting) -> bool:
    state = state_of(comune=comune, sitting=sitting)
    return any(was_decided(state, item) for item in state.items)


def _numbered(
    comune: Comune, sitting: Sitting, found: Account, draft: Draft, by: User | None
) -> RegisterLine:
    item = draft.document.item
    held = RegisterLine.objects.filter(sitting=sitting, item=item).first()
    if held is not None:
        return held
    ballot = deciding(found, found.end.items[item])
    assert ballot.proclaimed_at is not None, "a delibera was proclaimed"
    # law: the act is perfected by the proclamation (TAR Lazio I, 1703/1991)
    adopted = found.local(ballot.proclaimed_at).date()
    key = f"{sitting.uid} {item}"
    given = register(_written_so_far(sitting), act=key, adopted_date=adopted)
    line = RegisterLine.objects.create(
        comune=comune,
        sitting=sitting,
        item=item,
        name=draft.name,
        subject=draft.subject,
        year=given.year,
        number=given.number,
        adopted_date=adopted,
        is_demo=sitting.is_demo,
        is_reserved=draft.document.is_reserved,
        is_immediate=_is_immediate(found, item),
        by=by,
    )
    audit.record(
        "record.number_delibera", comune=comune, by=by, subject=sitting.uid, number=line.written
    )
    return line


def _written_so_far(sitting: Sitting) -> list[Registered]:
    rows = RegisterLine.objects.filter(is_demo=sitting.is_demo).select_related("sitting")
    return [
        Registered(f"{row.sitting.uid} {row.item}", row.year, row.number, row.adopted_date)
        for row in rows.order_by("year", "number")
    ]


def _is_immediate(found: Account, item: str) -> bool:
    """Tell whether it was declared immediately enforceable, by its own vote."""
    ballots = [found.end.ballots[one] for one in found.end.items[item].ballots]
    held = [one for one in ballots if one.subject == "immediate" and one.proclaimed_at]
    return bool(held) and held[-1].result == "approved"


# --- what is asked of it --------------------------------------------------------------------


@query
def line_of(*, comune: Comune, line_id: int) -> RegisterLine:
    """Return a line of the register, or raise `NotFound`."""
    found = RegisterLine.objects.select_related("sitting", "comune").filter(pk=line_id).first()
    if found is None:
        raise NotFound
    return found


@query
def line_numbered(*, comune: Comune, year: int, code: str) -> RegisterLine:
    """Return the line of a number as addresses have it («12», «prova-12»), or raise `NotFound`."""
    is_demo, figures = code.startswith("prova-"), code.removeprefix("prova-")
    if not (figures.isascii() and figures.isdigit() and len(figures) < 8):
        raise NotFound
    rows = RegisterLine.objects.select_related("sitting", "comune")
    found = rows.filter(is_demo=is_demo, year=year, number=int(figures)).first()
    if found is None or found.code != code:
        raise NotFound
    return found


@query
def lines(*, comune: Comune, year: int | None = None) -> tuple[RegisterLine, ...]:
    """Return the register, latest first."""
    rows = RegisterLine.objects.select_related("sitting")
    chosen = rows if year is None else rows.filter(year=year)
    return tuple(chosen.order_by("is_demo", "-year", "-number", "-id"))


@query
def sittings_to_number(*, comune: Comune) -> tuple[Sitting, ...]:
    """Return the closed sittings in which something was decided and that have no number yet."""
    numbered = RegisterLine.objects.values_list("sitting_id", flat=True)
    closed = Sitting.objects.filter(state=SittingState.CLOSED).exclude(pk__in=list(numbered))
    return tuple(one for one in closed.order_by("opened_at", "id") if _has_decided(comune, one))
