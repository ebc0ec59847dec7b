"""Which sentences of a speech stand for it: an extract, never a new wording.

Each sentence of a speech gets a score, the best ones are kept in the order in which they were
said. A score is the mean weight of its content words (a word weighs more the rarer it is in the
sitting: log of all sentences over those that have it), scaled to 1, then
  + 0.30 a figure in it: money, dates, measures are what is looked up later
  + 0.20 a name or a street in it: a capital letter not at the beginning
  + 0.35 a stance or a request in it (STANCE)
  + 0.10 first of the speech: the thesis often opens
  - 0.80 a courtesy (COURTESY) in a sentence of six words or fewer
  - 0.50 fewer than four words
  - 0.30 confidence of the recognition below 0.6
Ties go to what was said first. A denial («non siamo contrari…») is never kept without the sentence
that follows it, which says what is meant instead. No weight was learned; all are here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, log

from arengo.council.engine.record.account import Heard
from arengo.council.engine.record.document import Paragraph, Span
from arengo.council.engine.record.sentences import Sentence

WORD = re.compile(r"\w+", re.UNICODE)
STANCE = re.compile(
    r"\b(chied\w+|propon\w+|vot(?:o|iamo|erò|eremo|erà)|favorevol\w+|contrari\w*|asten\w+|aster\w+"
    r"|perché|impegn\w+|ritir\w+|emend\w+|respin\w+|approv\w+|sollecit\w+|non siamo|non sono)\b",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\bnon (siamo|sono|è|vogliamo|voglio|intendiamo)\b", re.IGNORECASE)
COURTESY = re.compile(r"\b(grazie|prego|buonasera|buongiorno|saluto)\b", re.IGNORECASE)
CAPITAL = re.compile(r"(?<=\w[ ,;])[A-ZÀ-Þ]\w{2,}")
SHORT_WORD = 3  # articles and prepositions weigh nothing
UNSURE = 0.6
COURTESY_WORDS = 6
TOO_SHORT = 4


@dataclass(frozen=True, slots=True)
class Extract:
    """How much of a speech is kept: a share of its sentences, within limits."""

    share: float
    at_least: int
    at_most: int

    def size(self, sentences: int) -> int:
        """Return how many of so many sentences are kept."""
        return min(sentences, self.at_most, max(self.at_least, ceil(self.share * sentences)))


MAIN_POINTS = Extract(share=0.4, at_least=2, at_most=5)
SUMMARY = Extract(share=0.5, at_least=2, at_most=10)


def whole(heard: Sequence[Heard]) -> tuple[Paragraph, ...]:
    """Return utterances word for word, a paragraph each."""
    return tuple(
        Paragraph(
            one.said.text.strip(),
            spans=(Span(one.index, one.said.start_s, one.said.end_s),),
            kind="quote",
            at=one.said.at,
        )
        for one in heard
    )


# --- choosing -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each word of a sitting weighs, from 0 to 1."""

    of: dict[str, float]

    def mean(self, text: str) -> float:
        """Return the mean weight of a text's content words."""
        found = [self.of.get(word, 0.0) for word in _content(text)]
        return sum(found) / len(found) if found else 0.0


def weigh(heard: Iterable[Heard]) -> Weights:
    """Weigh the words of a sitting by how few sentences have them."""
    texts = [one.text for each in heard for one in each.sentences]
    seen = Counter(word for text in texts for word in set(_content(text)))
    top = log(1 + len(texts)) or 1.0
    return Weights({word: log((1 + len(texts)) / n) / top for word, n in seen.items()})


def _content(text: str) -> list[str]:
    return [word for word in WORD.findall(text.lower()) if len(word) > SHORT_WORD]


def extracted(heard: Sequence[Heard], weights: Weights, extract: Extract) -> tuple[Paragraph, ...]:
    """Return the sentences that stand for a speech, in the order in which they were said."""
    found = [one for each in heard for one in each.sentences]
    scores = [score(one, weights, is_first=n == 0) for n, one in enumerate(found)]
    ranked = sorted(range(len(found)), key=lambda n: (-scores[n], n))
    kept = _with_what_follows(found, ranked[: extract.size(len(found))])
    return tuple(Paragraph(found[n].text, spans=(found[n].span,), kind="extract") for n in kept)


def _with_what_follows(found: Sequence[Sentence], kept: Sequence[int]) -> list[int]:
    """Keep with a denial what was said right after it, in the order of speaking."""
    after = {n + 1 for n in kept if n + 1 < len(found) and DENIAL.search(found[n].text)}
    return sorted(after | set(kept))


def score(one: Sentence, weights: Weights, *, is_first: bool) -> float:
    """Return how well a sentence stands for its speech; the module says how."""
    text, length = one.text, len(WORD.findall(one.text))
    return (
        weights.mean(text)
        + 0.30 * any(char.isdigit() for char in text)
        + 0.20 * bool(CAPITAL.search(text))
        + 0.35 * bool(STANCE.search(text))
        + 0.10 * is_first
        - 0.80 * (length <= COURTESY_WORDS and bool(COURTESY.search(text)))
        - 0.50 * (length < TOO_SHORT)
        - 0.30 * (one.confidence < UNSURE)
    )
