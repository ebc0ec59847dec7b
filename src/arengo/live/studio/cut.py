"""The secret cut on disk: what was recorded at or after an instant is withdrawn, whatever happens.

A cut is first written down (`cuts.jsonl`, fsynced), then carried out, then marked as done. So a
studio that dies in the middle carries it out at its next start, and does it alike however often:

    media/<n>.m4s     from `first` on unlinked; the one before cut short after a whole part
    segments.jsonl    lines from there on taken off the end, so that the chain holds for what stays
    cues.jsonl        written anew without the withdrawn lines: an exception to append-only
    microphones.jsonl the same: who had the floor in secret is of the secret

Numbers below `next` are never given out again: caches and players may know them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from arengo.live.engine.fmp4 import split_fragments, whole_length
from arengo.live.studio.recorder import (
    JOURNALS,
    SegmentRecord,
    append,
    chained,
    cut_torn_line,
    journalled,
    line_of,
    placed,
    read_lines,
    read_takes,
    recover,
    sync_folder,
    write_atomically,
)

NAME = "cuts.jsonl"
DRIFT = timedelta(seconds=0.6)  # a date of the journal may be half a second from the arrival
NUMBER = re.compile(r"\.?(\d+)\.")


@dataclass(frozen=True, slots=True)
class Short:
    """The segment that a cut falls in: its number, its date, and how much of its file stays."""

    n: int
    wall: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What to withdraw: segments `first` to `next`, exclusive, and words after `at` (sitting s).

    `since` is when the secret began, as the sitting's file says it; `events` is the last event
    id that pages were given, below which none is ever given to another caption.
    """

    since: str
    at: float
    first: int
    next: int
    short: Short | None
    events: int = 0

    @property
    def affected(self) -> int:
        """Return the first number that is not left as it was."""
        return self.short.n if self.short else self.first


@dataclass(frozen=True, slots=True)
class Cuts:
    """The cuts a sitting's folder knows of, done or not."""

    sinces: frozenset[datetime] = frozenset()
    pending: tuple[Cut, ...] = ()
    next_number: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """A cut carried out: the line of the shortened segment, and the chain's new end."""

    record: SegmentRecord | None
    link: str


def moment(text: str) -> datetime:
    """Read an ISO 8601 time; one without a zone is UTC. ValueError when it is not one."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read_cuts(folder: Path) -> Cuts:
    """Read what `cuts.jsonl` says."""
    rows = read_lines(folder / NAME)
    done = {row["since"] for row in rows if "done" in row}
    cuts = [_cut_of(row) for row in rows if "done" not in row]
    return Cuts(
        frozenset(moment(cut.since) for cut in cuts),
        tuple(cut for cut in cuts if cut.since not in done),
        max((cut.next for cut in cuts), default=0),
        max((cut.events for cut in cuts), default=0),
    )


def _cut_of(row: dict[str, Any]) -> Cut:
    short = Short(**row["short"]) if row["short"] else None
    return Cut(row["since"], row["at"], row["first"], row["next"], short, row["events"])


def settle(folder: Path, sinces: Iterable[datetime]) -> list[SegmentRecord]:
    """Mend a folder, withdraw what it may not hold, and return what is recorded.

    `sinces` are the instants at which the sitting became secret; those whose cut is not known
    yet fell while no studio was there.
    """
    for name in (*JOURNALS, NAME):
        cut_torn_line(folder / name)
    for cut in read_cuts(folder).pending:
        carry_out(folder, cut)
    records = recover(folder)
    missed = set(sinces) - read_cuts(folder).sinces
    for since in sorted(missed):
        carry_out(folder, plan(folder, since, records), is_new=True)
        records = journalled(folder)
    return records


def plan(folder: Path, since: datetime, records: list[SegmentRecord]) -> Cut:
    """Return the cut of what is on disk, from the dates of the journal alone: rather too much."""
    numbers = [n for path in _media(folder) if (n := _number(path)) is not None]
    numbers += [record.n for record in records]
    after = max([read_cuts(folder).next_number, *(n + 1 for n in numbers)])
    written = since.timestamp()
    known = {record.n for record in records}
    stray = [
        n
        for path in _media(folder)
        if (n := _number(path)) is not None and n not in known and path.stat().st_mtime >= written
    ]
    end_s = records[-1].start + records[-1].duration if records else 0.0
    hit = next((r for r in records if _end(r.wall, r.duration) > since), None)
    events = read_cuts(folder).events + len(read_lines(folder / "cues.jsonl"))
    if hit is None:
        return Cut(since.isoformat(), end_s, min([after, *stray]), after, None, events)
    short, at_s = _shortened(folder, hit, since)
    first = hit.n + 1 if short else hit.n
    return Cut(since.isoformat(), at_s, first, after, short, events)


def _end(wall: str, duration_s: float) -> datetime:
    return moment(wall) + timedelta(seconds=duration_s) + DRIFT


def _shortened(folder: Path, hit: SegmentRecord, since: datetime) -> tuple[Short | None, float]:
    """Return how much of a segment was received before an instant, and where that ends."""
    path = folder / "media" / f"{hit.n}.m4s"
    data = path.read_bytes() if path.exists() else b""
    for offset, size in reversed(split_fragments(data)):
        _, start, duration = placed(data[: offset + size], read_takes(folder))
        if _end(hit.wall, duration) <= since:
            return Short(hit.n, hit.wall, offset + size), start + duration
    return None, hit.start


def carry_out(folder: Path, cut: Cut, kept: bytes = b"", *, is_new: bool = False) -> Carried:
    """Withdraw on disk what a cut names; `kept` is what stays of its short segment.

    Media goes before the journals; on a full disk even before the cut is written down.
    """
    is_written = not is_new or _is_written_down(folder, cut)
    for path in _media(folder):
        number = _number(path)
        if number is not None and number >= cut.first:
            path.unlink()
    record = _shorten(folder, cut.short, kept) if cut.short else None
    carried = _withdraw_segments(folder, cut.affected, record)
    _withdraw_cues(folder / "cues.jsonl", cut.at)
    _withdraw_microphones(folder / "microphones.jsonl", moment(cut.since))
    if not is_written:
        _append(folder, asdict(cut))
    for path in (folder / "media", folder):
        if path.exists():
            sync_folder(path)
    _append(folder, {"since": cut.since, "done": True})
    return carried


def _is_written_down(folder: Path, cut: Cut) -> bool:
    try:
        _append(folder, asdict(cut))
    except OSError:
        return False
    return True


def _append(folder: Path, row: dict[str, Any]) -> None:
    append(folder / NAME, json.dumps(row).encode() + b"\n", sync=True)


def _media(folder: Path) -> list[Path]:
    media = folder / "media"
    return [path for path in media.iterdir() if path.is_file()] if media.exists() else []


def _number(path: Path) -> int | None:
    """Return the number of a segment's file, its drafts and what was kept aside of it."""
    found = NUMBER.match(path.name)
    return int(found[1]) if found else None


