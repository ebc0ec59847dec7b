"""All the segments of a sitting in columns: six hours of them fit in a megabyte."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from arengo.live.engine.playlist import Segment
from arengo.live.studio.recorder import SegmentRecord

GAP_S = 0.001  # a segment of no length has no place in a playlist


class Ledger:
    """Segments by number, from 0 without holes; `bytes_of` is 0 for what is not on disk."""

    def __init__(self) -> None:
        self._take = array("I")
        self._start = array("d")
        self._duration = array("d")
        self._wall = array("d")
        self._bytes = array("Q")
        self._black: dict[int, int] = {}
        self.bytes_total = 0

    def __len__(self) -> int:
        return len(self._take)

    def add(self, segment: Segment) -> None:
        """Append the segment whose number is the next one."""
        self._take.append(segment.take)
        self._start.append(segment.start_s)
        self._duration.append(segment.duration_s)
        self._wall.append(segment.wall.timestamp())
        self._bytes.append(0)

    def on_disk(self, number: int, size: int) -> None:
        """Note that a segment is safe in the recording."""
        self._bytes[number] = size
        self.bytes_total += size

    def omit(self, number: int) -> None:
        """Close a segment to everyone: it keeps its place and its time, and cannot be loaded."""
        self.bytes_total -= self._bytes[number]
        self._bytes[number] = 0

    def blacken(self, number: int, size: int) -> None:
        """Note that something of that size stands in the place of a closed segment."""
        self._black[number] = size

    def black_of(self, number: int) -> int:
        """Return the size of what stands in an omitted segment's place; 0 when nothing does."""
        return self._black.get(number, 0)

    def cut(self, number: int) -> None:
        """Forget every segment from a number on."""
        self.bytes_total -= sum(self._bytes[number:])
        for column in (self._take, self._start, self._duration, self._wall, self._bytes):
            del column[number:]

    def add_gaps(self, until: int, wall: datetime) -> list[Segment]:
        """Give every number below `until` that has no segment a gap of no length, and return them.

        A playlist may name numbers that were withdrawn: they stay, but cannot be loaded.
        """
        gaps = [
            Segment(number, self.last_take or 1, self.end_s, GAP_S, wall, is_gap=True)
            for number in range(len(self), until)
        ]
        for gap in gaps:
            self.add(gap)
        return gaps

    def bytes_of(self, number: int) -> int:
        """Return a segment's size on disk; 0 when it is not there."""
        return self._bytes[number] if number < len(self) else 0

    def get(self, number: int) -> Segment | None:
        """Return a segment; what did not reach the disk is a gap."""
        if not 0 <= number < len(self):
            return None
        return Segment(
            number=number,
            take=self._take[number],
            start_s=self._start[number],
            duration_s=self._duration[number],
            wall=datetime.fromtimestamp(self._wall[number], UTC),
            is_gap=not self._bytes[number] and number not in self._black,
            is_black=number in self._black,
        )

    def __iter__(self) -> Iterator[Segment]:
        for number in range(len(self)):
            segment = self.get(number)
            assert segment
            yield segment

    def recorded(self) -> Iterator[Segment]:
        """Return the segments that are on disk as they were recorded."""
        return (segment for segment in self if self._bytes[segment.number])

    @property
    def end_s(self) -> float:
        """Return the sitting time at which the last segment ends."""
        return self._start[-1] + self._duration[-1] if self._start else 0.0

    @property
    def last_take(self) -> int:
        """Return the take of the last segment; 0 when there is none."""
        return self._take[-1] if self._take else 0


def ledger_of(records: list[SegmentRecord], next_number: int = 0) -> Ledger:
    """Return the ledger of a journal; numbers that never reached the disk become gaps.

    So do those that were withdrawn at its end, up to `next_number`.
    """
    ledger = Ledger()
    for record in records:
        segment = Segment(
            record.n,
            record.take,
            record.start,
            record.duration,
            datetime.fromisoformat(record.wall),
        )
        _fill(ledger, segment)
        ledger.add(segment)
        ledger.on_disk(record.n, record.bytes)
    wall = records[-1].wall if records else "1970-01-01T00:00:00+00:00"
    ledger.add_gaps(next_number, datetime.fromisoformat(wall))
    return ledger


def _fill(ledger: Ledger, after: Segment) -> None:
    count = after.number - len(ledger)
    take = ledger.last_take or after.take
    start = ledger.end_s
    each = max(0.001, (after.start_s - start) / count) if count > 0 else 0.0
    for k in range(count):
        ledger.add(replace(after, take=take, start_s=start + k * each, duration_s=each))
