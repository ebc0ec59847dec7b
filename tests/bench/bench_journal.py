"""The fold of a six-hour sitting: how long twenty thousand events take to become a state."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures

from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry, verify
from arengo.council.engine.fold import fold
from arengo.council.engine.tests.sittings import ALL, Chamber, opened

EVENTS = 20_000
RUNS = 9


def long_sitting() -> list[Entry]:
    """Return the journal of a sitting of 20,000 events: floor, presence and roll-call votes."""
    chamber = opened()
    chamber.write(e.ItemCalled("i1"))
    entries = chamber.entries
    n = 0
    while len(entries) < EVENTS:
        n += 1
        who = ALL[n % 17]
        _quickly(chamber, e.FloorAsked(who), e.FloorGiven(who, limit_s=300), e.FloorEnded())
        _quickly(
            chamber, e.PresenceSet(who, "absent", "exit"), e.PresenceSet(who, "present", "entry")
        )
        if n % 40 == 0:
            ballot = f"b{n}"
            _quickly(chamber, e.BallotOpened(ballot, "i1", "procedural", "V", "electronic", ALL))
            _quickly(chamber, *(e.VoteCast(ballot, member, "favour") for member in ALL))
            _quickly(
                chamber, e.BallotClosed(ballot), e.Proclaimed(ballot, "approved", "17", "art.")
            )
    return entries[:EVENTS]


def _quickly(chamber: Chamber, *events: e.Event) -> None:
    """Append without judging: twenty thousand judged folds are not what is measured."""
    from arengo.council.engine.chain import next_entry

    for event in events:
        chamber.wait(1)
        chamber.entries.append(next_entry(chamber.entries[-1], event, at=chamber.at, by="user 1"))


def main() -> None:
    """Print the fold's time, and the chain's verification beside it."""
    entries = long_sitting()
    figures = Figures()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        state = fold(entries)
        times.append((time.perf_counter() - began) * 1000)
    assert state.seq == EVENTS
    figures.add("journal.fold", statistics.median(times), "ms", "<=200")
    began = time.perf_counter()
    assert verify(entries) is None
    figures.add("journal.verify", (time.perf_counter() - began) * 1000, "ms", "-")
    figures.finish()


if __name__ == "__main__":
    main()
