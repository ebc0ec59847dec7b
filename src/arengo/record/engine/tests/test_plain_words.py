"""What was decided in plain words agrees with the votes, and tells nothing secret."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from random_sittings import hold

from arengo.council.engine.record.account import is_reserved_ballot
from arengo.council.engine.tests.record.made import demo_entries, told
from arengo.record.engine.plain_words import AT_ONCE, LATER, plain_decisions

FIGURES = {
    "favour": r"(\d+) favorevol[ei]",
    "against": r"(\d+) contrar(?:io|i)\b",
    "abstained": r"(\d+) astenut[oi]",
}


def test_the_demonstration_is_told_with_names_numbers_and_force() -> None:
    state = told(demo_entries()).end
    found = plain_decisions(state)
    assert found
    for one in found:
        assert one.sentences[0].startswith(("Il Consiglio ha ", "Il Consiglio non ha "))
        assert all(text.endswith(".") for text in one.sentences)
    changed = next(one for one in found if "bilancio" in one.title.lower())
    against = [state.members[m].name for m, choice in changed.cast.items() if choice == "against"]
    assert against
    assert all(name in changed.sentences[1] for name in against)
    assert {f"{AT_ONCE}.", f"{LATER}."} & set(changed.sentences)


@pytest.mark.parametrize("seed", range(12))
def test_the_numbers_told_are_those_of_the_votes(seed: int) -> None:
    entries = hold(seed).entries
    state = told(entries).end
    for one in plain_decisions(state):
        ballot = state.ballots[one.ballot]
        numbers = one.sentences[1]
        if not ballot.is_secret and not ballot.choices:
            counts = Counter(ballot.votes.values())
            assert {c: _figure(p, numbers) for c, p in FIGURES.items()} == {
                c: counts[c] for c in FIGURES
            }


def test_random_sittings_decide_something_of_every_sort() -> None:
    results = Counter(
        one.result for seed in range(12) for one in plain_decisions(told(hold(seed).entries).end)
    )
    assert results["approved"]
    assert results["rejected"] + results["tie"]


@pytest.mark.parametrize("seed", range(12))
def test_nothing_secret_is_told(seed: int) -> None:
    state = told(hold(seed).entries).end
    for one in plain_decisions(state):
        ballot = state.ballots[one.ballot]
        assert not is_reserved_ballot(state, ballot)
        assert not state.items[one.item].item.is_secret
        assert not (ballot.is_secret and one.cast)


def _figure(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0
