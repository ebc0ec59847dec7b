from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.rules import elect
from arengo.council.engine.tests.rule_books import profile_with

ABSOLUTE = {
    "majorities.election": {"rule": "absolute", "base": "voters", "article": "art. 9"},
    "counting.null_vote": False,
}


def test_the_most_voted_are_elected_in_order() -> None:
    votes = {"Aldi": 3, "Bassi": 7, "Conti": 5, "Dossi": 0}
    found = elect(profile_with(), votes=votes, blank=1, null=0, present=16, seats=2)
    assert (found.elected, found.tied) == (("Bassi", "Conti"), ())
    assert "eletti Bassi con 7 e Conti con 5" in found.formula


@pytest.mark.parametrize(
    ("tie", "says"), [("eldest", "più anziano"), ("repeat", "ripeta"), ("most_voted", "cifra")]
)
def test_equal_votes_for_the_last_seat_elect_neither_and_say_what_follows(
    tie: str, says: str
) -> None:
    found = elect(
        profile_with({"elections.tie": tie, "elections.article": "art. 12"}),
        votes={"Aldi": 4, "Bassi": 8, "Conti": 4},
        blank=0,
        null=0,
        present=16,
        seats=2,
    )
    assert (found.elected, found.tied) == (("Bassi",), ("Aldi", "Conti"))
    assert says in found.formula
    assert "art. 12" in found.article


def test_equal_votes_above_the_last_seat_are_all_elected() -> None:
    votes = {"Aldi": 5, "Bassi": 5, "Conti": 1}
    found = elect(profile_with(), votes=votes, blank=0, null=0, present=16, seats=2)
    assert (found.elected, found.tied) == (("Aldi", "Bassi"), ())


def test_an_absolute_majority_counts_blank_papers_where_the_rules_do() -> None:
    profile = profile_with(ABSOLUTE)
    short = elect(profile, votes={"Aldi": 6, "Bassi": 4}, blank=2, null=3, present=16, seats=1)
    assert (short.denominator, short.threshold, short.elected) == (12, 7, ())
    assert "la votazione si ripete" in short.formula
    free = profile_with({**ABSOLUTE, "counting.blank_vote": False})
    won = elect(free, votes={"Aldi": 6, "Bassi": 4}, blank=2, null=3, present=16, seats=1)
    assert (won.denominator, won.threshold, won.elected) == (10, 6, ("Aldi",))


def test_nobody_with_no_votes_is_elected() -> None:
    found = elect(profile_with(), votes={"Aldi": 0}, blank=9, null=0, present=9, seats=1)
    assert found.elected == found.tied == ()


@pytest.mark.parametrize(
    "numbers",
    [
        {"votes": {"Aldi": -1}},
        {"blank": -1},
        {"seats": 0},
        {"votes": {"Aldi": 9, "Bassi": 8}},
        {"blank": 17},
        {"seats": 2, "votes": {"Aldi": 17}},
        {"seats": 2, "votes": {"Aldi": 12, "Bassi": 12, "Conti": 12}},
        {"seats": 2, "taking_part": 17},
        {"seats": 2, "taking_part": 4, "votes": {"Aldi": 5}},
    ],
)
def test_a_count_that_cannot_be_is_refused(numbers: dict[str, Any]) -> None:
    count = {"votes": {"Aldi": 3}, "blank": 0, "null": 0, "present": 16, "seats": 1, **numbers}
    with pytest.raises(RuleBroken):
        elect(profile_with(), **count)


@pytest.mark.slow
@settings(deadline=None)
@given(
    votes=st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 6), max_size=7),
    seats=st.integers(1, 4),
)
def test_whoever_is_elected_has_more_votes_than_whoever_is_not(
    votes: dict[str, int], seats: int
) -> None:
    present = sum(votes.values())
    found = elect(profile_with(), votes=votes, blank=0, null=0, present=present, seats=seats)
    out = [votes[name] for name in votes if name not in found.elected]
    assert len(found.elected) <= seats
    assert all(votes[name] > max(out, default=-1) for name in found.elected)
    if found.tied:
        assert len(found.elected) + len(found.tied) > seats
        assert len({votes[name] for name in found.tied}) == 1
    elif any(count > 0 for count in out):
        assert len(found.elected) == seats
