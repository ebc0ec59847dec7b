from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.council.engine.errors import ProfileUnusable
from arengo.council.engine.examples import examples
from arengo.council.engine.profile import Profile, profile_facts, read_profile
from arengo.council.engine.rules import Presence, quorum
from arengo.council.engine.tests.rule_books import FACTS, facts_with, profile_with
from arengo.council.profiles import profile_for, ready_profiles

SIZES = (10, 12, 16, 24, 32, 36, 40, 48)
READY = ready_profiles()


@pytest.mark.parametrize("assigned", SIZES)
def test_there_is_a_ready_profile_for_each_class_and_it_cites_the_law(assigned: int) -> None:
    profile = READY[f"consiglio-{assigned}"]
    assert (profile.assigned, profile.members) == (assigned, assigned + 1)
    assert "TUEL art. 37" in profile.article
    assert profile.population is not None
    assert profile.population.source == profile.article
    assert profile.valid_from >= date(2011, 1, 1)
    assert profile.quorum.second is not None
    assert "art. 38 c. 2" in profile.quorum.second.article


@pytest.mark.parametrize(
    ("population", "assigned"),
    [
        (1, 10),
        (3_000, 10),
        (3_001, 12),
        (10_000, 12),
        (10_001, 16),
        (30_000, 16),
        (30_001, 24),
        (100_001, 32),
        (250_001, 36),
        (500_001, 40),
        (1_000_000, 40),
        (1_000_001, 48),
    ],
)
def test_the_inhabitants_choose_the_profile(population: int, assigned: int) -> None:
    assert profile_for(population).assigned == assigned


def test_a_provincial_capital_has_at_least_thirty_two() -> None:
    assert profile_for(50_000, is_provincial_capital=True).assigned == 32
    assert profile_for(300_000, is_provincial_capital=True).assigned == 36


@pytest.mark.parametrize("population", [0, -5])
def test_no_inhabitants_no_profile(population: int) -> None:
    with pytest.raises(ProfileUnusable, match="più di zero"):
        profile_for(population)


@pytest.mark.parametrize("profile", READY.values(), ids=READY)
def test_a_profile_goes_through_json_and_comes_back_the_same(profile: Profile) -> None:
    facts = json.loads(json.dumps(profile_facts(profile)))
    assert read_profile(facts) == profile
    assert hash(read_profile(facts)) == hash(profile)


# ---- refusals: the key, and what to correct

REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"quorum.second.fraction": "1/4"}, "quorum.second", "ne servono almeno 6"),
    ({"quorum.first.fraction": "3/10"}, "quorum.first", "TUEL art. 38 c. 2"),
    ({"quorum.second.counts_mayor": True}, "quorum.second.counts_mayor", "5 consiglieri"),
    ({"quorum.second.fraction": "3/4"}, "quorum.second", "prima convocazione"),
    (
        {
            "quorum.first.measure": "number",
            "quorum.first.fraction": None,
            "quorum.first.number": 17,
        },
        "quorum.first",
        "ne ha 16",
    ),
    ({"quorum.first.measure": "absolute"}, "quorum.first.fraction", "solo con quello"),
    ({"quorum.first.fraction": "1/0"}, "quorum.first.fraction", "frazione"),
    ({"quorum.first.base": "members"}, "quorum.first.counts_mayor", "base"),
    ({"majorities.immediate.base": "voters"}, "majorities.immediate.base", "TUEL art. 134 c. 4"),
    ({"majorities.immediate.base": "assigned"}, "majorities.immediate.base", "componenti"),
    ({"majorities.immediate": None}, "majorities.immediate", "manca"),
    ({"majorities.general": None}, "majorities.general", "manca"),
    ({"majorities.statute.fraction": "3/5"}, "majorities.statute", "ne chiede 12"),
    ({"majorities.no_confidence.method": "secret"}, "majorities.no_confidence.method", "roll_call"),
    ({"majorities.budget": {"rule": "absolute", "base": "members"}}, "budget.article", "manca"),
    (
        {"majorities.budget": {"rule": "tutti", "base": "members", "article": "art. 1"}},
        "majorities.budget.rule",
        "«simple»",
    ),
    (
        {
            "majorities.budget": {
                "rule": "fraction",
                "fraction": "1/2",
                "base": "present",
                "article": "art. 1",
            }
        },
        "majorities.budget.fraction",
        "parità",
    ),
    (
        {"majorities.budget": {"rule": "simple", "base": "members", "article": "art. 1"}},
        "majorities.budget.base",
        "voters",
    ),
    ({"majorities.general.rule": "plurality"}, "majorities.general.rule", "elezioni"),
    ({"counting.article": "  "}, "counting.article", "citazione"),
    ({"valid_until": "2010-01-01"}, "valid_until", "precede"),
    ({"valid_from": "10 giugno"}, "valid_from", "anno-mese-giorno"),
    ({"assigned": "sedici"}, "assigned", "numero intero"),
    ({"assigned": True}, "assigned", "numero intero"),
    ({"assigned": 0}, "assigned", "almeno un"),
    ({"quorums": {}}, "quorums", "sconosciuta"),
    ({"name": " "}, "name", "nome"),
    ({"speaking_times.other": None}, "speaking_times.other", "manca"),
    ({"speaking_times.reply.warn_s": 300}, "speaking_times.reply.warn_s", "avviso"),
    ({"speaking_times.sermon": {}}, "speaking_times.sermon", "non è previsto"),
    ({"chair.order": []}, "chair.order", "presiede"),
    ({"chair.order": ["mayor", "mayor"]}, "chair.order", "ripetuta"),
    ({"amendments.order": ["add", "replace"]}, "amendments.order", "suppress"),
    ({"notice.extraordinary_days": 9}, "notice.extraordinary_days", "ordinarie"),
    ({"notice.urgent_hours": 100}, "notice.urgent_hours", "straordinarie"),
    ({"population.up_to": 10}, "population.up_to", "superare"),
]


@pytest.mark.parametrize(("changes", "where", "says"), REFUSALS, ids=lambda x: str(x)[:40])
def test_a_contradiction_is_refused_with_its_key(
    changes: dict[str, Any], where: str, says: str
) -> None:
    with pytest.raises(ProfileUnusable) as refusal:
        profile_with(changes)
    assert str(refusal.value.facts["where"]).endswith(where)
    assert says in str(refusal.value)


def test_the_law_binds_only_while_it_is_in_force() -> None:
    before = {
        "valid_from": "1995-01-01",
        "valid_until": "2000-10-12",
        "quorum.second.fraction": "1/4",
    }
    assert profile_with(before).quorum.second is not None
    with pytest.raises(ProfileUnusable, match=r"art\. 38"):
        profile_with({**before, "valid_until": "2000-10-13"})


# ---- properties

QUORUMS = st.fixed_dictionaries(
    {"base": st.sampled_from(["assigned", "members"]), "counts_mayor": st.booleans()}
).flatmap(
    lambda common: st.one_of(
        st.just({**common, "measure": "absolute"}),
        st.tuples(st.integers(1, 9), st.integers(1, 9)).map(
            lambda f: {**common, "measure": "fraction", "fraction": f"{f[0]}/{f[1]}"}
        ),
        st.integers(1, 30).map(lambda n: {**common, "measure": "number", "number": n}),
    )
)


