"""From tokens to a voice: Italian phonemes from espeak-ng, a wave from Kokoro, times of words."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from kokoro import RATE, UNIT, Kokoro, Wave
from script import Token, Voice

OUT_RATE = 48_000
LEAD_S, TAIL_S = 0.08, 0.14  # kept around the words: the model adds about 0.3 s of silence
STEP_S = 0.005
# The wave runs ahead of the durations by about this much, at speed 1: measured on vowels that
# begin a sentence, and confirmed by a recogniser's word times.
AHEAD_UNITS = 3.0
# What espeak-ng writes and the voice was found to need: long gli, gn and sci between vowels, and
# the verb è open and stressed (heard as such by a recogniser; checked phrase by phrase).
LONG_BETWEEN_VOWELS = re.compile(r"(?<=[aeiouɛɔɪʊ])([ʎɲʃ])(?=[ˈˌ]?[aeiouɛɔɪʊj])")
LENGTHENED = {"ʎ": "lʎ", "ɲ": "ɲɲ", "ʃ": "ʃʃ"}
PRONOUNCED = {"è": "ˈɛ"}
AFFRICATES = {"d^z": "ʣ", "d^ʒ": "ʤ", "t^s": "ʦ", "t^ʃ": "ʧ"}


@dataclass(frozen=True, slots=True)
class Timed:
    """A token and when it is said, in seconds."""

    token: Token
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Said:
    """A spoken sentence: 48 kHz mono wave and its words, timed from the wave's beginning."""

    wave: Wave
    words: tuple[Timed, ...]


def say(kokoro: Kokoro, voice: Voice, sentence: Sequence[Token]) -> Said:
    """Speak one sentence in one voice."""
    symbols, spans = spell(sentence)
    raw, starts = kokoro.say(symbols, voice)
    scale = RATE * voice.pitch
    seconds = (starts - AHEAD_UNITS * UNIT * voice.pitch / voice.speed) / scale
    level = _level(raw, scale)
    words = [
        Timed(token, float(seconds[a]), _sounding_end(level, seconds[a], seconds[b], token))
        for token, (a, b) in zip(sentence, spans, strict=True)
    ]
    begin, end = max(0.0, words[0].start - LEAD_S), words[-1].end + TAIL_S
    cut = _faded(raw[int(begin * scale) : int(end * scale)])
    wave = _resample(cut, OUT_RATE / scale)
    placed = tuple(Timed(w.token, w.start - begin, w.end - begin) for w in words)
    return Said(_levelled(wave, voice.gain_db), placed)


def _level(raw: Wave, scale: float) -> Wave:
    """Loudness (RMS) of each `STEP_S`."""
    step = int(STEP_S * scale)
    power = (raw[: len(raw) // step * step].reshape(-1, step) ** 2).mean(axis=1)
    return np.asarray(np.sqrt(power), dtype=np.float32)


def _sounding_end(level: Wave, start: float, end: float, token: Token) -> float:
    """Where the word is last heard: before a pause the model counts the silence to the word."""
    if token.said[-1].isalnum():
        return float(end)
    inside = level[int(start / STEP_S) : int(end / STEP_S)]
    heard = np.flatnonzero(inside > 0.03 * level.max())
    return float(min(end, start + (heard[-1] + 2) * STEP_S)) if heard.size else float(end)


def spell(sentence: Sequence[Token]) -> tuple[str, list[tuple[int, int]]]:
    """The sentence in Kokoro's symbols, and for each token where its symbols begin and end."""
    symbols, spans = "", []
    for token in _clause_wise(sentence):
        sounds, mark = token
        symbols += " " if symbols else ""
        spans.append((len(symbols), len(symbols) + len(sounds)))
        symbols += sounds + mark
    return symbols, spans


def _clause_wise(sentence: Sequence[Token]) -> list[tuple[str, str]]:
    """Each token's phonemes and the punctuation after it; a clause is phonemised as a whole."""
    out: list[tuple[str, str]] = []
    clause: list[str] = []
    for token in sentence:
        said = token.said.rstrip(".,;:?!")
        clause.append(said)
        mark = token.said[len(said) :]
        if mark or token is sentence[-1]:
            sounds = _phonemes(tuple(clause))
            out += [(s, "") for s in sounds[:-1]] + [(sounds[-1], mark)]
            clause = []
    return out


def _phonemes(words: tuple[str, ...]) -> list[str]:
    """Phonemes of each word as said in the clause, or on its own when espeak-ng joins words."""
    whole = _espeak(" ".join(words)).split()
    if len(whole) != sum(len(word.split()) for word in words):
        return [_espeak(word) for word in words]
    sounds = iter(whole)
    said = [" ".join(next(sounds) for _ in word.split()) for word in words]
    return [PRONOUNCED.get(word.lower(), sound) for word, sound in zip(words, said, strict=True)]


@cache
def _espeak(text: str) -> str:
    command = ["espeak-ng", "-v", "it", "--ipa", "--tie=^", "-q", text]
    ipa = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for pair, symbol in AFFRICATES.items():
        ipa = ipa.replace(pair, symbol)
    ipa = LONG_BETWEEN_VOWELS.sub(lambda found: LENGTHENED[found[1]], ipa.replace("^", ""))
    return re.sub(r"\s+", " ", ipa).strip()


def _resample(wave: Wave, ratio: float) -> Wave:
    """Band-limited change of rate (and so of pitch) by cutting or padding the spectrum."""
    length = round(len(wave) * ratio)
    spectrum = np.fft.rfft(wave)
    out = np.zeros(length // 2 + 1, dtype=np.complex128)
    kept = min(len(out), len(spectrum))
    out[:kept] = spectrum[:kept]
    return (np.fft.irfft(out, length) * ratio).astype(np.float32)


def _faded(wave: Wave, seconds: float = 0.01) -> Wave:
    edge = int(seconds * RATE)
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    out = wave.copy()
    out[:edge] *= ramp
    out[-edge:] *= ramp[::-1]
    return out


def _levelled(wave: Wave, gain_db: float) -> Wave:
    """Bring speech to -22 dBFS (RMS of its louder half), then apply the person's own level."""
    frames = wave[: len(wave) // 480 * 480].reshape(-1, 480)
    power = np.sort((frames**2).mean(axis=1))[len(frames) // 2 :].mean()
    target = 10 ** ((-22 + gain_db) / 20)
    return np.asarray(wave * (target / np.sqrt(power)), dtype=np.float32)
