"""How often to decode, so that captions are early and the recogniser never falls behind."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The times, in seconds, that balance delay, accuracy and work.

    `step_s` of new audio call for a draft; a silence of `pause_s` commits it; one of `end_s`
    ends the stretch and calls for the final pass; a stretch of `settle_s` gets its final
    pass without a pause, up to a good boundary at least `right_s` before its end.
    """

    step_s: float = 0.8
    slowest_step_s: float = 2.5
    pause_s: float = 0.5
    end_s: float = 1.2
    settle_s: float = 8.0
    right_s: float = 1.2
    lead_s: float = 0.35  # audio kept before the voice begins and after it ends
    behind_s: float = 8.0  # further behind than this, final passes are made without beam

    def step_for(self, cost_s: float) -> float:
        """Return the step for a draft that took `cost_s`: never more than 80 % of the time."""
        return min(max(self.step_s, 1.25 * cost_s), self.slowest_step_s)


class Delays:
    """How long after it was spoken each word was first shown, on the audio's own clock.

    The delay of a word is the newest audio received when the word first appears in a cue
    (committed text, not a partial) minus the word's end.
    """

    def __init__(self, last: int = 150) -> None:
        """Keep the delays of the `last` words, about a minute of speech."""
        self._recent: deque[float] = deque(maxlen=last)
        self._until = float("-inf")

    def shown(self, word_ends: list[float], newest: float) -> None:
        """Record the words of a cue emitted when audio had been received up to `newest`."""
        for end in sorted(end for end in word_ends if end > self._until):
            self._recent.append(newest - end)
            self._until = end

    @property
    def mean_s(self) -> float:
        """Return the mean delay in seconds, 0 before the first word."""
        return sum(self._recent) / len(self._recent) if self._recent else 0.0

    @property
    def p95_s(self) -> float:
        """Return the 95th percentile of the delay in seconds."""
        return percentile(list(self._recent), 0.95)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` of the values lie (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0
