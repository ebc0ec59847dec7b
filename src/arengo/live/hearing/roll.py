"""The roll of a sitting with what must not be taken for a name."""

from __future__ import annotations

from collections.abc import Sequence

from arengo.live.engine.names import Roll


def roll_of(names: Sequence[str]) -> Roll:
    """Return the roll of these full names."""
    return Roll(tuple(names))
