"""The log of a transcript's edits as a chain: each line holds the sha256 of the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from arengo.council.engine import chain
from arengo.council.engine.chain import Break
from arengo.record.engine.edits import Edit, facts_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: what, when (zone-aware), by whom ("" for the machine), after what."""

    seq: int
    at: datetime
    edit: Edit
    by: str = ""
    previous: str = ""
    sha256: str = ""


def body_of(edit: Edit) -> str:
    """Return an edit's fields as canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(facts_of(edit), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: str, edit: Edit, *, seq: int, at: datetime, by: str) -> str:
    """Return the sha256, in hexadecimal, that closes an edit over the one before it."""
    return chain.link(seq=seq, at=at, kind=edit.kind, body=body_of(edit), by=by, previous=previous)


def next_entry(last: Entry | None, edit: Edit, *, at: datetime, by: str) -> Entry:
    """Return the entry that follows `last`; the log's clock never goes back."""
    seq = last.seq + 1 if last else 1
    previous = last.sha256 if last else ""
    when = max(at, last.at) if last else at
    return Entry(seq, when, edit, by, previous, link(previous, edit, seq=seq, at=when, by=by))


def verify(entries: Iterable[Entry]) -> Break | None:
    """Return the first break of the chain, None when it is whole as far as it goes."""
    return chain.first_break(entries, _link_of, "modifica")


def _link_of(one: Entry) -> str:
    return link(one.previous, one.edit, seq=one.seq, at=one.at, by=one.by)
