"""From a source's samples to parts and segments: nothing lost, even parts, one timeline."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.live.engine.fmp4 import fragment_times, init_segment
from arengo.live.engine.media import AudioConfig, Sample, VideoConfig
from arengo.live.engine.packager import Packager, PartReady
from arengo.live.engine.tests.coded_media import encode_clip
from arengo.live.engine.timeline import NewTake, Placed, TakeClock

AVC = VideoConfig(b"\x01\x4d\x40\x1f", 640, 360)
AAC = AudioConfig("aac", b"\x12\x10", 48_000, 2)


def picture(index: int, *, fps: Fraction = Fraction(25), gop: int = 25) -> Sample:
    """Return the picture of a steady source that stamps whole milliseconds."""
    dts_us = round(index * 1000 / fps) * 1000
    return Sample("video", dts_us, dts_us + 40_000, index % gop == 0, b"v%d" % index)


def sound(index: int) -> Sample:
    """Return the frame of a steady source that stamps whole milliseconds."""
    dts_us = index * 1024 * 1000 // 48_000 * 1000
    return Sample("audio", dts_us, dts_us, is_key=True, data=b"a%d" % index)


def in_order(*streams: Iterable[Sample]) -> list[Sample]:
    """Return the samples of some streams as an encoder interleaves them."""
    return sorted([s for stream in streams for s in stream], key=lambda s: s.dts_us)


def run(
    samples: Sequence[Sample],
    video: VideoConfig | None = AVC,
    audio: AudioConfig | None = AAC,
    origin_us: int = 0,
) -> tuple[list[PartReady], Packager]:
    """Package one take."""
    clock = TakeClock(origin_us=origin_us, video=video, audio=audio)
    packager = Packager(video, audio, origin_us=origin_us)
    parts: list[PartReady] = []
    for sample in samples:
        placed = clock.place(sample, sample.dts_us / 1e6)
        assert not isinstance(placed, NewTake)
        parts += packager.push(placed) if placed else []
    return parts + packager.flush(), packager


def durations(parts: Sequence[PartReady]) -> list[list[float]]:
    """Return the parts' durations, by segment."""
    found: list[list[float]] = []
    for part in parts:
        if part.starts_segment:
            found.append([])
        found[-1].append(part.duration_s)
    return found


def test_a_real_clip_survives() -> None:
    """Every coded byte of picture and sound is in the parts, and decodes."""
    clip = encode_clip()
    parts, _packager = run(clip.in_order, clip.video, clip.audio, origin_us=3_600_000_000)
    data = init_segment(clip.video, clip.audio) + b"".join(part.data for part in parts)
    with av.open(io.BytesIO(data), mode="r") as container:
        found: dict[str, list[bytes]] = {"video": [], "audio": []}
        for packet in container.demux():
            if packet.size:
                found[packet.stream.type].append(bytes(packet))
    assert found["video"] == [s.data for s in clip.pictures]
    assert found["audio"] == [s.data for s in clip.sounds]
    with av.open(io.BytesIO(data), mode="r") as container:
        assert len(list(container.decode(video=0))) == 50


def test_parts_of_25_fps_are_seven_pictures() -> None:
    """With a key frame each second: 0.28 three times, then what is left of the second."""
    samples = in_order(map(picture, range(101)), map(sound, range(190)))
    parts, _packager = run(samples)
    assert durations(parts)[:4] == [[0.28, 0.28, 0.28, 0.16]] * 4
    assert [part.is_independent for part in parts[:5]] == [True, False, False, False, True]


@pytest.mark.parametrize("fps", [Fraction(10), Fraction(24), Fraction(30_000, 1001), Fraction(60)])
def test_parts_of_a_steady_source_are_alike(fps: Fraction) -> None:
    """But for the last of a segment, parts keep the 85 % that HLS asks, on any frame rate."""
    gop = round(fps * 2)
    samples = in_order(
        (picture(n, fps=fps, gop=gop) for n in range(gop * 5)), map(sound, range(460))
    )
    parts, _packager = run(samples)
    inner = [d for segment in durations(parts) for d in segment[:-1]]
    assert min(inner) >= 0.85 * max(inner)
    assert max(inner) <= 0.3


