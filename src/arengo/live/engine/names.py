"""Repair the names of the roll (placeholder rule: none)."""

from __future__ import annotations

from collections.abc import Sequence

from arengo.live.engine.words import Word


class Roll:
    """The people of the sitting."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """Take full names."""
        self.hotwords = tuple(name.split()[-1] for name in names)

    def repair(self, words: Sequence[Word], before: Sequence[Word] = ()) -> list[Word]:
        """Return the words."""
        return list(words)
