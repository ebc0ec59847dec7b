"""Numbers, dates and hours in Italian words, as the opening of a verbale wants them."""

from __future__ import annotations

from datetime import date, datetime

UNITS = (
    "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci",
    "undici", "dodici", "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto",
    "diciannove",
)  # fmt: skip
TENS = ("", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta")  # fmt: skip
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
    "ottobre", "novembre", "dicembre",
)  # fmt: skip
MANY = 1_000_000
CALLS = {1: "prima", 2: "seconda", 3: "terza"}


def in_words(number: int) -> str:
    """Return a whole number from 0 to 999,999 in words; others as figures."""
    if not 0 <= number < MANY:
        return str(number)
    words = _below_million(number)
    return f"{words[:-3]}tré" if words.endswith("tre") and number > 3 else words


def _below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _below_thousand(rest)
    head = "mille" if thousands == 1 else f"{_below_thousand(thousands)}mila"
    return head + (_below_thousand(rest) if rest else "")


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    head = "" if not hundreds else "cento" if hundreds == 1 else f"{UNITS[hundreds]}cento"
    if rest or not hundreds:
        return head + _below_hundred(rest)
    return head


def _below_hundred(number: int) -> str:
    if number < len(UNITS):
        return UNITS[number]
    tens, unit = divmod(number, 10)
    if not unit:
        return TENS[tens]
    stem = TENS[tens][:-1] if unit in (1, 8) else TENS[tens]
    return stem + UNITS[unit]


def day(on: date) -> str:
    """Return «23 novembre 2026»; the first of a month is «1° dicembre»."""
    number = "1°" if on.day == 1 else str(on.day)
    return f"{number} {MONTHS[on.month - 1]} {on.year}"


def day_in_words(on: date) -> str:
    """Return «L'anno duemilaventisei, il giorno ventitré del mese di novembre»."""
    number = "primo" if on.day == 1 else in_words(on.day)
    return f"L'anno {in_words(on.year)}, il giorno {number} del mese di {MONTHS[on.month - 1]}"


def hour(at: datetime) -> str:
    """Return «21:05»."""
    return f"{at.hour:02d}:{at.minute:02d}"


def hour_in_words(at: datetime) -> str:
    """Return «ore ventuno e minuti cinque»; «ore ventuno» on the hour."""
    minutes = f" e minuti {in_words(at.minute)}" if at.minute else ""
    return f"ore {in_words(at.hour)}{minutes}"


def call(number: int) -> str:
    """Return «prima» for the first call."""
    return CALLS.get(number, f"{number}ª")


def sentence(text: str) -> str:
    """Return a text with a capital letter and a full stop."""
    text = text.strip()
    if not text:
        return text
    closed = text if text.endswith((".", "!", "?", "…", ".»", "!»", "?»")) else f"{text}."
    return closed[0].upper() + closed[1:]


def because(reason: str) -> str:
    """Return a reason as the tail of a sentence: «: lavori in aula», or nothing."""
    reason = reason.strip().rstrip(".")
    return f": {reason}" if reason else ""
