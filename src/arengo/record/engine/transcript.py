"""The transcript: what the machine heard, as the edits left it. Base, text, utterances."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from math import inf

from arengo.council.engine.record.facts import SpokenWord, Utterance
from arengo.record.engine.steps import Done, Offer
from arengo.record.engine.words import Segment, Voice, Word, text_of

PAUSE_S = 6.0  # a longer silence begins another speech, as in the drafts

Heard = tuple[str, float, float, float]  # text, start and end in seconds, confidence


@dataclass(frozen=True, slots=True)
class Transcript:
    """Speeches in order of time; every word ends before the next one begins.

    `past` is what the edits did, so that they can be undone and a refusal can say who was
    first; `offers` are the second hearing's. Two transcripts with the same speeches are equal.
    """

    segments: tuple[Segment, ...]
    offers: tuple[Offer, ...] = field(default=(), compare=False)
    past: tuple[Done, ...] = field(default=(), compare=False, repr=False)

    def words(self) -> Iterator[Word]:
        """Yield every word, in order of time."""
        for segment in self.segments:
            yield from segment.words


@dataclass(frozen=True, slots=True)
class Row:
    """A caption, or the part of one that a voice said; `confidence` is of the voice."""

    cue: str
    speaker: str
    words: Sequence[Heard]
    confidence: float = 1.0


def base(rows: Iterable[Row]) -> Transcript:
    """Return the transcript before any edit: a speech is what one voice says without a long pause.

    Words are named by their cue and place in it ("c12.3"), speeches by their first word
    ("s-c12.0"): the same rows give the same ids. Times that overlap are trimmed.
    """
    held = sorted((row for row in rows if row.words), key=lambda row: row.words[0][1])
    return Transcript(tuple(_segments(held, _named(held))))


def lines(transcript: Transcript) -> tuple[str, ...]:
    """Return the text of each speech; an empty one was struck whole."""
    return tuple(text_of(segment.words) for segment in transcript.segments)


def since(began_at: datetime) -> Callable[[float], datetime]:
    """Return how seconds of an unbroken recording become instants."""
    return lambda at_s: began_at + timedelta(seconds=at_s)


def utterances(
    transcript: Transcript,
    hour: Callable[[float], datetime],
    guests: Mapping[str, str] | None = None,
) -> tuple[Utterance, ...]:
    """Return the speeches as the documents take them; what was struck is not among them.

    `hour` gives the instant of a second of the sitting (`since`). `guests` are the names of the
    speakers who are not members of the council, by id.
    """
    found = (_utterance(segment, hour, guests or {}) for segment in transcript.segments)
    return tuple(one for one in found if one.words)


def _named(rows: Sequence[Row]) -> Iterator[Word]:
    """Yield the words, trimmed so that each ends before the next one begins."""
    heard = [one for row in rows for one in row.words]
    starts = list(accumulate((one[1] for one in heard), max))
    ends = (min(one[2], after) for one, after in zip(heard, [*starts[1:], inf], strict=True))
    for name, one, start_s, end_s in zip(_names(rows), heard, starts, ends, strict=True):
        shown = unicodedata.normalize("NFC", one[0]).strip()
        yield Word(name, start_s, max(start_s, end_s), shown, one[3])


def _names(rows: Iterable[Row]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        for _ in row.words:
            yield f"{row.cue}.{counts[row.cue]}"
            counts[row.cue] += 1


def _segments(rows: Iterable[Row], words: Iterator[Word]) -> Iterator[Segment]:
    run: list[Word] = []
    voice = Voice("")
    for row in rows:
        mine = [next(words) for _ in row.words]
        if run and (row.speaker != voice.speaker or mine[0].start_s - run[-1].end_s > PAUSE_S):
            yield Segment(f"s-{run[0].id}", voice, tuple(run))
            run = []
        sure = min(row.confidence, voice.confidence) if run else row.confidence
        voice = Voice(row.speaker, sure)
        run += mine
    if run:
        yield Segment(f"s-{run[0].id}", voice, tuple(run))


def _utterance(
    segment: Segment, hour: Callable[[float], datetime], guests: Mapping[str, str]
) -> Utterance:
    kept = [word for word in segment.words if word.text] or list(segment.words)
    is_member = bool(segment.speaker) and segment.speaker not in guests
    return Utterance(
        start_s=kept[0].start_s,
        end_s=kept[-1].end_s,
        at=hour(kept[0].start_s),
        member=segment.speaker if is_member else None,
        confidence=segment.voice.confidence,
        text=text_of(kept),
        words=tuple(SpokenWord(w.text, w.start_s, w.end_s, w.confidence) for w in kept if w.text),
        name=guests.get(segment.speaker, ""),
    )


def is_in_order(transcript: Transcript) -> bool:
    """Tell whether time only goes forward, as every transcript made here promises."""
    words = list(transcript.words())
    return all(word.start_s <= word.end_s for word in words) and all(
        before.end_s <= after.start_s for before, after in pairwise(words)
    )
