"""The secret ballot: one vote a person, right totals, and nothing that joins the two."""

from __future__ import annotations

import gc
import itertools
from typing import Any

import pytest

from arengo.live.studio.ballot_box import (
    BallotCounted,
    BallotNotOpen,
    BallotOpen,
    BallotUnreadable,
    Boxes,
    VotedAlready,
)

NAME = ("s1", "b1")
VOTES = [("m3", "bianca"), ("m1", "sì"), ("m2", "no"), ("m4", "sì")]


def opened(*choices: str) -> Boxes:
    """Return boxes one of which is open."""
    boxes = Boxes()
    boxes.open(NAME, choices or ("sì", "no", "bianca"))
    return boxes


def test_a_count_says_who_took_part_and_the_totals_and_forgets() -> None:
    boxes = opened()
    for voter, choice in VOTES:
        boxes.cast(NAME, voter, choice)
    assert boxes.progress(NAME) == 4
    took_part, totals = boxes.count(NAME)
    assert took_part == ["m1", "m2", "m3", "m4"]
    assert totals == {"sì": 2, "no": 1, "bianca": 1}
    for again in (boxes.count, boxes.progress, boxes.cancel):
        with pytest.raises(BallotCounted):
            again(NAME)
    with pytest.raises(BallotCounted):
        boxes.cast(NAME, "m5", "no")
    with pytest.raises(BallotCounted):
        boxes.open(NAME, ["sì"])


def test_every_order_of_the_same_votes_gives_the_same_bytes() -> None:
    """Nothing of the order in which people voted is left in what comes out."""
    seen = set()
    for order in itertools.permutations(VOTES):
        boxes = opened()
        for voter, choice in order:
            boxes.cast(NAME, voter, choice)
        seen.add(repr(boxes.count(NAME)))
    assert len(seen) == 1


def test_two_people_may_have_swapped_their_votes_for_all_the_box_knows() -> None:
    """Whoever reads all of the studio's memory finds the same in both cases."""

    def held(first: str, second: str) -> list[Any]:
        boxes = opened()
        boxes.cast(NAME, "m1", first)
        boxes.cast(NAME, "m2", second)
        box = boxes._open[NAME]
        assert {slot for kind in type(box).__mro__ for slot in getattr(kind, "__slots__", ())} == {
            "totals",
            "voters",
        }
        assert not hasattr(box, "__dict__")
        return [sorted(box.voters), list(box.totals.items()), len(gc.get_referents(box))]

    assert held("sì", "no") == held("no", "sì")


def test_a_person_votes_once_and_the_first_vote_stands() -> None:
    boxes = opened()
    boxes.cast(NAME, "m1", "sì")
    with pytest.raises(VotedAlready) as refusal:
        boxes.cast(NAME, "m1", "no")
    assert refusal.value.message == "Hai già votato in questa votazione."
    assert boxes.count(NAME) == (["m1"], {"bianca": 0, "no": 0, "sì": 1})


def test_a_choice_that_is_none_spends_no_vote() -> None:
    boxes = opened()
    with pytest.raises(BallotUnreadable):
        boxes.cast(NAME, "m1", "forse")
    boxes.cast(NAME, "m1", "no")
    assert boxes.progress(NAME) == 1


def test_boxes_that_are_not_open() -> None:
    boxes = opened()
    with pytest.raises(BallotOpen):
        boxes.open(NAME, ["sì", "no"])
    with pytest.raises(BallotNotOpen):
        boxes.cast(("s1", "b2"), "m1", "sì")
    with pytest.raises(BallotNotOpen):
        boxes.cast(("s2", "b1"), "m1", "sì")


def test_a_cancelled_box_is_empty_when_opened_again() -> None:
    boxes = opened()
    boxes.cast(NAME, "m1", "sì")
    boxes.cancel(NAME)
    with pytest.raises(BallotNotOpen):
        boxes.progress(NAME)
    boxes.open(NAME, ["sì", "no"])
    boxes.cast(NAME, "m1", "no")
    assert boxes.count(NAME) == (["m1"], {"no": 1, "sì": 0})


@pytest.mark.parametrize("choices", [[], ["sì", "sì"], [str(n) for n in range(201)]])
def test_choices_that_are_none(choices: list[str]) -> None:
    with pytest.raises(BallotUnreadable):
        Boxes().open(NAME, choices)