def test_a_key_frame_a_millisecond_early_still_begins_its_segment() -> None:
    """Sources stamp whole milliseconds: 999 of them are a second."""
    times = [0, 250, 500, 750, 999, 1249, 1499, 1749, 1999, 2249]
    samples = [Sample("video", ms * 1000, ms * 1000, ms % 1000 in {0, 999}, b"v") for ms in times]
    parts, _packager = run(samples, audio=None)
    assert durations(parts)[:2] == [[0.25, 0.25, 0.25, 0.249], [0.25] * 4]


def seams(sounds: list[Sample]) -> list[int]:
    """Return what lies between the sound of each part and the next one's, in ticks."""
    parts, _packager = run(in_order((picture(n) for n in range(214)), sounds))
    spans = [t.audio for part in parts for t in fragment_times(part.data) if t.audio]
    assert len(spans) > 25
    return [after.base_time - before.end for before, after in pairwise(spans)]


def test_sound_pulled_to_the_picture_has_seams_nobody_hears() -> None:
    """Where the grid gives way, by two samples a frame, a part's sound is at most that off."""
    pulled = [Sample("audio", n * 21_400, n * 21_400, is_key=True, data=b"a") for n in range(400)]
    assert max(map(abs, seams(pulled))) <= 2


def test_a_hole_in_the_sound_is_filled_by_the_frame_before_it() -> None:
    """A player that finds no sound for 0.3 s would stop; a long frame it plays through."""
    assert set(seams([sound(n) for n in range(400) if not 100 <= n < 114])) == {0}


def test_sound_alone_is_cut_by_itself() -> None:
    """Twelve frames a part, a segment at the first frame past the second."""
    parts, _packager = run([sound(n) for n in range(480)], video=None)
    assert durations(parts)[1] == pytest.approx([0.256, 0.256, 0.256, 0.234667], abs=2e-6)
    assert all(part.is_independent for part in parts)


def test_pictures_alone_do_not_wait_for_sound() -> None:
    """Video-only parts come as soon as the picture after them."""
    packager = Packager(AVC, None, origin_us=0)
    clock = TakeClock(origin_us=0, video=AVC, audio=None)
    counts = []
    for index in range(9):
        placed = clock.place(picture(index), index / 25)
        assert isinstance(placed, Placed)
        counts.append(len(packager.push(placed)))
    assert counts == [0, 0, 0, 0, 0, 0, 0, 1, 0]


def test_a_part_waits_for_its_sound_but_not_for_ever() -> None:
    """Sound 0.2 s late is in its own part; without sound parts come half a second later."""
    late = sorted(
        [picture(n) for n in range(100)] + [sound(n) for n in range(185)],
        key=lambda s: s.dts_us + 200_000 * (s.track == "audio"),
    )
    parts, _packager = run(late)
    for part in parts[:-4]:
        (times,) = fragment_times(part.data)
        assert times.video
        assert times.audio
        assert abs(times.audio.base_time / 48_000 - part.start_s) < 0.022
    clock = TakeClock(origin_us=0, video=AVC, audio=AAC)
    packager = Packager(AVC, AAC, origin_us=0)
    for index in range(45):
        placed = clock.place(picture(index), index / 25)
        assert isinstance(placed, Placed)
        for part in packager.push(placed):
            waited_s = index / 25 - part.start_s - part.duration_s
            assert 0.5 <= waited_s < 0.54
    assert packager.end_us == 1_000_000


def test_a_source_without_key_frames_is_cut_each_minute() -> None:
    """One segment would fill the memory; such parts admit that they are not independent."""
    parts, _packager = run([picture(n, gop=10_000) for n in range(25 * 130)], audio=None)
    starts = [part for part in parts if part.starts_segment]
    assert [part.start_s for part in starts] == [0, 60, 120]
    assert [part.is_independent for part in starts] == [True, False, False]


