"""The sound of any audio or video file as 16 kHz mono PCM, through FFmpeg in PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from arengo.live.hearing.recogniser import SAMPLE_RATE, HearingError, Pcm


class Unreadable(HearingError):
    """The file is not audio or video, or has no sound."""


def chunks(path: Path, length_s: float = 1.0) -> Iterator[Pcm]:
    """Yield the file's first audio track in pieces of `length_s`, the last one shorter."""
    size = round(length_s * SAMPLE_RATE)
    rest = np.zeros(0, np.float32)
    for piece in _decoded(path):
        rest = np.concatenate([rest, piece])
        while len(rest) >= size:
            yield rest[:size]
            rest = rest[size:]
    if len(rest):
        yield rest


def duration_s(path: Path) -> float:
    """Return how long the file says it is, 0 when it does not."""
    with _opened(path) as container:
        return float(container.duration or 0) / 1_000_000


def _decoded(path: Path) -> Iterator[Pcm]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    with _opened(path) as container:
        if not container.streams.audio:
            raise Unreadable(f"{path} non ha una traccia audio: non c'è nulla da trascrivere.")
        try:
            for frame in container.decode(audio=0):
                for resampled in resampler.resample(frame):
                    yield _samples(resampled)
        except av.error.InvalidDataError:
            pass  # a torn tail: what could be read was read
        for resampled in resampler.resample(None):
            yield _samples(resampled)


def _samples(frame: av.AudioFrame) -> Pcm:
    return frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)


def _opened(path: Path) -> av.container.InputContainer:
    try:
        return av.open(str(path))
    except FileNotFoundError as error:
        raise Unreadable(f"{path} non esiste.") from error
    except (av.error.FFmpegError, OSError) as error:
        raise Unreadable(f"{path} non è un file audio o video leggibile ({error}).") from error
