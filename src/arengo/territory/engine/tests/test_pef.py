"""The plan of a concession: it balances in every scenario, and its debt does what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from concession import LAW, building
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.territory.engine.errors import FigureRefused
from arengo.territory.engine.flows import npv, per_period
from arengo.territory.engine.pef import (
    Assumptions,
    Capital,
    Debt,
    Horizon,
    Item,
    Scheme,
    Tariff,
    Terms,
    indicators,
    run,
)


@st.composite
def concessions(draw: st.DrawFn) -> Assumptions:
    """Return any concession, with half-years, losses, tariffs and several scenarios."""
    per_year: Literal[1, 2] = draw(st.sampled_from([1, 2]))
    built, runs = draw(st.integers(1, 3)) * per_year, draw(st.integers(2, 12)) * per_year
    periods, count = built + runs, draw(st.integers(1, 4))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def profile(top: float, start: int, end: int) -> Any:
        table = np.zeros((count, periods))
        table[:, start:end] = seed.uniform(0, top, (count, end - start))
        return table

    tenor = draw(st.integers(1, runs))
    debt = Debt(
        gearing=seed.uniform(0, 0.9, count),
        rate=seed.uniform(0, 0.12, count),
        tenor=tenor,
        scheme=draw(st.sampled_from(list(Scheme))),
        target_dscr=draw(st.floats(1.0, 2.0)),
        grace=draw(st.integers(0, tenor - 1)),
        fee_rate=draw(st.floats(0, 0.03)),
        reserve_share=draw(st.floats(0, 1.0)),
    )
    return Assumptions(
        horizon=Horizon(2027, built, runs, per_year),
        works=(Item("lavori", profile(5e6, 0, built), 0.22, is_indexed=draw(st.booleans())),),
        taxes=LAW,
        debt=debt,
        capital=Capital(0.09, 0.06),
        grants_eur=profile(2e6, 0, built),
        fee_eur=seed.uniform(0, 2e6, count),
        deductions=profile(0.2, built, periods),
        tariffs=(Tariff("biglietti", 7.5, profile(1e5, built, periods), 0.10),),
        costs=(Item("gestione", profile(4e5, built, periods), 0.22),),
        lifecycle=(Item("rinnovi", profile(1e5, built, periods), 0.22),),
        labour_eur=profile(1e5, built, periods),
        inflation=draw(st.floats(-0.02, 0.08)),
        terms=Terms(draw(st.floats(0, 90)), draw(st.floats(0, 90)), draw(st.integers(0, 3))),
    )


@settings(max_examples=60, deadline=None)
@given(concessions())
def test_every_plan_balances_to_the_cent_and_ends_with_nothing(one: Assumptions) -> None:
    plan = run(one)
    assert np.abs(plan.line("imbalance")).max() < 0.005
    for name in ("total_assets", "receivables", "payables", "vat_credit", "reserve", "cash"):
        assert np.abs(plan.line(name)[:, -1]).max() < 0.005, name


@settings(max_examples=60, deadline=None)
@given(concessions())
def test_money_in_is_money_out(one: Assumptions) -> None:
    plan = run(one)
    gained = plan.line("net_income").sum(axis=1)
    np.testing.assert_allclose(plan.line("shareholder").sum(axis=1), gained, atol=0.01)
    drawn, repaid = plan.line("drawn").sum(axis=1), plan.line("principal").sum(axis=1)
    owed = plan.line("debt")[:, -1]
    np.testing.assert_allclose(drawn - repaid, owed, atol=0.01)


@settings(max_examples=25, deadline=None)
@given(concessions())
def test_scenarios_together_are_as_one_by_one(one: Assumptions) -> None:
    together = run(one)
    for k in range(together.scenarios):
        alone = run(_only(one, k))
        for name in ("cfads", "principal", "dividends", "fcfo"):
            np.testing.assert_allclose(
                together.line(name)[k], alone.line(name)[0], atol=0.02, err_msg=name
            )


def _only(one: Assumptions, k: int) -> Assumptions:
    def item(cost: Item) -> Item:
        return replace(cost, amounts_eur=np.asarray(cost.amounts_eur)[k])

    debt = replace(
        one.debt,
        gearing=float(np.asarray(one.debt.gearing)[k]),
        rate=float(np.asarray(one.debt.rate)[k]),
    )
    return replace(
        one,
        works=tuple(item(cost) for cost in one.works),
        costs=tuple(item(cost) for cost in one.costs),
        lifecycle=tuple(item(cost) for cost in one.lifecycle),
        tariffs=tuple(replace(t, volumes=np.asarray(t.volumes)[k]) for t in one.tariffs),
        grants_eur=np.asarray(one.grants_eur)[k],
        fee_eur=float(np.asarray(one.fee_eur)[k]),
        deductions=np.asarray(one.deductions)[k],
        labour_eur=np.asarray(one.labour_eur)[k],
        debt=debt,
    )


def test_a_sculpted_debt_has_its_ratio_in_every_period_and_as_llcr() -> None:
    plan = run(building(fee_eur=7.6e5))
    found = indicators(plan)
    assert plan.gearing[0] < 0.8
    np.testing.assert_allclose(found.dscr[0, 2:20], 1.3, rtol=1e-6)
    assert found.llcr[0] == pytest.approx(1.3, rel=1e-6)
    assert plan.line("debt")[0, 19] == pytest.approx(0, abs=0.01)


def test_where_the_highest_share_binds_the_ratio_rises_and_the_debt_lasts_its_tenor() -> None:
    plan = run(building(fee_eur=1.4e6))
    assert plan.gearing[0] == 0.8
    assert plan.ratio[0] > 1.3
    np.testing.assert_allclose(indicators(plan).dscr[0, 2:20], plan.ratio[0], rtol=1e-6)
    assert plan.line("debt")[0, 18] > 1000


def test_what_bears_no_debt_borrows_nothing() -> None:
    works = (Item("lavori", np.r_[4e6, 4e6, np.zeros(20)]),)
    plan = run(building(fee_eur=1e5, works=works, terms=Terms()))
    assert plan.gearing[0] == 0
    assert np.isnan(indicators(plan).min_dscr[0])


def test_an_annuity_is_the_textbook_instalment() -> None:
    plan = run(building(debt=Debt(0.7, 0.05, 15, Scheme.ANNUITY)))
    debt = plan.line("debt")[0, 1]
    instalment = debt * 0.05 / (1 - 1.05**-15)
    np.testing.assert_allclose(plan.line("service")[0, 2:17], instalment, rtol=1e-9)


def test_without_debt_taxes_and_credit_the_shareholder_has_the_project() -> None:
    bare = replace(LAW, ires_rate=0.0, irap_rate=0.0, reserve_share=0.0)
    plan = run(building(taxes=bare, debt=Debt(0.0, 0.05, 18, Scheme.LINEAR), terms=Terms()))
    found = indicators(plan)
    assert found.project_npv[0] == pytest.approx(float(npv(0.06, plan.line("fcfo")[0])))
    assert plan.line("shareholder").sum() == pytest.approx(plan.line("fcfo").sum())
    assert found.shareholder_irr[0] < found.project_irr[0]  # profits may not go out before they are


def test_losses_of_the_first_years_save_more_tax_than_later_ones() -> None:
    costs = np.r_[np.zeros(2), 2.5e6, 3e5 * np.ones(19)]
    early = run(building(costs=(Item("avvio", costs),), debt=Debt(0.0, 0.05, 1, Scheme.LINEAR)))
    limited = run(
        building(
            costs=(Item("avvio", costs),),
            debt=Debt(0.0, 0.05, 1, Scheme.LINEAR),
            taxes=replace(LAW, free_years=0),
        )
    )
    assert early.line("ires")[0, 3] < limited.line("ires")[0, 3]


def test_half_years_of_nothing_happening_are_the_years() -> None:
    rate = float(per_period(0.05, 2))
    assert (1 + rate) ** 2 == pytest.approx(1.05)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"horizon": Horizon(2027, 0, 20)}, "durata"),
        ({"horizon": Horizon(2027, 1, 20, 2)}, "durata"),
        ({"debt": Debt(1.2, 0.05, 18)}, "leva"),
        ({"debt": Debt(0.8, 0.05, 25)}, "debito"),
        ({"debt": Debt(0.8, 0.05, 5, grace=5)}, "debito"),
        ({"fee_eur": float("nan")}, "canone"),
        ({"deductions": 1.5}, "detrazioni"),
        ({"works": (Item("lavori", [1.0, 2.0]),)}, "lavori"),
        ({"terms": Terms(400)}, "giorni di incasso"),
    ],
)
def test_bad_figures_are_refused_by_name(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(FigureRefused, match=where):
        run(building(**changes))
