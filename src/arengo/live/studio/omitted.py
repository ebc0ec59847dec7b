"""What may be seen, heard and read no more of a sitting that is over: `omissis.json`.

The pages' side writes it whole, before anything else is done with an omission; the studio looks at
it twice a second and when nudged, and closes what it names at once: segments, captions, downloads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from arengo.live.engine.fmp4 import fragment_times
from arengo.live.engine.playlist import Segment

NAME = "omissis.json"
MARGIN_S = 1.0  # sound may lie half a second from its picture, and its codec overlaps


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a sitting, in seconds, that is closed to everyone."""

    start_s: float
    end_s: float

    def meets(self, start_s: float, end_s: float, margin_s: float = 0.0) -> bool:
        """Tell whether it has a moment in common with another stretch."""
        return start_s < self.end_s + margin_s and end_s > self.start_s - margin_s


def read_omitted(folder: Path) -> tuple[Stretch, ...]:
    """Read what is closed; nothing when there is no file.

    Raises
    ------
    ValueError
        The file cannot be read: who serves the sitting must not go on as if there were none.
    """
    try:
        facts = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        return ()
    try:
        return tuple(Stretch(float(a), float(b)) for a, b in facts["closed"])
    except (KeyError, TypeError) as error:
        message = f"{folder / NAME} is not what the pages write"
        raise ValueError(message) from error


def closed_numbers(
    folder: Path, segments: Iterable[Segment], stretches: tuple[Stretch, ...]
) -> set[int]:
    """Return the segments of which any moment is closed.

    One that does not begin with a key frame is drawn from those before it, so it goes with them.
    """
    return set(_closed(folder, segments, stretches))


def _closed(
    folder: Path, segments: Iterable[Segment], stretches: tuple[Stretch, ...]
) -> Iterator[int]:
    leans = False
    for one in segments:
        is_hit = any(cut.meets(one.start_s, one.end_s, MARGIN_S) for cut in stretches)
        leans = is_hit or (leans and not _stands_alone(folder / "media" / f"{one.number}.m4s"))
        if leans:
            yield one.number


def _stands_alone(path: Path) -> bool:
    try:
        times = fragment_times(path.read_bytes())
    except (OSError, ValueError):
        return False
    return bool(times) and (times[0].video is None or times[0].video.is_key)
