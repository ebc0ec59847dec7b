"""What a plan rests on. A figure is one number or one for each scenario; a profile runs over periods.

Shapes: a figure is a number or (scenarios,); a profile is (periods,) or (scenarios, periods).
Money is in euro, rates are shares of one and yearly unless said, periods are years or half-years.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from arengo.territory.engine.errors import FigureRefused
from arengo.territory.engine.flows import Floats

Figure = float | Floats
Profile = npt.ArrayLike


@dataclass(frozen=True, slots=True)
class Horizon:
    """The periods of a concession: first those in which it is built, then those in which it runs."""

    first_year: int
    construction: int
    operation: int
    per_year: Literal[1, 2] = 1

    @property
    def periods(self) -> int:
        """Return how many there are."""
        return self.construction + self.operation

    @property
    def labels(self) -> tuple[str, ...]:
        """Return «2027», or «2027 I» and «2027 II»."""
        halves = ("",) if self.per_year == 1 else (" I", " II")
        return tuple(
            f"{self.first_year + t // self.per_year}{halves[t % self.per_year]}"
            for t in range(self.periods)
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A line of cost by period, at today's prices; indexed ones follow inflation."""

    name: str
    amounts_eur: Profile
    vat_rate: Figure = 0.0
    is_indexed: bool = True


@dataclass(frozen=True, slots=True)
class Tariff:
    """What users pay: a price at today's prices times a volume by period; VAT is on top."""

    name: str
    price_eur: Figure
    volumes: Profile
    vat_rate: Figure = 0.0


@dataclass(frozen=True, slots=True)
class TaxLaw:
    """Rates and limits of the taxes on a company, as in force; they come as dated data.

    `free_years`: losses of that many first years are used in full; of the others, up to
    `loss_share` of the income (D.P.R. 917/1986 art. 84). Interest is deducted up to `rol_share`
    of the gross operating result, the rest is carried forward (art. 96; what is left of the limit
    is not carried, which is prudent). `reserve_share` of profits until `reserve_cap` of the capital
    may not be distributed (Codice civile art. 2430).
    """

    ires_rate: float
    irap_rate: float
    loss_share: float
    free_years: int
    rol_share: float
    reserve_share: float
    reserve_cap: float


class Scheme(StrEnum):
    """How a debt is repaid."""

    SCULPTED = "sculpted"
    ANNUITY = "annuity"
    LINEAR = "linear"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Debt:
    """A loan drawn while it is built and repaid after.

    `gearing` is the share of the need that is borrowed; of a sculpted debt the highest share, and
    the debt is what `target_dscr` bears. `tenor` counts periods from the first of operation, the
    first `grace` of which repay nothing. `fee_rate` is paid on what is drawn; the reserve holds
    `reserve_share` of the next period's service, filled from the cash before dividends.
    """

    gearing: Figure
    rate: Figure
    tenor: int
    scheme: Scheme = Scheme.SCULPTED
    target_dscr: Figure = 1.3
    grace: int = 0
    fee_rate: Figure = 0.0
    reserve_share: Figure = 0.0


@dataclass(frozen=True, slots=True)
class Terms:
    """When money moves: days of credit given and taken, periods until VAT is refunded."""

    days_receivable: Figure = 0.0
    days_payable: Figure = 0.0
    vat_lag: int = 1


