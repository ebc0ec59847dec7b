"""A small real clip, encoded once a run, for the tests of writers, readers and packagers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import av
import numpy as np

from arengo.live.engine.media import AudioConfig, Sample, Track, VideoConfig

GLOBAL_HEADER = 1 << 22  # parameter sets in extradata, as MP4 wants them


@dataclass(frozen=True, slots=True)
class CodedMedia:
    """Two seconds of 160×96 H.264 (25 fps, B-frames, a key frame each second) and AAC 48 kHz."""

    video: VideoConfig
    audio: AudioConfig
    pictures: tuple[Sample, ...]
    sounds: tuple[Sample, ...]

    @property
    def in_order(self) -> list[Sample]:
        """Return both streams interleaved by decoding time, as an encoder sends them."""
        return sorted(self.pictures + self.sounds, key=lambda sample: sample.dts_us)


@lru_cache(maxsize=1)
def encode_clip() -> CodedMedia:
    """Encode with PyAV and turn the packets into the engine's samples."""
    video, pictures = _encode_video()
    audio, sounds = _encode_audio()
    return CodedMedia(video, audio, pictures, sounds)


def _encode_video() -> tuple[VideoConfig, tuple[Sample, ...]]:
    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 160, 96, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    x264 = "annexb=0:scenecut=0:keyint=25:bframes=2:threads=1"
    context.options = {"preset": "ultrafast", "x264-params": x264}
    context.flags |= GLOBAL_HEADER
    packets: list[av.Packet[Any]] = []
    for index in range(50):
        frame = av.VideoFrame.from_ndarray(_picture(index), format="rgb24")
        frame.pts = index
        packets += context.encode(frame)
    packets += context.encode(None)
    config = VideoConfig(bytes(context.extradata or b""), 160, 96)
    return config, _samples("video", packets)


def _picture(index: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((96, 160, 3), index * 5 % 256, dtype=np.uint8)


def _encode_audio() -> tuple[AudioConfig, tuple[Sample, ...]]:
    context = av.CodecContext.create("aac", "w")
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate, context.layout, context.format = 48_000, "mono", "fltp"
    context.time_base = Fraction(1, 48_000)
    context.flags |= GLOBAL_HEADER
    packets: list[av.Packet[Any]] = []
    for index in range(94):
        times = (np.arange(1024) + 1024 * index) / 48_000
        wave = (0.2 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)[None, :]
        frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 1024 * index
        packets += context.encode(frame)
    config = AudioConfig("aac", bytes(context.extradata or b""), 48_000, 1)
    return config, _samples("audio", packets)


def _samples(track: Track, packets: Sequence[av.Packet[Any]]) -> tuple[Sample, ...]:
    """Times in µs, moved so that the first decoding time is 0."""
    found = [
        Sample(
            track,
            _microseconds(packet.dts, packet.time_base),
            _microseconds(packet.pts, packet.time_base),
            packet.is_keyframe or track == "audio",
            bytes(packet),
        )
        for packet in packets
    ]
    zero = found[0].dts_us
    return tuple(
        replace(sample, dts_us=sample.dts_us - zero, pts_us=sample.pts_us - zero)
        for sample in found
    )


def _microseconds(ticks: int | None, time_base: Fraction | None) -> int:
    assert ticks is not None
    assert time_base is not None
    return round(ticks * time_base * 1_000_000)
