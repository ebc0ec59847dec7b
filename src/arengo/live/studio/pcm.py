"""From coded audio to what is heard: 16 kHz mono samples for hearing, levels for the regia."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import av
import numpy as np
from av.audio.resampler import AudioResampler

from arengo.live.engine.media import AudioConfig

RATE = 16_000
SILENCE_DB = -50.0
FLOOR_DB = -90.0


class Decoder:
    """Decode AAC or Opus frames; a damaged frame is skipped and counted, never raised."""

    def __init__(self, config: AudioConfig) -> None:
        self._context = av.CodecContext.create("aac" if config.kind == "aac" else "opus", "r")
        self._context.extradata = config.extra if config.kind == "aac" else _opus_head(config)
        self._context.sample_rate = config.sample_rate
        self._resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        self.damaged = 0

    def decode(self, frames: list[bytes]) -> bytes:
        """Return s16le mono 16 kHz PCM of these coded frames."""
        pieces: list[bytes] = []
        for data in frames:
            try:
                decoded = self._context.decode(av.Packet(data))
                for frame in decoded:
                    frame.pts = None
                    resampled = self._resampler.resample(frame)
                    pieces.extend(bytes(out.planes[0])[: 2 * out.samples] for out in resampled)
            except av.FFmpegError:
                self.damaged += 1
        return b"".join(pieces)


def _opus_head(config: AudioConfig) -> bytes:
    """Turn the body of `dOps` (RFC 7845 as boxed by ISO) into the OpusHead that FFmpeg wants."""
    body = config.extra
    pre_skip = int.from_bytes(body[2:4], "big").to_bytes(2, "little")
    rate = int.from_bytes(body[4:8], "big").to_bytes(4, "little")
    gain = int.from_bytes(body[8:10], "big").to_bytes(2, "little")
    return b"OpusHead\x01" + body[1:2] + pre_skip + rate + gain + body[10:]


@dataclass(frozen=True, slots=True)
class Level:
    """Loudness of the last seconds: decibels of full scale, and how long it has been silent."""

    level_db: float
    peak_db: float
    silent_s: float


class Meter:
    """Follow the audio level over the last three seconds of sound."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float, int]] = deque()  # power sum, peak, samples
        self._samples = 0
        self._silent = 0

    def hear(self, pcm: bytes) -> None:
        """Take s16le mono 16 kHz samples in."""
        if not pcm:
            return
        wave = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768
        power = float(np.dot(wave, wave))
        self._recent.append((power, float(np.abs(wave).max()), len(wave)))
        self._samples += len(wave)
        while self._samples - self._recent[0][2] >= 3 * RATE:
            self._samples -= self._recent.popleft()[2]
        quiet = _db(power / len(wave), 10) < SILENCE_DB
        self._silent = self._silent + len(wave) if quiet else 0

    def level(self) -> Level:
        """Return the level now; silence is -90 dB."""
        if not self._recent:
            return Level(FLOOR_DB, FLOOR_DB, 0.0)
        power = sum(item[0] for item in self._recent) / self._samples
        peak = max(item[1] for item in self._recent)
        return Level(round(_db(power, 10), 1), round(_db(peak, 20), 1), self._silent / RATE)


def _db(value: float, factor: int) -> float:
    return max(FLOOR_DB, factor * math.log10(value)) if value > 0 else FLOOR_DB
