"""Taxes of a company year by year, with what is carried forward. Arrays are (scenarios,)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arengo.territory.engine.flows import Floats
from arengo.territory.engine.pef.assumptions import TaxLaw


@dataclass(slots=True)
class Carried:
    """What goes on to the next year: losses, losses of the first years, interest not deducted."""

    losses: Floats
    free_losses: Floats
    interest: Floats


@dataclass(frozen=True, slots=True)
class YearTax:
    """The taxes of a year."""

    ires: Floats
    irap: Floats


def year_tax(
    law: TaxLaw,
    carried: Carried,
    *,
    year: int,
    ebit: Floats,
    gross: Floats,
    interest: Floats,
    labour: Floats,
) -> YearTax:
    """Return the taxes of the `year`-th year (from 0) and carry the rest forward in `carried`.

    Losses subject to the limit are used first, those of the first years on what is left.

    References
    ----------
    D.P.R. 917/1986, artt. 77, 84 and 96; D.Lgs. 446/1997, artt. 5 and 16.
    """
    due = interest + carried.interest
    deducted = np.minimum(due, law.rol_share * np.maximum(gross, 0.0))
    carried.interest = due - deducted
    income = ebit - deducted
    gain = np.maximum(income, 0.0)
    loss = gain - income
    used = np.minimum(carried.losses, law.loss_share * gain)
    freely = np.minimum(carried.free_losses, gain - used)
    is_first = year < law.free_years
    carried.losses = carried.losses - used + (0.0 if is_first else loss)
    carried.free_losses = carried.free_losses - freely + (loss if is_first else 0.0)
    irap = law.irap_rate * np.maximum(ebit + labour, 0.0)
    return YearTax(law.ires_rate * (gain - used - freely), irap)


def unlevered(law: TaxLaw, *, ebit: Floats, labour: Floats) -> Floats:
    """Return the taxes that a year would bear without debt: on EBIT, nothing carried forward."""
    on_income = law.ires_rate * np.maximum(ebit, 0.0)
    return on_income + law.irap_rate * np.maximum(ebit + labour, 0.0)
