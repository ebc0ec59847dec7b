"""The economic and financial plan (PEF) of a concession, all its scenarios at once.

>>> from arengo.territory.engine.pef import run
"""

from arengo.territory.engine.pef.assumptions import (
    Assumptions,
    Capital,
    Debt,
    Horizon,
    Item,
    Scheme,
    Tariff,
    TaxLaw,
    Terms,
)
from arengo.territory.engine.pef.indicators import Indicators, indicators
from arengo.territory.engine.pef.plan import Plan, run

__all__ = [
    "Assumptions",
    "Capital",
    "Debt",
    "Horizon",
    "Indicators",
    "Item",
    "Plan",
    "Scheme",
    "Tariff",
    "TaxLaw",
    "Terms",
    "indicators",
    "run",
]
