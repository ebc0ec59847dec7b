"""A recorded sitting heard again, in stretches that any worker can take.

The sound is read once, from the segments, and cut where it is quietest, some five minutes at a
time: the same recording gives the same stretches. What a stretch gave is a file, written whole by
whoever asked for it and never again: work that was stopped goes on with what is missing.
No worker needs the disk of the others: the sound goes with the unit, the words come back.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from arengo.kernel.executor import Executor, Unit
from arengo.live.engine.words import Word
from arengo.live.hearing import models
from arengo.live.hearing.recogniser import SAMPLE_RATE, ModelMissing
from arengo.live.studio.recorder import SegmentRecord, read_lines, write_atomically

PIECE_S = 300.0
SLACK_S = 20.0  # a stretch is cut where it is quietest, this much before or after
QUIET_S = 0.3
JUMP_S = 0.25  # sound that comes so much later than the sound before begins another stretch
LARGER = ("whisper-large-v3", "whisper-medium", "whisper-small")  # the best one first

Samples = npt.NDArray[np.int16]
Progress = Callable[[float], None]  # seconds heard so far


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of sound, mono at 16 kHz; `name` is its place in the recording."""

    name: str
    start_s: float
    pcm: Samples

    @property
    def length_s(self) -> float:
        """Return its seconds."""
        return len(self.pcm) / SAMPLE_RATE


def listen(
    folder: Path, results: Path, executor: Executor, model: Path, on_progress: Progress
) -> list[Word]:
    """Return the words of a recording, hearing only what `results` does not hold yet.

    Raises
    ------
    HearingError, WorkerLost
        A stretch could not be heard; the others are kept.
    """
    results.mkdir(parents=True, exist_ok=True)
    lengths: dict[str, float] = {}
    heard_s = 0.0
    failed: Exception | None = None
    units = _missing(folder, results, model, executor.workers, lengths)
    for outcome in executor.map(hear, units):
        if outcome.error is not None:
            failed = outcome.error
            continue
        write_atomically(results / f"{outcome.name}.words", outcome.result())
        heard_s += lengths[outcome.name]
        on_progress(heard_s + lengths.get("", 0.0))
    if failed is not None:
        raise failed
    return words_in(results)


def _missing(
    folder: Path, results: Path, model: Path, workers: int, lengths: dict[str, float]
) -> Iterator[Unit]:
    """Yield what is to be heard; `lengths` is told how long, and under "" what was there already."""
    for piece in pieces(folder):
        if (results / f"{piece.name}.words").exists():
            lengths[""] = lengths.get("", 0.0) + piece.length_s
            continue
        lengths[piece.name] = piece.length_s
        yield piece.name, (str(model), workers, piece.pcm.tobytes(), piece.start_s)


def words_in(results: Path) -> list[Word]:
    """Return all the words that were heard, in order."""
    found = sorted(results.glob("*.words"))
    return [word for path in found for word in unpacked(path.read_bytes())]


# --- what a worker does ------------------------------------------------------------------


def hear(model: str, workers: int, pcm: bytes, start_s: float) -> bytes:
    """Return the words of a stretch, packed: times are the sitting's."""
    from arengo.live.hearing import offline

    sound = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
    words = offline.transcribe(sound, _reader(model, workers))
    return packed([Word(w.start + start_s, w.end + start_s, w.text, w.probability) for w in words])


@lru_cache(maxsize=1)
def _reader(model: str, workers: int) -> Any:
    """Return the model, loaded once by each process and verified before."""
    import os

    from arengo.live.hearing import offline

    folder = Path(model)
    models.verify(models.named(folder.name), folder)
    threads = max(1, (os.cpu_count() or 1) // workers)
    return offline.WindowReader(folder, name=folder.name, sha256="", threads=threads)


def packed(words: Sequence[Word]) -> bytes:
    """Return words in few bytes: Ray sends a small result with the answer, not from a node that may die."""
    rows = [[round(w.start, 3), round(w.end, 3), w.text, w.probability] for w in words]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode())


