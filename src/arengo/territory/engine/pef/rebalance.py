"""What restores the balance of a concession: the fee, the grant or the years that bring it back.

Each scenario is solved for itself, all at once; the loan follows its own scheme anew.

References
----------
D.Lgs. 36/2023 art. 177 c. 5 (economic convenience and financial sustainability) and art. 192
(revision of the plan); [da verificare] on the text in force.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from arengo.territory.engine.flows import Floats, npv, per_period
from arengo.territory.engine.pef.assumptions import Assumptions, Item, Profile, Tariff
from arengo.territory.engine.pef.indicators import OWED
from arengo.territory.engine.pef.plan import Plan, run
from arengo.territory.engine.roots import root

EURO = 0.5  # of present value: near enough
RATIO = 1e-7


@dataclass(frozen=True, slots=True)
class Targets:
    """What must hold again: yearly rates and a ratio; `None` is not asked for."""

    project_irr: float | None = None
    shareholder_irr: float | None = None
    min_dscr: float | None = None


@dataclass(frozen=True, slots=True)
class Rebalanced:
    """The figure that restores the targets in each scenario, NaN where none within bounds does."""

    value: Floats

    @property
    def is_reached(self) -> Floats:
        """Return 1 where the targets are restored, 0 where they cannot be."""
        return (~np.isnan(self.value)).astype(np.float64)


def fee_for(given: Assumptions, targets: Targets, *, highest_eur: float) -> Rebalanced:
    """Return the yearly fee, at today's prices, that restores the targets.

    Parameters
    ----------
    highest_eur
        The most that may be paid in a year.
    """
    return _solve(given, targets, highest_eur, lambda one: replace(given, fee_eur=one))


def grant_for(given: Assumptions, targets: Targets, *, highest_eur: float) -> Rebalanced:
    """Return the sum that, paid in the first period, restores the targets; more than what is given."""

    def granted(one: Floats) -> Assumptions:
        table = np.atleast_2d(np.asarray(given.grants_eur, dtype=np.float64))
        periods = given.horizon.periods
        rows = np.broadcast_to(table, (len(one), periods)).copy()
        rows[:, 0] += one
        return replace(given, grants_eur=rows)

    return _solve(given, targets, highest_eur, granted)


def years_for(given: Assumptions, targets: Targets, *, most: int) -> Rebalanced:
    """Return the fewest years of operation to add; costs, volumes and deductions stay as the last.

    Parameters
    ----------
    most
        How many years may be added; `is_reached` is 0 where they are not enough.
    """
    found: Floats | None = None
    for years in range(most + 1):
        plan = run(_longer(given, years * given.horizon.per_year))
        reached = _shortfall(plan, targets) >= 0
        if found is None:
            found = np.full(plan.scenarios, np.nan)
        found = np.where(np.isnan(found) & reached, float(years), found)
        if not np.isnan(found).any():
            break
    assert found is not None
    return Rebalanced(found)


def _solve(
    given: Assumptions,
    targets: Targets,
    highest: float,
    changed: Callable[[Floats], Assumptions],
) -> Rebalanced:
    count = run(given).scenarios
    low, high = np.zeros(count), np.full(count, float(highest))
    best = low
    reached = np.ones(count, dtype=np.bool_)
    for short, tolerance in _measures(given, targets):

        def measure(one: Floats, short: Measure = short) -> Floats:
            return short(run(changed(one)))

        at_high = measure(high)
        best = np.maximum(best, root(measure, low, high, tolerance=tolerance, at_high=at_high))
        reached &= at_high >= -tolerance
    return Rebalanced(np.where(reached, best, np.nan))


Measure = Callable[[Plan], Floats]


def _measures(given: Assumptions, targets: Targets) -> list[tuple[Measure, float]]:
    """Return, for each target, how much a plan is over it, and what is near enough."""
    per_year = given.horizon.per_year
    found: list[tuple[Measure, float]] = []
    if targets.project_irr is not None:
        found.append((_worth("fcfo", targets.project_irr, per_year), EURO))
    if targets.shareholder_irr is not None:
        found.append((_worth("shareholder", targets.shareholder_irr, per_year), EURO))
    if targets.min_dscr is not None:
        wanted = targets.min_dscr
        found.append((lambda plan: _least_ratio(plan) - wanted, RATIO))
    return found


def _worth(line: str, rate: float, per_year: int) -> Measure:
    """Return the present value at the rate asked: nothing means that the rate is earned."""
    factor = float(per_period(rate, per_year))
    return lambda plan: npv(factor, plan.line(line))


def _least_ratio(plan: Plan) -> Floats:
    service = plan.columns["service"]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(service > OWED, plan.columns["cfads"] / service, np.inf)
    return np.asarray(np.minimum(ratios.min(axis=0), 1e6))


def _shortfall(plan: Plan, targets: Targets) -> Floats:
    """Return the worst of what is over the targets, each in its own measure with its tolerance."""
    overs = [short(plan) + tolerance for short, tolerance in _measures(plan.given, targets)]
    return np.minimum.reduce(overs) if overs else np.zeros(plan.scenarios)


def _longer(given: Assumptions, periods: int) -> Assumptions:
    """Return the same concession with more periods, each as the one a year before."""
    if not periods:
        return given
    horizon = given.horizon

    def extended(profile: Profile) -> Profile:
        values = np.asarray(profile, dtype=np.float64)
        if values.ndim == 0:
            return profile
        per_year = horizon.per_year
        tail = [values[..., -per_year + k % per_year] for k in range(periods)]
        return np.concatenate([values, np.stack(tail, axis=-1)], axis=-1)

    def none_more(profile: Profile) -> Profile:
        values = np.asarray(profile, dtype=np.float64)
        more = np.zeros((*values.shape[:-1], periods))
        return profile if values.ndim == 0 else np.concatenate([values, more], axis=-1)

    def item(one: Item, how: Callable[[Profile], Profile]) -> Item:
        return replace(one, amounts_eur=how(one.amounts_eur))

    def tariff(one: Tariff) -> Tariff:
        return replace(one, volumes=extended(one.volumes))

    return replace(
        given,
        horizon=replace(horizon, operation=horizon.operation + periods),
        works=tuple(item(one, none_more) for one in given.works),
        lifecycle=tuple(item(one, none_more) for one in given.lifecycle),
        costs=tuple(item(one, extended) for one in given.costs),
        tariffs=tuple(tariff(one) for one in given.tariffs),
        grants_eur=none_more(given.grants_eur),
        deductions=extended(given.deductions),
        labour_eur=extended(given.labour_eur),
    )


def surface(given: Assumptions, fees_eur: Floats, grants_eur: Floats, *, rate: float) -> Floats:
    """Return the shareholders' present value over a grid of fees and first-period grants.

    Shape (fees, grants), in euro; where it is nothing the concession breaks even at `rate`.
    """
    fees, grants = np.meshgrid(fees_eur, grants_eur, indexing="ij")
    base = np.atleast_2d(np.asarray(given.grants_eur, dtype=np.float64))
    rows = np.broadcast_to(base[:1], (fees.size, given.horizon.periods)).copy()
    rows[:, 0] += grants.ravel()
    plan = run(replace(given, fee_eur=fees.ravel(), grants_eur=rows))
    factor = float(per_period(rate, given.horizon.per_year))
    return npv(factor, plan.line("shareholder")).reshape(fees.shape)
