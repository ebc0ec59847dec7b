"""Accounts for the tests: the demonstration sitting with its words, and journals of one's own."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.procedures import opinions_due
from arengo.council.engine.record.account import Account, account
from arengo.council.engine.record.document import Document
from arengo.council.engine.record.documents import all_documents
from arengo.council.engine.record.facts import SittingFacts, SpokenWord, Utterance
from arengo.council.engine.tests.sittings import PROFILE, START, Chamber
from arengo.live.demo.council import AGENDA, CHAIR, SECRETARY, presses
from arengo.live.demo.reference import ROLL, Reference, load_reference

ROME = ZoneInfo("Europe/Rome")
MANY = ("against", "abstained", "not_voting", "took_part", "members")


def facts(at: datetime = START, **over: Any) -> SittingFacts:
    found: dict[str, Any] = {
        "comune": "Pero",
        "istat": "015170",
        "place": "sala consiliare",
        "scheduled_at": at,
        "zone": ROME,
        "notice_date": date(2026, 11, 17),
    }
    return SittingFacts(**found | over)


def told(entries: Sequence[Entry], said: Sequence[Utterance] = (), **over: Any) -> Account:
    """Return the account of a journal."""
    return account(entries, facts(entries[0].at, **over), said)


def said(
    at: datetime, member: str | None, text: str, length_s: float = 10, **over: Any
) -> Utterance:
    """Return an utterance that begins at an instant."""
    start_s = (at - START).total_seconds()
    return Utterance(start_s, start_s + length_s, at, member, 0.9, text, **over)


# --- the demonstration ------------------------------------------------------------------------


def demo_members() -> tuple[e.Member, ...]:
    with ROLL.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if SECRETARY not in row["nominativo"]]
    return tuple(
        e.Member(
            f"m{n}",
            row["nominativo"],
            row["nominativo"].rsplit(" ", 1)[-1],
            office=row["carica"],
            group=row["gruppo"],
            is_mayor=row["carica"].startswith("Sindac"),
        )
        for n, row in enumerate(rows)
    )


def demo_items() -> tuple[e.Item, ...]:
    return tuple(
        e.Item(
            f"i{n}",
            str(n + 1),
            one["title"],
            type=one["type"],
            proposer=one.get("proposer", ""),
            rapporteur=one.get("rapporteur", ""),
            opinions_due=opinions_due(
                one["type"], affects_spending=one.get("affects_spending", False)
            ),
        )
        for n, one in enumerate(AGENDA)
    )


@cache
def demo_entries() -> tuple[Entry, ...]:
    """Return the demonstration's journal, each key pressed at its second."""
    reference, members = load_reference(), demo_members()
    ids = {one.surname: one.id for one in members}
    chamber = Chamber()
    chamber.write(
        e.SittingConstituted(
            reference.title,
            1,
            "in_person",
            PROFILE,
            members,
            demo_items(),
            ids[CHAIR],
            "Loredana Ripamonti",
        )
    )
    for kind in ("technical", "accounting"):
        chamber.write(e.OpinionGiven("i0", kind, "favourable", by="Responsabile del servizio"))
    for key in presses(reference):
        chamber.at = START + timedelta(seconds=10 + key.at_s - 1)
        chamber.ask(key.kind, **_with_ids(ids, key.facts))
    return tuple(chamber.entries)


def _with_ids(ids: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
    found = dict(given)
    if "member" in found:
        found["member"] = ids[found["member"]]
    if "item" in found:
        found["item"] = f"i{found['item']}"
    for name in (one for one in MANY if one in found):
        found[name] = tuple(ids[surname] for surname in found[name])
    return found


def demo_said(reference: Reference | None = None) -> tuple[Utterance, ...]:
    """Return what the demonstration's reference says, a turn each."""
    ids = {one.name: one.id for one in demo_members()}
    return tuple(
        Utterance(
            turn.start,
            turn.end,
            START + timedelta(seconds=10 + turn.start),
            ids.get(turn.speaker),
            0.95,
            turn.text,
            tuple(SpokenWord(one.word, one.start, one.end) for one in turn.words),
            "" if turn.speaker in ids else turn.speaker,
        )
        for turn in (reference or load_reference()).turns
    )


@cache
def demo() -> Account:
    return account(demo_entries(), facts(START, is_demo=True), demo_said())


SENTENCES = (
    "Grazie presidente. Chiedo quando partono i lavori di via Sempione.",
    "Costa 285.000 euro. Non siamo contrari. Siamo perplessi sul metodo.",
    "Voteremo a favore, perché il servizio serve.",
)


def spoken(entries: Sequence[Entry], seed: int) -> list[Utterance]:
    """Return something said after most entries, by anybody, or by nobody knows whom."""
    rng = random.Random(seed)
    first = entries[0].event
    assert isinstance(first, e.SittingConstituted)
    people = [*(one.id for one in first.members), None]
    return [
        said(
            entry.at + timedelta(seconds=rng.random() * 3),
            rng.choice(people),
            rng.choice(SENTENCES),
            rng.random() * 20,
        )
        for entry in entries[1:]
        if rng.random() < 0.6
    ]


def unjudged(*events: e.Event) -> list[Entry]:
    """Return a journal, a second an event, that no guard has seen: it may hold anything."""
    return [
        Entry(n, START + timedelta(seconds=n), event) for n, event in enumerate(events, start=1)
    ]


def every_document(found: Account) -> list[Document]:
    """Return all documents of a sitting."""
    return list(all_documents(found))


def utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
