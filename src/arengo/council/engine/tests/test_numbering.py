"""The register of delibere: no hole, no number twice, whoever comes first."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.numbering import Registered, register, register_faults

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure
DAY = date(2026, 11, 30)


def filled(*acts: tuple[str, date]) -> list[Registered]:
    lines: list[Registered] = []
    for act, day in acts:
        lines.append(register(lines, act=act, adopted_date=day))
    return lines


def test_each_year_begins_from_one() -> None:
    lines = filled(("a", DAY), ("b", DAY), ("c", date(2027, 1, 1)), ("d", date(2026, 12, 31)))
    assert [one.written for one in lines] == ["1/2026", "2/2026", "1/2027", "3/2026"]
    assert register_faults(lines) == ()


def test_an_act_asked_again_keeps_its_number() -> None:
    lines = filled(("a", DAY), ("b", DAY))
    assert register(lines, act="a", adopted_date=DAY) == lines[0]


@UNHURRIED
@given(
    turns=st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=120),
    days=st.lists(st.sampled_from([DAY, date(2027, 1, 4)]), min_size=5, max_size=5),
)
def test_writers_who_read_a_stale_register_leave_neither_holes_nor_doubles(
    turns: list[tuple[int, bool]], days: list[date]
) -> None:
    """Five clerks look and write in any order; the database refuses a number already written."""
    written: dict[tuple[int, int], Registered] = {}
    seen: list[Registered | None] = [None] * 5
    done = [0] * 5
    for clerk, writes in turns:
        wanted = seen[clerk]
        if wanted is None or not writes:
            act = f"{clerk}-{done[clerk]}"
            seen[clerk] = register(written.values(), act=act, adopted_date=days[clerk])
        elif (wanted.year, wanted.number) in written:
            seen[clerk] = None  # refused: look again
        else:
            written[wanted.year, wanted.number] = wanted
            seen[clerk], done[clerk] = None, done[clerk] + 1
    assert register_faults(written.values()) == ()
    assert len(written) == sum(done)


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [
        ([1, 3], "manca il numero 2/2026"),
        ([2], "manca il numero 1/2026"),
        ([1, 1], "il numero 1/2026 è usato due volte"),
        ([0, 1], "il numero 0/2026 non esiste"),
    ],
)
def test_a_faulty_register_does_not_go_on(numbers: list[int], fault: str) -> None:
    lines = [Registered(f"act {i}", 2026, number, DAY) for i, number in enumerate(numbers)]
    assert register_faults(lines) == (fault,)
    with pytest.raises(RuleBroken, match=fault):
        register(lines, act="new", adopted_date=DAY)


def test_an_act_with_two_numbers_is_a_fault() -> None:
    lines = [Registered("a", 2026, 1, DAY), Registered("a", 2026, 2, DAY)]
    assert register_faults(lines) == ("«a» ha due numeri",)


def test_the_faults_of_another_year_do_not_stop_this_one() -> None:
    lines = [Registered("a", 2025, 2, date(2025, 3, 1))]
    assert register(lines, act="b", adopted_date=DAY).written == "1/2026"
