"""What a source's broken clock may do to the sitting: a new take or a dropped sample, no more."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.audio_grid import opus_ticks
from arengo.live.engine.media import AudioConfig, Sample, Track, VideoConfig
from arengo.live.engine.timeline import NewTake, Placed, TakeClock

AVC = VideoConfig(b"\x01\x4d\x40\x1f", 640, 360)
AAC = AudioConfig("aac", b"\x12\x10", 48_000, 2)
FRAME = 1024
TRACKS: tuple[Track, Track] = ("video", "audio")
START_US = 77_000_000  # sources rarely begin at zero


def picture(ms: int, *, is_key: bool = False) -> Sample:
    """Return a picture, `ms` after the start of the source."""
    return Sample("video", START_US + ms * 1000, START_US + ms * 1000, is_key, b"v")


def sound(ms: float) -> Sample:
    """Return a frame of sound."""
    at_us = START_US + round(ms * 1000)
    return Sample("audio", at_us, at_us, is_key=True, data=b"a")


def frame(index: int) -> Sample:
    """Return the n-th frame of sound of a source that stamps whole milliseconds."""
    return sound(index * FRAME * 1000 // 48_000)


def clock(*, video: bool = True, audio: bool = True, origin_us: int = 0) -> TakeClock:
    """Return the clock of a take with these streams."""
    return TakeClock(
        origin_us=origin_us, video=AVC if video else None, audio=AAC if audio else None
    )


def play(
    a_clock: TakeClock, samples: Iterable[Sample], *, delay_s: float = 0.0
) -> list[Placed | NewTake | None]:
    """Give samples to the clock, each arriving when it says plus a delay."""
    return [a_clock.place(sample, sample.dts_us / 1e6 + delay_s) for sample in samples]


def seconds(first_s: int, last_s: int) -> list[Sample]:
    """Return some seconds of a steady source: 25 pictures, a key frame, its sound."""
    pictures = [picture(n * 40, is_key=n % 25 == 0) for n in range(first_s * 25, last_s * 25)]
    sounds = [frame(n) for n in range(first_s * 375 // 8, last_s * 375 // 8)]
    return sorted(pictures + sounds, key=lambda s: s.dts_us)


def codes(a_clock: TakeClock) -> list[str]:
    """Return the codes of the standing warnings."""
    return [notice.code for notice in a_clock.warnings()]


def test_a_take_begins_at_its_first_key_frame() -> None:
    """What comes before cannot be decoded; sound from then on keeps its distance."""
    early = [sound(0), picture(10), sound(21)]
    first, second = play(
        a_clock := clock(origin_us=10_000_000), [*early, picture(50, is_key=True), sound(64)]
    )[3:]
    assert isinstance(first, Placed)
    assert (first.dts, first.is_key) == (900_000, True)
    assert isinstance(second, Placed)
    assert second.dts == 480_000 + 14 * 48
    assert play(a_clock, [sound(40)]) == [None]


def test_sound_before_the_picture_is_dropped() -> None:
    """It would be before the origin, in the previous take."""
    outcome = play(clock(), [picture(100, is_key=True), sound(90), sound(111)])
    assert [bool(placed) for placed in outcome] == [True, False, True]


def test_offsets_are_ticks() -> None:
    """80 ms of reordering are 7200 ticks; a negative offset is none."""
    late = Sample("video", START_US, START_US + 80_000, is_key=True, data=b"v")
    early = Sample("video", START_US + 40_000, START_US, is_key=False, data=b"v")
    outcome = play(clock(audio=False), [late, early])
    assert [p.offset for p in outcome if isinstance(p, Placed)] == [7200, 0]


def test_millisecond_stamps_give_a_grid_without_holes() -> None:
    """Stamps of 21, 21, 22 ms become frames of exactly 1024 samples, for a minute."""
    outcome = play(clock(video=False), [frame(n) for n in range(2800)])
    assert [p.dts for p in outcome if isinstance(p, Placed)] == [FRAME * n for n in range(2800)]


@pytest.mark.slow
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=200))
def test_jitter_below_half_a_frame_is_ignored(jitter_ms: list[int]) -> None:
    """Whatever the jitter, frames follow each other."""
    samples = [sound(100 + n * 64 / 3 + jitter) for n, jitter in enumerate([0, *jitter_ms])]
    placed = [p for p in play(clock(video=False), samples) if isinstance(p, Placed)]
    assert [p.dts for p in placed] == [FRAME * n for n in range(len(samples))]


def test_a_drifting_sound_card_is_followed() -> None:
    """At 1000 ppm for three minutes: no hole, no resync, never over half a frame and a bit."""
    samples = [sound(n * 64 / 3 * 1.001) for n in range(9_000)]
    a_clock = clock(video=False)
    placed = [p for p in play(a_clock, samples) if isinstance(p, Placed)]
    assert len(placed) == len(samples)
    errors = [
        abs(p.dts / 48 - (s.dts_us - START_US) / 1000) for p, s in zip(placed, samples, strict=True)
    ]
    assert max(errors) < 11
    assert "audio_resync" not in codes(a_clock)


def test_a_hole_in_the_sound_is_kept_where_it_was() -> None:
    """Half a second without sound moves the next frame by half a second, with a warning."""
    a_clock = clock()
    outcome = play(a_clock, [*seconds(0, 1), picture(1000, is_key=True), sound(1500)])
    last = outcome[-1]
    assert isinstance(last, Placed)
    assert last.dts == 72_000
    assert "audio_resync" in codes(a_clock)


def test_overlapping_sound_is_dropped_until_it_fits() -> None:
    """A source whose sound runs fast loses a frame now and then, not its place."""
    samples = [sound(n * 64 / 3 * 0.98) for n in range(2000)]
    placed = [p for p in play(clock(video=False), samples) if isinstance(p, Placed)]
    assert all(b.dts >= a.dts + FRAME - 2 for a, b in pairwise(placed))
    passed = placed[-1].dts / 48_000
    assert passed == pytest.approx(2000 * 64 / 3000 * 0.98, abs=0.1)


def test_times_that_go_back_a_little_are_dropped() -> None:
    """Equal or earlier decoding times would stop any muxer; here one sample is lost."""
    a_clock = clock(audio=False)
    times = [0, 40, 40, 20, 80]
    outcome = play(a_clock, [picture(ms, is_key=ms == 0) for ms in times])
    assert [p and isinstance(p, Placed) for p in outcome] == [True, True, None, None, True]
    assert codes(a_clock) == ["times_dropped"]


@pytest.mark.parametrize("ms", [-76_000, 0, 1_000, 5_100, 100_000])
def test_a_jump_of_the_clock_asks_for_a_new_take(ms: int) -> None:
    """Back by over a second or forward by over one, on either stream."""
    for broken in (picture(ms, is_key=True), sound(ms)):
        a_clock = clock()
        play(a_clock, seconds(0, 4))
        assert a_clock.place(broken, 80.0) == NewTake("clock_jump")


def test_a_step_under_a_second_is_not_a_jump() -> None:
    """A stall of the network makes a hole, not a take."""
    a_clock = clock()
    play(a_clock, seconds(0, 1))
    assert isinstance(a_clock.place(picture(1900), 80.0), Placed)


def test_pictures_alone_may_be_seconds_apart() -> None:
    """Slides at one picture in three seconds are not jumps, if they arrive that far apart."""
    slides = [picture(n * 3000, is_key=True) for n in range(5)]
    assert all(isinstance(p, Placed) for p in play(clock(audio=False), slides))
    a_clock = clock(audio=False)
    a_clock.place(slides[0], 0.0)
    assert a_clock.place(slides[1], 0.1) == NewTake("clock_jump")


def test_a_stream_that_stops_leaves_the_take() -> None:
    """Players would wait for it for ever: after 2 s of no sound, 5 s of no picture."""
    a_clock = clock()
    play(a_clock, seconds(0, 2))
    outcome = play(a_clock, [picture(n * 40) for n in range(50, 130)])
    assert outcome.index(NewTake("audio_lost")) == 51
    a_clock = clock()
    play(a_clock, seconds(0, 2))
    outcome = play(a_clock, [frame(n) for n in range(94, 400)])
    lost = outcome.index(NewTake("video_lost"))
    assert lost * FRAME / 48_000 == pytest.approx(5, abs=0.1)


def test_a_stream_that_comes_back_is_taken_in() -> None:
    """At once for pictures, at the next key frame for sound, so that nothing is skipped."""
    a_clock = clock(video=False)
    play(a_clock, [frame(n) for n in range(50)])
    assert a_clock.place(picture(1000), 80.0) is None
    assert a_clock.place(picture(1040, is_key=True), 80.0) == NewTake("video_back")
    a_clock = clock(audio=False)
    outcome = play(a_clock, [picture(0, is_key=True), sound(10), picture(40), sound(31)])
    assert [type(p) for p in outcome] == [Placed, type(None), Placed, type(None)]
    assert a_clock.place(picture(80, is_key=True), 80.0) == NewTake("audio_back")


def test_sound_does_not_wait_for_a_picture_that_never_comes() -> None:
    """A declared camera that is off: five seconds, or twelve if it sends but no key frame."""
    outcome = play(clock(), [frame(n) for n in range(300)])
    assert outcome.index(NewTake("video_lost")) * FRAME / 48_000 == pytest.approx(5, abs=0.1)
    outcome = play(clock(), [picture(0), *[frame(n) for n in range(600)]])
    found = (outcome.index(NewTake("video_lost")) - 1) * FRAME / 48_000
    assert found == pytest.approx(12, abs=0.1)


def test_sound_on_another_clock_is_moved_to_the_picture() -> None:
    """Sound stamped from zero by a camera that stamps pictures from the epoch still plays."""
    a_clock = clock()
    samples: list[Sample] = []
    for n in range(700):
        at_us = n * 40_000
        samples.append(Sample("video", START_US + at_us, START_US + at_us, n % 25 == 0, b"v"))
        samples.append(Sample("audio", at_us, at_us, is_key=True, data=b"a"))
    placed = [a_clock.place(s, n / 50) for n, s in enumerate(samples)]
    sounds = [p for p in placed if isinstance(p, Placed) and p.track == "audio"]
    assert not any(isinstance(p, NewTake) for p in placed)
    assert sounds[0].dts == 0
    assert "av_skew" in codes(a_clock)


def test_a_skew_is_told_and_a_batch_is_not() -> None:
    """0.4 s between the streams all the time is a fault; a browser's batches are not."""
    late = sorted(seconds(0, 25), key=lambda s: s.dts_us + 400_000 * (s.track == "audio"))
    a_clock = clock()
    play(a_clock, late)
    assert codes(a_clock) == ["av_skew"]
    assert "0,4 s" in a_clock.warnings()[0].message
    batches = [s for n in range(25) for s in sorted(seconds(n, n + 1), key=lambda s: s.track)]
    a_clock = clock()
    play(a_clock, batches)
    assert codes(a_clock) == []


