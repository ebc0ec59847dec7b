"""The figures by which a plan is judged. Arrays are (scenarios,) unless said.

References
----------
Definitions of DSCR, LLCR and PLCR as in project finance practice: the debt outstanding at the
start of a period is compared with the cash from that period on, discounted at the debt's rate, so
that a debt sculpted on one ratio has that ratio as its LLCR too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arengo.territory.engine.flows import (
    Floats,
    irr_by_period,
    npv,
    payback,
    per_annum,
    per_period,
)
from arengo.territory.engine.pef.assumptions import Figure, across
from arengo.territory.engine.pef.plan import Plan

OWED = 0.01  # euro: less is no debt


@dataclass(frozen=True, slots=True)
class Indicators:
    """Rates are yearly, NaN where there is not one rate; present values in euro.

    `dscr` is (scenarios, periods), NaN where nothing is due; `payback_years` NaN where never.
    """

    project_npv: Floats
    project_irr: Floats
    shareholder_npv: Floats
    shareholder_irr: Floats
    dscr: Floats
    min_dscr: Floats
    average_dscr: Floats
    llcr: Floats
    plcr: Floats
    payback_years: Floats
    debt_eur: Floats


def indicators(plan: Plan) -> Indicators:
    """Return the indicators of every scenario."""
    horizon, capital = plan.given.horizon, plan.given.capital
    columns, per_year = plan.columns, horizon.per_year
    fcfo, shareholder = columns["fcfo"], columns["shareholder"]
    wacc, ke = (per_period(across(rate)[0], per_year) for rate in (capital.wacc, capital.ke))
    dscr = _dscr(columns["cfads"], columns["service"])
    debt = columns["debt"][horizon.construction - 1]
    llcr, plcr = _life_ratios(plan, debt)
    return Indicators(
        project_npv=npv(wacc, fcfo.T),
        project_irr=per_annum(irr_by_period(fcfo), per_year),
        shareholder_npv=npv(ke, shareholder.T),
        shareholder_irr=per_annum(irr_by_period(shareholder), per_year),
        dscr=dscr.T,
        min_dscr=np.asarray(np.fmin.reduce(dscr, axis=0)),
        average_dscr=_average(dscr),
        llcr=llcr,
        plcr=plcr,
        payback_years=payback(fcfo.T) / per_year,
        debt_eur=np.asarray(debt),
    )


def wacc(*, ke: Figure, kd: Figure, gearing: Figure, tax_rate: Figure) -> Floats:
    """Return the weighted cost of capital: own money at `ke`, debt at `kd` less the tax it saves.

    Examples
    --------
    >>> round(float(wacc(ke=0.10, kd=0.05, gearing=0.7, tax_rate=0.24)), 4)
    0.0566
    """
    share = np.asarray(gearing, dtype=np.float64)
    return np.asarray((1.0 - share) * ke + share * np.asarray(kd) * (1.0 - np.asarray(tax_rate)))


def _dscr(cfads: Floats, service: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(service > OWED, cfads / service, np.nan)


def _average(values: Floats) -> Floats:
    count = np.count_nonzero(~np.isnan(values), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count > 0, np.nansum(values, axis=0) / count, np.nan)


def _life_ratios(plan: Plan, debt: Floats) -> tuple[Floats, Floats]:
    """Return LLCR and PLCR at the start of operation."""
    horizon, lent = plan.given.horizon, plan.given.debt
    rate = per_period(across(lent.rate)[0], horizon.per_year)
    cash = plan.columns["cfads"][horizon.construction :]
    factors = (1.0 + rate) ** -(np.arange(horizon.operation, dtype=np.float64)[:, None] + 1.0)
    values = cash * factors
    with np.errstate(divide="ignore", invalid="ignore"):
        loan = np.where(debt > OWED, values[: lent.tenor].sum(axis=0) / debt, np.nan)
        project = np.where(debt > OWED, values.sum(axis=0) / debt, np.nan)
    return loan, project