def unpacked(data: bytes) -> list[Word]:
    """Return the words of a stretch."""
    return [Word(*row) for row in json.loads(zlib.decompress(data))]


def best_model(folder: Path) -> Path:
    """Return the best model that is whole in a folder of models.

    Raises
    ------
    ModelMissing
        There is none.
    """
    for name in (*LARGER, models.DEFAULT):
        if name in models.known() and (folder / name).is_dir():
            return folder / name
    raise ModelMissing(
        f"Nessun modello in {folder}: per scaricarlo, arengo models fetch {models.DEFAULT}"
    )


# --- the sound of a folder ----------------------------------------------------------------


def pieces(folder: Path, piece_s: float = PIECE_S, slack_s: float = SLACK_S) -> Iterator[Piece]:
    """Yield the sound of a recording, stretch by stretch; silence where nothing was recorded is left out."""
    for number, one in enumerate(_stretches(_sound(folder), piece_s, slack_s)):
        yield Piece(f"{number:05d}", *one)


def _stretches(
    sound: Iterator[tuple[float, Samples]], piece_s: float, slack_s: float
) -> Iterator[tuple[float, Samples]]:
    held = np.zeros(0, np.int16)
    start_s = 0.0
    waiting: list[Samples] = []
    count = 0
    longest = round((piece_s + slack_s) * SAMPLE_RATE)
    for at_s, pcm in sound:
        if count and at_s - (start_s + count / SAMPLE_RATE) > JUMP_S:
            yield start_s, np.concatenate(waiting)
            waiting, count = [], 0
        if not count:
            start_s = at_s
        waiting.append(pcm)
        count += len(pcm)
        if count >= longest:
            held = np.concatenate(waiting)
            at = quietest(held, round((piece_s - slack_s) * SAMPLE_RATE))
            yield start_s, held[:at]
            start_s += at / SAMPLE_RATE
            waiting, count = [held[at:]], len(held) - at
    if count:
        yield start_s, np.concatenate(waiting)


def quietest(pcm: Samples, since: int) -> int:
    """Return the middle of the quietest third of a second from a sample on."""
    size = round(QUIET_S * SAMPLE_RATE)
    power = np.square(pcm[since:].astype(np.float64))
    sums = np.concatenate([[0.0], np.cumsum(power)])
    within = sums[size:] - sums[:-size]
    return since + int(np.argmin(within)) + size // 2


def _sound(folder: Path) -> Iterator[tuple[float, Samples]]:
    """Yield decoded sound with its second, take by take."""
    records = [SegmentRecord(**row) for row in read_lines(folder / "segments.jsonl")]
    takes: dict[int, list[Path]] = {}
    for record in records:
        path = folder / "media" / f"{record.n}.m4s"
        if path.exists():
            takes.setdefault(record.take, []).append(path)
    for take, paths in takes.items():
        yield from _of_take([folder / "media" / f"init-{take}.mp4", *paths])


def _of_take(paths: Sequence[Path]) -> Iterator[tuple[float, Samples]]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    with (
        io.BufferedReader(_Joined(paths)) as joined,
        av.open(joined, "r", format="mp4") as container,
    ):
        if not container.streams.audio:
            return
        try:
            for frame in container.decode(audio=0):
                at_s = float(frame.time or 0.0)
                frame.pts = None
                parts = [out.to_ndarray().reshape(-1) for out in resampler.resample(frame)]
                if parts:
                    yield at_s, np.concatenate(parts)
        except av.error.FFmpegError:
            return  # a segment that cannot be decoded ends the take: what came before was heard


class _Joined(io.RawIOBase):
    """Files read one after the other, as one that cannot be wound back."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._file: io.BufferedReader | None = None

    def close(self) -> None:
        """Let go of the file that is being read."""
        if self._file is not None:
            self._file.close()
        super().close()

    def readable(self) -> bool:
        """Tell that it is read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill some of a buffer; 0 at the end of the last file."""
        while True:
            if self._file is None:
                if not self._paths:
                    return 0
                self._file = self._paths.pop(0).open("rb")
            if count := self._file.readinto(buffer):
                return count
            self._file.close()
            self._file = None
