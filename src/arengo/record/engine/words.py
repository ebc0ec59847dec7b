"""The pieces of a transcript: words with their seconds, and speeches of one voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise

MACHINE = ""  # who writes when no person does


class State(StrEnum):
    """Who answers for a word: nobody yet, who wrote it, or who heard it again and left it."""

    MACHINE = "machine"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Word:
    """One word as shown, its punctuation attached; an empty one was struck and keeps its time.

    `start_s` and `end_s` are seconds of the sitting; `confidence` goes from 0 to 1; `by` is who
    brought it to its `state`, as a journal names them.
    """

    id: str
    start_s: float
    end_s: float
    text: str
    confidence: float = 1.0
    state: State = State.MACHINE
    by: str = MACHINE

    @property
    def is_touched(self) -> bool:
        """Tell whether a person answers for it: no machine may then change it."""
        return self.state is not State.MACHINE


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose a speech is ("" for an unknown voice), how surely from 0 to 1, and who said so."""

    speaker: str
    confidence: float = 1.0
    by: str = MACHINE


@dataclass(frozen=True, slots=True)
class Segment:
    """What one voice says in a run; it always has words."""

    id: str
    voice: Voice
    words: tuple[Word, ...]

    @property
    def speaker(self) -> str:
        """Return whose it is."""
        return self.voice.speaker


def text_of(words: Sequence[Word]) -> str:
    """Return the running text, without what was struck."""
    return " ".join(word.text for word in words if word.text)


def rewritten(
    before: Sequence[Word], texts: Sequence[str], ids: Iterator[str], by: str
) -> tuple[Word, ...]:
    """Return new words over the time of others, so that a click still finds the sound.

    As many words as before keep their times one by one; others share the span in proportion to
    their letters. No text leaves one empty word, which holds the time of what was struck.
    """
    texts = texts or ("",)
    spans = _kept(before) if len(texts) == len(before) else _shared(before, texts)
    state = State.CORRECTED if by else State.MACHINE
    confidence = 1.0 if by else min(word.confidence for word in before)
    return tuple(
        Word(next(ids), start_s, end_s, text, confidence, state, by)
        for text, (start_s, end_s) in zip(texts, spans, strict=True)
    )


def confirmed(words: Sequence[Word], by: str) -> tuple[Word, ...]:
    """Return the same words, for which `by` answers from now on."""
    return tuple(replace(word, state=State.CONFIRMED, by=by) for word in words)


def _kept(before: Sequence[Word]) -> list[tuple[float, float]]:
    return [(word.start_s, word.end_s) for word in before]


def _shared(before: Sequence[Word], texts: Sequence[str]) -> list[tuple[float, float]]:
    start_s, end_s = before[0].start_s, before[-1].end_s
    sums = list(accumulate((max(1, len(text)) for text in texts), initial=0))
    edges = [min(end_s, start_s + (end_s - start_s) * part / sums[-1]) for part in sums]
    edges[-1] = end_s
    return list(pairwise(edges))
