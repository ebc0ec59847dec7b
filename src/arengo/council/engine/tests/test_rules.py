from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.profile import Profile, read_profile
from arengo.council.engine.rules import (
    Presence,
    Tally,
    amendments_in_order,
    check_tally,
    majority_of,
    outcome,
    quorum,
)
from arengo.council.engine.tests.rule_books import facts_with, profile_with

VOTES = ("favour", "against", "abstained", "not_voting", "blank", "null")


def test_the_formula_says_numbers_threshold_and_reason() -> None:
    found = outcome(profile_with(), subject="proposal", tally=Tally(15, 10, 3, 2))
    assert found.formula == (
        "10 favorevoli su 13 votanti: ne servono 7 (più della metà dei votanti; "
        "2 astenuti non contati)"
    )
    assert (found.result, found.numerator, found.denominator, found.threshold) == (
        "approved",
        10,
        13,
        7,
    )
    assert found.majority == "maggioranza assoluta dei votanti"


def test_the_formula_agrees_in_number_and_gender() -> None:
    secret = Tally(6, 1, 0, blank=1, null=0, not_voting=1, is_secret=True)
    found = outcome(profile_with(), subject="proposal", tally=secret)
    assert "1 favorevole su 2 votanti" in found.formula
    assert "1 scheda bianca contata; 1 non votante non contato" in found.formula
    one = outcome(profile_with(), subject="proposal", tally=Tally(6, 1, 0))
    assert "su 1 votante: ne serve 1" in one.formula


def test_the_article_names_the_counting_rule_only_where_it_mattered() -> None:
    profile = profile_with({"counting.article": "art. 44", "majorities.general.article": "art. 43"})
    assert outcome(profile, subject="proposal", tally=Tally(9, 5, 4)).article == "art. 43"
    assert (
        outcome(profile, subject="proposal", tally=Tally(9, 5, 2, 2)).article == "art. 43; art. 44"
    )


@pytest.mark.parametrize(
    ("follows", "says"),
    [("rejected", "non è approvata."), ("repeat", "stessa seduta"), ("next_sitting", "successiva")],
)
def test_a_tie_is_not_approved_and_says_what_follows(follows: str, says: str) -> None:
    profile = profile_with({"ties.follows": follows, "ties.article": "art. 50"})
    found = outcome(profile, subject="proposal", tally=Tally(10, 4, 4, 2))
    assert found.result == "tie"
    assert says in found.follows
    assert found.article.endswith("art. 50")


def test_equal_votes_that_miss_a_fixed_number_are_a_rejection() -> None:
    found = outcome(profile_with(), subject="immediate", tally=Tally(16, 8, 8))
    assert (found.result, found.threshold, found.denominator) == ("rejected", 9, 17)
    assert "decimo giorno" in found.follows


def test_equal_votes_do_not_approve_even_where_they_reach_the_number() -> None:
    majority = {"rule": "absolute", "base": "assigned", "article": "art. 1"}
    profile = profile_with({"assigned": 17, "population": None, "majorities.budget": majority})
    found = outcome(profile, subject="budget", tally=Tally(18, 9, 9))
    assert (found.result, found.threshold) == ("tie", 9)
    assert found.follows.startswith("A parità")


def test_nobody_in_favour_and_nobody_against_is_a_rejection() -> None:
    assert outcome(profile_with(), subject="proposal", tally=Tally(9, 0, 0, 9)).result == "rejected"


@pytest.mark.parametrize(
    ("favour", "against", "abstained", "result", "threshold"),
    [
        (5, 4, 7, "approved", 5),
        (4, 4, 7, "tie", 5),
        (3, 4, 7, "rejected", 5),
        (1, 0, 15, "approved", 1),
    ],
)
def test_a_simple_majority_weighs_favour_against_contrary(
    favour: int, against: int, abstained: int, result: str, threshold: int
) -> None:
    profile = profile_with({"majorities.general.rule": "simple", "counting.abstained_vote": True})
    tally = Tally(16, favour, against, abstained)
    found = outcome(profile, subject="proposal", tally=tally)
    assert (found.result, found.threshold) == (result, threshold)


