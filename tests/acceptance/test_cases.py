"""Every case of `cases/` is what the rules make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from arengo.council.commands import read_case_file
from arengo.council.engine.cases import evaluate_case
from arengo.council.engine.errors import ProfileUnusable
from arengo.council.profiles import ProfileUnreadable, profile_of_case

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
NAMED_BY_THE_ISSUE = {
    "om-368-tredici-votazioni",
    "tar-brescia-680-2020",
    "dait-14138-bianche-e-nulle-votano",
    "dait-2019-12-18-parita",
    "dait-13254-terzo-su-venti",
    "dait-14214-quattro-su-dodici",
    "uscito-e-contato-favorevole",
    "segreta-bianche-contate",
    *(f"consiglio-{n}-prima-convocazione" for n in (10, 12, 16, 24, 32, 48)),
    *(f"consiglio-{n}-seconda-convocazione" for n in (10, 12, 16, 24, 32, 48)),
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_is_as_expected(path: Path) -> None:
    case = read_case_file(path)
    if case.get("expected_profile"):
        with pytest.raises(ProfileUnusable) as refusal:
            profile_of_case(case)
        assert not isinstance(refusal.value, ProfileUnreadable)
        assert case["expected_profile"] in str(refusal.value)
        return
    found = evaluate_case(profile_of_case(case), case)
    assert found["differences"] == []
    assert case.get("ballots") or case.get("expected_quorum"), "a case that expects nothing"
    for ballot in case.get("ballots", []):
        assert ballot.get("expected"), f"{ballot['title']} expects nothing"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_says_what_is_documented_and_what_is_rebuilt(path: Path) -> None:
    source = read_case_file(path)["source"].lower()
    assert "ricostruit" in source


def test_the_cases_that_were_asked_for_are_there() -> None:
    assert {path.stem for path in CASES} >= NAMED_BY_THE_ISSUE


def test_the_sitting_with_thirteen_votes_has_thirteen() -> None:
    case = read_case_file(Path(__file__).parent / "cases" / "om-368-tredici-votazioni.json")
    assert len(case["ballots"]) == 13
