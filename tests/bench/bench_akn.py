"""Akoma Ntoso: strict validity over the demonstration, the case suite and 500 random sittings.

Also what everything takes for a sitting of three hours and 27,000 words: seconds of one core.

python tests/bench/bench_akn.py [sittings]
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from case_sittings import case_journals
from figures import Figures
from random_sittings import hold

from arengo.council.akn_schema import akn_schema, validate
from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.record.account import Account, account
from arengo.council.engine.record.akn import ROOTS, akoma_ntoso
from arengo.council.engine.record.documents import all_documents
from arengo.council.engine.record.facts import Utterance
from arengo.council.engine.record.tables import attendance_csv, voters_csv, votes_csv
from arengo.council.engine.record.tei import tei
from arengo.council.engine.tests.record.made import demo, demo_said, facts, spoken, told
from arengo.council.engine.tests.sittings import ALL, START, constituted

SITTINGS = 500
HOURS = 3
ITEMS = 40


def judged(found: Account) -> tuple[int, int]:
    """Return how many Akoma Ntoso documents a sitting has, and how many are strictly valid."""
    documents = [one for one in all_documents(found) if one.kind in ROOTS]
    valid = [one for one in documents if not validate(akoma_ntoso(found, one))]
    return len(documents), len(valid)


def held(seed: int) -> tuple[int, int]:
    """Judge one random sitting, with words."""
    sitting = hold(seed)
    return judged(told(sitting.entries, spoken(sitting.entries, seed)))


def results(sittings: int) -> Iterator[tuple[int, int]]:
    """Judge the demonstration and the case suite, then the random sittings on both cores."""
    yield judged(demo())
    for _, entries in case_journals():
        yield judged(told(entries))
    with multiprocessing.Pool(2) as pool:
        yield from pool.imap_unordered(held, range(sittings), chunksize=25)


def long_sitting() -> tuple[list[Entry], list[Utterance]]:
    """Return three hours on forty items: nine speeches an item, and a vote by roll call."""
    items = tuple(e.Item(f"i{n}", str(n), f"Argomento {n}") for n in range(ITEMS))
    opening = (e.RollCallBegan(), *(e.PresenceSet(one, "present") for one in ALL))
    timed = [(0.0, event) for event in (constituted(items=items), *opening)]
    timed += [(1.0, e.RollCallEnded()), (2.0, e.SittingOpened())]
    heard: list[Utterance] = []
    for n in range(ITEMS):
        began_s = 60 + n * HOURS * 3600 / ITEMS
        timed += [(began_s, e.ItemCalled(f"i{n}")), *_speeches(n, began_s, heard)]
        timed += [(began_s + 230, event) for event in _vote(f"b{n}", f"i{n}")]
    timed.append((HOURS * 3600 + 60.0, e.SittingEnded()))
    entries = [Entry(k, _at(at_s), event) for k, (at_s, event) in enumerate(timed, start=1)]
    return entries, heard


def _at(at_s: float) -> datetime:
    return START + timedelta(seconds=at_s)


def _speeches(n: int, began_s: float, heard: list[Utterance]) -> Iterator[tuple[float, e.Event]]:
    texts = [one.text for one in demo_said() if len(one.text.split()) > 20]
    for k in range(9):
        member, start_s = ALL[1 + (n + k) % 16], began_s + 2 + k * 25
        text = " ".join(texts[(n + k + j) % len(texts)] for j in range(2))
        heard.append(Utterance(start_s, start_s + 20, _at(start_s), member, 0.9, text))
        yield start_s, e.FloorGiven(member)
        yield start_s + 24, e.FloorEnded()


def _vote(ballot: str, item: str) -> Iterator[e.Event]:
    yield e.BallotOpened(ballot, item, "proposal", "Proposta", "roll_call", ALL)
    yield from (e.VoteCast(ballot, one, "favour") for one in ALL)
    yield e.BallotClosed(ballot)
    yield e.Proclaimed(ballot, "approved", "17 favorevoli su 17 votanti", "regolamento")
    yield e.ItemLeft(item, "decided")


def everything(entries: list[Entry], heard: list[Utterance]) -> float:
    """Return the seconds of one core that it takes to make and validate all of a sitting."""
    akn_schema()
    began = time.process_time()
    found = account(entries, facts(START), heard)
    for document in all_documents(found):
        if document.kind in ROOTS:
            assert not validate(akoma_ntoso(found, document))
            tei(found, document)
    votes_csv(found), voters_csv(found), attendance_csv(found)
    return time.process_time() - began


def main() -> None:
    """Print validity, how much was tried, and the time of the long sitting."""
    sittings = int(sys.argv[1]) if len(sys.argv) > 1 else SITTINGS
    figures = Figures()
    made = valid = tried = 0
    for documents, good in results(sittings):
        made, valid, tried = made + documents, valid + good, tried + 1
    figures.add("akn.valid", 100 * valid / made, "%", ">=100")
    figures.add("akn.tried.sittings", tried, "sittings", "-")
    figures.add("akn.tried.documents", made, "documents", "-")
    entries, heard = long_sitting()
    figures.add("akn.long.words", sum(len(one.text.split()) for one in heard), "words", "-")
    figures.add("akn.long.entries", len(entries), "entries", "-")
    figures.add("akn.long.everything", everything(entries, heard), "CPU s", "<=5")
    figures.finish()


if __name__ == "__main__":
    main()
