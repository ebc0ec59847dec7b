"""What the fragmented-MP4 writer writes is read by others, and by itself, as it was meant."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.fmp4 import (
    Run,
    RunSample,
    Span,
    fragment,
    fragment_times,
    init_segment,
    split_fragments,
    whole_length,
)
from arengo.live.engine.media import AudioConfig, Sample
from arengo.live.engine.tests.coded_media import encode_clip


def run_of(samples: Sequence[Sample], timescale: int, frame: int, base: int = 0) -> Run:
    """Return the samples as one run, each `frame` ticks long."""
    cut = [
        RunSample(frame, s.is_key, (s.pts_us - s.dts_us) * timescale // 1_000_000, s.data)
        for s in samples
    ]
    return Run(base, tuple(cut))


def movie(base_s: int = 0, pieces: int = 5) -> tuple[bytes, list[bytes]]:
    """Return the clip as an init segment and fragments of both tracks."""
    clip = encode_clip()
    fragments = []
    for index in range(pieces):
        pictures = clip.pictures[index * 10 : index * 10 + 10]
        sounds = clip.sounds[index * 19 : index * 19 + 19]
        video = run_of(pictures, 90_000, 3600, (base_s * 25 + index * 10) * 3600)
        audio = run_of(sounds, 48_000, 1024, base_s * 48_000 + index * 19 * 1024)
        fragments.append(fragment(index + 1, video=video, audio=audio))
    return init_segment(clip.video, clip.audio), fragments


def read_packets(data: bytes) -> dict[str, list[tuple[int | None, int | None, bool, bytes]]]:
    """Return what FFmpeg's demuxer sees: (dts, pts, key, bytes) by kind of stream."""
    with av.open(io.BytesIO(data), mode="r") as container:
        found: dict[str, list[tuple[int | None, int | None, bool, bytes]]]
        found = {stream.type: [] for stream in container.streams}
        for packet in container.demux():
            if packet.size:
                row = (packet.dts, packet.pts, packet.is_keyframe, bytes(packet))
                found[packet.stream.type].append(row)
    return found


def test_pyav_reads_every_sample_at_its_time() -> None:
    """Times, key flags and bytes of all packets come back, 4 hours into the sitting."""
    clip = encode_clip()
    init, fragments = movie(base_s=14_400)
    packets = read_packets(init + b"".join(fragments))
    offsets = [(s.pts_us - s.dts_us) * 9 // 100 for s in clip.pictures]
    starts = [14_400 * 90_000 + 3600 * index for index in range(50)]
    assert packets["video"] == [
        (dts, dts + offset, s.is_key, s.data)
        for dts, offset, s in zip(starts, offsets, clip.pictures, strict=True)
    ]
    starts = [14_400 * 48_000 + 1024 * index for index in range(len(clip.sounds))]
    sounds = zip(starts, clip.sounds, strict=True)
    assert packets["audio"] == [(dts, dts, True, s.data) for dts, s in sounds]


def test_pyav_decodes_every_frame() -> None:
    """The decoder configurations in the init segment are those of the streams."""
    init, fragments = movie()
    for kind, count in (("video", 50), ("audio", len(encode_clip().sounds))):
        with av.open(io.BytesIO(init + b"".join(fragments)), mode="r") as container:
            stream = next(s for s in container.streams if s.type == kind)
            frames = list(container.decode(stream))
        assert len(frames) >= min(count, 94)


def test_video_alone_and_audio_alone() -> None:
    """A take with one stream declares one track and plays."""
    clip = encode_clip()
    video = fragment(1, video=run_of(clip.pictures, 90_000, 3600))
    audio = fragment(1, audio=run_of(clip.sounds, 48_000, 1024))
    for data, kind, samples in (
        (init_segment(clip.video, None) + video, "video", clip.pictures),
        (init_segment(None, clip.audio) + audio, "audio", clip.sounds),
    ):
        packets = read_packets(data)
        assert list(packets) == [kind]
        assert len(packets[kind]) == len(samples)


def test_opus_is_declared() -> None:
    """An Opus track is known by FFmpeg with its rate and channels."""
    head = bytes([0, 2, 0x01, 0x38, 0, 0, 0xBB, 0x80, 0, 0, 0])
    init = init_segment(None, AudioConfig("opus", head, 48_000, 2))
    run = Run(
        0,
        tuple(
            RunSample(960, is_key=True, composition_offset=0, data=b"\xfc\xff\xfe")
            for _ in range(50)
        ),
    )
    with av.open(io.BytesIO(init + fragment(1, audio=run)), mode="r") as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) in {
            ("opus", 48_000, 2),
            ("libopus", 48_000, 2),
        }