@dataclass(frozen=True, slots=True)
class Capital:
    """What those who put money in ask, a year: shareholders `ke`, and `wacc` for all together."""

    ke: Figure
    wacc: Figure


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All that a plan rests on.

    `fee_eur` is the availability fee of a year at today's prices, `deductions` the share of it
    that is not paid; on it the administration pays VAT to the State by itself (scissione dei
    pagamenti, D.P.R. 633/1972 art. 17-ter). `labour_eur` is what IRAP does not let deduct.
    """

    horizon: Horizon
    works: tuple[Item, ...]
    taxes: TaxLaw
    debt: Debt
    capital: Capital
    grants_eur: Profile = 0.0
    fee_eur: Figure = 0.0
    deductions: Profile = 0.0
    tariffs: tuple[Tariff, ...] = ()
    costs: tuple[Item, ...] = ()
    lifecycle: tuple[Item, ...] = ()
    labour_eur: Profile = 0.0
    inflation: Figure = 0.0
    terms: Terms = field(default_factory=Terms)


def across(figure: Figure) -> Floats:
    """Return a figure as (1, scenarios)."""
    return np.asarray(figure, dtype=np.float64).reshape(1, -1)


def along(profile: Profile, periods: int, where: str) -> Floats:
    """Return a profile as (periods, scenarios); one number is the same in every period.

    Raises
    ------
    FigureRefused
        It has another number of periods.
    """
    values = np.asarray(profile, dtype=np.float64)
    if values.ndim == 0:
        return np.full((periods, 1), float(values))
    if values.shape[-1] != periods or values.ndim > 2:
        raise FigureRefused(where, f"servono {periods} valori, uno per periodo")
    return values.reshape(-1, periods).T


def check(given: Assumptions) -> None:
    """Refuse what cannot be reckoned with, by the name of the line.

    Raises
    ------
    FigureRefused
        A figure is missing, or a length, a rate or a term is out of its bounds.
    """
    horizon, debt = given.horizon, given.debt
    _need(horizon.construction >= 1, "durata", "serve almeno un periodo di costruzione")
    _need(horizon.operation >= 1, "durata", "serve almeno un periodo di gestione")
    _need(horizon.per_year in {1, 2}, "periodi", "il piano è annuale o semestrale")
    _need(
        horizon.periods % horizon.per_year == 0 and horizon.construction % horizon.per_year == 0,
        "durata",
        "costruzione e gestione sono anni interi: le imposte si calcolano per anno",
    )
    _need(0 <= debt.grace < debt.tenor <= horizon.operation, "debito", _TENOR)
    _need(given.terms.vat_lag >= 0, "IVA", "il rimborso non può precedere il pagamento")
    for where, figure, low, high in _bounds(given):
        values = np.asarray(figure, dtype=np.float64)
        _need(bool(np.isfinite(values).all()), where, "manca un valore, o non è un numero")
        is_inside = bool(((values >= low) & (values <= high)).all())
        _need(is_inside, where, f"deve stare fra {low:g} e {high:g}")


_TENOR = "la durata del debito sta entro la gestione, e il preammortamento entro la sua durata"
_ANY = (-1e15, 1e15)


def _bounds(given: Assumptions) -> Iterator[tuple[str, Profile, float, float]]:
    debt, terms = given.debt, given.terms
    yield "leva", debt.gearing, 0.0, 0.999
    yield "tasso del debito", debt.rate, 0.0, 1.0
    yield "DSCR obiettivo", debt.target_dscr, 1.0, 100.0
    yield "commissione", debt.fee_rate, 0.0, 0.5
    yield "riserva", debt.reserve_share, 0.0, 10.0
    yield "costo del capitale proprio", given.capital.ke, -0.5, 1.0
    yield "WACC", given.capital.wacc, -0.5, 1.0
    yield "inflazione", given.inflation, -0.5, 1.0
    yield "giorni di incasso", terms.days_receivable, 0.0, 365.0 / given.horizon.per_year
    yield "giorni di pagamento", terms.days_payable, 0.0, 365.0 / given.horizon.per_year
    yield "canone", given.fee_eur, 0.0, 1e15
    yield "detrazioni", given.deductions, 0.0, 1.0
    yield "contributi", given.grants_eur, 0.0, 1e15
    yield "costo del personale", given.labour_eur, 0.0, 1e15
    for item in (*given.works, *given.costs, *given.lifecycle):
        yield item.name, item.amounts_eur, *_ANY
        yield f"{item.name}, IVA", item.vat_rate, 0.0, 1.0
    for tariff in given.tariffs:
        yield tariff.name, tariff.price_eur, 0.0, 1e15
        yield f"{tariff.name}, volumi", tariff.volumes, 0.0, 1e15
        yield f"{tariff.name}, IVA", tariff.vat_rate, 0.0, 1.0


def _need(is_so: bool, where: str, why: str) -> None:
    if not is_so:
        raise FigureRefused(where, why)
