"""The segments of one sitting: the last ones in memory with their parts, all of them listed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from arengo.live.engine.playlist import Part, Segment, Window, slide, window_of
from arengo.live.studio.recorder import SegmentRecord

WINDOW_S = 30.0  # what the live playlists name and memory holds


@dataclass(slots=True)
class OpenSegment:
    """A segment in memory; `data` are the bytes of its parts, in order."""

    number: int
    take: int
    start_s: float
    wall: datetime
    parts: list[Part] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    duration_s: float = 0.0

    def listed(self) -> Segment:
        """Return it as the playlists list it."""
        return Segment(
            self.number, self.take, self.start_s, self.duration_s, self.wall, tuple(self.parts)
        )


class Shelf:
    """Segments by number; wakes those who wait for the next part."""

    def __init__(self, records: list[SegmentRecord]) -> None:
        self.recorded = {record.n: record for record in records}
        self.listed: dict[int, Segment] = {s.number: s for s in _without_holes(records)}
        self.next_number = max(self.listed, default=-1) + 1
        self.end_s = max((s.end_s for s in self.listed.values()), default=0.0)
        self.take = max((record.take for record in records), default=0)
        self.window = Window()
        for segment in self.listed.values():
            self.window = slide(self.window, segment, keep_s=WINDOW_S)
        self.open: OpenSegment | None = None
        self.bytes_recorded = sum(record.bytes for record in records)
        self.version = 0
        self._near: dict[int, list[bytes]] = {}
        self._changed = asyncio.Event()

    def begin(self, take: int, start_s: float, wall: datetime) -> OpenSegment:
        """Open the next segment."""
        self.open = OpenSegment(self.next_number, take, start_s, wall)
        self._near[self.next_number] = self.open.data
        self.next_number += 1
        self.take = take
        return self.open

    def add(self, data: bytes, part: Part) -> None:
        """Put one more part in the open segment."""
        assert self.open
        self.open.parts.append(part)
        self.open.data.append(data)
        self.open.duration_s += part.duration_s
        self.end_s = self.open.start_s + self.open.duration_s
        self.wake()

    def seal(self) -> OpenSegment | None:
        """Close the open segment and return it."""
        sealed, self.open = self.open, None
        if sealed:
            segment = sealed.listed()
            self.listed[segment.number] = replace(segment, parts=())
            self.window = slide(self.window, segment, keep_s=WINDOW_S)
            oldest = self.window.segments[0].number
            self._near = {n: data for n, data in self._near.items() if n >= oldest}
            self.wake()
        return sealed

    def sealed_on_disk(self, record: SegmentRecord) -> None:
        """Remember that a segment is safe in the recording."""
        self.recorded[record.n] = record
        self.bytes_recorded += record.bytes

    def wake(self) -> None:
        """Wake everyone who waits for a change."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Wait for the next change."""
        await self._changed.wait()

    def in_memory(self, number: int, part: int | None = None) -> bytes | None:
        """Return a near segment, or one part of it; None when it is not there (yet, or any more)."""
        pieces = self._near.get(number)
        if pieces is None:
            return None
        if part is not None:
            return pieces[part] if part < len(pieces) else None
        return None if self.open and self.open.number == number else b"".join(pieces)

    def has(self, number: int, part: int | None) -> bool:
        """Return whether a blocking reload for this segment, or part of it, can be answered."""
        if self.open is None or number < self.open.number:
            return number < self.next_number
        return part is not None and number == self.open.number and part < len(self.open.parts)

    def everything(self) -> Window:
        """Return the whole recording; what did not reach the disk is a gap."""
        on_disk = self.recorded
        return window_of(
            segment if segment.number in on_disk else replace(segment, is_gap=True)
            for segment in self.listed.values()
        )


def _without_holes(records: Iterable[SegmentRecord]) -> list[Segment]:
    """List recorded segments; numbers that never reached the disk become gaps of their time."""
    found: list[Segment] = []
    for record in records:
        segment = Segment(
            record.n,
            record.take,
            record.start,
            record.duration,
            datetime.fromisoformat(record.wall),
        )
        found += _gaps(found[-1] if found else None, segment)
        found.append(segment)
    return found


def _gaps(before: Segment | None, after: Segment) -> list[Segment]:
    first = before.number + 1 if before else 0
    count = after.number - first
    if count <= 0:
        return []
    start = before.end_s if before else 0.0
    each = max(0.001, (after.start_s - start) / count)
    return [
        replace(after, number=first + k, start_s=start + k * each, duration_s=each, is_gap=True)
        for k in range(count)
    ]
