"""NVIDIA parakeet-tdt-0.6b-v3 through onnx-asr: the better model where there is room for it.

Published word error rate on Italian FLEURS: 3.0 %. Its weights (670 MB as int8) come from
the hub, `arengo models fetch parakeet`, and onnx-asr from `pip install arengo[hub]`. It
has no use for hot words: the names are repaired against the roll after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from arengo.live.engine.words import Word
from arengo.live.hearing.recogniser import SAMPLE_RATE, Heard, ModelMissing, Pcm

LONGEST_S = 20.0
LAST_TOKEN_S = 0.24
SPACES = (" ", "\u2581")


class Parakeet:
    """A parakeet model; see `recogniser.Recogniser`."""

    def __init__(self, folder: Path, *, name: str, sha256: str, threads: int = 2) -> None:
        """Load the model from a verified folder; ModelMissing without onnx-asr."""
        try:
            import onnx_asr
            import onnxruntime
        except ImportError as error:
            raise ModelMissing(
                "Il riconoscitore parakeet ha bisogno di onnx-asr. "
                'Rimedio: pip install "arengo[hub]"'
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._name, self._sha256 = name, sha256
        self._model = onnx_asr.load_model(
            "nemo-parakeet-tdt-0.6b-v3", folder, quantization="int8", sess_options=options
        ).with_timestamps()

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
        """Return the longest stretch, chosen for the cost of a step, not by the model."""
        return LONGEST_S

    def hear(
        self, pcm: Pcm, at: float, *, names: Sequence[str] = (), is_final: bool = False
    ) -> Heard:
        """Recognise a stretch; drafts and final passes are the same here."""
        pcm = pcm[: int(LONGEST_S * SAMPLE_RATE)]
        result = self._model.recognize(pcm, sample_rate=16_000)
        tokens, times = list(result.tokens or ()), list(result.timestamps or ())
        doubts = list(result.logprobs or [0.0] * len(tokens))
        words = words_of(tokens, times, doubts, at, len(pcm) / SAMPLE_RATE)
        mean = float(np.mean(doubts)) if doubts else 0.0
        return Heard(tuple(words), log_probability=mean)


def words_of(
    tokens: Sequence[str],
    times: Sequence[float],
    log_probabilities: Sequence[float],
    at: float,
    duration: float,
) -> list[Word]:
    """Join subword tokens into words; a token that begins with a space begins a word."""
    words: list[Word] = []
    for k, (token, time, doubt) in enumerate(zip(tokens, times, log_probabilities, strict=True)):
        following = times[k + 1] if k + 1 < len(times) else duration
        start, end = at + time, at + min(following, time + LAST_TOKEN_S)
        probability = float(np.exp(doubt))
        text = token.strip("".join(SPACES))
        if words and not token.startswith(SPACES):
            last = words.pop()
            probability = min(last.probability, probability)
            start, text = last.start, last.text + text
        words.append(Word(round(start, 3), round(end, 3), text, round(probability, 3)))
    return [word for word in words if word.text]
