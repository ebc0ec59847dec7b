"""The second pass over the demo sitting against faster-whisper's own `transcribe()`.

Both read the same samples with the same int8 model on one thread, one after the other in
one process; processor time, loading left out. `ratio` is ours over theirs.
"""

from __future__ import annotations

import time

import numpy as np
from faster_whisper import WhisperModel
from figures import Figures

from arengo import config
from arengo.live.demo.reference import CLIP, load_reference
from arengo.live.engine.wer import errors
from arengo.live.engine.words import joined
from arengo.live.hearing import models, offline, sound
from arengo.live.hearing.recogniser import SAMPLE_RATE, Pcm


def main() -> None:
    """Print processor time, their ratio and both error rates; status 1 when one is short."""
    models.verify(models.named(models.DEFAULT), config.load().models / models.DEFAULT)
    said = " ".join(turn.text for turn in load_reference().turns)
    pcm = np.concatenate(list(sound.chunks(CLIP)))
    ours, ours_cpu_s = _ours(pcm)
    stock, stock_cpu_s = _stock(pcm)
    seconds = len(pcm) / SAMPLE_RATE
    figures = Figures()
    figures.add("offline.cpu_per_second_of_sound", ours_cpu_s / seconds, "s", "-")
    figures.add("offline.cpu_per_second_faster_whisper", stock_cpu_s / seconds, "s", "-")
    figures.add("offline.ratio", ours_cpu_s / stock_cpu_s, "x", "<=0.6")
    ours_wer, stock_wer = errors(said, ours).rate, errors(said, stock).rate
    figures.add("offline.wer", ours_wer, "%", "-")
    figures.add("offline.wer_faster_whisper", stock_wer, "%", "-")
    figures.add("offline.wer_minus_faster_whisper", ours_wer - stock_wer, "points", "<=0")
    figures.finish()


def _ours(pcm: Pcm) -> tuple[str, float]:
    folder = config.load().models / models.DEFAULT
    reader = offline.WindowReader(folder, name=models.DEFAULT, sha256="", threads=1)
    began = time.process_time()
    words = offline.transcribe(pcm, reader)
    return joined(words), time.process_time() - began


def _stock(pcm: Pcm) -> tuple[str, float]:
    folder = config.load().models / models.DEFAULT
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    began = time.process_time()
    segments, _ = model.transcribe(pcm, language="it")
    text = " ".join(segment.text for segment in segments)
    return text, time.process_time() - began


if __name__ == "__main__":
    main()