def _shorten(folder: Path, short: Short, kept: bytes) -> SegmentRecord | None:
    """Cut a file after its last part that stays, or fill up what was still queued of it."""
    path = folder / "media" / f"{short.n}.m4s"
    written = path.read_bytes()[: short.bytes] if path.exists() else b""
    data = kept or written[: whole_length(written)]
    if not data:
        path.unlink(missing_ok=True)
        return None
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(len(data))
        if data != written:
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    take, start, duration = placed(data, read_takes(folder))
    digest = hashlib.sha256(data).hexdigest()
    return SegmentRecord(short.n, take, start, duration, short.wall, len(data), digest, "")


def _withdraw_segments(folder: Path, affected: int, record: SegmentRecord | None) -> Carried:
    """Take the journal's last lines off, and give the shortened segment its own."""
    path = folder / "segments.jsonl"
    keep, link = 0, ""
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        if json.loads(line)["n"] >= affected:
            break
        keep += len(line)
        link = hashlib.sha256(line.rstrip(b"\n")).hexdigest()
    if path.exists():
        os.truncate(path, keep)
    if record is None:
        return Carried(None, link)
    record = replace(record, previous=link)
    append(path, line_of(record) + b"\n", sync=True)
    return Carried(record, chained(record))


def _withdraw_cues(path: Path, at_s: float) -> None:
    """Write the captions anew without those that end after an instant."""
    rows = read_lines(path)
    newest = {row["id"]: row["end"] for row in rows}
    kept = [row for row in rows if max(row["end"], newest[row["id"]]) <= at_s]
    if len(kept) < len(rows):
        text = "".join(json.dumps(row) + "\n" for row in kept)
        write_atomically(path, text.encode())


def _withdraw_microphones(path: Path, since: datetime) -> None:
    """Write the microphones' events anew without those from an instant on."""
    rows = read_lines(path)
    kept = [row for row in rows if _is_before(row, since)]
    if len(kept) < len(rows):
        write_atomically(path, "".join(json.dumps(row) + "\n" for row in kept).encode())


def _is_before(row: dict[str, Any], since: datetime) -> bool:
    """Tell whether an event is older; one whose time cannot be read may not stay."""
    try:
        return moment(row["at"]) < since
    except (KeyError, TypeError, ValueError):
        return False
