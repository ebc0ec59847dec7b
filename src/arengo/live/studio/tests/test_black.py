"""What stands in an omitted segment's place is black, silent, and just as long."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from arengo.live.engine.codec_config import parse_opus_head
from arengo.live.engine.fmp4 import Run, RunSample, fragment, fragment_times
from arengo.live.engine.media import AudioConfig, VideoConfig
from arengo.live.studio.black import black_init, black_numbers, black_segment, make_black
from arengo.live.studio.recorder import TakeRecord

VIDEO = VideoConfig(b"\x01\x64\x00\x1f\xff", 320, 180)
AAC = AudioConfig("aac", bytes.fromhex("1190"), 48_000, 2)
OPUS = parse_opus_head(bytes.fromhex("010200000000bb0000000000")[:11])


def segment(start_s: float, pictures: int, frames: int, rate: int, each: int) -> bytes:
    """Return a segment in two fragments, whose samples mean nothing."""
    halves = []
    for k in range(2):
        first_picture, first_frame = k * pictures, k * frames
        video = Run(
            round(start_s * 90_000) + first_picture * 3600,
            [RunSample(3600, n == 0, 0, b"secret picture") for n in range(pictures)],
        )
        audio = Run(
            round(start_s * rate) + first_frame * each,
            [RunSample(each, True, 0, b"secret sound") for _ in range(frames)],
        )
        halves.append(fragment(k + 1, video=video, audio=audio))
    return b"".join(halves)


@pytest.mark.parametrize(("audio", "each"), [(AAC, 1024), (OPUS, 960)])
def test_it_has_the_segments_times_and_nothing_to_see_or_hear(
    audio: AudioConfig, each: int
) -> None:
    was = fragment_times(segment(61.4, 13, 24, audio.sample_rate, each))
    made = black_segment(VIDEO, audio, was)
    (now,) = fragment_times(made)
    assert now.video
    assert now.audio
    assert was[0].video
    assert was[1].video
    assert was[0].audio
    assert was[1].audio
    assert (now.video.base_time, now.video.end) == (was[0].video.base_time, was[1].video.end)
    assert (now.audio.base_time, now.audio.end) == (was[0].audio.base_time, was[1].audio.end)
    assert now.video.is_key
    lightest, loudest, pictures = shown(black_init(VIDEO, audio) + made)
    assert lightest <= 17
    assert loudest < 1e-3
    assert pictures == 10
    assert b"secret" not in made


def test_all_segments_of_a_take_share_one_configuration() -> None:
    init = black_init(VIDEO, AAC)
    whole = [black_segment(VIDEO, AAC, fragment_times(piece)) for piece in pieces()]
    assert black_init(VIDEO, AAC) == init
    assert shown(init + b"".join(whole))[2] == 10 + 10 + 20


def pieces() -> Sequence[bytes]:
    """Return three segments one after the other, the last one twice as long."""
    return [
        segment(0, 12, 23, 48_000, 1024),
        segment(0.96, 12, 23, 48_000, 1024),
        segment(1.92, 25, 46, 48_000, 1024),
    ]


def test_it_is_written_beside_the_recording(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    take = TakeRecord(3, "rtmp", 0.0, VIDEO, None)
    make_black(tmp_path, take, 7, pieces()[0])
    made = (tmp_path / "media" / "7.black.m4s").read_bytes()
    assert black_numbers(tmp_path, {6, 7}) == {7: len(made)}
    assert shown((tmp_path / "media" / "black-3.mp4").read_bytes() + made)[0] <= 17


def shown(data: bytes) -> tuple[int, float, int]:
    """Return the lightest point, the loudest sample and how many pictures there are."""
    lightest, loudest, pictures = 0, 0.0, 0
    with av.open(io.BytesIO(data), "r", format="mp4") as movie:
        for frame in movie.decode():
            if isinstance(frame, av.VideoFrame):
                pictures += 1
                lightest = max(lightest, int(frame.to_ndarray(format="gray").max()))
            elif isinstance(frame, av.AudioFrame):
                loudest = max(loudest, float(np.abs(frame.to_ndarray()).max()))
    return lightest, loudest, pictures
