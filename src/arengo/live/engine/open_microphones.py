"""Who is speaking, from the microphones that are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arengo.live.engine.tracks import Mark

ALONE = 0.9  # one microphone of a known seat is open
ALONE_BESIDE_CHAIR = 0.85  # and the chair's, which often stays on
SHARED = 0.5  # for all of several together
CHAIR_ONLY = 0.4


@dataclass(frozen=True, slots=True)
class Microphone:
    """A microphone went on or off; `member` is given where the seat's table is not needed."""

    at_s: float
    seat: str
    is_on: bool
    member: str | None = None


def microphone_marks(
    events: Sequence[Microphone],
    seats: Mapping[str, str],
    roll: frozenset[str],
    chair: str | None,
    *,
    known: Sequence[Mark] = (),
) -> list[Mark]:
    """Return what the events tell, each holding until the next; `events` are in order of time.

    A microphone of an unknown seat names nobody, and makes the others less sure. `known` are the
    marks of the first events, where they have been made already.
    """
    opened: dict[str, str | None] = {}
    marks: list[Mark] = [*known]
    for k, event in enumerate(events):
        opened.pop(event.seat, None)
        if event.is_on:
            member = event.member or seats.get(event.seat)
            opened[event.seat] = member if member in roll else None
        if k >= len(known):
            marks.append(Mark(event.at_s, weights(list(opened.values()), chair)))
    return marks


def weights(opened: Sequence[str | None], chair: str | None) -> tuple[tuple[str, float], ...]:
    """Return how much each member is to be believed to speak, given whose microphones are open."""
    is_chair_on = chair is not None and chair in opened
    others = [member for member in opened if member is None or member != chair]
    if not others:
        return ((chair, CHAIR_ONLY),) if is_chair_on and chair else ()
    if len(others) == 1:
        weight = ALONE_BESIDE_CHAIR if is_chair_on else ALONE
    else:
        weight = SHARED / len(others)
    return tuple((member, weight) for member in dict.fromkeys(others) if member is not None)
