"""docs/reference/rules.md names every key, and its examples are true."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from arengo.council.engine import case_facts, profile
from arengo.council.engine.cases import evaluate_case
from arengo.council.engine.majorities import Majority
from arengo.council.engine.rules import Outcome, Tally, outcome
from arengo.council.profiles import profile_for, profile_of_case

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
WRITTEN = set(re.findall(r"`\"?([a-z_]+)\"?`", PAGE)) | set(re.findall(r'"([a-z_]+)"', PAGE))
WRITTEN |= {part for path in re.findall(r"`([a-z_.]+)", PAGE) for part in path.split(".")}
SECTIONS = (
    profile.Profile,
    profile.Population,
    profile.QuorumRules,
    profile.QuorumRule,
    profile.CountingRule,
    profile.TieRule,
    profile.ElectionRule,
    profile.VotingRule,
    profile.SpeakingRule,
    profile.ChairRule,
    profile.NoticeRule,
    profile.SecrecyRule,
    profile.AmendmentRule,
    profile.RemoteRule,
    profile.ConflictRule,
    Majority,
    Outcome,
    case_facts.Case,
    case_facts.Change,
    case_facts.ConflictFacts,
    case_facts.BallotFacts,
    case_facts.ElectionFacts,
)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_is_documented(section: type) -> None:
    names = {field.name for field in fields(section)}
    assert names <= WRITTEN


def test_every_kind_of_speech_is_documented() -> None:
    assert set(get_args(profile.SpeechKind)) <= WRITTEN


def test_the_example_of_a_case_is_as_it_expects() -> None:
    block = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert block
    case = json.loads(block[1])
    assert evaluate_case(profile_of_case(case), case)["differences"] == []


def test_the_formula_of_the_page_is_what_is_said() -> None:
    tally = Tally(present=15, favour=10, against=3, abstained=2)
    assert outcome(profile_for(11_000), subject="proposal", tally=tally).formula in PAGE
