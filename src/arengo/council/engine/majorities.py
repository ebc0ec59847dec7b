"""Majorities as data: what is counted, over how many, and how it is said in words.

A majority is `simple` (more in favour than against), `absolute` (strictly more than half of the
base), a `fraction` (at least p/q of the base, rounded up) or, for elections, `plurality` (whoever
has most votes). The base is the voters, those present, the councillors assigned by law (the mayor
excluded) or the members (the mayor included).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

Rule = Literal["simple", "absolute", "fraction", "plurality"]
Base = Literal["voters", "present", "assigned", "members"]
Method = Literal["open", "roll_call", "secret"]

FRACTION_WORDS = {
    "1/2": "la metà",
    "1/3": "un terzo",
    "2/3": "due terzi",
    "1/4": "un quarto",
    "3/4": "tre quarti",
    "2/5": "due quinti",
    "3/5": "tre quinti",
    "4/5": "quattro quinti",
}
BASE_WORDS: dict[Base, str] = {
    "voters": "dei votanti",
    "present": "dei presenti",
    "assigned": "dei consiglieri assegnati, Sindaco escluso",
    "members": "dei componenti, Sindaco compreso",
}


@dataclass(frozen=True, slots=True)
class Majority:
    """By how many votes a subject is decided; `fraction` is a text such as "2/3".

    `follows` says in Italian what happens when the majority is missed, `method` how the law or
    the regulation wants the vote to be held.
    """

    rule: Rule
    base: Base
    article: str
    fraction: str = ""
    method: Method = "open"
    follows: str = ""

    @property
    def name(self) -> str:
        """Name the majority in Italian."""
        match self.rule:
            case "simple":
                return "maggioranza semplice"
            case "plurality":
                return "maggioranza relativa"
            case "absolute":
                return f"maggioranza assoluta {BASE_WORDS[self.base]}"
        return f"maggioranza di {fraction_words(self.fraction)} {BASE_WORDS[self.base]}"

    @property
    def by_roll_call(self) -> bool:
        """Tell whether names must be called one by one."""
        return self.method == "roll_call"

    @property
    def is_fixed(self) -> bool:
        """Tell whether the votes needed depend on the council alone, not on who votes."""
        return self.base in ("assigned", "members")


def share(text: str) -> Fraction | None:
    """Return the fraction of a text "p/q" between 0 and 1, or None when it is not one."""
    top, bar, bottom = text.partition("/")
    if not (bar and _is_number(top) and _is_number(bottom)) or int(bottom) == 0:
        return None
    found = Fraction(int(top), int(bottom))
    return found if 0 < found <= 1 else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def fraction_words(text: str) -> str:
    """Say a fraction in Italian."""
    return FRACTION_WORDS.get(text, text)


def more_than_half(count: int) -> int:
    """Return the smallest whole number strictly above half of `count`."""
    return count // 2 + 1


def at_least(fraction: str, count: int) -> int:
    """Return the smallest whole number not below `fraction` of `count`.

    Raises
    ------
    ValueError
        The text is not a fraction between 0 and 1 (`read_profile` refuses those).
    """
    part = share(fraction)
    if part is None:
        raise ValueError(f"not a fraction between 0 and 1: {fraction!r}")
    return ceil(part * count)


def votes_needed(majority: Majority, base: int, against: int = 0) -> int:
    """Return the favourable votes that suffice, out of `base`: at least one, even of nobody."""
    match majority.rule:
        case "simple":
            return against + 1
        case "plurality":
            return 1
        case "absolute":
            return more_than_half(base)
    return max(1, at_least(majority.fraction, base))


def rule_words(majority: Majority) -> str:
    """Say in Italian what the votes needed are: «più della metà dei votanti»."""
    match majority.rule:
        case "simple":
            return "più dei contrari"
        case "plurality":
            return "più voti degli altri"
        case "absolute":
            return f"più della metà {BASE_WORDS[majority.base]}"
    return f"almeno {fraction_words(majority.fraction)} {BASE_WORDS[majority.base]}"
