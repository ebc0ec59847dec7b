"""What the council asks of the rooms above it: they put it here when they start.

The secret ballot box lives where no database is: in the studio's memory (docs/decisions/0017).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from arengo.kernel.errors import Unavailable


class Box(Protocol):
    """A box for the papers of a secret electronic ballot."""

    def open(self, uid: str, ballot: str, choices: tuple[str, ...]) -> None:
        """Make the box ready."""

    def right(self, uid: str, ballot: str, member: str) -> str:
        """Return the token with which this member's device puts one paper in."""

    def count(self, uid: str, ballot: str) -> tuple[tuple[str, ...], dict[str, int]]:
        """Empty the box once: who took part, sorted, and the totals."""

    def cancel(self, uid: str, ballot: str) -> None:
        """Throw the papers away."""

    def progress(self, uid: str, ballot: str) -> int:
        """Return how many papers are in."""


class BoxMissing(Unavailable):
    """Say that no box is there."""

    code = "box_missing"
    message = "L'urna elettronica non risponde: usa le schede, o riprova tra poco."


_box: Box | None = None


def use_box(box: Box) -> None:
    """Put a box at the council's disposal."""
    global _box
    _box = box


def box() -> Box:
    """Return the box; raises `BoxMissing`."""
    if _box is None:
        raise BoxMissing
    return _box


def cancel_quietly(uid: str, ballot: str) -> None:
    """Throw the papers away if there is a box: a vote that was voided needs none."""
    with suppress(Unavailable):
        box().cancel(uid, ballot)


def progress_quietly(uid: str, ballot: str) -> int | None:
    """Return how many papers are in; None when the box is lost or not there."""
    with suppress(Unavailable):
        return box().progress(uid, ballot)
    return None
