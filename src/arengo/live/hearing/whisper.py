"""Whisper on CTranslate2, int8 on the CPU, with an encoder window of 15 seconds.

Whisper was trained on windows of 30 s, but its encoder takes fewer frames: 15 s halve the
cost of a step and lose no accuracy on turns that fit (Arengo's notes, November 2026; the
idea is in arXiv 2307.14743). The window must keep at least 3 s of padding after the
speech, or decoding loops without end; a bound on the number of tokens guards against the
loops that remain.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from tokenizers import Tokenizer as SubwordTokenizer

from arengo.live.engine.agreement import restored
from arengo.live.engine.words import Word
from arengo.live.hearing.recogniser import SAMPLE_RATE, Heard, Pcm

WINDOW_S = 15
PADDING_S = 3
FRAMES_PER_S = 100
POSITIONS_PER_S = 50
TOKENS_PER_S = 9.0  # fast Italian takes about six
HOTWORD_TOKENS = 160
FALLBACKS = (0.2, 0.6)  # temperatures tried when greedy or beam decoding fell into a loop
LOOPING = 2.4


class Whisper:
    """A whisper model; see `recogniser.Recogniser`."""

    def __init__(
        self, folder: Path, *, name: str, sha256: str, threads: int = 2, window_s: int = WINDOW_S
    ) -> None:
        """Load the model from a folder whose files were already verified."""
        self._name, self._sha256 = name, sha256
        self._window_s = window_s
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
        )
        subwords = SubwordTokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer = Tokenizer(
            subwords, self._model.is_multilingual, task="transcribe", language="it"
        )
        self._features = FeatureExtractor(feature_size=self._model.n_mels, chunk_length=window_s)
        self._suppressed = [*self._tokenizer.non_speech_tokens, self._tokenizer.no_speech]

    @property
    def name(self) -> str:
        """Return the model's name."""
        return self._name

    @property
    def sha256(self) -> str:
        """Return the digest of the weights."""
        return self._sha256

    @property
    def longest_s(self) -> float:
        """Return how much audio leaves the padding that decoding needs."""
        return float(self._window_s - PADDING_S)

    def hear(
        self, pcm: Pcm, at: float, *, names: Sequence[str] = (), is_final: bool = False
    ) -> Heard:
        """Recognise a stretch: greedily for a draft, with beam 5 at the end.

        The final pass decodes the same encoding three times. Beam search now and then ends
        early and loses a stretch, most of all in a roll call: what greedy decoding has more is
        put back. With the names as hot words that is worse still, so that from the third
        decoding only the names are taken (`Heard.hinted`).
        """
        pcm = pcm[: int(self.longest_s * SAMPLE_RATE)]
        encoded = self._model.encode(self._window(pcm))
        duration = len(pcm) / SAMPLE_RATE
        words, doubts = self._recognised(encoded, (), duration, at, beam=1)
        hinted: list[Word] = []
        if is_final and words:
            careful, doubts = self._recognised(encoded, (), duration, at, beam=5)
            words = restored(careful, words) if doubts[2] <= LOOPING else careful
        if is_final and names and words:
            hinted, _ = self._recognised(encoded, names, duration, at, beam=5)
        return Heard(tuple(words), *doubts, hinted=tuple(hinted))

    def _recognised(
        self, encoded: Any, names: Sequence[str], duration: float, at: float, beam: int
    ) -> tuple[list[Word], tuple[float, float, float]]:
        tokens, doubts = self._decode(encoded, self._prompt(names), duration, beam)
        return self._words(encoded, tokens, duration, at), doubts

    def _window(self, pcm: Pcm) -> Any:
        frames = self._window_s * FRAMES_PER_S
        features: npt.NDArray[np.float32] = self._features(pcm)[:, :frames]
        padded = np.zeros((1, features.shape[0], frames), np.float32)
        padded[0, :, : features.shape[1]] = features
        return ctranslate2.StorageView.from_array(padded)

    def _prompt(self, names: Sequence[str]) -> list[int]:
        start = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        if not names:
            return start
        hotwords = self._tokenizer.encode(" " + ", ".join(names))[:HOTWORD_TOKENS]
        return [self._tokenizer.sot_prev, *hotwords, *start]

    def _decode(
        self, encoded: Any, prompt: list[int], duration: float, beam: int
    ) -> tuple[list[int], tuple[float, float, float]]:
        """Return tokens and the three doubts; a loop is tried again at higher temperatures."""
        for temperature in (0.0, *FALLBACKS):
            result = self._model.generate(
                encoded,
                [prompt],
                beam_size=1 if temperature else beam,
                sampling_topk=0 if temperature else 1,
                sampling_temperature=temperature or 1.0,
                max_length=len(prompt) + int(duration * TOKENS_PER_S) + 12,
                return_scores=True,
                return_no_speech_prob=True,
                suppress_tokens=self._suppressed,
            )[0]
            tokens = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
            repetition = repetition_of(self._tokenizer.decode(tokens))
            if repetition <= LOOPING:
                break
        return tokens, (float(result.no_speech_prob), float(result.scores[0]), repetition)

    def _words(self, encoded: Any, tokens: list[int], duration: float, at: float) -> list[Word]:
        if not tokens:
            return []
        frames = max(1, int(duration * FRAMES_PER_S))
        aligned = self._model.align(
            encoded, self._tokenizer.sot_sequence, [tokens], frames, median_filter_width=7
        )[0]
        starts = token_times(aligned.alignments, len(tokens), duration)
        spans = self._spans(tokens)
        return [
            Word(
                round(at + starts[first], 3),
                round(at + max(starts[end], starts[first]), 3),
                text,
                round(float(np.mean(aligned.text_token_probs[first:end])), 3),
            )
            for first, end, text in spans
        ]

    def _spans(self, tokens: list[int]) -> list[tuple[int, int, str]]:
        """Group tokens into words: a word begins where the decoded text has a space."""
        texts, groups = self._tokenizer.split_tokens_on_unicode(tokens)
        spans: list[tuple[int, int, str]] = []
        k = 0
        for text, group in zip(texts, groups, strict=True):
            begins = text.startswith(" ") and any(c.isalnum() for c in text)
            if spans and not begins:
                spans[-1] = (spans[-1][0], k + len(group), spans[-1][2] + text)
            else:
                spans.append((k, k + len(group), text))
            k += len(group)
        return [(first, end, text.strip()) for first, end, text in spans if text.strip()]


def token_times(alignments: Sequence[tuple[int, int]], tokens: int, duration: float) -> list[float]:
    """Return when each token begins, and when the last ends, from the pairs (token, position)."""
    starts = [duration] * (tokens + 1)
    for token, pairs in itertools.groupby(alignments, key=lambda pair: pair[0]):
        if token <= tokens:
            starts[token] = min(next(pairs)[1] / POSITIONS_PER_S, duration)
    return starts


def repetition_of(text: str) -> float:
    """Return how much the text repeats itself: its length over its compressed length."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 1.0
