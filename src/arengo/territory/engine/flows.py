"""Cash flows over equal periods: present value, every internal rate of return, modified rate.

Arrays are scenarios × periods unless said; the first period is not discounted, as a spreadsheet's
`=CF0+NPV(rate, CF1:CFn)`.

References
----------
Descartes' rule of signs; Norstrom (1972), "A sufficient condition for a unique nonnegative
internal rate of return", Journal of Financial and Quantitative Analysis 7(3).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from arengo.territory.engine.errors import FigureRefused

Floats = npt.NDArray[np.float64]
LOWEST, HIGHEST = -0.99, 10.0  # rates looked for, per period
NEWTON_STEPS = 60
TOTALS = 6  # how often running totals are taken before every root is looked for
TOLERANCE = 1e-13


def npv(rate: npt.ArrayLike, flows: npt.ArrayLike) -> Floats:
    """Return the present value of flows at a rate per period.

    Parameters
    ----------
    rate
        Per period, one or one for each scenario; above -1.
    flows
        Shape (periods,) or (scenarios, periods), in euro.

    Examples
    --------
    >>> round(float(npv(0.10, [0, -10000, 3000, 4200, 6800])), 2)
    1188.44
    """
    rates = np.asarray(rate, dtype=np.float64)
    if np.any(rates <= -1):
        raise FigureRefused("tasso", "deve essere maggiore di -100 %")
    rows = np.atleast_2d(np.asarray(flows, dtype=np.float64))
    found = _horner(rows.T, 1.0 / (1.0 + rates))
    return found if np.ndim(flows) > 1 or rates.ndim else found.reshape(())


def irr(flows: npt.ArrayLike, guess: float = 0.08) -> Floats:
    """Return the internal rate of return of each scenario, NaN where there is none or many.

    A rate is given only when it is the one: by Descartes' rule, by Norstrom's criterion (then it
    is the only one that is not negative), or because all roots were looked for and one was found.

    Parameters
    ----------
    flows
        Shape (periods,) or (scenarios, periods), in euro.
    guess
        A rate per period near those expected.

    Examples
    --------
    >>> round(float(irr([-70000, 12000, 15000, 18000, 21000, 26000])), 4)
    0.0866
    >>> bool(np.isnan(irr([-100, 230, -132])))
    True
    """
    rows = np.atleast_2d(np.asarray(flows, dtype=np.float64))
    rates = irr_by_period(rows.T, guess)
    return rates if np.ndim(flows) > 1 else rates.reshape(())


def irr_by_period(columns: Floats, guess: float = 0.08) -> Floats:
    """Return `irr` of flows given as periods × scenarios, as the engines keep them."""
    finite = np.isfinite(columns).all(axis=0)
    changes = _sign_changes(columns)
    is_unique = changes == 1
    doubtful = np.flatnonzero(~is_unique & finite)
    if len(doubtful):
        is_unique[doubtful] = _is_one_by_totals(columns[:, doubtful])
    is_easy = is_unique & finite
    rates = np.full(columns.shape[1], np.nan)
    if is_easy.all():
        rates[:] = _newton(columns, guess)
    elif is_easy.any():
        rates[is_easy] = _newton(np.ascontiguousarray(columns[:, is_easy]), guess)
    for k in np.flatnonzero(finite & ~is_unique & (changes > 0)):
        roots = all_irr(columns[:, k])
        if len(roots) == 1:
            rates[k] = roots[0]
    return rates


def all_irr(flows: npt.ArrayLike) -> tuple[float, ...]:
    """Return every internal rate of return of one series, lowest first; none may be there.

    Examples
    --------
    >>> [round(rate, 6) for rate in all_irr([-100, 230, -132])]
    [0.1, 0.2]
    >>> all_irr([100, 50])
    ()
    """
    row = np.asarray(flows, dtype=np.float64)
    kept = np.flatnonzero(row)
    if len(kept) < 2:
        return ()
    trimmed = row[kept[0] : kept[-1] + 1]
    roots = np.roots(trimmed[::-1] / np.abs(trimmed).max())
    real = roots[np.abs(roots.imag) < 1e-7 * np.maximum(1.0, np.abs(roots))].real
    factors = np.sort(real[real > 0])[::-1]
    rates = [_polished(trimmed, 1.0 / factor - 1.0) for factor in factors]
    found: list[float] = []
    for rate in sorted(rates):
        if not found or rate - found[-1] > 1e-6:
            found.append(rate)
    return tuple(found)


def mirr(flows: npt.ArrayLike, finance_rate: float, reinvest_rate: float) -> Floats:
    """Return the modified rate of return, which is always one: costs at one rate, gains at another.

    Examples
    --------
    >>> flows = [-120000, 39000, 30000, 21000, 37000, 46000]
    >>> round(float(mirr(flows, 0.10, 0.12)), 4)
    0.1261
    """
    rows = np.atleast_2d(np.asarray(flows, dtype=np.float64))
    n = rows.shape[1] - 1
    paid = npv(finance_rate, np.minimum(rows, 0.0))
    gained = npv(reinvest_rate, np.maximum(rows, 0.0)) * (1.0 + reinvest_rate) ** n
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where((paid < 0) & (gained > 0), (gained / -paid) ** (1.0 / n) - 1.0, np.nan)
    return rates if np.ndim(flows) > 1 else rates.reshape(())


def payback(flows: npt.ArrayLike) -> Floats:
    """Return after how many periods the running total stops being negative, NaN where it never does.

    The period in which it happens counts for the part that was needed.

    Examples
    --------
    >>> float(payback([-100, 40, 40, 40]))
    2.5
    """
    rows = np.atleast_2d(np.asarray(flows, dtype=np.float64))
    totals = np.cumsum(rows, axis=1)
    is_short = totals < -1e-9
    last_short = rows.shape[1] - 1 - np.argmax(is_short[:, ::-1], axis=1)
    never = is_short[:, -1]
    k = np.minimum(np.where(is_short.any(axis=1), last_short + 1, 0), rows.shape[1] - 1)
    at = np.arange(rows.shape[0])
    before = np.where(k > 0, totals[at, np.maximum(k - 1, 0)], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(k > 0, -before / rows[at, k], 0.0)
    found = np.where(never, np.nan, np.where(k > 0, k - 1 + share, 0.0))
    return found if np.ndim(flows) > 1 else found.reshape(())


def per_period(annual: Any, per_year: int) -> Any:
    """Return the rate of a period that compounds to an annual one."""
    return (1.0 + np.asarray(annual, dtype=np.float64)) ** (1.0 / per_year) - 1.0


def per_annum(rate: Any, per_year: int) -> Any:
    """Return the annual rate that a period's compounds to."""
    return (1.0 + np.asarray(rate, dtype=np.float64)) ** per_year - 1.0


