"""What the law and the Comune say of publication, as data with validity and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from arengo.council.engine import reading
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.holidays import day_words
from arengo.council.engine.words import joined

Reading = Literal["start", "end"]
Dated = TypeVar("Dated", "Term", "Allowed", "Duty")


@dataclass(frozen=True, slots=True)
class Term:
    """A number of days that the law fixes, and for when."""

    days: int
    valid_from: date
    article: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Something the law allows, and since when."""

    valid_from: date
    article: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Something the law wants, in words, and since when."""

    valid_from: date
    article: str
    words: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a day was counted so: `is_law` false for a reading or a custom."""

    words: str
    source: str
    is_law: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """From where the term of enforceability is counted."""

    start: Ground
    end: Ground


@dataclass(frozen=True, slots=True)
class Customs:
    """How days are counted, where the law does not say."""

    first_day: Ground
    first_day_counted: Ground
    holidays: Ground
    holidays_move: Ground


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs an attestation."""

    who: str
    source: str
    is_law: bool


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs the referto di pubblicazione and the certificate of enforceability."""

    report: Signature
    enforceability: Signature


@dataclass(frozen=True, slots=True)
class PublicationLaw:
    """What is the same for every Comune; `data/publication.toml`."""

    albo: tuple[Term, ...]
    enforceability: tuple[Term, ...]
    immediate: tuple[Allowed, ...]
    readings: Readings
    customs: Customs
    personal_data: Duty
    health: Duty
    signatures: Signatures

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Return the readings and the customs, each with its source."""
        readings, customs = self.readings, self.customs
        return (
            *(readings.start, readings.end),
            *(customs.first_day, customs.first_day_counted),
            *(customs.holidays, customs.holidays_move),
        )


def read_law(facts: object) -> PublicationLaw:
    """Return the law that a TOML file holds.

    Raises
    ------
    ProfileUnusable
        A key is unknown, missing or of another type.
    """
    return reading.read(PublicationLaw, facts)


@dataclass(frozen=True, slots=True)
class PublicationRules:
    """What a Comune chose, where there is something to choose.

    `counts_first_day`: the day on which publication begins is the first of the fifteen and of the
    ten. `moves_from_holidays`: a term that ends on a Sunday or holiday ends on the next day that is
    none. `local_holidays` are (month, day), such as the patron's. `article` cites the regulation.
    """

    reading: Reading = "start"
    counts_first_day: bool = False
    moves_from_holidays: bool = False
    local_holidays: frozenset[tuple[int, int]] = frozenset()
    article: str = ""


def in_force(terms: Sequence[Dated], day: date) -> Dated:
    """Return what holds on a day.

    Raises
    ------
    RuleBroken
        Nothing of it is known for that day.
    """
    for one in terms:
        if one.valid_from <= day <= (one.valid_until or date.max):
            return one
    raise RuleBroken(
        f"Non sono note le regole di pubblicazione {on_day(day, 'del')}. Controlla il giorno",
        joined([one.article for one in terms]),
    )


def on_day(day: date, word: str = "il") -> str:
    """Return «il 4 dicembre 2026», «dall’8 dicembre 2026», «al 1° gennaio 2027»."""
    written = day_words(day).split(" ", 1)[1]
    if day.day in (8, 11):
        return {"il": "l’", "dal": "dall’", "al": "all’", "del": "dell’"}[word] + written
    return f"{word} {written}"
