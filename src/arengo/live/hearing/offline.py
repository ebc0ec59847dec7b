"""The second pass: a whole recording read again, several windows at a time.

Live captions pay for being quick: they decode a growing stretch again and again. With the
whole sound there the same model costs far less. Voice activity throws the silence away;
what is left is packed, cut at pauses, into windows the model reads well; windows of about
one length are encoded and decoded together, so that each weight that is fetched serves
them all. The encoder's input is as long as the speech and its padding, never 30 s.

Nothing is conditioned on the text before, so that windows are independent: a batch may be
lost and read again, and `batches` goes on from any `until_s` it gave, with the same words.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper.tokenizer import Tokenizer

from arengo.live.engine.guard import Stretch, judge
from arengo.live.engine.words import Word
from arengo.live.hearing.recogniser import SAMPLE_RATE, Heard, Pcm
from arengo.live.hearing.vad import VoiceActivity, VoiceTrack
from arengo.live.hearing.whisper import (
    FRAMES_PER_S,
    LOOPING,
    PADDING_S,
    TOKENS_PER_S,
    Whisper,
    repetition_of,
    token_times,
)

LONGEST_S = 17.0  # of 12, 17 and 24 s the fewest errors on the demo sitting
BATCH = 8
BEAM = 5
MARGIN_S = 0.4  # a voice is heard to begin late: with 0.2 s first syllables are lost
BRIDGED_S = 2.0  # a pause left in tells a roll call's answers apart
LEFT_S = 1.5  # sound without words at the end of a window that is worth another reading
HEARD_EACH_S = 30.0


@dataclass(frozen=True, slots=True)
class Window:
    """What is read at once: stretches of voice, in order, with the silence between left out."""

    stretches: tuple[Stretch, ...]

    @property
    def length_s(self) -> float:
        """Return the seconds of sound in it."""
        return sum(end - start for start, end in self.stretches)

    @property
    def until_s(self) -> float:
        """Return when its last stretch ends."""
        return self.stretches[-1][1]


@dataclass(frozen=True, slots=True)
class Batch:
    """Words of the recording up to `until_s`; a reading may go on from there."""

    words: tuple[Word, ...]
    until_s: float


class Reader(Protocol):
    """A model that reads several sounds at once."""

    def read(self, sounds: Sequence[Pcm], *, language: str) -> list[Heard]:
        """Return what is heard in each sound, in seconds of that sound."""


def transcribe(
    sound: Pcm,
    model: Reader,
    *,
    language: str = "it",
    on_progress: Callable[[float], None] | None = None,
) -> list[Word]:
    """Return the words of a recording (mono, 16 kHz, shape (samples,)) with times.

    `on_progress` is told the seconds done after each batch.
    """
    words: list[Word] = []
    for batch in batches(sound, model, language=language):
        words += batch.words
        if on_progress:
            on_progress(batch.until_s)
    return words


def batches(
    sound: Pcm, model: Reader, *, language: str = "it", since_s: float = 0.0
) -> Iterator[Batch]:
    """Yield the words as they are read, a few minutes at a time.

    `since_s` is the `until_s` of the last batch kept: the cuts are those of a reading from
    the start, so that the words that follow are the same. The last batch reaches the end.
    """
    voiced = voice_of(sound)
    todo = [window for window in windows(voiced) if window.until_s > since_s]
    for k in range(0, len(todo), BATCH):
        some = todo[k : k + BATCH]
        heard = to_the_end(model, [cut(sound, window) for window in some], language)
        words = [
            word
            for window, one in zip(some, heard, strict=True)
            for word in trusted(one, window, voiced)
        ]
        is_last = k + BATCH >= len(todo)
        yield Batch(tuple(words), len(sound) / SAMPLE_RATE if is_last else some[-1].until_s)
    if not todo:
        yield Batch((), len(sound) / SAMPLE_RATE)


def to_the_end(model: Reader, sounds: Sequence[Pcm], language: str) -> list[Heard]:
    """Read each sound, and once more what comes after its last word.

    Whisper now and then ends early, above all where a phrase is said twice.
    """
    heard = model.read(sounds, language=language)
    ends = [one.words[-1].end if one.words else math.inf for one in heard]
    short = [k for k, end in enumerate(ends) if len(sounds[k]) / SAMPLE_RATE - end > LEFT_S]
    if not short:
        return heard
    rests = [sounds[k][round(ends[k] * SAMPLE_RATE) :] for k in short]
    for k, rest in zip(short, model.read(rests, language=language), strict=True):
        later = [replace(w, start=w.start + ends[k], end=w.end + ends[k]) for w in rest.words]
        heard[k] = replace(heard[k], words=(*heard[k].words, *later))
    return heard


def trusted(heard: Heard, window: Window, voiced: Sequence[Stretch]) -> tuple[Word, ...]:
    """Return the words of a window in the recording's time, without what the guard refuses."""
    words = [placed(word, window) for word in heard.words]
    return judge(
        words, voiced, no_speech=heard.no_speech, log_probability=heard.log_probability
    ).words


# ---- which sound is read


def voice_of(sound: Pcm) -> list[Stretch]:
    """Return the stretches of voice with a margin, those with a short pause between joined."""
    activity, track = VoiceActivity(), VoiceTrack(0.0)
    size = int(HEARD_EACH_S * SAMPLE_RATE)
    for k in range(0, len(sound), size):
        track.feed(activity.feed(sound[k : k + size]))
    end = len(sound) / SAMPLE_RATE
    return [(max(0.0, a - MARGIN_S), min(end, b + MARGIN_S)) for a, b in track.voiced]


