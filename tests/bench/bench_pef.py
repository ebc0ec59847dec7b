"""A million scenarios of a thirty-year concession, with both rates of return and the ratios.

    python tests/bench/bench_pef.py [scenarios]

Ten thousand rebalancings are measured too. Figures are processor seconds of this process.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from concession import building
from figures import Figures

from arengo.territory.engine.pef import (
    Assumptions,
    Debt,
    Horizon,
    Item,
    Scheme,
    Tariff,
    indicators,
    run,
)
from arengo.territory.engine.pef.rebalance import Targets, fee_for

CHUNK = 4000


def concession(count: int, seed: int) -> Assumptions:
    """Return a thirty-year concession with costs, volumes, rates and prices drawn at random."""
    draws = np.random.default_rng(seed)
    runs = np.r_[np.zeros(2), np.ones(28)]

    def spread(sigma: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return draws.lognormal(0.0, sigma, count)

    works = np.r_[4e6, 4e6, np.zeros(28)] * spread(0.1)[:, None]
    return replace(
        building(),
        horizon=Horizon(2027, 2, 28),
        works=(Item("lavori", works, 0.10, is_indexed=False),),
        costs=(Item("gestione", 3e5 * runs * spread(0.1)[:, None], 0.22),),
        lifecycle=(Item("rinnovi", np.r_[np.zeros(14), 8e5, np.zeros(15)], 0.22),),
        tariffs=(Tariff("ingressi", 80.0, 1000 * runs * spread(0.15)[:, None], 0.22),),
        grants_eur=np.r_[1.5e6, np.zeros(29)],
        fee_eur=1.0e6 * spread(0.02),
        debt=Debt(0.7, 0.05 * spread(0.1), 22, Scheme.ANNUITY, reserve_share=0.5, fee_rate=0.01),
    )


def main() -> None:
    """Measure and show."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    figures = Figures()
    began = time.process_time()
    without = 0
    for seed in range(total // CHUNK):
        found = indicators(run(concession(CHUNK, seed)))
        without += int(np.isnan(found.project_irr).sum() + np.isnan(found.shareholder_irr).sum())
    spent_s = time.process_time() - began
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    figures.add("pef-million-scenarios", spent_s * 1e6 / total, "CPU s", "<=15")
    figures.add("pef-memory", peak_gb, "GB", "<=2")
    figures.add("pef-rates-not-unique", without / total / 2 * 100, "%", "-")
    given = concession(10_000, 0)
    began = time.process_time()
    fee = fee_for(given, Targets(shareholder_irr=0.10, min_dscr=1.25), highest_eur=1e7)
    figures.add("rebalance-10000", time.process_time() - began, "CPU s", "<=2")
    figures.add("rebalance-restored", float(fee.is_reached.mean()) * 100, "%", "-")
    figures.finish()


if __name__ == "__main__":
    main()