def test_an_unknown_subject_has_the_general_rule() -> None:
    profile = profile_with()
    assert majority_of(profile, "something new") == majority_of(profile, "general")
    assert majority_of(profile, "no_confidence").by_roll_call


def test_the_quorum_names_the_mayor_as_the_rule_does() -> None:
    usual = quorum(profile_with(), call=1, presence=Presence(8, True))
    assert (usual.counted, usual.needed, usual.is_met) == (8, 8, True)
    assert "il Sindaco non si computa" in usual.formula
    both = profile_with({"quorum.first.base": "members", "quorum.first.counts_mayor": True})
    assert quorum(both, call=1, presence=Presence(8, True)).counted == 9
    assert "8 consiglieri presenti e il Sindaco: ne servono 9 (la metà dei 17" in (
        quorum(both, call=1, presence=Presence(8, True)).formula
    )
    assert not quorum(both, call=1, presence=Presence(8, False)).is_met


@pytest.mark.parametrize("presence", [Presence(-1, False), Presence(17, True)])
def test_a_presence_that_cannot_be_is_refused(presence: Presence) -> None:
    with pytest.raises(RuleBroken, match="controlla l'appello"):
        quorum(profile_with(), call=1, presence=presence)


@pytest.mark.parametrize("call", [0, 3])
def test_a_call_that_is_not_there_is_refused(call: int) -> None:
    with pytest.raises(RuleBroken, match=f"convocazione numero {call}"):
        quorum(profile_with(), call=call, presence=Presence(9, True))


def test_abstentions_in_a_secret_ballot_need_a_rule() -> None:
    tally = Tally(9, 5, 2, abstained=2, is_secret=True)
    with pytest.raises(RuleBroken, match="non si registrano astenuti"):
        outcome(profile_with(), subject="proposal", tally=tally)
    allowed = profile_with({"counting.secret_abstention": True})
    assert outcome(allowed, subject="proposal", tally=tally).denominator == 7


def test_amendments_go_in_the_order_of_the_regulation_then_as_filed() -> None:
    profile = profile_with({"amendments.order": ["add", "suppress", "replace"]})
    filed = [("1", "replace"), ("2", "suppress"), ("3", "add"), ("4", "suppress"), ("5", "add")]
    assert amendments_in_order(profile, filed) == ("3", "5", "2", "4", "1")
    with pytest.raises(RuleBroken, match="«burn»"):
        amendments_in_order(profile, [("1", "burn")])


# ---- against an oracle that tries one ballot after another, with exact fractions


@st.composite
def profiles(draw: st.DrawFn) -> tuple[Profile, dict[str, Any]]:
    """Draw a profile, and the rule of a subject as plain facts for the oracle."""
    rule = draw(st.sampled_from(["simple", "absolute", "fraction"]))
    bases = ["voters"] if rule == "simple" else ["voters", "present", "assigned", "members"]
    facts: dict[str, Any] = {
        "rule": rule,
        "base": draw(st.sampled_from(bases)),
        "article": "art. 1",
    }
    if rule == "fraction":
        facts["fraction"] = draw(st.sampled_from(["2/3", "3/5", "3/4", "4/5", "5/9", "1/1"]))
    counting = {
        f"counting.{key}": draw(st.booleans())
        for key in ("abstained_vote", "blank_vote", "null_vote")
    }
    changes = {
        **counting,
        "assigned": draw(st.integers(1, 60)),
        "population": None,
        "majorities.subject": facts,
        "counting.secret_abstention": True,
    }
    oracle = {**facts, **{key.split(".")[1]: value for key, value in counting.items()}}
    return read_profile(facts_with(changes)), oracle


