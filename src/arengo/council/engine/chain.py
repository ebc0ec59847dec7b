"""The journal as a chain: each entry holds the sha256 of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from arengo.council.engine.events import Event, event_of, facts_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a sitting's journal: what, when (zone-aware), by whom, after what.

    `by` names who wrote it ("user 12", "" for the system), never how a secret vote went.
    """

    seq: int
    at: datetime
    event: Event
    by: str = ""
    previous: str = ""
    sha256: str = ""


def body_of(event: Event) -> str:
    """Return an event's fields as canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(facts_of(event), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(*, seq: int, at: datetime, kind: str, body: str, by: str, previous: str) -> str:
    """Return the sha256, in hexadecimal, that closes an entry over the one before it."""
    line = json.dumps(
        [seq, at.isoformat(), kind, body, by, previous], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(line.encode()).hexdigest()


def next_entry(last: Entry | None, event: Event, *, at: datetime, by: str) -> Entry:
    """Return the entry that follows `last`; the journal's clock never goes back."""
    seq = last.seq + 1 if last else 1
    previous = last.sha256 if last else ""
    when = max(at, last.at) if last else at
    sha256 = link(seq=seq, at=when, kind=event.kind, body=body_of(event), by=by, previous=previous)
    return Entry(seq, when, event, by, previous, sha256)


def entry_line(entry: Entry) -> str:
    """Return an entry as one line of JSON, as `arengo journal export` writes it."""
    facts = {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "kind": entry.event.kind,
        "event": facts_of(entry.event),
        "by": entry.by,
        "previous": entry.previous,
        "sha256": entry.sha256,
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def read_entry(facts: Mapping[str, Any]) -> Entry:
    """Return the entry of a decoded line; raises `RuleBroken`, `KeyError` or `ValueError`."""
    return Entry(
        seq=facts["seq"],
        at=datetime.fromisoformat(facts["at"]),
        event=event_of(facts["kind"], facts["event"]),
        by=facts["by"],
        previous=facts["previous"],
        sha256=facts["sha256"],
    )


@dataclass(frozen=True, slots=True)
class Break:
    """Where a journal is not what it was: `seq` and why, in Italian."""

    seq: int
    why: str


def verify(entries: Iterable[Entry]) -> Break | None:
    """Return the first break of the chain, None when it is whole.

    A journal whose end was cut off is whole as far as it goes: compare its last link with one
    noted elsewhere.
    """
    return first_break(entries, _link_of, "riga")


class Linked(Protocol):
    """A row of a chain, whatever it says."""

    @property
    def seq(self) -> int:
        """Its number, from 1."""

    @property
    def at(self) -> datetime:
        """When it was written."""

    @property
    def previous(self) -> str:
        """The sha256 of the row before."""

    @property
    def sha256(self) -> str:
        """Its own."""


L = TypeVar("L", bound=Linked)


def first_break(rows: Iterable[L], link_of: Callable[[L], str], what: str) -> Break | None:
    """Return the first break of a chain; `what` is how a row is called, a feminine noun."""
    return next(_breaks(rows, link_of, what), None)


def _breaks(rows: Iterable[L], link_of: Callable[[L], str], what: str) -> Iterator[Break]:
    last: L | None = None
    for row in rows:
        expected = last.seq + 1 if last else 1
        if row.seq != expected:
            yield Break(expected, f"manca la {what} {expected}: si passa alla {row.seq}")
        elif row.previous != (last.sha256 if last else ""):
            yield Break(row.seq, f"la {what} non segue quella che la precede")
        elif last and row.at < last.at:
            yield Break(row.seq, "l'ora torna indietro")
        elif row.sha256 != link_of(row):
            yield Break(row.seq, "il contenuto è stato cambiato")
        last = row


def _link_of(entry: Entry) -> str:
    return link(
        seq=entry.seq,
        at=entry.at,
        kind=entry.event.kind,
        body=body_of(entry.event),
        by=entry.by,
        previous=entry.previous,
    )
