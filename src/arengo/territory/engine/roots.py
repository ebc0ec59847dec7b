"""Where a growing function becomes nothing, for many scenarios at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arengo.territory.engine.flows import Floats

STEPS = 80


def root(
    function: Callable[[Floats], Floats],
    low: Floats,
    high: Floats,
    *,
    tolerance: float,
    at_low: Floats | None = None,
    at_high: Floats | None = None,
) -> Floats:
    """Return where `function`, which grows from `low` to `high`, is nothing in each scenario.

    Where it is not negative at `low` the answer is `low`; where it is not positive at `high`, it
    is `high`. The Illinois method: a bracket that never loses the root.

    Parameters
    ----------
    function
        From (scenarios,) to (scenarios,).
    tolerance
        How near to nothing is near enough.

    References
    ----------
    Dowell and Jarratt (1971), "A modified regula falsi method", BIT 11.
    """
    left = function(low) if at_low is None else at_low
    right = function(high) if at_high is None else at_high
    is_known = (left >= -tolerance) | (right <= tolerance)
    known = np.where(left >= -tolerance, low, high)
    side = np.zeros(len(low))
    guess = known
    if is_known.all():
        return known
    for _ in range(STEPS):
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = high - right * (high - low) / (right - left)
        guess = np.where(np.isfinite(guess), guess, 0.5 * (low + high))
        guess = np.where(is_known, known, guess)
        at = function(guess)
        if (is_known | (np.abs(at) <= tolerance) | (high - low <= 1e-14 * np.abs(high))).all():
            break
        over = at > 0
        left = np.where(over, np.where(side > 0, left / 2, left), at)
        right = np.where(over, at, np.where(side < 0, right / 2, right))
        low, high = np.where(over, low, guess), np.where(over, guess, high)
        side = np.where(over, 1.0, -1.0)
    return guess
