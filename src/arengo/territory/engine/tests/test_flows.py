"""Rates of return: the documented values, many roots, none, and the laws they obey."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.territory.engine import flows
from arengo.territory.engine.errors import FigureRefused
from arengo.territory.engine.flows import all_irr, irr, mirr, npv, payback, per_annum, per_period

amounts = st.floats(1.0, 1e6)


def test_the_examples_of_the_documentation_hold() -> None:
    assert doctest.testmod(flows).failed == 0


def test_documented_rates_come_out() -> None:
    assert irr([-70000, 12000, 15000, 18000, 21000, 26000]) == pytest.approx(0.0866, abs=5e-5)
    assert irr([-100, 39, 59, 55, 20]) == pytest.approx(0.28095, abs=5e-6)
    assert mirr([-120000, 39000, 30000, 21000, 37000, 46000], 0.10, 0.12) == pytest.approx(
        0.1261, abs=5e-5
    )


@given(st.floats(-0.4, 2.0), st.lists(amounts, min_size=1, max_size=40))
def test_a_rate_that_was_put_in_comes_out(rate: float, gains: list[float]) -> None:
    cost = sum(gain / (1 + rate) ** (t + 1) for t, gain in enumerate(gains))
    assert irr([-cost, *gains]) == pytest.approx(rate, abs=1e-8)


@given(st.lists(st.lists(amounts, min_size=6, max_size=6), min_size=1, max_size=8))
def test_scenarios_together_are_as_one_by_one(rows: list[list[float]]) -> None:
    table = np.array([[-sum(row) / 2, *row] for row in rows])
    one_by_one = [float(irr(row)) for row in table]
    np.testing.assert_allclose(irr(table), one_by_one, rtol=0, atol=1e-10)


def test_two_rates_are_both_reported_and_neither_is_chosen() -> None:
    assert all_irr([-100, 230, -132]) == pytest.approx((0.1, 0.2))
    assert np.isnan(irr([-100, 230, -132]))


def test_a_cost_at_the_end_does_not_hide_the_only_rate() -> None:
    flows_ = [-1000, 400, 400, 400, 400, -50]
    assert len([rate for rate in all_irr(flows_) if rate > -0.9]) >= 1
    assert npv(float(irr(flows_)), flows_) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("series", [[100, 50], [-1, -1], [0, 0, 0], [0, -5], [np.nan, 1], []])
def test_without_a_rate_none_is_given(series: list[float]) -> None:
    if series:
        assert np.isnan(irr(series))
    if not np.isnan(series).any():
        assert all_irr(series) == ()


def test_a_rate_of_less_than_all_is_refused() -> None:
    with pytest.raises(FigureRefused, match="-100"):
        npv(-1.0, [1, 2])


def test_payback_counts_the_part_of_the_period_that_was_needed() -> None:
    assert payback([-100, 40, 40, 40]) == 2.5
    assert np.isnan(payback([-100, 10]))
    assert payback([5, 5]) == 0
    assert payback([-100, 150, -100, 100]) == pytest.approx(2.5)


@given(st.floats(-0.5, 3.0), st.sampled_from([1, 2, 4, 12]))
def test_a_year_compounds_of_its_periods(annual: float, per_year: int) -> None:
    assert per_annum(per_period(annual, per_year), per_year) == pytest.approx(annual, abs=1e-12)
