"""The whole plan: every line by period, the balance sheet among them, and what it must hold to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from arengo.territory.engine.flows import Floats
from arengo.territory.engine.pef.assumptions import Assumptions, across, check
from arengo.territory.engine.pef.lending import Lending, lending
from arengo.territory.engine.pef.operating import Operating, change, operating


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan worked out: `columns` are its lines, (periods, scenarios), by name.

    `gearing` is the share of the need borrowed, `ratio` the DSCR sculpted on, (scenarios,).
    """

    given: Assumptions
    columns: Mapping[str, Floats]
    gearing: Floats
    ratio: Floats

    @property
    def scenarios(self) -> int:
        """Return how many there are."""
        return len(self.gearing)

    def line(self, name: str) -> Floats:
        """Return a line as (scenarios, periods), in euro."""
        return self.columns[name].T


def run(given: Assumptions) -> Plan:
    """Work out the plan of all scenarios at once.

    Raises
    ------
    FigureRefused
        An assumption cannot be reckoned with.
    """
    check(given)
    lines = operating(given)
    lent = lending(given, lines)
    columns = _columns(lines, lent, given.horizon.construction)
    columns |= _shareholders(given, columns)
    columns |= _balance(columns)
    count = len(lent.gearing)
    wide = {name: np.broadcast_to(one, (len(one), count)) for name, one in columns.items()}
    return Plan(given, wide, lent.gearing, lent.ratio)


def _columns(lines: Operating, lent: Lending, building: int) -> dict[str, Floats]:
    ebitda = lines.ebitda
    ebit = ebitda - lent.amortisation - lines.lifecycle_amortisation
    expensed = lent.interest.copy()
    expensed[:building] = 0.0
    nwc = change(lines.receivables - lines.payables)
    vat = change(lines.vat_credit)
    taxes = lent.ires + lent.irap
    invested = lines.works - lines.grants
    return {
        "works": lines.works,
        "grants": lines.grants,
        "fee": lines.fee,
        "tariffs": lines.tariffs,
        "revenues": lines.revenues,
        "costs": lines.costs,
        "ebitda": ebitda,
        "amortisation": lent.amortisation + lines.lifecycle_amortisation,
        "ebit": ebit,
        "interest": expensed,
        "capitalised_interest": lent.interest - expensed,
        "ires": lent.ires,
        "irap": lent.irap,
        "net_income": ebit - expensed - taxes,
        "lifecycle": lines.lifecycle,
        "nwc_change": nwc,
        "vat_change": vat,
        "cfads": lent.cfads,
        "drawn": lent.drawn,
        "fees": lent.fees,
        "equity": lent.equity,
        "principal": lent.principal,
        "service": expensed + lent.principal,
        "debt": lent.debt,
        "receivables": lines.receivables,
        "payables": lines.payables,
        "vat_credit": lines.vat_credit,
        "fcfo": ebitda - lent.unlevered_tax - nwc - vat - lines.lifecycle - invested,
        "fcfe": lent.cfads - invested - lent.fees + lent.drawn - lent.service,
    }


def _shareholders(given: Assumptions, lines: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return reserve account, dividends and cash: first the lenders' reserve, then who owns it.

    Dividends come from profits and from cash, whichever is less; the last period gives back all.
    """
    debt, law = given.debt, given.taxes
    cfads, service, equity = lines["cfads"], lines["service"], lines["equity"]
    periods, count = equity.shape
    share = across(debt.reserve_share)[0]
    reserve, dividends, cash = (np.zeros((periods, count)) for _ in range(3))
    held, kept, earned, legal, given_out, paid_in = (np.zeros(count) for _ in range(6))
    for t in range(periods):
        paid_in = paid_in + equity[t]
        profit = lines["net_income"][t]
        earned = earned + profit
        legal = np.minimum(
            legal + law.reserve_share * np.maximum(profit, 0.0), law.reserve_cap * paid_in
        )
        if t < given.horizon.construction:
            uses = lines["works"][t] + lines["capitalised_interest"][t] + lines["fees"][t]
            sources = lines["grants"][t] + lines["drawn"][t] + equity[t]
            kept = kept + cfads[t] + sources - uses
        else:
            free = kept + cfads[t] - service[t]
            if t + 1 < periods:
                wanted = share * service[t + 1]
                next_held = np.clip(held + free, 0.0, wanted)
                free = free + held - next_held
                gains = np.maximum(earned - legal - given_out, 0.0)
                dividends[t] = np.minimum(np.maximum(free, 0.0), gains)
            else:
                next_held = np.zeros(count)
                free = free + held
                dividends[t] = free
            held, kept = next_held, free - dividends[t]
            given_out = given_out + dividends[t]
        reserve[t], cash[t] = held, kept
    shareholder = dividends - equity
    return {"reserve": reserve, "cash": cash, "dividends": dividends, "shareholder": shareholder}


def _balance(lines: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the balance sheet, and by how much it does not balance (always nothing)."""
    bought = lines["works"] + lines["capitalised_interest"] + lines["fees"] - lines["grants"]
    assets = np.cumsum(bought + lines["lifecycle"] - lines["amortisation"], axis=0)
    own = np.cumsum(lines["equity"] + lines["net_income"] - lines["dividends"], axis=0)
    total = assets + lines["receivables"] + lines["vat_credit"] + lines["reserve"] + lines["cash"]
    owed = own + lines["debt"] + lines["payables"]
    return {
        "fixed_assets": assets,
        "own_funds": own,
        "total_assets": total,
        "imbalance": total - owed,
    }
