"""How many must be present, by a rule of the profile and by the law."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from arengo.council.engine.law import QUORUM_FLOORS, QuorumFloor, overlap
from arengo.council.engine.majorities import at_least, fraction_words, more_than_half

if TYPE_CHECKING:
    from arengo.council.engine.profile import QuorumRule


def present_needed(rule: QuorumRule, assigned: int) -> int:
    """Return how many present make the sitting valid; fractions are rounded up."""
    base = assigned + 1 if rule.base == "members" else assigned
    match rule.measure:
        case "absolute":
            return more_than_half(base)
        case "fraction":
            return at_least(rule.fraction, base)
    return rule.number


def floors(valid_from: date, valid_until: date | None) -> tuple[QuorumFloor, ...]:
    """Return the legal limits in force on some day of a period."""
    return tuple(
        one
        for one in QUORUM_FLOORS
        if overlap(one.valid_from, one.valid_until, valid_from, valid_until)
    )


def quorum_words(rule: QuorumRule, assigned: int) -> str:
    """Say where the number comes from: «la metà dei 12 consiglieri assegnati, Sindaco escluso»."""
    if rule.measure == "number":
        return "numero fisso"
    part = "più della metà" if rule.measure == "absolute" else fraction_words(rule.fraction)
    if rule.base == "members":
        return f"{part} dei {assigned + 1} componenti, Sindaco compreso"
    return f"{part} dei {assigned} consiglieri assegnati, Sindaco escluso"
