"""What every recogniser of speech looks like, whatever model is behind it.

A recogniser takes a stretch of PCM with the sitting time of its first sample and gives
words with times and probabilities. It knows nothing of streaming: `stream.Stream` calls
it again and again on a growing stretch, and says which words are committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from arengo.live.engine.words import Word

SAMPLE_RATE = 16_000
Pcm = npt.NDArray[np.float32]
"""Mono, 16 kHz, from -1 to 1, shape (samples,)."""


class HearingError(Exception):
    """Something the operator must know, in Italian, with the line that mends it.

    HearingError
    ├── ModelMissing   no files of that model here
    └── ModelRefused   a file is not the one that was pinned
    """


class ModelMissing(HearingError):
    """No files of that model in the folder of models."""


class ModelRefused(HearingError):
    """A file's sha256 is not the pinned one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was recognised in a stretch; the three doubts are what the guard judges by.

    `hinted` is what the same sound gave when the recogniser was told which names to expect:
    names come out better there, but stretches may be lost, so only its names are used.
    `no_speech` is the model's probability that nobody spoke, `log_probability` the mean of
    its tokens (natural logarithm), `repetition` the length of the text over its length
    compressed by zlib.
    """

    words: tuple[Word, ...]
    no_speech: float = 0.0
    log_probability: float = 0.0
    repetition: float = 1.0
    hinted: tuple[Word, ...] = ()


class Recogniser(Protocol):
    """A speech model held in memory by one process."""

    @property
    def name(self) -> str:
        """Return the model's name, as `arengo models` lists it."""

    @property
    def sha256(self) -> str:
        """Return the digest of the model's weights, for the record."""

    @property
    def longest_s(self) -> float:
        """Return the longest stretch it takes at once, in seconds."""

    def hear(
        self, pcm: Pcm, at: float, *, names: Sequence[str] = (), is_final: bool = False
    ) -> Heard:
        """Recognise a stretch that begins at `at` seconds of the sitting.

        A draft is quick; a final pass is careful, and made again with the `names` as a hint.
        """


def from_s16le(payload: bytes) -> Pcm:
    """Return little-endian 16-bit samples as PCM."""
    return np.frombuffer(payload, dtype="<i2").astype(np.float32) / 32768.0
