"""Italian public holidays, as data with source and validity. Sundays are holidays too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio"),
    *("agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday: a day of the year, or `after_easter` days after Easter.

    `first_year` and `last_year` are both included; None for no end.
    """

    name: str
    source: str
    month: int = 0
    day: int = 0
    after_easter: int = 0
    first_year: int = 1949
    last_year: int | None = None


L260 = "l. 260/1949 art. 2"
HOLIDAYS = (
    Holiday("Capodanno", L260, 1, 1),
    Holiday("Epifania", "d.P.R. 792/1985 art. 1", 1, 6, first_year=1986),
    Holiday("lunedì dell’Angelo", L260, after_easter=1),
    Holiday("anniversario della Liberazione", L260, 4, 25),
    Holiday("festa del lavoro", L260, 5, 1),
    Holiday("festa nazionale della Repubblica", "l. 336/2000 art. 1", 6, 2, first_year=2001),
    Holiday("Assunzione", L260, 8, 15),
    Holiday("San Francesco d’Assisi", "l. 151/2025 (da verificare)", 10, 4, first_year=2026),
    Holiday("Ognissanti", L260, 11, 1),
    Holiday("Immacolata Concezione", L260, 12, 8),
    Holiday("Natale", L260, 12, 25),
    Holiday("Santo Stefano", L260, 12, 26),
)


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar.

    References
    ----------
    Meeus, "Astronomical Algorithms", chapter 8 (the anonymous method of 1876).
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holiday_name(day: date, local: frozenset[tuple[int, int]] = frozenset()) -> str:
    """Return why a day is a holiday, "" when it is not.

    `local` are the Comune's own (month, day), such as its patron's.
    """
    found = next((one.name for one in HOLIDAYS if _falls_on(one, day)), "")
    if not found and (day.month, day.day) in local:
        return "festa patronale"
    return found or ("domenica" if day.weekday() == SUNDAY else "")


def _falls_on(holiday: Holiday, day: date) -> bool:
    if not holiday.first_year <= day.year <= (holiday.last_year or day.year):
        return False
    if holiday.after_easter:
        return day == easter(day.year) + timedelta(days=holiday.after_easter)
    return (day.month, day.day) == (holiday.month, holiday.day)


def day_words(day: date) -> str:
    """Return a day as Italians write it: «lunedì 30 novembre 2026», «1° dicembre»."""
    number = "1°" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"
