"""Half an hour in which nobody speaks: the captions must stay empty.

Silence of a quiet hall, applause, pink and brown noise, mains hum, coughs, moved chairs and
microphones being touched, a bell, made with NumPy from one seed, go through the streaming
path as fast as it takes them. The gate alone could pass by luck, so the same sound is also
handed to the recogniser directly, with the guard told that all of it is voice: those
figures have no goal.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from figures import Figures

from arengo import config
from arengo.live.demo.reference import load_reference
from arengo.live.engine.captions import Cue
from arengo.live.engine.guard import judge
from arengo.live.hearing import models
from arengo.live.hearing.recogniser import SAMPLE_RATE, Pcm, Recogniser
from arengo.live.hearing.roll import roll_of
from arengo.live.hearing.stream import Notice, Output, Stream

SCENE_S = 30
Wave = npt.NDArray[np.float64]


def main() -> None:
    """Print how many lines were invented; status 1 when any was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    arguments = parser.parse_args()
    recogniser = models.load(models.DEFAULT, config.load().models)
    scenes = round(arguments.minutes * 60 / SCENE_S)
    outputs = _streamed(recogniser, scenes)
    lines = {cue.id for cue in outputs if isinstance(cue, Cue) and cue.lines}
    refused = sum(isinstance(output, Notice) for output in outputs)
    figures = Figures()
    figures.add("silence.minutes", scenes * SCENE_S / 60, "min", "-")
    figures.add("silence.refused_by_the_guard", refused, "stretches", "-")
    figures.add("silence.invented_lines", len(lines), "lines", "==0")
    _without_gate(figures, recogniser, max(len(SCENES), scenes // 4))
    figures.finish()


def _streamed(recogniser: Recogniser, scenes: int) -> list[Output]:
    stream = Stream(recogniser, roll_of(load_reference().roster), lambda: 0.0)
    outputs: list[Output] = []
    for number, pcm in enumerate(_hall(scenes)):
        for k in range(0, len(pcm), SAMPLE_RATE):
            stream.feed(pcm[k : k + SAMPLE_RATE], number * SCENE_S + k / SAMPLE_RATE)
            while stream.is_due():
                outputs += stream.work()
    return [*outputs, *stream.finish()]


def _without_gate(figures: Figures, recogniser: Recogniser, scenes: int) -> None:
    """Hand twelve seconds of each scene to the recogniser, as if all were voice."""
    invented = shown = 0
    for pcm in _hall(scenes):
        heard = recogniser.hear(pcm[: 12 * SAMPLE_RATE], 0.0, is_final=True)
        judged = judge(
            heard.words,
            [(0.0, 12.0)],
            no_speech=heard.no_speech,
            log_probability=heard.log_probability,
        )
        invented += bool(heard.words)
        shown += bool(judged.words)
    figures.add("silence.without_gate_scenes", scenes, "scenes", "-")
    figures.add("silence.without_gate_recogniser_wrote", invented, "scenes", "-")
    figures.add("silence.without_gate_guard_let_through", shown, "scenes", "-")


def _hall(scenes: int) -> Iterator[Pcm]:
    """Yield scenes of half a minute, all over the noise of a hall."""
    chance = np.random.default_rng(20261123)
    for number in range(scenes):
        wave = SCENES[number % len(SCENES)](chance) + 0.0015 * _coloured(chance, 1.0)
        loudness = chance.uniform(0.3, 1.0)
        yield np.clip(wave * loudness, -1, 1).astype(np.float32)


def _silence(chance: np.random.Generator) -> Wave:
    return np.zeros(SCENE_S * SAMPLE_RATE)


def _coloured(chance: np.random.Generator, power: float) -> Wave:
    """Return noise whose power falls as 1/f^`power`, with a peak of 1."""
    count = SCENE_S * SAMPLE_RATE
    spectrum = np.fft.rfft(chance.normal(size=count))
    spectrum /= np.maximum(np.arange(len(spectrum)), 1) ** (power / 2)
    wave = np.fft.irfft(spectrum, count)
    return np.asarray(wave / np.abs(wave).max())


def _pink(chance: np.random.Generator) -> Wave:
    return 0.2 * _coloured(chance, 1.0)


def _brown(chance: np.random.Generator) -> Wave:
    return 0.3 * _coloured(chance, 2.0)


def _hum(chance: np.random.Generator) -> Wave:
    """Return mains hum with its harmonics, slowly beating."""
    t = np.arange(SCENE_S * SAMPLE_RATE) / SAMPLE_RATE
    tones = sum(np.sin(2 * np.pi * 50 * k * t + chance.uniform(0, 6)) / k for k in range(1, 8))
    return np.asarray(0.08 * tones * (1 + 0.3 * np.sin(2 * np.pi * 0.3 * t)))


def _applause(chance: np.random.Generator) -> Wave:
    """Return the claps of a hall: a swell of a thousand short bursts of noise."""
    count = SCENE_S * SAMPLE_RATE
    starts = (chance.beta(2, 4, size=3000) * (count - 2000)).astype(int)
    rhythm = np.zeros(count)
    np.add.at(rhythm, starts, chance.uniform(0.2, 1.0, size=len(starts)))
    clap = chance.normal(size=800) * np.exp(-np.arange(800) / 120)
    wave = np.fft.irfft(np.fft.rfft(rhythm) * np.fft.rfft(clap, count), count)
    return np.asarray(0.5 * wave / np.abs(wave).max())


def _bumps(chance: np.random.Generator) -> Wave:
    """Return coughs, chairs and touched microphones: bursts of coloured noise."""
    wave = np.zeros(SCENE_S * SAMPLE_RATE)
    for _ in range(12):
        length = int(chance.uniform(0.05, 0.5) * SAMPLE_RATE)
        start = int(chance.integers(0, len(wave) - length))
        burst = _coloured(chance, chance.uniform(0, 2))[:length] * np.hanning(length)
        wave[start : start + length] += burst * chance.uniform(0.2, 0.9)
    return wave


def _bell(chance: np.random.Generator) -> Wave:
    """Return the president's bell, rung a few times."""
    t = np.arange(SCENE_S * SAMPLE_RATE) / SAMPLE_RATE
    wave = np.zeros_like(t)
    for start in chance.uniform(0, SCENE_S - 3, size=5):
        after = np.maximum(t - start, 0)
        ring = sum(np.sin(2 * np.pi * f * after) for f in (1320, 2760, 4210, 5900))
        wave += 0.1 * ring * np.exp(-2.5 * after) * (t >= start)
    return wave


SCENES: tuple[Callable[[np.random.Generator], Wave], ...] = (
    _silence,
    _applause,
    _pink,
    _bumps,
    _hum,
    _brown,
    _bell,
)


if __name__ == "__main__":
    main()
