"""An FLV byte stream, as FFmpeg writes it to a pipe."""

from __future__ import annotations

import io
from contextlib import suppress
from fractions import Fraction
from random import Random

import av
import numpy as np
import pytest

from arengo.live.engine.flv import FlvError, FlvReader
from arengo.live.engine.media import AudioConfig, MediaEvent, Sample, Unsupported
from arengo.live.engine.tests.coded_media import encode_clip
from arengo.live.engine.tests.rtmp_publisher import Tag, clip_tags, cut, flv_file, mangle


def read(data: bytes, piece: int = 65_536) -> list[MediaEvent]:
    reader = FlvReader()
    return [event for part in cut(data, piece) for event in reader.feed(part)]


@pytest.mark.parametrize("piece", [1, 7, 1000, 65_536])
def test_any_cut_gives_the_clip(piece: int) -> None:
    clip = encode_clip()
    video, audio, *samples = read(flv_file(clip_tags()), piece)
    assert (video, audio) == (clip.video, clip.audio)
    assert [s.data for s in samples if isinstance(s, Sample)] == [s.data for s in clip.in_order]


def test_data_tags_are_passed_over() -> None:
    assert read(flv_file([Tag(18, 0, b"\x02\x00\x0aonMetaData"), *clip_tags(0)])) != []


def test_times_past_24_bits() -> None:
    tags = [*clip_tags(0), Tag(8, 0x1000005, b"\xaf\1a")]
    sample = read(flv_file(tags))[-1]
    assert isinstance(sample, Sample)
    assert sample.dts_us == 0x1000005 * 1000


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("not_flv", b"RIFF"),
        ("not_flv", b"x"),
        ("not_flv", b"FLV\x01\x05\0\0\0\0" + bytes(20)),
        ("not_flv", b"FLV\x01\x05\xff\0\0\0" + bytes(20)),
        ("flv_tag", flv_file([Tag(7, 0, b"")])),
        ("flv_tag", flv_file([])[:13] + b"\x09\xff\xff\xff" + bytes(9)),
        ("torn_tag", flv_file([Tag(9, 0, b"\x17\1")])),
    ],
)
def test_garbage(code: str, data: bytes) -> None:
    with pytest.raises(FlvError) as caught:
        read(data, 5)
    assert caught.value.code == code


def test_what_came_before_the_garbage_is_not_lost() -> None:
    reader = FlvReader()
    assert len(reader.feed(flv_file(clip_tags(3)) + b"garbage of some length")) == 5
    with pytest.raises(FlvError, match="tipo ignoto"):
        reader.feed(b"")


def test_mangled_streams_raise_nothing_else() -> None:
    stream = flv_file(clip_tags(20))
    for seed in range(500):
        random = Random(seed)
        with suppress(FlvError):
            read(mangle(stream, random), random.randint(1, 4000))


@pytest.mark.parametrize(
    ("codec", "rate", "extra"),
    [("aac", 44_100, None), ("libopus", 48_000, b"\x00\x01\x01\x38\x00\x00\xbb\x80\x00\x00\x00")],
)
def test_what_ffmpeg_muxes(codec: str, rate: int, extra: bytes | None) -> None:
    """FFmpeg 8 writes Opus in the layout of Enhanced RTMP, with an `OpusHead`."""
    config, *samples = read(muxed_sound(codec, rate))
    assert isinstance(config, AudioConfig)
    assert (config.sample_rate, config.channels) == (rate, 1)
    assert extra is None or config.extra == extra
    assert len(samples) > 10
    assert all(isinstance(sample, Sample) for sample in samples)


def test_hevc_is_named_in_words() -> None:
    assert read(muxed_pictures("libx265")) == [Unsupported("video", "HEVC (H.265)")]


def muxed_sound(codec: str, rate: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="flv") as muxer:
        stream = muxer.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        for index in range(20):
            wave = np.zeros((1, 1024), dtype=np.float32)
            frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, 1024 * index, Fraction(1, rate)
            muxer.mux(stream.encode(frame))
        muxer.mux(stream.encode(None))
    return file.getvalue()


def muxed_pictures(codec: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="flv") as muxer:
        stream = muxer.add_stream(codec, rate=25, options={"x265-params": "log-level=none"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for _ in range(3):
            picture = np.zeros((96, 160, 3), dtype=np.uint8)
            muxer.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        muxer.mux(stream.encode(None))
    return file.getvalue()
