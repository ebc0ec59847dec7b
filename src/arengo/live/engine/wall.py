"""At what hour each stretch of a sitting was recorded: from the chamber's clock to the video's.

What happens in the hall is told by the hour, the video by sitting time. Between two takes hours
pass that sitting time does not know, and an encoder's clock drifts a little.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from arengo.live.engine.playlist import Segment

DRIFT_S = 0.5  # nobody sees half a second when jumping to a vote


@dataclass(frozen=True, slots=True)
class Anchor:
    """From sitting time `start_s` on, the hour is `wall` plus what has passed since."""

    start_s: float
    wall: datetime


class Hours:
    """The anchors of a sitting, read on as segments come."""

    def __init__(self, drift_s: float = DRIFT_S) -> None:
        self.anchors: list[Anchor] = []
        self._drift_s = drift_s
        self._take = -1

    def add(self, segment: Segment) -> bool:
        """Take the next segment; tell whether it made an anchor. A gap has no picture to go to."""
        if segment.is_gap:
            return False
        is_known = bool(self.anchors) and segment.take == self._take
        is_new = not is_known or _off_s(self.anchors[-1], segment) > self._drift_s
        if is_new:
            self.anchors.append(Anchor(segment.start_s, segment.wall))
        self._take = segment.take
        return is_new

    def cut(self, at_s: float) -> None:
        """Forget what is withdrawn from a sitting time on; the next segment makes an anchor."""
        self.anchors = [one for one in self.anchors if one.start_s < at_s]
        self._take = -1


def anchors(segments: Iterable[Segment], *, drift_s: float = DRIFT_S) -> list[Anchor]:
    """Return an anchor for each take, and one more wherever the hour drifted from the last.

    Gaps are left out: there is no picture to go to.
    """
    hours = Hours(drift_s)
    for segment in segments:
        hours.add(segment)
    return hours.anchors


def sitting_time(found: Sequence[Anchor], at: datetime) -> float:
    """Return the sitting time of an hour; `found` are anchors in order, at least one.

    What happened before the first picture has a time below the first anchor's; what happened
    while nothing was recorded has that of the next picture.
    """
    k = max(0, bisect_right(found, at, key=lambda anchor: anchor.wall) - 1)
    at_s = found[k].start_s + (at - found[k].wall).total_seconds()
    return min(at_s, found[k + 1].start_s) if k + 1 < len(found) else at_s


def _off_s(anchor: Anchor, segment: Segment) -> float:
    passed_s = (segment.wall - anchor.wall).total_seconds()
    return abs(passed_s - (segment.start_s - anchor.start_s))
