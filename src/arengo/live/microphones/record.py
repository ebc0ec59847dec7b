"""Where events are kept, `microphones.jsonl` in the sitting's folder, and how they are read."""

from __future__ import annotations

import csv
import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from arengo.live.engine.open_microphones import Microphone
from arengo.live.microphones.errors import SeatsUnreadable
from arengo.live.microphones.intake import MicrophoneEvent
from arengo.live.microphones.protocol import SEAT

log = logging.getLogger(__name__)

NAME = "microphones.jsonl"
HEADINGS = {"seat": ("seat", "posto"), "member": ("member", "nominativo", "membro")}


def as_json(event: MicrophoneEvent) -> dict[str, Any]:
    """Return the event as its line has it."""
    return {
        "at": event.at.isoformat(timespec="milliseconds"),
        "seat": event.seat,
        "on": event.is_on,
        "member": event.member,
        "skew_s": event.skew_s,
        "cause": event.cause,
    }


def append_event(folder: Path, event: MicrophoneEvent) -> None:
    """Add one line in one write; a half line that a power cut left is ended first.

    The folder must be there: a sitting that was never prepared has none.
    """
    line = json.dumps(as_json(event), ensure_ascii=False).encode() + b"\n"
    with (folder / NAME).open("ab+", buffering=0) as file:
        file.write(line if _is_whole(file.fileno()) else b"\n" + line)


def _is_whole(file: int) -> bool:
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def recorder(folder: Path) -> Callable[[MicrophoneEvent], None]:
    """Return what keeps each event in the folder, to be given to `listen`."""
    return lambda event: append_event(folder, event)


def read_events(folder: Path) -> Iterator[MicrophoneEvent]:
    """Yield the events that can be read; a broken line is passed over and logged."""
    yield from Tail(folder).read() or ()


class Tail:
    """Follows a sitting's events; broken lines are passed over and logged."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._inode = 0
        self._read = 0
        self._events: list[MicrophoneEvent] = []

    def read(self) -> list[MicrophoneEvent] | None:
        """Return all events so far; None when there is none that was not read before.

        Of a file that grew only the end is read; one that was written anew is read anew.
        """
        try:
            status = self._path.stat()
            if (status.st_ino, status.st_size) == (self._inode, self._read):
                return None
            with self._path.open("rb") as file:
                return self._read_on(file, os.fstat(file.fileno()))
        except FileNotFoundError:
            return None

    def _read_on(self, file: BinaryIO, status: os.stat_result) -> list[MicrophoneEvent]:
        if status.st_ino != self._inode or status.st_size < self._read:
            self._inode, self._read, self._events = status.st_ino, 0, []
        file.seek(self._read)
        whole, end, _ = file.read().rpartition(b"\n")
        self._read += len(whole) + len(end)
        self._events = [*self._events, *_events(whole.splitlines())]
        return self._events


def _events(lines: Sequence[bytes]) -> Iterator[MicrophoneEvent]:
    for line in lines:
        try:
            yield _event(json.loads(line))
        except (ValueError, KeyError, TypeError):
            log.warning("%s: a line cannot be read: %.80r", NAME, line)


def _event(facts: dict[str, Any]) -> MicrophoneEvent:
    at = datetime.fromisoformat(facts["at"])
    return MicrophoneEvent(
        at, facts["seat"], facts["on"], facts["member"], facts["skew_s"], facts["cause"]
    )


def placed(
    events: Sequence[MicrophoneEvent], anchors: Sequence[tuple[datetime, float]]
) -> tuple[Microphone, ...]:
    """Return the events in seconds of the sitting, for `engine.speakers`.

    `anchors` are pairs of time of day and sitting time, in order, as each segment has them;
    what comes before the first is placed by the first.
    """
    return tuple(
        Microphone(_seconds(event.at, anchors), event.seat, event.is_on, event.member)
        for event in events
        if anchors
    )


def _seconds(at: datetime, anchors: Sequence[tuple[datetime, float]]) -> float:
    wall, start_s = next((pair for pair in reversed(anchors) if pair[0] <= at), anchors[0])
    return start_s + (at - wall).total_seconds()


def read_seats(path: Path) -> dict[str, str]:
    """Read the table of seats: a CSV headed `seat,member` (or `posto,nominativo`).

    Raises
    ------
    SeatsUnreadable
        No such file or heading, a seat that is none, or one given to two members.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SeatsUnreadable(f"La tabella dei posti {path} non si legge: {error}.") from error
    seats: dict[str, str] = {}
    for row in rows:
        seat, member = (_cell(row, names, path) for names in HEADINGS.values())
        if not SEAT.fullmatch(seat) or not member or seats.get(seat, member) != member:
            raise SeatsUnreadable(f"{path}: il posto {seat!r} non è valido o è dato a due persone.")
        seats[seat] = member
    return seats


def _cell(row: dict[str, str], names: Sequence[str], path: Path) -> str:
    for name in names:
        if name in row:
            return (row[name] or "").strip()
    raise SeatsUnreadable(f"{path}: manca la colonna {' o '.join(names)}.")
