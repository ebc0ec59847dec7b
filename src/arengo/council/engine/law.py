"""What the law fixes for every council: numbers with their period and source.

A Comune's profile may ask for more, never for less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arengo.council.engine.majorities import Base, Majority


@dataclass(frozen=True, slots=True)
class QuorumFloor:
    """The share of the assigned councillors, mayor excluded, that no quorum may go below."""

    fraction: str
    valid_from: date
    valid_until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class LegalMajority:
    """The least majority of a subject, and the bases it may be reckoned on."""

    subject: str
    least: Majority
    bases: tuple[Base, ...]
    valid_from: date
    valid_until: date | None


TUEL_IN_FORCE = date(2000, 10, 13)

QUORUM_FLOORS = (
    # law: TUEL art. 38 c. 2
    QuorumFloor("1/3", TUEL_IN_FORCE, None, "TUEL art. 38 c. 2"),
)

LEGAL_MAJORITIES = (
    LegalMajority(
        # law: TUEL art. 134 c. 4, the members and not the voters
        "immediate",
        Majority("absolute", "members", "TUEL art. 134 c. 4"),
        ("members",),
        TUEL_IN_FORCE,
        None,
    ),
    LegalMajority(
        # law: TUEL art. 6 c. 4; whether the mayor is in the base is read in two ways
        "statute",
        Majority("fraction", "assigned", "TUEL art. 6 c. 4", "2/3"),
        ("assigned", "members"),
        TUEL_IN_FORCE,
        None,
    ),
    LegalMajority(
        # law: TUEL art. 6 c. 4, second sentence
        "statute_second",
        Majority("absolute", "assigned", "TUEL art. 6 c. 4"),
        ("assigned", "members"),
        TUEL_IN_FORCE,
        None,
    ),
    LegalMajority(
        # law: TUEL art. 52 c. 2; the mayor is left out of the signatures only (DAIT 13175)
        "no_confidence",
        Majority("absolute", "members", "TUEL art. 52 c. 2", method="roll_call"),
        ("members",),
        TUEL_IN_FORCE,
        None,
    ),
)


def overlap(a_from: date, a_until: date | None, b_from: date, b_until: date | None) -> bool:
    """Tell whether two periods share a day; None is for ever."""
    return a_from <= (b_until or date.max) and b_from <= (a_until or date.max)
