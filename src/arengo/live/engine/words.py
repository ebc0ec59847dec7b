"""A spoken word with its times: what recognisers give and captions are made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Word:
    """One word as shown (its punctuation attached, no spaces), in seconds of the sitting.

    `probability` is the recogniser's own, from 0 to 1.
    """

    start: float
    end: float
    text: str
    probability: float = 1.0

    @property
    def middle(self) -> float:
        """Return the time that says on which side of a boundary the word lies."""
        return (self.start + self.end) / 2


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return the word as it is compared: lower case, without accents or outer punctuation.

    >>> plain("Perché,")
    'perche'
    """
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return kept.strip(" \t\n.,;:!?…\"'«»“”()[]-–—")


def joined(words: Sequence[Word]) -> str:
    """Return the running text."""
    return " ".join(word.text for word in words)
