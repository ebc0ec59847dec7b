"""What a concession earns and spends before taxes and lenders. Arrays are (periods, scenarios)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from arengo.territory.engine.flows import Floats
from arengo.territory.engine.pef.assumptions import Assumptions, Item, across, along


@dataclass(frozen=True, slots=True)
class Operating:
    """Lines by period; where nothing differs between scenarios there is one column."""

    works: Floats
    grants: Floats
    fee: Floats
    tariffs: Floats
    costs: Floats
    lifecycle: Floats
    lifecycle_amortisation: Floats
    receivables: Floats
    payables: Floats
    vat_credit: Floats
    labour: Floats

    @property
    def revenues(self) -> Floats:
        """Return fee and tariffs."""
        return self.fee + self.tariffs

    @property
    def ebitda(self) -> Floats:
        """Return revenues less costs."""
        return self.fee + self.tariffs - self.costs


def operating(given: Assumptions) -> Operating:
    """Return the lines before taxes and lenders."""
    horizon = given.horizon
    periods = horizon.periods
    t = np.arange(periods, dtype=np.float64)[:, None]
    index = (1.0 + across(given.inflation)) ** (t / horizon.per_year)
    runs = t >= horizon.construction
    deducted = along(given.deductions, periods, "detrazioni")
    fee = across(given.fee_eur) / horizon.per_year * index * (1.0 - deducted) * runs
    sold = [
        across(one.price_eur) * along(one.volumes, periods, one.name) * index
        for one in given.tariffs
    ]
    costs, lifecycle = _total(given.costs, index), _total(given.lifecycle, index)
    tariffs = _sum(sold, periods)
    vat = _vat(given, index, sold)
    return Operating(
        works=_total(given.works, index),
        grants=along(given.grants_eur, periods, "contributi"),
        fee=fee,
        tariffs=tariffs,
        costs=costs,
        lifecycle=lifecycle,
        lifecycle_amortisation=np.cumsum(lifecycle / (periods - t), axis=0),
        receivables=_on_credit(
            fee + tariffs, across(given.terms.days_receivable), horizon.per_year
        ),
        payables=_on_credit(costs, across(given.terms.days_payable), horizon.per_year),
        vat_credit=_credit(vat, given.terms.vat_lag),
        labour=along(given.labour_eur, periods, "costo del personale"),
    )


def change(stock: Floats) -> Floats:
    """Return how much a stock grows in each period; before the first it is nothing."""
    return np.diff(stock, axis=0, prepend=np.zeros((1, stock.shape[1])))


def _total(items: Iterable[Item], index: Floats) -> Floats:
    return _sum([_amounts(item, index) for item in items], len(index))


def _amounts(item: Item, index: Floats) -> Floats:
    amounts = along(item.amounts_eur, len(index), item.name)
    return amounts * index if item.is_indexed else amounts


def _sum(lines: list[Floats], periods: int) -> Floats:
    total = np.zeros((periods, 1))
    for line in lines:
        total = total + line
    return total


def _on_credit(line: Floats, days: Floats, per_year: int) -> Floats:
    """Return what of a line is not yet paid at each period's end; at the very end all is."""
    owed = line * days * per_year / 365.0
    owed[-1] = 0.0
    return owed


def _vat(given: Assumptions, index: Floats, sold: list[Floats]) -> Floats:
    """Return VAT paid less VAT collected in each period."""
    spent = [
        _amounts(item, index) * across(item.vat_rate)
        for item in (*given.works, *given.costs, *given.lifecycle)
    ]
    collected = [line * across(one.vat_rate) for line, one in zip(sold, given.tariffs, strict=True)]
    return _sum(spent, len(index)) - _sum(collected, len(index))


def _credit(net: Floats, lag: int) -> Floats:
    """Return the credit at each period's end when each net amount is settled `lag` periods later."""
    periods = len(net)
    total = np.cumsum(net, axis=0)
    settled = np.zeros_like(total)
    if lag < periods:
        settled[lag:] = total[: periods - lag]
    credit = total - settled
    credit[-1] = 0.0
    return credit
