"""The words of a sitting's final captions, as they are said, corrected and withdrawn."""

from __future__ import annotations

from bisect import bisect_left, insort

from arengo.live.engine.words import Word

LONGEST_CUE_S = 30.0


class Spoken:
    """Words by caption, in order of time."""

    def __init__(self) -> None:
        self._cues: dict[str, tuple[Word, ...]] = {}
        self._order: list[tuple[float, str]] = []

    def put(self, cue_id: str, words: tuple[Word, ...]) -> float | None:
        """Take the words of a caption; return from when on words changed, None if none did."""
        old = self._cues.get(cue_id, ())
        if old == words:
            return None
        self._drop(cue_id)
        if words:
            self._cues[cue_id] = words
            insort(self._order, (words[0].start, cue_id))
        return min(group[0].start for group in (old, words) if group)

    def since(self, at_s: float) -> list[Word]:
        """Return the words that begin at a time or later."""
        first = bisect_left(self._order, (at_s - LONGEST_CUE_S, ""))
        cues = (self._cues[cue_id] for _, cue_id in self._order[first:])
        return [word for words in cues for word in words if word.start >= at_s]

    def withdraw(self, at_s: float) -> None:
        """Forget the captions that have words after a time."""
        for cue_id in [key for key, words in self._cues.items() if words[-1].end > at_s]:
            self._drop(cue_id)

    def _drop(self, cue_id: str) -> None:
        if old := self._cues.pop(cue_id, ()):
            del self._order[bisect_left(self._order, (old[0].start, cue_id))]