def test_rare_key_frames_are_told_while_they_are_awaited() -> None:
    """Ten seconds between key frames: said after 2.1 s, before the second one comes."""
    a_clock = clock(audio=False)
    play(a_clock, [picture(n * 40, is_key=n == 0) for n in range(50)])
    assert codes(a_clock) == []
    play(a_clock, [picture(n * 40) for n in range(50, 60)])
    assert codes(a_clock) == ["keyframe_interval"]
    play(a_clock, [picture(n * 40, is_key=n == 250) for n in range(60, 260)])
    assert a_clock.keyframe_interval_s == 10
    (notice,) = a_clock.warnings()
    assert (notice.code, notice.level) == ("keyframe_interval", "warning")
    assert notice.message == "Intervallo fra fotogrammi chiave: 10 s."
    assert "2 s" in notice.remedy


def test_a_steady_source_has_no_warnings() -> None:
    """Silence is the normal state."""
    a_clock = clock()
    play(a_clock, seconds(0, 40))
    assert a_clock.warnings() == []


def test_dates_follow_a_drifting_clock_in_steps_of_half_a_second() -> None:
    """At 2000 ppm a date is never wrong by over half a second and a window's drift."""
    a_clock = clock(audio=False, origin_us=60_000_000)
    for n in range(25 * 1000):
        sitting_s = n / 25
        arrival_s = 1000 + sitting_s * 1.002 + (0.2 if n % 3 else 0.0)
        a_clock.place(picture(n * 40, is_key=n % 25 == 0), arrival_s)
        true_s = 1000 + sitting_s * 1.002
        assert abs(a_clock.wall_s(60 + sitting_s) - true_s) < 0.55
    assert a_clock.drift_ppm == pytest.approx(2000, rel=0.01)
    assert "clock_drift" in codes(a_clock)


