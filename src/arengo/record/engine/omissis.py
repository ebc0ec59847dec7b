"""What is left of what was said when stretches of it may be read no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from arengo.council.engine.record.document import OMITTED
from arengo.council.engine.record.facts import SpokenWord, Utterance
from arengo.record.engine.transcript import Transcript

MARK = OMITTED


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a sitting, in seconds of the video."""

    start_s: float
    end_s: float

    def meets(self, start_s: float, end_s: float) -> bool:
        """Tell whether it has a moment in common with a stretch."""
        return start_s < self.end_s and end_s > self.start_s


def without(utterances: Iterable[Utterance], cuts: Sequence[Cut]) -> tuple[Utterance, ...]:
    """Return utterances without the words of which any moment is cut, «[omissis]» in their place.

    One whose words have no times is cut whole.
    """
    return tuple(part for said in utterances for part in _without(said, cuts))


def _without(said: Utterance, cuts: Sequence[Cut]) -> Iterator[Utterance]:
    if not any(cut.meets(said.start_s, said.end_s) for cut in cuts):
        yield said
        return
    words = said.words or (SpokenWord(said.text, said.start_s, said.end_s),)
    kept = list(kept_of(words, cuts))
    moved = timedelta(seconds=kept[0].start_s - said.start_s)
    yield replace(
        said,
        at=said.at + moved,
        start_s=kept[0].start_s,
        end_s=kept[-1].end_s,
        text=" ".join(word.text for word in kept),
        words=tuple(kept),
    )


def kept_of(words: Sequence[SpokenWord], cuts: Sequence[Cut]) -> Iterator[SpokenWord]:
    """Yield the words that stay, and one mark for each run of those that do not."""
    is_inside = False
    for word in words:
        is_cut = any(cut.meets(word.start_s, word.end_s) for cut in cuts)
        if is_cut and not is_inside:
            yield SpokenWord(MARK, word.start_s, word.end_s)
        if not is_cut:
            yield word
        is_inside = is_cut


def omitted_words(transcript: Transcript, cuts: Sequence[Cut]) -> frozenset[str]:
    """Return the ids of the words of which any moment is cut."""
    if not cuts:
        return frozenset()
    found = (w.id for w in transcript.words() if any(c.meets(w.start_s, w.end_s) for c in cuts))
    return frozenset(found)


def names_any(facts: object, ids: frozenset[str]) -> bool:
    """Tell whether the facts of an edit, as JSON holds them, name one of some words."""
    match facts:
        case str():
            return facts in ids
        case dict():
            return any(names_any(one, ids) for one in facts.values())
        case list() | tuple():
            return any(names_any(one, ids) for one in facts)
    return False
