"""A council with its rules, an agenda, and sittings that really happened in the journal.

Everything is the demonstration's: invented people of Pero. Whoever writes an event here writes
it as the console does, judged and published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from arengo.kernel import clock

if TYPE_CHECKING:
    from arengo.council.engine.state import State
    from arengo.council.models import AgendaItem, Sitting
    from arengo.kernel.models import Comune

Asked = tuple[str, Mapping[str, Any]]  # what a screen asks: ("floor_given", {"member": "7"})

SEATED_ON = date(2026, 6, 1)
SIDES = {"Lista Olona": "majority", "Lista Ponte": "minority"}
AGENDA: tuple[Mapping[str, Any], ...] = (
    {"title": "Comunicazioni del Presidente", "type": "communication"},
    {"title": "Variazione al bilancio per la raccolta dei rifiuti", "wants_immediate": True},
    {"title": "Regolamento per l'uso delle sale civiche"},
    {"title": "Mozione sulla sicurezza dei percorsi casa-scuola", "type": "motion"},
)


def seat_council(
    comune: Comune, *, on: date = SEATED_ON, inhabitants: int = 11_000
) -> dict[str, str]:
    """Seat the demonstration's council with its rules; return member ids by family name."""
    from arengo.council.engine.profile import profile_facts
    from arengo.council.models import Group, Person, RuleBook
    from arengo.council.operations.people import add_councillors
    from arengo.council.profiles import profile_for
    from arengo.council.roll import read_roll
    from arengo.kernel.scope import scope
    from arengo.live.demo.reference import ROLL

    with _at(datetime(on.year, on.month, on.day, 12, tzinfo=clock.now().tzinfo)):
        lines = read_roll(ROLL.read_text(encoding="utf-8"))
        add_councillors(comune=comune, lines=lines, by=None)
    profile = profile_for(inhabitants)
    with scope(comune):
        for name, stance in SIDES.items():
            Group.objects.filter(name=name).update(stance=stance)
        facts = profile_facts(profile)
        RuleBook.objects.create(comune=comune, name=profile.name, valid_from=on, facts=facts)
        return {one.family_name: str(one.pk) for one in Person.objects.order_by("id")}


def make_agenda(
    sitting: Sitting, items: Iterable[Mapping[str, Any]] = AGENDA
) -> tuple[AgendaItem, ...]:
    """Put items on the agenda of a sitting, in order."""
    from arengo.council.models import AgendaItem
    from arengo.kernel.scope import scope

    comune = sitting.comune
    with scope(comune):
        return tuple(
            AgendaItem.objects.create(comune=comune, sitting=sitting, position=number, **facts)
            for number, facts in enumerate(items, start=1)
        )


def play(
    sitting: Sitting, *asked: Asked, at: datetime | None = None, every_s: float = 1.0
) -> State:
    """Write what screens ask for, the first at `at` (by default now), then each `every_s`.

    The journal begins by itself. "ballot" may be left out where one is under way.
    """
    from arengo.council.operations.journal import begin_journal, record
    from arengo.council.queries.journal import state_of

    comune, when = sitting.comune, at or clock.now()
    state = state_of(comune=comune, sitting=sitting)
    if state.profile is None:
        with _at(when):
            state = begin_journal(comune=comune, sitting=sitting, by=None)
    for kind, facts in asked:
        with _at(when):
            event = _event(state, kind, facts, when)
            state = record(comune=comune, sitting=sitting, event=event, by=None)
        when += timedelta(seconds=every_s)
    return state


def _event(state: State, kind: str, facts: Mapping[str, Any], when: datetime) -> Any:
    from arengo.council.engine import events as e
    from arengo.council.engine.intents import intended

    names = e.KINDS[kind].__dataclass_fields__  # type: ignore[attr-defined]  # every event is a dataclass
    if "ballot" in names and "ballot" not in facts and kind != "secret_began":
        facts = {**facts, "ballot": state.ballot or f"v{len(state.ballots) + 1}"}
    if kind == "ballot_opened":
        facts = {"item": state.item, "subject": "proposal", "title": "Proposta", **facts}
    return intended(state, kind, facts, when)


@contextmanager
def _at(when: datetime) -> Iterator[None]:
    with clock.frozen(when):
        yield


def roll_call(state: State, *, absent: Mapping[str, str] | None = None) -> tuple[Asked, ...]:
    """Return the appello of members, all present but `absent` (status by member)."""
    gone = absent or {}
    answers = [
        ("presence_set", {"member": member, "status": gone.get(member, "present")})
        for member in state.members
    ]
    return (("roll_call_began", {}), *answers, ("roll_call_ended", {}))


def opinions(state: State) -> tuple[Asked, ...]:
    """Return the favourable opinions that the items of the agenda still wait for."""
    from arengo.council.engine.ballots import opinions_missing

    return tuple(
        ("opinion_given", {"item": one.item.id, "type": type_, "verdict": "favourable"})
        for one in state.items.values()
        for type_ in opinions_missing(one)
    )


def vote(title: str, choices: Mapping[str, str], **facts: Any) -> tuple[Asked, ...]:
    """Return an electronic vote, opened, cast by member as `choices`, closed and proclaimed."""
    cast = [("vote_cast", {"member": m, "choice": choice}) for m, choice in choices.items()]
    opened = ("ballot_opened", {"title": title, "method": "electronic", **facts})
    return (opened, *cast, ("ballot_closed", {}), ("proclaimed", {}))


def board_of(sitting: Sitting) -> dict[str, Any]:
    """Return the public board of a sitting as it is now."""
    from arengo.council.engine.board import public_board
    from arengo.council.queries.journal import state_of

    return public_board(state_of(comune=sitting.comune, sitting=sitting), clock.now())