def test_nothing_to_write_is_refused() -> None:
    """A take without streams and a fragment without samples are errors of the caller."""
    with pytest.raises(ValueError, match="video, audio or both"):
        init_segment(None, None)
    with pytest.raises(ValueError, match="0 bytes"):
        fragment(1, video=Run(0, ()))


def test_times_are_read_back() -> None:
    """Recovery sees each fragment's place, start, duration and key frame."""
    _init, fragments = movie()
    times = fragment_times(b"".join(fragments))
    assert [t.size for t in times] == [len(f) for f in fragments]
    assert [t.sequence for t in times] == [1, 2, 3, 4, 5]
    assert times[0].video == Span(0, 36_000, is_key=True)
    assert times[1].video == Span(36_000, 36_000, is_key=False)
    assert times[1].audio == Span(19 * 1024, 19 * 1024, is_key=True)
    assert times[1].audio.end == 38 * 1024


@given(st.integers(min_value=0, max_value=100_000), st.binary(max_size=40))
def test_a_torn_tail_is_cut(cut: int, rubbish: bytes) -> None:
    """Whatever the point of the crash, exactly the whole fragments are kept."""
    _init, fragments = movie()
    data = b"".join(fragments)
    torn = data[: min(cut, len(data) - 1)]
    ends = [sum(map(len, fragments[: n + 1])) for n in range(len(fragments))]
    assert whole_length(torn) == max([end for end in ends if end <= len(torn)], default=0)
    assert split_fragments(torn) == split_fragments(data)[: len(split_fragments(torn))]
    assert whole_length(data + b"\0" * len(rubbish)) == len(data)


@given(st.binary(max_size=400), st.integers(min_value=0), st.integers(0, 255))
def test_damaged_files_are_refused_not_believed(noise: bytes, place: int, value: int) -> None:
    """Bytes that are not ours give an empty list or ValueError, never another error."""
    _init, fragments = movie()
    damaged = bytearray(fragments[0])
    damaged[place % 400] = value
    for data in (noise, bytes(damaged)):
        try:
            found = fragment_times(data)
        except ValueError:
            continue
        assert sum(times.size for times in found) <= len(data)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2**32 - 1),
            st.booleans(),
            st.integers(-(2**31), 2**31 - 1),
            st.binary(max_size=9),
        ),
        min_size=1,
        max_size=9,
    ),
    st.integers(0, 2**64 - 1),
)
def test_any_run_survives(rows: list[tuple[int, bool, int, bytes]], base: int) -> None:
    """64-bit starts and 32-bit durations, to their limits."""
    run = Run(base, tuple(RunSample(*row) for row in rows))
    (times,) = fragment_times(fragment(7, video=run))
    assert times.video == Span(base, sum(row[0] for row in rows), rows[0][1])
    assert times.audio is None


@pytest.mark.slow
def test_ffprobe_has_no_complaint(tmp_path: Path) -> None:
    """FFmpeg's strict probe decodes the file without a word."""
    init, fragments = movie()
    path = tmp_path / "movie.mp4"
    path.write_bytes(init + b"".join(fragments))
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "nb_read_frames=50" in done.stdout
