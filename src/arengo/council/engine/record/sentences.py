"""An utterance cut into sentences, each with its own seconds of the sitting."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from arengo.council.engine.record.document import Span
from arengo.council.engine.record.facts import Utterance

TOKEN = re.compile(r"\S+")
END = re.compile(r"(?<=[.!?…])[»\"')\]]*\s+(?=[«\"'(\[]?[A-ZÀ-ÖØ-Þ0-9])")
ABBREVIATED = re.compile(
    r"(?:\b(?:art|artt|dott|dr|prof|ing|avv|arch|geom|sig|on|n|nn|c|lett|cfr|pag|ecc|via|d\.lgs|l)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
LONGEST_ABBREVIATION = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it was heard."""

    text: str
    span: Span
    confidence: float


def sentences(said: Utterance, index: int) -> tuple[Sentence, ...]:
    """Cut an utterance into sentences; `index` is its place among those given."""
    starts = _word_starts(said)
    return tuple(
        Sentence(
            said.text[begin:end].strip(), _span(said, index, begin, end, starts), said.confidence
        )
        for begin, end in _cuts(said.text)
        if said.text[begin:end].strip()
    )


def _cuts(text: str) -> list[tuple[int, int]]:
    ends = [one.end() for one in END.finditer(text) if not _is_abbreviated(text, one.start())]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


def _is_abbreviated(text: str, stop: int) -> bool:
    return bool(ABBREVIATED.search(text[max(0, stop - LONGEST_ABBREVIATION) : stop]))


def _word_starts(said: Utterance) -> Sequence[int]:
    """Return where each written word begins, if each has seconds of its own; else nothing."""
    starts = [one.start() for one in TOKEN.finditer(said.text)] if said.words else []
    return starts if len(starts) == len(said.words) else ()


def _span(said: Utterance, index: int, begin: int, end: int, starts: Sequence[int]) -> Span:
    first, last = bisect_left(starts, begin), bisect_left(starts, end) - 1
    if starts and last >= first:
        return Span(index, said.words[first].start_s, said.words[last].end_s)
    length = max(0.0, said.end_s - said.start_s) / max(1, len(said.text))
    return Span(index, said.start_s + begin * length, said.start_s + end * length)
