"""Sizes, rates and channels, read from configurations that real encoders wrote."""

from __future__ import annotations

import re
from fractions import Fraction

import av
import pytest

from arengo.live.engine.codec_config import parse_asc, parse_avcc
from arengo.live.engine.flv import FlvError
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


Bits = list[tuple[int, int]]  # (value, width) pairs


def ue(value: int) -> tuple[int, int]:
    """Code a number as Exp-Golomb (H.264 §9.1)."""
    return value + 1, 2 * (value + 1).bit_length() - 1


def se(value: int) -> tuple[int, int]:
    return ue(2 * value - 1 if value > 0 else -2 * value)


def avcc_of(profile: int, fields: Bits) -> bytes:
    """Write an SPS of these fields, escaped as §7.4.1 wants, in a configuration record."""
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    text += "0" * (-len(text) % 8)
    body = int(text, 2).to_bytes(len(text) // 8, "big")
    escaped = re.sub(b"\0\0(?=[\0-\3])", b"\0\0\3", body)
    sps = bytes([0x67, profile, 0, 40]) + escaped
    return bytes([1, profile, 0, 40, 0xFF, 0xE1]) + len(sps).to_bytes(2, "big") + sps + b"\0"


ORDER_TYPE_0: Bits = [ue(0), ue(0), ue(0)]
FLAT_4X4: Bits = [(1, 1), *[se(0)] * 16]
FLAT_8X8: Bits = [(1, 1), *[se(0)] * 64]
STANDARD: Bits = [(1, 1), se(-8)]  # the next scale is 0: the standard's own list, nothing follows
ABSENT: Bits = [(0, 1)]


def picture(columns: int, rows: int) -> Bits:
    """Return the fields from max_num_ref_frames to the cropping flag, in macroblocks."""
    return [ue(1), (0, 1), ue(columns - 1), ue(rows - 1), (1, 1), (1, 1), (0, 1)]


@pytest.mark.parametrize(
    ("chroma", "lists"),
    [
        (1, FLAT_4X4 + ABSENT * 5 + FLAT_8X8 + ABSENT),
        (1, STANDARD * 2 + FLAT_4X4 + ABSENT * 3 + STANDARD * 2),
        (3, ABSENT * 10 + STANDARD + FLAT_8X8),
    ],
)
def test_scaling_lists_in_the_sequence_are_stepped_over(chroma: int, lists: Bits) -> None:
    """x264 writes them in the picture's parameters, hall encoders here."""
    planes: Bits = [(0, 1)] if chroma == 3 else []
    high = [ue(0), ue(chroma), *planes, ue(0), ue(0), (0, 1), (1, 1), *lists]
    config = parse_avcc(avcc_of(100, [*high, *ORDER_TYPE_0, *picture(40, 23)]))
    assert isinstance(config, VideoConfig)
    assert (config.width, config.height) == (640, 368)


@pytest.mark.parametrize("offset", [0, -3, 2**20, 2**28 - 1])
def test_picture_order_type_1(offset: int) -> None:
    """Great offsets make runs of zeros, which the escapes of §7.4.1 break up."""
    order: Bits = [ue(0), ue(1), (0, 1), se(offset), se(offset), ue(2), se(offset), se(0)]
    avcc = avcc_of(77, [ue(0), *order, *picture(20, 15)])
    assert (b"\0\0\3" in avcc) == (offset > 3)
    assert parse_avcc(avcc) == VideoConfig(avcc, 320, 240)


def test_picture_order_type_2() -> None:
    avcc = avcc_of(66, [ue(0), ue(0), ue(2), *picture(20, 15)])
    assert parse_avcc(avcc) == VideoConfig(avcc, 320, 240)


@pytest.mark.parametrize(("columns", "rows"), [(1025, 1), (1, 1025)])
def test_pictures_too_large_to_be_true(columns: int, rows: int) -> None:
    with pytest.raises(FlvError, match="dichiara un quadro"):
        parse_avcc(avcc_of(66, [ue(0), ue(0), ue(2), *picture(columns, rows)]))


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
