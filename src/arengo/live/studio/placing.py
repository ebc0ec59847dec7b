"""Facts that are known by the hour, placed on the sitting's timeline."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from arengo.live.engine.wall import Anchor, sitting_time

APART_S = 1e-6  # what came later stays later, also where nothing was recorded between


class Dated(Protocol):
    """What happened at an hour."""

    @property
    def at(self) -> datetime:
        """Return when."""


T = TypeVar("T", bound=Dated)


class Placing(Generic[T]):
    """Facts in order of time, each with a sitting time of its own."""

    def __init__(self) -> None:
        self._facts: list[T] = []
        self._times: list[float] = []
        self._anchors: list[Anchor] = []

    def place(self, facts: Sequence[T], anchors: Sequence[Anchor]) -> float | None:
        """Take facts in place of those known; return the time from which any changed, or None.

        Without anchors nothing has a place yet.
        """
        if not anchors:
            return None
        same = _same(facts, self._facts)
        is_moved = self._anchors != anchors
        times = [] if is_moved else self._times[:same]
        for fact in facts[len(times) :]:
            at_s = sitting_time(anchors, fact.at)
            times.append(max(at_s, times[-1] + APART_S) if times else at_s)
        first = _same(times[:same], self._times) if is_moved else same
        changed = [*times[first : first + 1], *self._times[first : first + 1]]
        self._facts, self._times, self._anchors = list(facts), times, list(anchors)
        return min(changed, default=None)

    def since(self, at_s: float) -> Iterator[tuple[float, T]]:
        """Yield the facts from a sitting time on, each with its own."""
        k = bisect_left(self._times, at_s)
        return zip(self._times[k:], self._facts[k:], strict=True)

    @property
    def last_s(self) -> float:
        """Return the time of the last fact; -inf when there is none."""
        return self._times[-1] if self._times else float("-inf")


def _same(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Return how many from the first on are alike."""
    for k, (this, that) in enumerate(zip(one, other, strict=False)):
        if this != that:
            return k
    return min(len(one), len(other))
