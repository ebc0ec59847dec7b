"""Sittings for the tests: a council of sixteen and its mayor, a few items, a journal to write in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry, next_entry
from arengo.council.engine.fold import fold
from arengo.council.engine.guards import check, check_undo
from arengo.council.engine.intents import intended
from arengo.council.engine.profile import profile_facts
from arengo.council.engine.state import State
from arengo.council.profiles import profile_for

START = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
MAYOR = "m0"
ALL = tuple(f"m{n}" for n in range(17))
GUEST = "ext"  # an assessore from outside: speaks, has no vote

PROFILE = profile_facts(profile_for(11_000))
ITEMS = (
    e.Item("i1", "1", "Variazione di bilancio", wants_immediate=True),
    e.Item("i2", "2", "Interrogazione sulla raccolta dei rifiuti", type="question"),
    e.Item("i3", "3", "Nomina dei revisori", is_secret_ballot=True),
    e.Item("i4", "4", "Piano dei servizi", opinions_due=("technical", "accounting")),
)


def members() -> tuple[e.Member, ...]:
    """Return the mayor, sixteen councillors and an assessore from outside."""
    seats = [
        e.Member(m, f"Nome Cognome{m[1:]}", f"Cognome{m[1:]}", is_mayor=m == MAYOR, group="A")
        for m in ALL
    ]
    return (*seats, e.Member(GUEST, "Ada Esterna", "Esterna", votes=False))


def constituted(**over: Any) -> e.SittingConstituted:
    """Return the first event of a sitting."""
    facts: dict[str, Any] = {
        "title": "Consiglio comunale",
        "call": 1,
        "mode": "in_person",
        "profile": PROFILE,
        "members": members(),
        "items": ITEMS,
        "chair": "m1",
        "secretary": "Anna Bo",
    }
    return e.SittingConstituted(**facts | over)


@dataclass
class Chamber:
    """A journal being written, one second an event; `refused` are tried with `check` first."""

    entries: list[Entry] = field(default_factory=list)
    state: State = field(default_factory=State)
    at: datetime = START

    def write(self, *events: e.Event) -> State:
        """Judge and write events; an undo is judged against the whole journal."""
        for event in events:
            self.at += timedelta(seconds=1)
            if isinstance(event, e.Undone):
                check_undo(self.entries, event)
            else:
                check(self.state, event, self.at)
            last = self.entries[-1] if self.entries else None
            self.entries.append(next_entry(last, event, at=self.at, by="user 1"))
            self.state = fold(self.entries)
        return self.state

    def ask(self, kind: str, **facts: Any) -> State:
        """Write what a screen would ask for."""
        return self.write(intended(self.state, kind, facts, self.at + timedelta(seconds=1)))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


def begun(**over: Any) -> Chamber:
    """Return a sitting that is constituted."""
    chamber = Chamber()
    chamber.write(constituted(**over))
    return chamber


def opened(present: tuple[str, ...] = ALL, **over: Any) -> Chamber:
    """Return a sitting that is open with these present, the others absent."""
    chamber = begun(**over)
    chamber.write(e.RollCallBegan())
    for member in (*ALL, GUEST):
        status = "present" if member in present else "absent"
        chamber.write(e.PresenceSet(member, status))
    chamber.write(e.RollCallEnded(), e.SittingOpened())
    return chamber


def on_item(item: str = "i1", present: tuple[str, ...] = ALL, **over: Any) -> Chamber:
    """Return an open sitting that treats an item."""
    chamber = opened(present, **over)
    chamber.write(e.ItemCalled(item))
    return chamber


def voting(method: str = "electronic", *, subject: str = "proposal", **over: Any) -> Chamber:
    """Return a sitting in which a vote on item 1 is open, called "b1"."""
    chamber = on_item(**over)
    chamber.ask(
        "ballot_opened", ballot="b1", item="i1", subject=subject, title="Proposta", method=method
    )
    return chamber


def decided(chamber: Chamber, ballot: str = "b1") -> State:
    """Close and proclaim."""
    chamber.write(e.BallotClosed(ballot))
    return chamber.ask("proclaimed", ballot=ballot)
