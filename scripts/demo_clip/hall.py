"""The acoustics of the hall: turns laid one after another, reverberation, air, paper and chairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from kokoro import Wave
from numpy.typing import NDArray
from script import Pause, Person, Speech
from speech import OUT_RATE, Said, Timed

SEED = 20261
SENTENCE_GAP_S, TURN_GAP_S, CALL_GAP_S = (0.2, 0.35), (0.3, 0.5), (0.06, 0.18)
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
        """When the first word begins."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """When the last word ends."""
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
        """Seconds, a whole number."""
        return len(self.wave) / OUT_RATE


@dataclass(slots=True)
class Timeline:
    """The sitting as it is laid out, step by step."""

    chance: np.random.Generator
    now: float = 0.0
    pieces: list[tuple[int, Wave]] = field(default_factory=list)
    turns: list[Placed] = field(default_factory=list)
    pauses: list[Quiet] = field(default_factory=list)

    def wait(self, pause: Pause) -> None:
        """Let time pass."""
        self.pauses.append(Quiet(pause.notice, self.now, self.now + pause.seconds))
        self.now += pause.seconds

    def speak(self, speech: Speech, said: Sequence[Said]) -> None:
        """Add a turn, with a breath between its sentences and after it."""
        words: list[Timed] = []
        for i, sentence in enumerate(said):
            self.now += self.chance.uniform(*SENTENCE_GAP_S) if i else 0.0
            self.pieces.append((round(self.now * OUT_RATE), sentence.wave))
            words += [Timed(w.token, w.start + self.now, w.end + self.now) for w in sentence.words]
            self.now += len(sentence.wave) / OUT_RATE
        self.turns.append(Placed(speech.scene, speech.person, tuple(words)))
        is_call = words[-1].end - words[0].start < CALL_S
        self.now += self.chance.uniform(*(CALL_GAP_S if is_call else TURN_GAP_S))


def perform(steps: Sequence[Speech | Pause], cast: Mapping[Speech, Sequence[Said]]) -> Mix:
    """Lay all steps on one timeline of a whole number of seconds and put them in the hall."""
    line = Timeline(np.random.default_rng(SEED))
    for step in steps:
        if isinstance(step, Pause):
            line.wait(step)
        else:
            line.speak(step, cast[step])
    dry = _laid(line.pieces, int(np.ceil(line.now)) * OUT_RATE)
    return Mix(_in_hall(dry, line.pauses, line.chance), dry, tuple(line.turns), tuple(line.pauses))


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
    return np.asarray(np.tanh(mixed * 1.4) / 1.4, dtype=np.float32)


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
    return np.asarray(np.fft.irfft(product, size)[: len(wave)], dtype=np.float32)


def _coloured(wave: NDArray[np.floating], low_hz: float, high_hz: float) -> Wave:
    """Keep the band between two frequencies, with gentle (first order) slopes."""
    spectrum = np.fft.rfft(wave)
    hertz = np.fft.rfftfreq(len(wave), 1 / OUT_RATE)
    ratio = hertz / low_hz
    shape = ratio / np.sqrt(1 + ratio**2) / np.sqrt(1 + (hertz / high_hz) ** 2)
    return np.asarray(np.fft.irfft(spectrum * shape, len(wave)), dtype=np.float32)


def _air(length: int, chance: np.random.Generator) -> Wave:
    """Ventilation at about -56 dBFS and a trace of mains hum."""
    noise = _coloured(chance.standard_normal(length), low_hz=80, high_hz=500)
    hum = np.sin(2 * np.pi * 100 * np.arange(length) / OUT_RATE)
    mixed = noise / noise.std() * 10 ** (-56 / 20) + hum * 10 ** (-66 / 20)
    return np.asarray(mixed, dtype=np.float32)


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
    return np.asarray(noise / noise.std() * 10 ** (level_db / 20), dtype=np.float32)