@pytest.mark.slow
@settings(deadline=None)
@given(assigned=st.integers(1, 60), rule=QUORUMS)
def test_no_accepted_profile_sits_with_less_than_a_third_and_no_sound_one_is_refused(
    assigned: int, rule: dict[str, Any]
) -> None:
    facts = facts_with({"assigned": assigned, "quorum.second": None, "population": None})
    facts["quorum"]["first"] = {**rule, "article": "art. 1"}
    sittings = _valid_sittings(assigned, rule)
    keeps_the_third = all(3 * councillors >= assigned for councillors, _ in sittings)
    agrees = rule["base"] == "assigned" or rule["counts_mayor"]
    is_a_fraction = rule["measure"] != "fraction" or _top(rule) <= _bottom(rule)
    if keeps_the_third and sittings and agrees and is_a_fraction:
        profile = read_profile(facts)
        for councillors in range(assigned + 1):
            for mayor in (False, True):
                found = quorum(profile, call=1, presence=Presence(councillors, mayor))
                assert found.is_met == ((councillors, mayor) in sittings)
    else:
        with pytest.raises(ProfileUnusable):
            read_profile(facts)


def _valid_sittings(assigned: int, rule: dict[str, Any]) -> set[tuple[int, bool]]:
    """Try every presence there can be, comparing whole numbers only."""
    base = assigned + (rule["base"] == "members")
    found = set()
    for councillors in range(assigned + 1):
        for mayor in (False, True):
            counted = councillors + (mayor and rule["counts_mayor"])
            match rule["measure"]:
                case "absolute":
                    is_enough = 2 * counted > base
                case "fraction":
                    is_enough = counted * _bottom(rule) >= _top(rule) * base
                case _:
                    is_enough = counted >= rule["number"]
            if is_enough:
                found.add((councillors, mayor))
    return found


def _top(rule: dict[str, Any]) -> int:
    return int(rule["fraction"].split("/")[0])


def _bottom(rule: dict[str, Any]) -> int:
    return int(rule["fraction"].split("/")[1])


def _keys(facts: dict[str, Any], before: str = "") -> list[str]:
    found = []
    for key, value in facts.items():
        found.append(before + key)
        if isinstance(value, dict):
            found += _keys(value, f"{before}{key}.")
    return found


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 99)
    | st.floats(allow_nan=False)
    | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(deadline=None)
@given(key=st.sampled_from(_keys(FACTS)), value=JSON)
def test_whatever_is_written_in_a_profile_is_read_or_refused_and_never_breaks(
    key: str, value: Any
) -> None:
    facts = facts_with({key: "" if value is None else value})
    try:
        profile = read_profile(facts)
    except ProfileUnusable as refusal:
        told = refusal.facts
    else:
        assert read_profile(profile_facts(profile)) == profile
        return
    assert told["where"]
    assert str(told["sentence"]).endswith(".")


# ---- examples


def test_examples_show_the_effect_of_the_local_rules() -> None:
    usual = {one.title: one for one in examples(profile_with())}
    strict = {one.title: one for one in examples(profile_with({"counting.abstained_vote": True}))}
    title = "Proposta con molti astenuti"
    assert usual[title].result == "approvata"
    assert strict[title].result == "non approvata"
    assert "contati" in strict[title].sentence
    assert usual["Immediata eseguibilità con metà del Consiglio"].result == "non approvata"
    assert usual["Immediata eseguibilità con un voto in più"].result == "approvata"
    blank = "Scrutinio segreto con schede bianche e nulle"
    free = {"counting.blank_vote": False, "counting.null_vote": False}
    assert usual[blank].result == "non approvata"
    assert {e.title: e.result for e in examples(profile_with(free))}[blank] == "approvata"
    assert all(one.article for one in usual.values())


def test_examples_leave_out_a_call_that_is_not_there() -> None:
    titles = [one.title for one in examples(profile_with({"quorum.second": None}))]
    assert any(title.startswith("Prima") for title in titles)
    assert not any(title.startswith("Seconda") for title in titles)


@pytest.mark.parametrize("assigned", [1, 2, 3, 5, 47, 60])
def test_examples_hold_for_any_size(assigned: int) -> None:
    profile = profile_with({"assigned": assigned, "population": None})
    assert len(examples(profile)) == 7


def test_an_unknown_kind_of_speech_has_the_rule_of_other() -> None:
    profile = profile_with({"speaking_times.other.limit_s": 77})
    assert profile.speaking("sermon").limit_s == 77
    assert profile.speaking("reply").limit_s == 300
