"""The acoustics of the hall: turns laid one after another, reverberation, air, paper and chairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from kokoro import Wave
from numpy.typing import NDArray
from script import Pause, Person, Speech
from speech import OUT_RATE, Said, Timed

SEED = 20261
SENTENCE_GAP_S, TURN_GAP_S, CALL_GAP_S = (0.1, 0.3), (0.28, 0.58), (0.02, 0.12)
CALL_S = 1.6  # utterances shorter than this are part of a roll call: answers come quickly
WET = 0.16
REVERBERATION_S = 0.45


@dataclass(frozen=True, slots=True)
class Placed:
    """A turn on the sitting's timeline, in seconds."""

    scene: str
    person: Person
    words: tuple[Timed, ...]

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


@dataclass(frozen=True, slots=True)
class Quiet:
    """A pause on the sitting's timeline, in seconds."""

    notice: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Mix:
    """The whole sitting: `wave` as heard in the hall, `dry` the voices alone (48 kHz mono)."""

    wave: Wave
    dry: Wave
    turns: tuple[Placed, ...]
    pauses: tuple[Quiet, ...]

    @property
    def duration(self) -> float:
        return len(self.wave) / OUT_RATE


def perform(steps: Sequence[Speech | Pause], cast: Mapping[Speech, Sequence[Said]]) -> Mix:
    """Lay all steps on one timeline of a whole number of seconds and put them in the hall."""
    chance = np.random.default_rng(SEED)
    pieces: list[tuple[int, Wave]] = []
    turns: list[Placed] = []
    pauses: list[Quiet] = []
    now = 0.0
    for step in steps:
        if isinstance(step, Pause):
            pauses.append(Quiet(step.notice, now, now + step.seconds))
            now += step.seconds
            continue
        words: list[Timed] = []
        for i, sentence in enumerate(cast[step]):
            now += chance.uniform(*SENTENCE_GAP_S) if i else 0.0
            at = round(now * OUT_RATE)
            pieces.append((at, sentence.wave))
            words += [Timed(w.token, w.start + now, w.end + now) for w in sentence.words]
            now += len(sentence.wave) / OUT_RATE
        turns.append(Placed(step.scene, step.person, tuple(words)))
        brief = words[-1].end - words[0].start < CALL_S
        now += chance.uniform(*(CALL_GAP_S if brief else TURN_GAP_S))
    dry = _laid(pieces, int(np.ceil(now)) * OUT_RATE)
    return Mix(_in_hall(dry, pauses, chance), dry, tuple(turns), tuple(pauses))


def _laid(pieces: list[tuple[int, Wave]], length: int) -> Wave:
    dry = np.zeros(length, dtype=np.float32)
    for at, wave in pieces:
        dry[at : at + len(wave)] += wave
    return dry


def _in_hall(dry: Wave, pauses: Sequence[Quiet], chance: np.random.Generator) -> Wave:
    wet = _convolved(dry, _room(chance))
    mixed = dry + WET * wet + _air(len(dry), chance)
    for at, wave in _paper(len(dry), pauses, chance):
        mixed[at : at + len(wave)] += wave[: len(mixed) - at]
    return np.tanh(mixed * 1.4).astype(np.float32) / np.float32(1.4)


def _room(chance: np.random.Generator) -> Wave:
    """A synthetic impulse response: some early reflections, then noise decaying 60 dB."""
    length = int(REVERBERATION_S * OUT_RATE)
    decay = np.exp(-6.9 * np.arange(length) / length)
    tail = chance.standard_normal(length) * decay * 0.035
    for delay_s in (0.011, 0.017, 0.024, 0.031, 0.043):
        tail[int(delay_s * OUT_RATE)] += chance.uniform(0.4, 0.8) * np.exp(-delay_s * 15)
    return _coloured(tail, low_hz=150, high_hz=5000)


def _convolved(wave: Wave, response: Wave) -> Wave:
    size = 1 << int(np.ceil(np.log2(len(wave) + len(response))))
    product = np.fft.rfft(wave, size) * np.fft.rfft(response, size)
    return np.fft.irfft(product, size)[: len(wave)].astype(np.float32)


def _coloured(wave: NDArray[np.floating], low_hz: float, high_hz: float) -> Wave:
    """Keep the band between two frequencies, with gentle (first order) slopes."""
    spectrum = np.fft.rfft(wave)
    hertz = np.fft.rfftfreq(len(wave), 1 / OUT_RATE)
    ratio = hertz / low_hz
    shape = ratio / np.sqrt(1 + ratio**2) / np.sqrt(1 + (hertz / high_hz) ** 2)
    return np.fft.irfft(spectrum * shape, len(wave)).astype(np.float32)


def _air(length: int, chance: np.random.Generator) -> Wave:
    """Ventilation at about -56 dBFS and a trace of mains hum."""
    noise = _coloured(chance.standard_normal(length), low_hz=80, high_hz=500)
    hum = np.sin(2 * np.pi * 100 * np.arange(length) / OUT_RATE)
    return (noise / noise.std() * 10 ** (-56 / 20) + hum * 10 ** (-66 / 20)).astype(np.float32)


def _paper(
    length: int, pauses: Sequence[Quiet], chance: np.random.Generator
) -> list[tuple[int, Wave]]:
    """Sheets turned now and then, and chairs that creak while hands go up."""
    every = [(float(t), 0.45, -42.0) for t in np.arange(9, length / OUT_RATE - 2, 17)]
    votes = [(p.start + 0.4, 0.8, -38.0) for p in pauses if p.notice]
    return [
        (int((at + chance.uniform(0, 1)) * OUT_RATE), _rustle(seconds, level_db, chance))
        for at, seconds, level_db in every + votes
    ]


def _rustle(seconds: float, level_db: float, chance: np.random.Generator) -> Wave:
    length = int(seconds * OUT_RATE)
    grains = np.repeat(chance.uniform(0, 1, length // 960 + 1) ** 3, 960)[:length]
    shape = grains * np.hanning(length)
    noise = _coloured(chance.standard_normal(length) * shape, low_hz=1500, high_hz=6000)
    return (noise / noise.std() * 10 ** (level_db / 20)).astype(np.float32)
