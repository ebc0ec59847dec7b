"""Word error rate on Italian text, with figures and words counted as the same thing.

Both texts are folded before they are compared: lower case, no punctuation, accents and
apostrophes as letters and spaces, numbers in words. "412.000" and "quattrocentododicimila",
"65%" and "sessantacinque per cento", "74,3" and "settantaquattro virgola tre" are equal; so
are "duecentomila" and "200 mila", because words that make one number are joined first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from arengo.live.engine.words import plain

UNITS = str.split(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici "
    "quindici sedici diciassette diciotto diciannove"
)
TENS = str.split("_ _ venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
NUMBER = re.compile(r"\d{1,3}(?:[.\u202f]\d{3})+(?!\d)|\d{1,3}(?: 000)+(?!\d)|\d+")
APOSTROPHE = re.compile(r"['’`]")
NOT_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Errors:
    """How many words of the reference there are, and how many edits the hypothesis needs."""

    words: int
    edits: int

    @property
    def rate(self) -> float:
        """Return the word error rate, per cent."""
        return 100.0 * self.edits / self.words if self.words else 0.0


def errors(reference: str, hypothesis: str) -> Errors:
    """Return the word errors between two texts, after folding."""
    expected, heard = folded(reference), folded(hypothesis)
    return Errors(len(expected), Levenshtein.distance(expected, heard))


def folded(text: str) -> list[str]:
    """Return the words that are compared.

    >>> folded("L'assessore: 1.200 euro, il 65%.")
    ['l', 'assessore', 'milleduecento', 'euro', 'il', 'sessantacinque', 'per', 'cento']
    """
    text = re.sub(r"(?<=\d),(?=\d)", " virgola ", text).replace("%", " per cento ")
    text = NUMBER.sub(lambda found: f" {spelled(_value(found[0]))} ", text)
    text = re.sub(r"\bun (?=milion|miliard)", "un", text.casefold())
    text = APOSTROPHE.sub(" ", text)
    words = [plain(word) for word in NOT_WORD.sub(" ", text).split()]
    return _numbers_joined(words)


def _value(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))


def spelled(number: int) -> str:
    """Return a whole number in Italian words, below a thousand billions.

    >>> spelled(285_000)
    'duecentottantacinquemila'
    """
    if number < 1000:
        return _hundreds(number) or "zero"
    for size, one, many in ((10**9, "unmiliardo", "miliardi"), (10**6, "unmilione", "milioni")):
        if number >= size:
            high, low = divmod(number, size)
            start = one if high == 1 else spelled(high) + many
            return start + (spelled(low) if low else "")
    high, low = divmod(number, 1000)
    start = "mille" if high == 1 else _hundreds(high) + "mila"
    return start + _hundreds(low)


def _hundreds(number: int) -> str:
    high, low = divmod(number, 100)
    start = ("" if high == 1 else UNITS[high]) + "cento" if high else ""
    end = _tens(low)
    if end.startswith("ott") and start:
        start = start[:-1]  # centottanta, duecentotto
    return start + end


def _tens(number: int) -> str:
    if number < 20:
        return UNITS[number] if number else ""
    tens, unit = TENS[number // 10], number % 10
    if unit in (1, 8):
        tens = tens[:-1]  # ventuno, ventotto
    return tens + (UNITS[unit] if unit else "")


_BELOW_THOUSAND = frozenset(spelled(n) for n in range(1000)) - {"uno"}
_MILLIONS = ("milioni", "unmilione", "miliardi", "unmiliardo")
_THOUSANDS = ("mila", *_MILLIONS)


def _numbers_joined(words: Sequence[str]) -> list[str]:
    """Join what is one number written in pieces: `duecento mila`, `settanta quattro`."""
    joined: list[str] = []
    for word in words:
        if joined and _continues(joined[-1], word):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _continues(before: str, word: str) -> bool:
    """Tell whether two words are one number: each smaller than the last place of the other."""
    if not _is_number(before) or before.endswith(word):
        return False
    if word in _THOUSANDS:
        return not before.endswith(_THOUSANDS)
    if before.endswith(_MILLIONS):
        return _is_number(word)
    if before.endswith(("mila", "mille")):
        return word in _BELOW_THOUSAND
    return before.endswith(("cento", *TENS[2:])) and _is_number(word)


def _is_number(word: str) -> bool:
    if word in _BELOW_THOUSAND:
        return True
    if word.startswith("mille"):
        return word[5:] in _BELOW_THOUSAND or word == "mille"
    for end in _THOUSANDS:
        head, found, rest = word.partition(end)
        if found and (head or end.startswith("un")):
            return (not head or _is_number(head)) and (not rest or _is_number(rest))
    return False
