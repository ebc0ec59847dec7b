"""The segments of one sitting: the last ones in memory with their parts, all of them listed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice, takewhile

from arengo.live.engine.playlist import (
    Part,
    Segment,
    Window,
    discontinuities,
    slide,
    window_of,
)
from arengo.live.studio.ledger import ledger_of
from arengo.live.studio.recorder import SegmentRecord

DRIFT_S = 0.6  # a segment's date may be half a second from when it was received
WINDOW_S = 30.0  # what the live playlists name and memory holds


@dataclass(slots=True)
class OpenSegment:
    """A segment in memory; `data` are the bytes of its parts, in order.

    `until` says of each part by when all of it had been received: a Unix time, never too early.
    """

    number: int
    take: int
    start_s: float
    wall: datetime
    parts: list[Part] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    until: list[float] = field(default_factory=list)
    duration_s: float = 0.0

    def before(self, since: float) -> OpenSegment:
        """Return what of it was received before an instant (Unix time), whole parts of it."""
        count = len(list(takewhile(lambda until: until < since, self.until)))
        return OpenSegment(
            self.number,
            self.take,
            self.start_s,
            self.wall,
            self.parts[:count],
            self.data[:count],
            self.until[:count],
            sum(part.duration_s for part in self.parts[:count]),
        )

    def listed(self) -> Segment:
        """Return it as the playlists list it."""
        return Segment(
            self.number, self.take, self.start_s, self.duration_s, self.wall, tuple(self.parts)
        )


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What left the shelf: segments from `first` on, and all but what `short` says of one more.

    `at_s` is the sitting time at which the media that stays ends.
    """

    at_s: float
    first: int
    short: OpenSegment | None

    @property
    def affected(self) -> int:
        """Return the first number that is not left as it was."""
        return self.short.number if self.short else self.first


class Shelf:
    """Segments by number; wakes those who wait for the next part."""

    def __init__(self, records: list[SegmentRecord], next_number: int = 0) -> None:
        self.ledger = ledger_of(records, next_number)
        self.next_number = len(self.ledger)
        self.end_s = records[-1].start + records[-1].duration if records else 0.0
        self.take = self.ledger.last_take
        self.window = Window()
        for segment in self.ledger:
            self.window = slide(self.window, segment, keep_s=WINDOW_S)
        self.open: OpenSegment | None = None
        self.version = 0
        self._near: dict[int, OpenSegment] = {}
        self._changed = asyncio.Event()

    def begin(self, take: int, start_s: float, wall: datetime) -> OpenSegment:
        """Open the next segment."""
        self.open = OpenSegment(self.next_number, take, start_s, wall)
        self._near[self.next_number] = self.open
        self.next_number += 1
        self.take = take
        return self.open

    def add(self, data: bytes, part: Part, until: float) -> None:
        """Put one more part in the open segment, received by a Unix time."""
        assert self.open
        self.open.until.append(until)
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
            self._near = {n: segment for n, segment in self._near.items() if n >= oldest}
            self.wake()
        return sealed

    def withdraw(self, since: float) -> Withdrawn:
        """Forget every part that holds something received at or after an instant (Unix time).

        The segment it falls in ends before that part. Numbers that are now empty stay as gaps,
        because a playlist has named them; the next segment has a number of its own.
        """
        first = self.next_number
        while first and self._is_hit(first - 1, since):
            first -= 1
        hit = self._near.get(first)
        short = hit.before(since) if hit else None
        if short and not short.parts:
            short = None
        self._forget_from(first)
        if short:
            self._near[first] = short
            self.ledger.add(short.listed())
            self.window = slide(self.window, short.listed(), keep_s=WINDOW_S)
            self.end_s = short.start_s + short.duration_s
            first += 1
        for gap in self.ledger.add_gaps(self.next_number, datetime.fromtimestamp(since, UTC)):
            self.window = slide(self.window, gap, keep_s=WINDOW_S)
        self.wake()
        return Withdrawn(self.end_s, first, short)

    def _is_hit(self, number: int, since: float) -> bool:
        if self.open and self.open.number == number:
            return True  # it ends here, whatever it holds
        if near := self._near.get(number):
            return not near.until or near.until[-1] >= since
        segment = self.ledger.get(number)
        assert segment
        return segment.wall.timestamp() + segment.duration_s + DRIFT_S > since

    def _forget_from(self, first: int) -> None:
        if first == self.next_number:
            return
        start = self._near.get(first) or self.ledger.get(first)
        assert start
        self.end_s = min(self.end_s, start.start_s)
        self.open = None
        self.ledger.cut(first)
        self._near = {n: segment for n, segment in self._near.items() if n < first}
        left = tuple(segment for segment in self.window.segments if segment.number < first)
        self.window = replace(self.window, segments=left)

    def sealed_on_disk(self, record: SegmentRecord) -> None:
        """Remember that a segment is safe in the recording."""
        self.ledger.on_disk(record.n, record.bytes)

    def omit(self, numbers: Iterable[int], black: Mapping[int, int]) -> None:
        """Close segments of a sitting that is over: in memory, in its files and in the window.

        `black` says of which something else is there, and its size.
        """
        for number in numbers:
            self.ledger.omit(number)
            self._near.pop(number, None)
        for number, size in black.items():
            self.ledger.blacken(number, size)
        left = tuple(self._as_it_is(one) for one in self.window.segments)
        gone = self.window.discontinuity_sequence
        if left:
            gone = discontinuities(list(islice(self.ledger, left[0].number + 1)))
        self.window = Window(left, gone, self.window.target_s)
        self.wake()

    def _as_it_is(self, one: Segment) -> Segment:
        found = self.ledger.get(one.number)
        assert found
        return replace(
            one,
            is_gap=one.is_gap or found.is_gap,
            is_black=found.is_black,
            parts=() if found.is_black or found.is_gap else one.parts,
        )

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
        near = self._near.get(number)
        if near is None:
            return None
        pieces = near.data
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
