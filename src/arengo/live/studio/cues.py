"""The captions of one sitting as the studio holds them: the last revision of each cue."""

from __future__ import annotations

from typing import Any

from arengo.live.engine.captions import Cue
from arengo.live.engine.subtitles import latest
from arengo.live.studio.omitted import Stretch


class CueSheet:
    """Cues by id; `final_until` is the sitting time before which nothing changes any more."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._cues: dict[str, Cue] = {}
        for row in rows:
            self.add(row)
        self.final_until = max((cue.end for cue in self._cues.values()), default=0.0)
        self._sorted: list[Cue] | None = None

    def add(self, row: dict[str, Any]) -> None:
        """Take a cue in; an older revision than the one held is ignored."""
        cue = _cue(row)
        held = self._cues.get(cue.id)
        if held is None or cue.rev >= held.rev:
            self._cues[cue.id] = cue
            self._sorted = None

    def withdraw(self, at_s: float) -> None:
        """Forget the cues that end after a sitting time."""
        self._cues = {key: cue for key, cue in self._cues.items() if cue.end <= at_s}
        self._sorted = None
        self.final_until = min(self.final_until, at_s)

    def omit(self, stretches: tuple[Stretch, ...]) -> None:
        """Forget the cues of which any moment is closed."""
        self._cues = {
            key: cue
            for key, cue in self._cues.items()
            if not any(one.meets(cue.start, cue.end) for one in stretches)
        }
        self._sorted = None

    def all(self) -> list[Cue]:
        """Return the cues that have text, by time."""
        if self._sorted is None:
            self._sorted = latest(self._cues.values())
        return self._sorted


def _cue(row: dict[str, Any]) -> Cue:
    return Cue(
        id=str(row["id"]),
        rev=int(row["rev"]),
        start=float(row["start"]),
        end=float(row["end"]),
        lines=tuple(row["lines"]),
        is_final=bool(row["final"]),
    )
