from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.council.engine.cases import CaseUnusable, evaluate_case
from arengo.council.engine.tests.rule_books import profile_with
from arengo.council.engine.tests.test_profile import JSON

CASE: dict[str, Any] = {
    "source": "invented",
    "councillors": 16,
    "present": ["C1..C9", "Sindaco"],
    "presence": [{"at": "19:10", "members": ["C9"], "status": "absent"}],
    "conflicts": [{"member": "C2", "item": "7"}],
    "expected_quorum": {"19:10": {"counted": 8}},
    "ballots": [
        {
            "at": "19:00",
            "title": "One",
            "votes": {"favour": ["C1..C6"], "against": ["C7"]},
            "expected": {"outcome": {"result": "approved", "formula": "6 favorevoli su 7"}},
        },
        {"at": "19:20", "title": "Two", "counts": {"favour": 5, "against": 4}},
    ],
}


def case_with(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CASE), **changes}


def test_a_case_plays_in_order_of_time_and_is_as_expected() -> None:
    found = evaluate_case(profile_with(), CASE)
    assert found["differences"] == []
    assert found["is_as_expected"]
    assert not found["is_refused"]
    assert [one["counted"] for one in found["quorum"]] == [9, 8]
    assert [one["tally"]["present"] for one in found["ballots"]] == [10, 9]


def test_what_is_not_as_expected_is_said() -> None:
    case = case_with(expected_quorum={"18:00": {"counted": 3}})
    case["ballots"][0]["expected"] = {"outcome": {"result": "rejected", "formula": "seven"}}
    case["ballots"][1]["expected"] = {"refused": {"sentence": "no"}}
    found = evaluate_case(profile_with(), case)
    assert not found["is_as_expected"]
    assert found["differences"][0] == "quorum 18:00.counted: atteso 3, trovato 9"
    assert "19:00 One.outcome.result: atteso 'rejected', trovato 'approved'" in found["differences"]
    assert any("non contiene «seven»" in one for one in found["differences"])
    assert "19:20 Two.refused: manca" in found["differences"]


def test_a_refusal_nobody_expected_is_a_difference() -> None:
    case = case_with(
        ballots=[{"at": "19:20", "title": "X", "counts": {"favour": 99}, "expected": {}}]
    )
    found = evaluate_case(profile_with(), case)
    assert found["is_refused"]
    assert "rifiutata" in found["differences"][0]


def test_whoever_left_is_refused_with_the_rule_and_the_times() -> None:
    late = {"at": "19:20", "title": "Late", "votes": {"favour": ["C9"]}}
    found = evaluate_case(profile_with(), case_with(ballots=[late]))
    refusal = found["ballots"][0]["refused"]
    assert refusal["sentence"] == (
        "C9 non è in aula dalle 19:10: il suo voto delle 19:20 non si può contare."
    )
    assert "Vota chi è presente" in refusal["rule"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"source": " "}, "source"),
        ({"councillors": 0}, "councillors"),
        ({"councillors": ["A", "A"]}, "councillors"),
        ({"councillors": ["A", "Sindaco"], "present": []}, "councillors"),
        ({"councillors": 17}, "councillors"),
        ({"present": ["C99"]}, "present"),
        ({"present": ["C1..C30"]}, "present"),
        ({"presence": [{"at": "25:00", "members": ["C1"], "status": "absent"}]}, "presence.at"),
        ({"presence": [{"at": "17:00", "members": ["C1"], "status": "absent"}]}, "presence.at"),
        ({"presence": [{"at": "2024-01-01T19:00", "members": [], "status": "absent"}]}, "at"),
        ({"presence": [{"at": "19:00", "members": ["C1"], "status": "asleep"}]}, "presence.status"),
        ({"ballots": [{"at": "19:00", "title": "A", "votes": {"maybe": ["C1"]}}]}, "ballots.votes"),
        ({"ballots": [{"title": "A"}]}, "ballots.at"),
        ({"ballots": [{"at": "19:00", "title": "A"}] * 2}, "ballots.title"),
        (
            {"ballots": [{"at": "19:00", "title": "A", "expected": {"winner": 1}}]},
            "ballots.expected",
        ),
        ({"expected_quorum": {"20:00": {}}}, "expected_quorum"),
        ({"expected_quorum": []}, "expected_quorum"),
        ({"votes": []}, "votes"),
        ({"call": "prima"}, "call"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_a_case_that_cannot_be_read_names_the_key(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(CaseUnusable) as refusal:
        evaluate_case(profile_with(), case_with(**changes))
    assert str(refusal.value.facts["where"]).startswith(where)


def _places(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, one in inner:
        found.append((*before, key))
        if isinstance(one, dict | list):
            found += _places(one, (*before, key))
    return found


@pytest.mark.slow
@settings(deadline=None)
@given(place=st.sampled_from(_places(CASE)), value=JSON)
def test_whatever_is_written_in_a_case_is_played_or_refused_and_never_breaks(
    place: tuple[Any, ...], value: Any
) -> None:
    case = copy.deepcopy(CASE)
    inside: Any = case
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    try:
        found = evaluate_case(profile_with(), case)
    except CaseUnusable as refusal:
        told = refusal.facts
    else:
        assert len(found["ballots"]) == len(case.get("ballots", []))
        return
    assert told["where"]
    assert str(told["sentence"]).endswith(".")


# ---- no sequence of entries and exits lets an absent person vote


NAMES = [f"C{n}" for n in range(1, 17)]
MOVES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["present", "absent", "justified"])),
    max_size=20,
)


@pytest.mark.slow
@settings(deadline=None)
@given(
    moves=MOVES, ballots=st.lists(st.tuples(st.integers(0, 20), st.sets(st.sampled_from(NAMES))))
)
def test_a_vote_counts_only_if_everyone_in_it_was_in_the_hall(
    moves: list[tuple[str, str]], ballots: list[tuple[int, set[str]]]
) -> None:
    case = case_with(conflicts=[], expected_quorum=None)
    case["present"] = NAMES[:12]
    case["presence"] = [
        {"at": f"19:{n:02}", "members": [name], "status": status}
        for n, (name, status) in enumerate(moves)
    ]
    case["ballots"] = [
        {"at": f"19:{at:02}:30", "title": str(n), "votes": {"favour": sorted(names)}}
        for n, (at, names) in enumerate(ballots)
    ]
    found = {one["title"]: one for one in evaluate_case(profile_with(), case)["ballots"]}
    for n, (at, names) in enumerate(ballots):
        hall = dict.fromkeys(NAMES[:12], "present")
        hall |= dict(moves[: at + 1])
        here = {name for name, status in hall.items() if status == "present"}
        is_fair = names <= here and len(here) >= 8
        assert ("outcome" in found[str(n)]) == is_fair
        if is_fair:
            assert found[str(n)]["tally"]["present"] == len(here)
