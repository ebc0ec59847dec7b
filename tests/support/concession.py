"""A concession as a small town would sign it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from arengo.territory.engine.pef import (
    Assumptions,
    Capital,
    Debt,
    Horizon,
    Item,
    Scheme,
    TaxLaw,
    Terms,
)

LAW = TaxLaw(0.24, 0.039, 0.8, 3, 0.3, 0.05, 0.2)


def building(**changes: Any) -> Assumptions:
    """Return a school of 8 million built in two years and run for twenty."""
    horizon = Horizon(2027, 2, 20)
    works = np.zeros(22)
    works[:2] = 4e6
    runs = np.r_[np.zeros(2), np.ones(20)]
    made = Assumptions(
        horizon=horizon,
        works=(Item("lavori", works, 0.10, is_indexed=False),),
        taxes=LAW,
        debt=Debt(0.8, 0.05, 18, Scheme.SCULPTED, 1.3),
        capital=Capital(ke=0.10, wacc=0.06),
        grants_eur=np.r_[1.5e6, np.zeros(21)],
        fee_eur=1.0e6,
        costs=(Item("gestione", 3e5 * runs, 0.22),),
        inflation=0.02,
        terms=Terms(60, 45, 1),
    )
    return replace(made, **changes)
