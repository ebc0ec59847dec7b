"""From the need of money to the last instalment, period after period. Arrays are (scenarios,).

Everything goes forward: interest is on the opening balance, so that nothing is circular and a
spreadsheet can hold the same formulas. Of a sculpted debt the share borrowed is then looked for
until the last instalment leaves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arengo.territory.engine.flows import Floats, per_period
from arengo.territory.engine.pef.assumptions import Assumptions, Debt, Scheme, across
from arengo.territory.engine.pef.operating import Operating, change
from arengo.territory.engine.pef.tax import Carried, unlevered, year_tax
from arengo.territory.engine.roots import root

SMALLEST = 1e-9
CENT = 1e-3  # of euro: when the last balance is nothing


@dataclass(slots=True)
class Lending:
    """Lines by period, (periods, scenarios); the share borrowed and the ratio sculpted on, by scenario."""

    gearing: Floats
    ratio: Floats
    drawn: Floats
    fees: Floats
    equity: Floats
    interest: Floats
    principal: Floats
    debt: Floats
    amortisation: Floats
    ires: Floats
    irap: Floats
    unlevered_tax: Floats
    cfads: Floats
    left: Floats

    @property
    def service(self) -> Floats:
        """Return interest and principal; what is borrowed while building bears its own interest."""
        return self.interest + self.principal


def lending(given: Assumptions, lines: Operating) -> Lending:
    """Return the debt of a plan, its taxes and the cash available to it.

    A sculpted debt is what the target ratio bears; where the highest share is less than that, it
    is borrowed and the ratio rises until the debt lasts its whole tenor.
    """
    debt = given.debt
    count = _scenarios(given, lines)
    highest = _row(across(debt.gearing), count)
    target = _row(across(debt.target_dscr), count)
    if debt.scheme is not Scheme.SCULPTED:
        return _forward(given, lines, highest, target)

    def left_of(share: Floats) -> Floats:
        return _forward(given, lines, share, target).left

    def left_at(borne: Floats) -> Floats:
        return _forward(given, lines, highest, 1.0 / np.maximum(borne, SMALLEST)).left

    at_highest = left_of(highest)
    share = root(left_of, np.zeros(count), highest, tolerance=CENT, at_high=at_highest)
    is_capped = (at_highest <= CENT) & (highest > 0)
    ratio = target
    if is_capped.any():
        # From bearing all that the target asks, which leaves nothing, to bearing no debt at all.
        borne = -root(lambda one: left_at(-one), -1.0 / target, np.zeros(count), tolerance=CENT)
        ratio = np.where(is_capped, 1.0 / np.maximum(borne, SMALLEST), target)
    return _forward(given, lines, share, ratio, is_exact=True)


def _scenarios(given: Assumptions, lines: Operating) -> int:
    debt = given.debt
    arrays = [getattr(lines, name) for name in lines.__slots__]
    figures = (debt.gearing, debt.rate, debt.target_dscr, debt.fee_rate, debt.reserve_share)
    counts = [int(one.shape[1]) for one in (*arrays, *(across(figure) for figure in figures))]
    return max(counts)


def _row(figure: Floats, count: int) -> Floats:
    return np.broadcast_to(figure[0], (count,)).astype(np.float64)


def _forward(
    given: Assumptions, lines: Operating, gearing: Floats, ratio: Floats, *, is_exact: bool = False
) -> Lending:
    """Go through the periods; `is_exact` stops a sculpted debt at nothing instead of beyond it."""
    horizon, debt, law = given.horizon, given.debt, given.taxes
    periods, count, per_year = horizon.periods, len(gearing), horizon.per_year
    rate = _row(per_period(across(debt.rate), per_year), count)
    fee_rate = _row(across(debt.fee_rate), count)
    ebitda = lines.ebitda
    moved = change(lines.receivables - lines.payables) + change(lines.vat_credit) + lines.lifecycle
    made = {
        name: np.zeros((periods, count))
        for name in Lending.__slots__
        if name not in {"gearing", "ratio", "left"}
    }
    carried = Carried(np.zeros(count), np.zeros(count), np.zeros(count))
    balance, cash, cost, begun = (np.zeros(count) for _ in range(4))
    year_ebit, year_gross, year_interest, year_labour = (np.zeros(count) for _ in range(4))
    for t in range(periods):
        interest = rate * balance
        is_building = t < horizon.construction
        amortised = np.zeros(count) if is_building else cost / horizon.operation
        year_ebit = year_ebit + ebitda[t] - amortised - lines.lifecycle_amortisation[t]
        year_gross, year_labour = year_gross + ebitda[t], year_labour + lines.labour[t]
        year_interest = year_interest + (0.0 if is_building else interest)
        taxes = np.zeros(count)
        if t % per_year == per_year - 1:
            paid = year_tax(
                law,
                carried,
                year=t // per_year,
                ebit=year_ebit,
                gross=year_gross,
                interest=year_interest,
                labour=year_labour,
            )
            made["unlevered_tax"][t] = unlevered(law, ebit=year_ebit, labour=year_labour)
            made["ires"][t], made["irap"][t] = paid.ires, paid.irap
            taxes = paid.ires + paid.irap
            year_ebit, year_gross, year_interest, year_labour = (np.zeros(count) for _ in range(4))
        available = ebitda[t] - moved[t] - taxes
        made["cfads"][t] = available
        made["interest"][t], made["amortisation"][t] = interest, amortised
        if is_building:
            need = lines.works[t] + interest - lines.grants[t] - available
            short = np.maximum(need - cash, 0.0)
            drawn = gearing * short / (1.0 - gearing * fee_rate)
            fees = fee_rate * drawn
            made["drawn"][t], made["fees"][t] = drawn, fees
            made["equity"][t] = short + fees - drawn
            cash = np.maximum(cash - need, 0.0)
            cost = cost + lines.works[t] + interest + fees - lines.grants[t]
            balance = balance + drawn
        else:
            k = t - horizon.construction
            if k == debt.grace:
                begun = balance
            repaid = _repaid(debt, k, rate, begun, balance, available / ratio - interest)
            if is_exact and k < debt.tenor:
                repaid = np.minimum(repaid, balance)
            made["principal"][t] = repaid
            balance = balance - repaid
        made["debt"][t] = balance
    left = balance
    return Lending(gearing=gearing, ratio=ratio, left=left, **made)


def _repaid(
    debt: Debt, k: int, rate: Floats, begun: Floats, balance: Floats, borne: Floats
) -> Floats:
    """Return what is repaid in the `k`-th period of operation; `borne` is what sculpting allows."""
    if k < debt.grace or k >= debt.tenor:
        return np.zeros_like(balance)
    count = debt.tenor - debt.grace
    if k == debt.tenor - 1 and debt.scheme is not Scheme.SCULPTED:
        return balance
    match debt.scheme:
        case Scheme.SCULPTED:
            return np.maximum(borne, 0.0)
        case Scheme.LINEAR:
            return begun / count
        case Scheme.BULLET:
            return np.zeros_like(balance)
        case Scheme.ANNUITY:
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.where(rate > 0, rate / ((1.0 + rate) ** count - 1.0), 1.0 / count)
            return begun * share * (1.0 + rate) ** (k - debt.grace)
