"""What one source says of who is speaking: marks in time, each holding until the next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """From `at_s` on, each of these members speaks with that weight (0 to 1); none is unknown.

    `barred` is who surely does not have the floor any longer, as the console says.
    """

    at_s: float
    weights: tuple[tuple[str, float], ...] = ()
    barred: str | None = None


def between(marks: Sequence[Mark], start_s: float, end_s: float) -> Sequence[Mark]:
    """Return the mark that holds at `start_s` and those up to `end_s`; marks are in order."""
    first = bisect_right(marks, start_s, key=_at)
    last = bisect_left(marks, end_s, key=_at)
    return marks[max(0, first - 1) : max(last, first)]


def held(marks: Sequence[Mark], at_s: float) -> Mark | None:
    """Return the mark that holds at a time; of several at once the last."""
    k = bisect_right(marks, at_s, key=_at)
    return marks[k - 1] if k else None


def _at(mark: Mark) -> float:
    return mark.at_s