def test_a_burst_at_the_start_does_not_spoil_the_dates() -> None:
    """An encoder that first empties two seconds of buffer is re-anchored after ten seconds."""
    a_clock = clock(audio=False)
    for n in range(400):
        a_clock.place(picture(n * 40, is_key=n % 25 == 0), 50 + max(2.0, n / 25))
    assert a_clock.wall_s(15.0) == pytest.approx(65.0, abs=0.01)


@pytest.mark.parametrize(
    ("packet", "ticks"),
    [
        (b"\xfc\xff\xfe", 960),  # CELT 20 ms, one frame
        (b"\x78", 960),  # hybrid 20 ms
        (b"\x08", 960),  # SILK 20 ms
        (b"\x19", 5760),  # SILK 60 ms, two frames
        (b"\xe0", 120),  # CELT 2.5 ms
        (b"\xfb\x03", 2880),  # three frames of 20 ms
        (b"\xfb\x3f", 5760),  # more than 120 ms is not Opus
        (b"\xfb", 960),
        (b"", 120),
    ],
)
def test_opus_packets_say_how_long_they_are(packet: bytes, ticks: int) -> None:
    """RFC 6716 §3.1."""
    assert opus_ticks(packet) == ticks


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(TRACKS),
            st.integers(-(2**40), 2**40),
            st.booleans(),
            st.floats(0, 1e6),
        ),
        max_size=80,
    ),
    st.booleans(),
)
def test_no_source_can_bring_time_back(
    rows: list[tuple[Track, int, bool, float]], is_local: bool
) -> None:
    """Whatever the stamps, placed samples of a track only go forward, from the origin on."""
    a_clock = clock(origin_us=1_000_003)
    last = {"video": 90_001, "audio": 48_001}
    for track, at_us, is_key, arrival_s in rows:
        at_us = at_us % 3_000_000 if is_local else at_us
        placed = a_clock.place(Sample(track, at_us, at_us, is_key, b"x"), arrival_s)
        if isinstance(placed, NewTake):
            a_clock = clock(origin_us=1_000_003)
            last = {"video": 90_001, "audio": 48_001}
        elif placed is not None:
            assert placed.dts >= last[track]
            last[track] = placed.dts
    assert all(notice.remedy for notice in a_clock.warnings())
