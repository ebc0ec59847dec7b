"""The register of delibere: one number after the other, year by year, without holes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from arengo.council.engine.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Registered:
    """A line of the register: the act it belongs to, its year and number, the act's day.

    A line is never taken away: an act that is annulled keeps its number.
    """

    act: str
    year: int
    number: int
    adopted_date: date

    @property
    def written(self) -> str:
        """Return «12/2026»."""
        return f"{self.number}/{self.year}"


def register(lines: Iterable[Registered], *, act: str, adopted_date: date) -> Registered:
    """Return the line of an act: the one it has, or the next of its year.

    Whoever writes it needs the register as it stands (a lock), or a unique (Comune, year, number)
    and to ask again when refused: both leave no hole, because a number is only ever one more than
    the last written.

    Raises
    ------
    RuleBroken
        The register has a hole or a number twice: it is corrected before it goes on.
    """
    kept = list(lines)
    for line in kept:
        if line.act == act:
            return line
    same_year = [line for line in kept if line.year == adopted_date.year]
    if faults := register_faults(same_year):
        raise RuleBroken(
            f"Il registro delle delibere del {adopted_date.year} va corretto: {faults[0]}",
            "numerazione progressiva annuale, da verificare nel regolamento",
        )
    return Registered(act, adopted_date.year, len(same_year) + 1, adopted_date)


def register_faults(lines: Iterable[Registered]) -> tuple[str, ...]:
    """Return what is wrong with a register, year by year: numbers missing, twice or of no act."""
    years: dict[int, list[Registered]] = {}
    for line in lines:
        years.setdefault(line.year, []).append(line)
    return tuple(fault for year in sorted(years) for fault in _year_faults(year, years[year]))


def _year_faults(year: int, lines: Sequence[Registered]) -> list[str]:
    numbers = [line.number for line in lines]
    faults = [
        f"manca il numero {number}/{year}"
        for number in range(1, max(numbers) + 1)
        if number not in set(numbers)
    ]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    faults += [f"il numero {number}/{year} è usato due volte" for number in twice]
    faults += [f"il numero {one}/{year} non esiste" for one in sorted(set(numbers)) if one < 1]
    acts = [line.act for line in lines]
    faults += [f"«{act}» ha due numeri" for act in sorted({a for a in acts if acts.count(a) > 1})]
    return faults