def windows(voiced: Sequence[Stretch], longest_s: float = LONGEST_S) -> list[Window]:
    """Pack stretches of voice into windows of at most `longest_s`, cut at pauses.

    A stretch longer than a window, hours of voice without a breath, is cut in equal parts.
    """
    packed: list[list[Stretch]] = []
    length = math.inf
    for start, end in _split(voiced, longest_s):
        last = packed[-1][-1][1] if packed else -math.inf
        joins = start - last <= BRIDGED_S
        added = end - (last if joins else start)
        if length + added > longest_s:
            begin = max(start, last)  # margins of neighbours may overlap
            packed.append([(begin, end)])
            length = end - begin
            continue
        length += added
        if joins:
            packed[-1][-1] = (packed[-1][-1][0], end)
        else:
            packed[-1].append((start, end))
    return [Window(tuple(stretches)) for stretches in packed]


def _split(voiced: Sequence[Stretch], longest_s: float) -> Iterator[Stretch]:
    for start, end in voiced:
        parts = max(1, math.ceil((end - start) / longest_s))
        edges = np.linspace(start, end, parts + 1)
        yield from ((float(a), float(b)) for a, b in itertools.pairwise(edges))


def cut(sound: Pcm, window: Window) -> Pcm:
    """Return the samples of a window."""
    return np.concatenate(
        [sound[round(a * SAMPLE_RATE) : round(b * SAMPLE_RATE)] for a, b in window.stretches]
    )


def placed(word: Word, window: Window) -> Word:
    """Return a word timed in a window's sound as timed in the recording."""
    before = 0.0
    for start, end in window.stretches:
        if word.middle <= before + end - start or end == window.until_s:
            break
        before += end - start
    shift = start - before
    first = min(max(word.start + shift, start), end)
    last = max(first, min(word.end + shift, end))
    return replace(word, start=round(first, 3), end=round(last, 3))


# ---- the model


class WindowReader(Whisper):
    """Whisper reading several windows at once; loaded like `Whisper`."""

    def __init__(self, folder: Path, *, name: str, sha256: str, threads: int = 2) -> None:
        """Load the model from a folder whose files were already verified."""
        super().__init__(folder, name=name, sha256=sha256, threads=threads, window_s=30)

    def read(self, sounds: Sequence[Pcm], *, language: str = "it", beam: int = BEAM) -> list[Heard]:
        """Return what is heard in each sound, of at most 27 s, in seconds of that sound."""
        encoded = self._encoded(sounds)
        prompt = self._prompt_in(language)
        seconds = [len(sound) / SAMPLE_RATE for sound in sounds]
        results = self._model.generate(
            encoded,
            [prompt] * len(sounds),
            beam_size=beam,
            max_length=len(prompt) + int(max(seconds) * TOKENS_PER_S) + 12,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._suppressed,
        )
        tokens = [
            [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
            for result in results
        ]
        doubts = [
            (float(r.no_speech_prob), float(r.scores[0]), repetition_of(self._tokenizer.decode(t)))
            for r, t in zip(results, tokens, strict=True)
        ]
        for k, doubt in enumerate(doubts):
            if doubt[2] > LOOPING:
                one = self._encoded(sounds[k : k + 1])
                tokens[k], doubts[k] = self._decode(one, prompt, seconds[k], beam)
        words = self._timed(encoded, prompt, tokens, seconds)
        return [Heard(tuple(w), *d) for w, d in zip(words, doubts, strict=True)]

    def _encoded(self, sounds: Sequence[Pcm]) -> Any:
        """Encode sounds together, padded to the longest and the 3 s that decoding needs."""
        longest = max(len(sound) for sound in sounds) / SAMPLE_RATE
        frames = min(math.ceil(longest + PADDING_S), 30) * FRAMES_PER_S
        padded = np.zeros((len(sounds), self._model.n_mels, frames), np.float32)
        for k, sound in enumerate(sounds):
            features: npt.NDArray[np.float32] = self._features(sound)[:, :frames]
            padded[k, :, : features.shape[1]] = features
        return self._model.encode(ctranslate2.StorageView.from_array(padded))

    def _prompt_in(self, language: str) -> list[int]:
        tokenizer = Tokenizer(
            self._tokenizer.tokenizer,
            self._model.is_multilingual,
            task="transcribe",
            language=language,
        )
        return [*tokenizer.sot_sequence, tokenizer.no_timestamps]

    def _timed(
        self, encoded: Any, prompt: list[int], tokens: list[list[int]], seconds: list[float]
    ) -> list[list[Word]]:
        frames = [max(1, int(s * FRAMES_PER_S)) for s in seconds]
        aligned = self._model.align(encoded, prompt[:-1], tokens, frames, median_filter_width=7)
        return [
            self._words_of(one, own, length)
            for one, own, length in zip(aligned, tokens, seconds, strict=True)
        ]

    def _words_of(self, aligned: Any, tokens: list[int], length_s: float) -> list[Word]:
        if not tokens:
            return []
        starts = token_times(aligned.alignments, len(tokens), length_s)
        return [
            Word(
                round(starts[first], 3),
                round(max(starts[end], starts[first]), 3),
                text,
                round(float(np.mean(aligned.text_token_probs[first:end])), 3),
            )
            for first, end, text in self._spans(tokens)
        ]
