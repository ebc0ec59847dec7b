"""The segments of one sitting: the last ones in memory with their parts, all of them listed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from arengo.live.engine.playlist import Part, Segment, Window, slide, window_of
from arengo.live.studio.ledger import ledger_of
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
        self.ledger = ledger_of(records)
        self.next_number = len(self.ledger)
        self.end_s = self.ledger.end_s
        self.take = self.ledger.last_take
        self.window = Window()
        for segment in self.ledger:
            self.window = slide(self.window, segment, keep_s=WINDOW_S)
        self.open: OpenSegment | None = None
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
            self.ledger.add(segment)
            self.window = slide(self.window, segment, keep_s=WINDOW_S)
            oldest = self.window.segments[0].number
            self._near = {n: data for n, data in self._near.items() if n >= oldest}
            self.wake()
        return sealed

    def sealed_on_disk(self, record: SegmentRecord) -> None:
        """Remember that a segment is safe in the recording."""
        self.ledger.on_disk(record.n, record.bytes)

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
        """Return the whole recording; what did not reach the disk is a gap.

        The last segments may be on their way to the disk: they are not listed yet.
        """
        found = list(self.ledger)
        while found and found[-1].is_gap:
            found.pop()
        return window_of(found)
