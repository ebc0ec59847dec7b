"""At what hour each stretch of a sitting was recorded: from the chamber's clock to the video's.

What happens in the hall is told by the hour, the video by sitting time. Between two takes hours
pass that sitting time does not know, and an encoder's clock drifts a little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from arengo.live.engine.playlist import Segment

DRIFT_S = 0.5  # nobody sees half a second when jumping to a vote


@dataclass(frozen=True, slots=True)
class Anchor:
    """From sitting time `start_s` on, the hour is `wall` plus what has passed since."""

    start_s: float
    wall: datetime


def anchors(segments: Iterable[Segment], *, drift_s: float = DRIFT_S) -> list[Anchor]:
    """Return an anchor for each take, and one more wherever the hour drifted from the last.

    Gaps are left out: there is no picture to go to.
    """
    found: list[Anchor] = []
    take = -1
    for segment in segments:
        if segment.is_gap:
            continue
        if not found or segment.take != take or _off_s(found[-1], segment) > drift_s:
            found.append(Anchor(segment.start_s, segment.wall))
        take = segment.take
    return found


def _off_s(anchor: Anchor, segment: Segment) -> float:
    passed_s = (segment.wall - anchor.wall).total_seconds()
    return abs(passed_s - (segment.start_s - anchor.start_s))