@st.composite
def tallies(draw: st.DrawFn, at_most: int) -> tuple[Tally, list[str]]:
    """Draw the ballots of a vote one by one, and their tally."""
    is_secret = draw(st.booleans())
    choices = VOTES if is_secret else VOTES[:4]
    cast = draw(st.lists(st.sampled_from(choices), max_size=at_most))
    silent = draw(st.integers(0, at_most - len(cast)))
    counts = {choice: cast.count(choice) for choice in VOTES}
    return Tally(present=len(cast) + silent, is_secret=is_secret, **counts), cast


def _is_approved(rule: dict[str, Any], favour: int, against: int, base: int) -> bool:
    if rule["rule"] == "simple":
        return favour > against
    share = Fraction(favour, base) if base else Fraction(0)
    if rule["rule"] == "absolute":
        return share > Fraction(1, 2)
    return favour > 0 and share >= Fraction(rule["fraction"]) if base else False


def _oracle_base(rule: dict[str, Any], profile: Profile, tally: Tally, cast: list[str]) -> int:
    votes = {"favour", "against"} | {
        choice for choice in ("abstained", "blank", "null") if rule[f"{choice}_vote"]
    }
    return {
        "voters": sum(1 for choice in cast if choice in votes),
        "present": tally.present,
        "assigned": profile.assigned,
        "members": profile.assigned + 1,
    }[rule["base"]]


@pytest.mark.slow
@settings(deadline=None)
@given(st.data())
def test_the_outcome_agrees_with_the_oracle(data: st.DataObject) -> None:
    profile, rule = data.draw(profiles())
    tally, cast = data.draw(tallies(profile.assigned + 1))
    found = outcome(profile, subject="subject", tally=tally)
    base = _oracle_base(rule, profile, tally, cast)
    favour, against = cast.count("favour"), cast.count("against")
    is_enough = _is_approved(rule, favour, against, base)
    assert (found.result == "approved") == (is_enough and favour != against)
    if rule["rule"] != "simple" and base:
        enough = [n for n in range(base + 1) if _is_approved(rule, n, against, base)]
        assert found.threshold == enough[0]
        assert found.denominator == base
    assert str(found.threshold) in found.formula


def test_a_fraction_of_nobody_is_not_a_majority() -> None:
    profile = profile_with(
        {
            "majorities.general": {
                "rule": "fraction",
                "fraction": "2/3",
                "base": "voters",
                "article": "x",
            }
        }
    )
    assert outcome(profile, subject="proposal", tally=Tally(9, 0, 0, 9)).result == "rejected"


NUMBERS = st.integers(-2, 12)


@settings(deadline=None)
@given(tally=st.builds(Tally, *[NUMBERS] * 7, is_secret=st.booleans()))
def test_every_impossible_tally_is_refused_and_no_possible_one(tally: Tally) -> None:
    parts = [getattr(tally, choice) for choice in VOTES]
    is_possible = (
        all(part >= 0 for part in [*parts, tally.present])
        and sum(parts) <= tally.present
        and (tally.is_secret or tally.blank == tally.null == 0)
    )
    if is_possible:
        check_tally(tally)
    else:
        with pytest.raises(RuleBroken):
            check_tally(tally)


@pytest.mark.slow
@settings(deadline=None)
@given(st.data())
def test_one_more_in_favour_never_undoes_an_approval(data: st.DataObject) -> None:
    profile, _ = data.draw(profiles())
    tally, cast = data.draw(tallies(profile.assigned + 1))
    if not tally.against:
        return
    turned = [*cast]
    turned[turned.index("against")] = "favour"
    counts = {choice: turned.count(choice) for choice in VOTES}
    better = Tally(present=tally.present, is_secret=tally.is_secret, **counts)
    if outcome(profile, subject="subject", tally=tally).result == "approved":
        assert outcome(profile, subject="subject", tally=better).result == "approved"
