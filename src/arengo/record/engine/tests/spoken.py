"""Small transcripts for tests, and strategies that make them and edits at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from arengo.record.engine.edits import (
    Edit,
    SegmentsMerged,
    SegmentSplit,
    SpeakerSet,
    TextFixed,
    WordsConfirmed,
    WordsStruck,
)
from arengo.record.engine.transcript import Row, Transcript, base
from arengo.record.engine.words import Word

ANNA, BRUNO = "user 1", "user 2"


@dataclass(frozen=True, slots=True)
class Made:
    """An edit in a log that is not chained."""

    seq: int
    by: str
    edit: Edit


def row(cue: str, speaker: str, text: str, at_s: float = 0.0) -> Row:
    """Return a caption of half-second words that follow one another."""
    words = text.split()
    return Row(
        cue, speaker, [(w, at_s + k / 2, at_s + k / 2 + 0.5, 0.8) for k, w in enumerate(words)]
    )


def spoken(*texts: str) -> Transcript:
    """Return a transcript of captions c1, c2… ten seconds apart, of speakers m1, m2…."""
    return base(row(f"c{k}", f"m{k}", text, 10.0 * k) for k, text in enumerate(texts, 1))


def ids(transcript: Transcript) -> list[str]:
    return [word.id for word in transcript.words()]


def named(transcript: Transcript, *texts: str) -> list[Word]:
    """Return the first word with each text."""
    return [next(w for w in transcript.words() if w.text == text) for text in texts]


def fixed(words: Sequence[Word], text: str) -> TextFixed:
    return TextFixed(tuple(w.id for w in words), tuple(w.text for w in words), text)


def struck(words: Sequence[Word]) -> WordsStruck:
    return WordsStruck(tuple(w.id for w in words), tuple(w.text for w in words))


def confirming(words: Sequence[Word]) -> WordsConfirmed:
    return WordsConfirmed(tuple(w.id for w in words), tuple(w.text for w in words))


# --- at random --------------------------------------------------------------------------

TEXTS = st.lists(
    st.sampled_from(["il", "Rossi", "bilancio", "è", "l'odg,", "sì."]), min_size=1, max_size=4
)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    rows, at_s = [], 0.0
    for cue in range(draw(st.integers(1, 5))):
        heard = []
        for text in draw(TEXTS):
            start_s = at_s + draw(st.floats(-0.2, 7.0))
            at_s = start_s + draw(st.floats(0.0, 1.0))
            heard.append((text, start_s, at_s, draw(st.floats(0, 1))))
        rows.append(Row(f"c{cue}", draw(st.sampled_from(["m1", "m2", ""])), heard))
    return base(rows)


@st.composite
def runs(draw: st.DrawFn, transcript: Transcript) -> list[Word]:
    segment = draw(st.sampled_from(transcript.segments))
    first = draw(st.integers(0, len(segment.words) - 1))
    return list(segment.words[first : draw(st.integers(first + 1, len(segment.words)))])


@st.composite
def word_edits(draw: st.DrawFn, words: Sequence[Word]) -> Edit:
    kinds = st.sampled_from([fixed, struck, confirming])
    kind = draw(kinds)
    return fixed(words, " ".join(draw(TEXTS))) if kind is fixed else _plainly(kind, words)


def _plainly(kind: object, words: Sequence[Word]) -> Edit:
    return struck(words) if kind is struck else confirming(words)


@st.composite
def edits(draw: st.DrawFn, transcript: Transcript) -> Edit:
    """Return an edit that fits the transcript."""
    choices: list[st.SearchStrategy[Edit]] = [
        runs(transcript).flatmap(word_edits),
        st.sampled_from(transcript.segments).map(lambda s: SpeakerSet(s.id, "m9", s.speaker)),
    ]
    inner = [word.id for segment in transcript.segments for word in segment.words[1:]]
    if inner:
        choices.append(st.sampled_from(inner).map(SegmentSplit))
    pairs = list(zip(transcript.segments, transcript.segments[1:], strict=False))
    if pairs:
        choices.append(
            st.sampled_from(pairs).map(
                lambda p: SegmentsMerged(p[0].id, p[1].id, (p[0].speaker, p[1].speaker))
            )
        )
    return draw(st.one_of(choices))