def test_takes_follow_without_a_hole() -> None:
    """A take ends on a multiple of 10 ms and the next one begins there, on every track."""
    samples = in_order(map(picture, range(40)), map(sound, range(77)))
    first, packager = run(samples, origin_us=1_230_000)
    second, _packager = run(samples, origin_us=packager.end_us)
    assert packager.end_us % 10_000 == 0
    last = first[-1]
    assert round((last.start_s + last.duration_s) * 1e6) == packager.end_us
    assert round(second[0].start_s * 1e6) == packager.end_us
    end, start = fragment_times(last.data)[0], fragment_times(second[0].data)[0]
    assert end.audio
    assert start.audio
    assert start.audio.base_time >= end.audio.end


def test_an_empty_take_ends_where_it_began() -> None:
    """The timeline never goes back to zero."""
    packager = Packager(AVC, AAC, origin_us=5_000_000)
    assert packager.flush() == []
    assert packager.end_us == 5_000_000


@st.composite
def sources(draw: st.DrawFn) -> list[Sample]:
    """Draw a source with irregular pictures and key frames, and sound early or late."""
    steps = draw(st.lists(st.integers(1, 400), min_size=1, max_size=60))
    keys = draw(st.lists(st.booleans(), min_size=len(steps), max_size=len(steps)))
    lag_us = draw(st.integers(-250_000, 250_000))
    dts_us, pictures = 0, []
    for index, (step, is_key) in enumerate(zip(steps, keys, strict=True)):
        is_first = index == 0
        pictures.append(Sample("video", dts_us, dts_us, is_key or is_first, b"v%d" % index))
        dts_us += step * 1000
    sounds = [sound(n) for n in range(dts_us * 48 // 1_024_000)]
    return sorted(
        pictures + sounds, key=lambda s: (s.dts_us + lag_us * (s.track == "audio"), s.track)
    )


@pytest.mark.slow
@given(sources(), st.booleans(), st.integers(0, 10**10))
@settings(deadline=None)
def test_nothing_is_lost_whatever_the_source(
    samples: list[Sample], has_sound: bool, origin_us: int
) -> None:
    """Parts follow each other to the microsecond, and hold each picture once, in order."""
    audio = AAC if has_sound else None
    if not has_sound:
        samples = [s for s in samples if s.track == "video"]
    parts, packager = run(samples, audio=audio, origin_us=origin_us)
    times = [fragment_times(part.data)[0] for part in parts]
    ends = [round((part.start_s + part.duration_s) * 1e6) for part in parts]
    assert [round(part.start_s * 1e6) for part in parts[1:]] == ends[:-1]
    assert abs(parts[0].start_s * 1e6 - origin_us) <= 12
    assert ends[-1] == packager.end_us
    videos = [t.video for t in times if t.video]
    assert len(videos) == len(parts)
    assert [v.base_time for v in videos[1:]] == [v.end for v in videos[:-1]]
    sounds = [t.audio for t in times if t.audio]
    assert all(a.end == b.base_time for a, b in pairwise(sounds))
    assert [t.sequence for t in times] == list(range(1, len(parts) + 1))
    assert parts[0].starts_segment
    assert all(part.is_independent for part in parts if part.starts_segment)
    coded = b"".join(part.data for part in parts)
    for sample in samples:
        if sample.track == "video":
            assert sample.data in coded


def test_offsets_reach_the_file() -> None:
    """Composition offsets of B-frames are in the runs, in 90 kHz ticks."""
    clip = encode_clip()
    shifted = [
        replace(s, dts_us=s.dts_us + 77_000, pts_us=s.pts_us + 77_000) for s in clip.in_order
    ]
    parts, _packager = run(shifted, clip.video, clip.audio)
    data = init_segment(clip.video, clip.audio) + b"".join(part.data for part in parts)
    with av.open(io.BytesIO(data), mode="r") as container:
        packets = [p for p in container.demux(video=0) if p.size]
    offsets = [(p.pts or 0) - (p.dts or 0) for p in packets]
    assert offsets == [(s.pts_us - s.dts_us) * 9 // 100 for s in clip.pictures]
