"""An archive of sixty segments heard by two Ray nodes, and by one; and what asking costs.

The segments are the demo sitting's, cut in sixty; each node has one processor and one thread. The
overhead is that of a task which does nothing with the sound of five minutes, over what hearing
five minutes costs. Two processors are needed for the ratio to mean anything.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from figures import Figures

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import ray_nodes
import ray_work

from arengo import config
from arengo.kernel.executor import Executor, executor
from arengo.live.demo.reference import CLIP
from arengo.live.hearing import models, sound
from arengo.live.hearing.recogniser import SAMPLE_RATE
from arengo.record.listening import Piece, hear

SEGMENTS = 60
TASKS = 40
FIVE_MINUTES = 300 * SAMPLE_RATE * 2  # bytes


def main() -> None:
    """Print both times, their ratio and the overhead; status 1 when one is short."""
    figures = Figures()
    figures.add("ray.cores", os.cpu_count() or 1, "", "-")
    figures.add("ray.load_before", os.getloadavg()[0], "", "-")
    pieces = _pieces()
    with (
        tempfile.TemporaryDirectory(prefix="ray") as folder,
        ray_nodes.nodes(Path(folder), 1) as cluster,
    ):
        os.environ.update(cluster.environment, RAY_ADDRESS=cluster.address)
        with executor("ray", 1) as working:
            cluster.wait_for_processors(1)
            one_s = _heard(working, pieces)
            overhead_s = _overhead(working)
        cluster.add()
        with executor("ray", 2) as working:
            cluster.wait_for_processors(2)
            two_s = _heard(working, pieces)
    seconds = sum(piece.length_s for piece in pieces)
    figures.add("ray.one_node", one_s, "s", "-")
    figures.add("ray.two_nodes", two_s, "s", "-")
    figures.add("ray.speed_up", one_s / two_s, "x", ">=1.8")
    figures.add("ray.overhead_a_task", overhead_s * 1000, "ms", "-")
    figures.add("ray.overhead", 100 * overhead_s / (300 * one_s / seconds), "%", "<=1")
    figures.finish()


def _pieces() -> list[Piece]:
    pcm = np.concatenate(list(sound.chunks(CLIP)))
    parts = np.array_split((pcm * 32767).astype(np.int16), SEGMENTS)
    return [Piece(f"{n:05d}", 0.0, part) for n, part in enumerate(parts)]


def _heard(working: Executor, pieces: list[Piece]) -> float:
    """Return seconds by the clock for all segments, models loaded before."""
    model = str(config.load().models / models.DEFAULT)
    workers = os.cpu_count() or 1  # one thread each
    for one in working.map(hear, [(p.name, _asked(model, workers, p)) for p in pieces[:4]]):
        one.result()
    began = time.monotonic()
    found = [
        one.result()
        for one in working.map(hear, ((p.name, _asked(model, workers, p)) for p in pieces))
    ]
    took_s = time.monotonic() - began
    assert len(found) == SEGMENTS
    return took_s


def _asked(model: str, workers: int, piece: Piece) -> tuple[str, int, bytes, float]:
    return model, workers, piece.pcm.tobytes(), piece.start_s


def _overhead(working: Executor) -> float:
    """Return the seconds that a task costs which carries five minutes of sound and does nothing."""
    payload = bytes(FIVE_MINUTES)
    units = [(str(n), (payload,)) for n in range(TASKS)]
    for one in working.map(ray_work.nothing, units[:4]):
        one.result()
    began = time.monotonic()
    for one in working.map(ray_work.nothing, units):
        one.result()
    return (time.monotonic() - began) / TASKS


if __name__ == "__main__":
    main()
