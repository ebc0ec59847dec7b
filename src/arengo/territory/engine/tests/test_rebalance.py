"""Balance restored: the figure found, put back into the plan, earns what was asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from concession import building

from arengo.territory.engine.pef import Debt, Scheme, indicators, run
from arengo.territory.engine.pef.rebalance import Targets, fee_for, grant_for, surface, years_for

ANNUITY = Debt(0.7, 0.05, 15, Scheme.ANNUITY)


def test_the_fee_found_earns_the_rate_asked_in_every_scenario() -> None:
    costs = np.r_[np.zeros(2), 3e5 * np.ones(20)] * np.linspace(0.8, 1.3, 7)[:, None]
    given = building(debt=ANNUITY)
    given = replace(given, costs=(replace(given.costs[0], amounts_eur=costs),))
    found = fee_for(given, Targets(shareholder_irr=0.10), highest_eur=1e7)
    again = indicators(run(replace(given, fee_eur=found.value)))
    np.testing.assert_allclose(again.shareholder_irr, 0.10, atol=1e-6)
    assert (np.diff(found.value) > 0).all()


def test_the_stricter_of_two_targets_decides() -> None:
    given = building(debt=ANNUITY)
    both = fee_for(given, Targets(project_irr=0.07, min_dscr=1.25), highest_eur=1e7)
    again = indicators(run(replace(given, fee_eur=both.value)))
    assert again.project_irr[0] >= 0.07 - 1e-7
    assert again.min_dscr[0] >= 1.25 - 1e-6
    assert min(again.project_irr[0] - 0.07, again.min_dscr[0] - 1.25) == pytest.approx(0, abs=1e-5)


def test_the_grant_found_earns_the_rate_asked() -> None:
    given = building(debt=ANNUITY, fee_eur=8.5e5)
    found = grant_for(given, Targets(project_irr=0.06), highest_eur=5e6)
    grants = np.asarray(given.grants_eur) + np.r_[found.value, np.zeros(21)]
    again = indicators(run(replace(given, grants_eur=grants)))
    assert again.project_irr[0] == pytest.approx(0.06, abs=1e-6)


def test_the_years_found_are_enough_and_one_less_is_not() -> None:
    given = building(debt=ANNUITY, fee_eur=7.5e5)
    targets = Targets(project_irr=0.05)
    found = years_for(given, targets, most=30)
    assert found.value[0] >= 1
    assert years_for(given, targets, most=int(found.value[0]) - 1).is_reached[0] == 0


def test_what_no_figure_restores_is_said_to_be_out_of_reach() -> None:
    found = fee_for(building(debt=ANNUITY), Targets(project_irr=0.2), highest_eur=1e5)
    assert found.is_reached[0] == 0
    assert np.isnan(found.value[0])


def test_the_surface_passes_from_loss_to_gain_where_the_fee_found_is() -> None:
    given = building(debt=ANNUITY, grants_eur=np.zeros(22))
    fee = fee_for(given, Targets(shareholder_irr=0.10), highest_eur=1e7).value[0]
    worth = surface(given, np.array([fee - 1e4, fee + 1e4]), np.array([0.0, 1e6]), rate=0.10)
    assert worth[0, 0] < 0 < worth[1, 0]
    assert worth[0, 1] > worth[0, 0]
