"""What is taken of the announcements: changes only, in order, by a clock that can be believed.

Pure: the time of day and the seconds for the rate are passed in. Memory is bounded whatever
comes: so many seats, so many peers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from arengo.live.microphones.errors import LineRefused
from arengo.live.microphones.protocol import Announcement

RATE_PER_S = 50.0
BURST = 100.0
MOST_SEATS = 1000
MOST_PEERS = 256
BELIEVED_SKEW_S = 2.0  # a clock that is off by more than this is not believed


@dataclass(frozen=True, slots=True)
class MicrophoneEvent:
    """A microphone changed at `at`; `skew_s` is how late its own time came, if it had one.

    `cause` is "lost" where the connection broke and the microphone is no longer known to be on.
    """

    at: datetime
    seat: str
    is_on: bool
    member: str | None
    skew_s: float | None = None
    cause: Literal["announced", "lost"] = "announced"


@dataclass(slots=True)
class Bucket:
    """How much one peer may still say, refilled with the seconds."""

    level: float
    at_s: float

    def take(self, now_s: float) -> bool:
        """Take one, if there is one."""
        self.level = min(BURST, self.level + max(0.0, now_s - self.at_s) * RATE_PER_S)
        self.at_s = now_s
        if self.level < 1:
            return False
        self.level -= 1
        return True


@dataclass(slots=True)
class Seat:
    """What is known of a microphone, since when, and from whom."""

    is_on: bool
    at: datetime
    peer: str


class Intake:
    """Judge announcements; `seats` gives the member of each seat that is known."""

    def __init__(self, seats: Mapping[str, str] | None = None) -> None:
        self._members = dict(seats or {})
        self._seats: dict[str, Seat] = {}
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def may_speak(self, peer: str, now_s: float) -> bool:
        """Tell whether a peer is within its rate; call it once for each line."""
        bucket = self._buckets.setdefault(peer, Bucket(BURST, now_s))
        self._buckets.move_to_end(peer)
        if len(self._buckets) > MOST_PEERS:
            self._buckets.popitem(last=False)
        return bucket.take(now_s)

    def take(self, said: Announcement, peer: str, now: datetime) -> MicrophoneEvent | None:
        """Return the change, or None when it is none: repeated, or older than what is known.

        Raises
        ------
        LineRefused
            `too_many_seats`.
        """
        at, skew_s = believed(said, now)
        known = self._seats.get(said.seat)
        if known is None and len(self._seats) >= MOST_SEATS:
            raise LineRefused("too_many_seats")
        if known and (known.is_on == said.is_on or at < known.at):
            known.peer = peer if known.is_on and said.is_on else known.peer
            return None
        self._seats[said.seat] = Seat(said.is_on, at, peer)
        if known is None and not said.is_on:
            return None
        return MicrophoneEvent(at, said.seat, said.is_on, self._members.get(said.seat), skew_s)

    def lose(self, peer: str, now: datetime) -> list[MicrophoneEvent]:
        """Return what is to be said when a connection breaks: its open microphones are unknown."""
        lost = [name for name, seat in self._seats.items() if seat.is_on and seat.peer == peer]
        for name in lost:
            self._seats[name] = Seat(is_on=False, at=now, peer=peer)
        return [
            MicrophoneEvent(now, name, is_on=False, member=self._members.get(name), cause="lost")
            for name in lost
        ]


def believed(said: Announcement, now: datetime) -> tuple[datetime, float | None]:
    """Return when it happened: the system's time where it is near ours, else ours."""
    if said.sent_at is None:
        return now, None
    skew_s = round((now - said.sent_at).total_seconds(), 3)
    is_near = abs(skew_s) <= BELIEVED_SKEW_S
    return (min(said.sent_at, now) if is_near else now), skew_s
