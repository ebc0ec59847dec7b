"""Sizes, rates and channels, read from configurations that real encoders wrote."""

from __future__ import annotations

from fractions import Fraction

import av
import pytest

from arengo.live.engine.codec_config import parse_asc, parse_avcc
from arengo.live.engine.media import AudioConfig, Unsupported, VideoConfig


def x264_avcc(width: int, height: int, pixels: str, parameters: str) -> bytes:
    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = width, height, pixels
    context.framerate = Fraction(25)
    context.flags |= 1 << 22
    context.options = {"preset": "ultrafast", "x264-params": f"annexb=0:threads=1:{parameters}"}
    context.open()
    return bytes(context.extradata or b"")


@pytest.mark.parametrize(
    ("width", "height", "pixels", "parameters"),
    [
        (1920, 1080, "yuv420p", "profile=high:8x8dct=1"),  # 1080 is cropped from 1088
        (1280, 720, "yuv420p", "profile=baseline"),
        (322, 182, "yuv420p", "ref=4"),
        (720, 576, "yuv420p", "interlaced=1"),
        (718, 572, "yuv420p", "interlaced=1"),
        (333, 201, "yuv444p", "8x8dct=1"),
        (334, 202, "yuv422p", "interlaced=1"),
        (640, 360, "yuv420p", "8x8dct=1:cqm=jvt"),  # with scaling lists
        (642, 362, "gray", "8x8dct=1"),
        (642, 362, "yuv420p10", ""),
    ],
)
def test_picture_size(width: int, height: int, pixels: str, parameters: str) -> None:
    avcc = x264_avcc(width, height, pixels, parameters)
    assert parse_avcc(avcc) == VideoConfig(avcc, width, height)


def bits_of(*fields: tuple[int, int]) -> bytes:
    """Write (value, width) pairs, filled up with zeros."""
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def test_scaling_lists_in_the_sequence_are_stepped_over() -> None:
    """x264 writes them elsewhere, hall encoders here; 640 × 368, High profile."""
    ue0, ue1 = (1, 1), (2, 3)
    lists = [(1, 1), *[(1, 1)] * 16, *[(0, 1)] * 6, (1, 1), (0b000010000, 9), (0b000010000, 9)]
    sps = bits_of(
        (0x67640028, 32),
        *(ue0, ue1, ue0, ue0, (0, 1), (1, 1)),
        *lists[:-2],
        (0b0001001, 7),  # a step of -4, then
        *[(1, 1)] * 63,
        *(ue0, ue0, ue0, ue0, (0, 1)),
        *((40, 11), (23, 9), (1, 1), (1, 1), (0, 1)),
    )
    avcc = b"\x01\x64\x00\x28\xff\xe1" + len(sps).to_bytes(2, "big") + sps + b"\x00"
    config = parse_avcc(avcc)
    assert isinstance(config, VideoConfig)
    assert (config.width, config.height) == (640, 368)


def test_picture_order_type_1() -> None:
    """Some hall encoders number pictures so; 320 × 240, Main profile."""
    ue0, ue2 = (1, 1), (3, 3)
    order = [(2, 3), (0, 1), ue0, ue0, ue2, ue0, ue0]
    rest = [ue0, (0, 1), (20, 9), (15, 7), (1, 1), (1, 1), (0, 1)]
    sps = bits_of((0x674D0028, 32), ue0, ue0, *order, *rest)
    avcc = b"\x01\x4d\x00\x28\xff\xe1" + len(sps).to_bytes(2, "big") + sps + b"\x00"
    assert parse_avcc(avcc) == VideoConfig(avcc, 320, 240)


@pytest.mark.parametrize(
    ("config", "rate", "channels"),
    [
        ("1210", 44_100, 2),
        ("1188", 48_000, 1),
        ("118856e500", 48_000, 1),  # with FFmpeg's sign that there is no SBR
        ("2b9208", 22_050, 2),  # HE-AAC, explicit: an AAC core of 22,050 Hz in 44,100
        ("eb8a0800", 22_050, 1),  # HE-AAC v2: parametric stereo over one channel
        ("1180", 48_000, 2),  # channels told by a program element
        ("11b8", 48_000, 8),
        ("178056220800", 44_100, 1),  # a rate in full
    ],
)
def test_aac(config: str, rate: int, channels: int) -> None:
    raw = bytes.fromhex(config)
    assert parse_asc(raw) == AudioConfig("aac", raw, rate, channels)


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ("0a10", "AAC (oggetto 1)"),
        ("f8e85000", "AAC (oggetto 39)"),
        ("f9446000", "AAC (oggetto 42)"),
    ],
)
def test_aac_that_browsers_do_not_play(config: str, name: str) -> None:
    assert parse_asc(bytes.fromhex(config)) == Unsupported("audio", name)
