"""Random sittings: the engine and a naive oracle agree on everything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_sittings import hold


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_engine_and_oracle_agree(seed: int) -> None:
    """Quorum, outcomes, replay, undo; and nobody absent ever votes."""
    hold(seed)


@pytest.mark.slow
def test_random_sittings_do_vote() -> None:
    """The property above would be empty if nothing ever happened."""
    sittings = [hold(seed) for seed in range(45)]
    assert sum(one.outcomes for one in sittings) > 20
    assert sum(one.refused for one in sittings) > 200