def _horner(columns: Floats, factor: npt.NDArray[Any]) -> Floats:
    value = np.zeros(np.broadcast_shapes(columns.shape[1:], np.shape(factor)))
    for row in columns[::-1]:
        value = value * factor + row
    return value


def _sign_changes(columns: Floats) -> npt.NDArray[np.int64]:
    """Return how often the sign changes along each column, noughts left out."""
    changes = np.zeros(columns.shape[1], dtype=np.int64)
    last = np.zeros(columns.shape[1])
    for row in columns:
        sign = np.sign(row)
        changes += sign * last < 0
        last = np.where(sign != 0, sign, last)
    return changes


def _is_one_by_totals(columns: Floats) -> npt.NDArray[np.bool_]:
    """Tell of which columns the running totals, or the totals of these, change sign once.

    Dividing a polynomial by (1 - x) keeps its roots between 0 and 1 and makes running totals of
    its coefficients: Descartes' rule then counts the rates above nought. A positive last total
    means that the series, which goes on for ever, changes sign no more.
    """
    is_one = np.zeros(columns.shape[1], dtype=np.bool_)
    is_settled = np.ones(columns.shape[1], dtype=np.bool_)
    totals = columns
    for _ in range(TOTALS):
        totals = np.cumsum(totals, axis=0)
        is_settled &= totals[-1] > 0
        is_one |= is_settled & (_sign_changes(totals) == 1)
    return is_one


def _newton(columns: Floats, guess: float) -> Floats:
    """Return the root of each column: Newton's steps on 1/(1+rate), kept inside a bracket."""
    count = columns.shape[1]
    low = np.full(count, 1.0 / (1.0 + HIGHEST))
    high = np.full(count, 1.0 / (1.0 + LOWEST))
    rising = columns[_first_nonzero(columns), np.arange(count)] < 0
    factor = np.full(count, 1.0 / (1.0 + guess))
    for _ in range(NEWTON_STEPS):
        value, slope = np.zeros(count), np.zeros(count)
        for row in columns[::-1]:
            slope *= factor
            slope += value
            value *= factor
            value += row
        is_right = (value > 0) == rising
        high = np.where(is_right, factor, high)
        low = np.where(is_right, low, factor)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = factor - value / slope
        is_out = ~((step >= low) & (step <= high))
        step[is_out] = 0.5 * (low[is_out] + high[is_out])
        moved = np.abs(step - factor)
        factor = step
        if (moved <= TOLERANCE * factor).all():
            break
    is_edge = (factor <= 1.0 / (1.0 + HIGHEST) * (1 + 1e-9)) | (
        factor >= 1.0 / (1.0 + LOWEST) * (1 - 1e-9)
    )
    return np.where(is_edge, np.nan, 1.0 / factor - 1.0)


def _first_nonzero(columns: Floats) -> npt.NDArray[np.int64]:
    return np.asarray(np.argmax(columns != 0, axis=0), dtype=np.int64)


def _polished(row: Floats, rate: float) -> float:
    """Return a root found roughly, after a few steps of Newton's."""
    factor = 1.0 / (1.0 + rate)
    for _ in range(8):
        value = slope = 0.0
        for one in row[::-1]:
            slope = slope * factor + value
            value = value * factor + one
        if slope == 0.0:
            break
        step = factor - value / slope
        if not step > 0 or abs(step - factor) > 1e-3 * factor:
            break
        factor = step
    return float(1.0 / factor - 1.0)
