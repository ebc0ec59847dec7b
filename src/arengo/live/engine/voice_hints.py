"""Whose voice it sounds like, among those who agreed to be recognised: a hint, never a name.

A voiceprint used to identify a person is biometric data: off by default, one by one, by
consent, deletable (law: GDPR art. 9). Here nobody without a consent in force is compared, and
a hint alone names nobody (`engine.speakers`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from arengo.live.engine.speakers import VoiceHint

SIZE = 192  # numbers of a CAM++ embedding


@dataclass(frozen=True, slots=True)
class Consent:
    """A member agreed to be recognised by voice; `record` is where the signed act is kept."""

    member: str
    record: str
    given_at: datetime
    withdrawn_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether it is in force."""
        return self.given_at <= at and (self.withdrawn_at is None or at < self.withdrawn_at)


@dataclass(frozen=True, slots=True)
class Voiceprint:
    """The embedding of a consenting member's voice."""

    consent: Consent
    embedding: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near is near enough; to be set on the hall's own recordings, not taken from a paper.

    `least` is the cosine below which there is no hint, `ahead` how much nearer than the next
    person the nearest must be, `shortest_s` the least speech an embedding is made of.
    """

    least: float = 0.55
    ahead: float = 0.12
    shortest_s: float = 3.0


NEARNESS = Nearness()


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine of two embeddings; 0 where one has no length or is not a number."""
    lengths = math.hypot(*one) * math.hypot(*other)
    product = math.fsum(a * b for a, b in zip(one, other, strict=True))
    return product / lengths if lengths > 0 and math.isfinite(product / lengths) else 0.0


def hint(
    embedding: Sequence[float],
    voiceprints: Sequence[Voiceprint],
    *,
    start_s: float,
    end_s: float,
    at: datetime,
    nearness: Nearness = NEARNESS,
) -> VoiceHint | None:
    """Return whose voice was heard from `start_s` to `end_s`, or None where it is not clear.

    Raises
    ------
    ValueError
        An embedding that has not 192 numbers: another model's.
    """
    if len(embedding) != SIZE or any(len(print_.embedding) != SIZE for print_ in voiceprints):
        message = f"an embedding has {SIZE} numbers"
        raise ValueError(message)
    if end_s - start_s < nearness.shortest_s:
        return None
    best: dict[str, float] = {}
    for print_ in voiceprints:
        if print_.consent.holds(at):
            near = cosine(embedding, print_.embedding)
            member = print_.consent.member
            best[member] = max(near, best.get(member, -1.0))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return _clear(ranked, nearness, start_s, end_s)


def _clear(
    ranked: Sequence[tuple[str, float]], nearness: Nearness, start_s: float, end_s: float
) -> VoiceHint | None:
    if not ranked or ranked[0][1] < nearness.least:
        return None
    member, near = ranked[0]
    if len(ranked) > 1 and near - ranked[1][1] < nearness.ahead:
        return None
    score = (near - nearness.least) / (1 - nearness.least)
    return VoiceHint(start_s, end_s, member, round(min(1.0, 0.5 + score / 2), 3))
