"""Every playlist keeps the rules of HLS, through takes, windows and the end of the sitting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.live.engine.playlist import (
    Part,
    Segment,
    Variant,
    Window,
    live_playlist,
    master_playlist,
    plain_playlist,
    segment_entry,
    slide,
    subtitle_playlist,
    window_of,
)
from arengo.live.engine.tests.hls_rules import (
    BrokenRuleError,
    check_update,
    read_master,
    read_media,
    short_parts,
)

WALL = datetime(2026, 11, 22, 20, 30, 0, 120_000, tzinfo=UTC)


def made(number: int, take: int, start_s: float, parts: list[float]) -> Segment:
    """Return a segment whose first part is independent."""
    cut = tuple(Part(duration_s, index == 0) for index, duration_s in enumerate(parts))
    return Segment(number, take, start_s, sum(parts), WALL + timedelta(seconds=start_s), cut)


@st.composite
def sittings(draw: st.DrawFn) -> list[Segment]:
    """Draw segments that follow each other, with parts, takes and lost files of any kind."""
    first = draw(st.integers(0, 3))
    durations = st.floats(0.02, 0.6)
    rows = draw(
        st.lists(
            st.tuples(st.lists(durations, min_size=1, max_size=5), st.booleans(), st.booleans()),
            max_size=30,
        )
    )
    found: list[Segment] = []
    take, start_s = 1, draw(st.floats(0, 20_000))
    for index, (parts, is_new_take, is_gap) in enumerate(rows):
        take += 2 * is_new_take
        segment = made(first + index, take, start_s, parts)
        if is_gap:
            wall, duration_s = segment.wall, segment.duration_s
            segment = Segment(segment.number, take, start_s, duration_s, wall, (), is_gap=True)
        found.append(segment)
        start_s = segment.end_s
    return found


@pytest.mark.slow
@given(sittings(), st.booleans())
@settings(deadline=None)
def test_every_update_of_a_live_sitting_keeps_the_rules(
    segments: list[Segment], is_closed: bool
) -> None:
    """Part by part, from the empty playlist to the last."""
    window = Window(target_s=3)
    before = read_media(live_playlist(window, part_target_s=0.25))
    for segment in segments:
        for count in range(1, len(segment.parts) + 1):
            parts = segment.parts[:count]
            duration_s = sum(part.duration_s for part in parts)
            head = (segment.number, segment.take, segment.start_s)
            unfinished = Segment(*head, duration_s, segment.wall, parts)
            text = live_playlist(window, part_target_s=0.25, open_segment=unfinished)
            now = read_media(text)
            assert now.hint == f"{segment.number}.{count}.m4s"
            if window.segments:
                check_update(before, now)
            before = now
        window = slide(window, segment, keep_s=4)
        check_update(before, read_media(live_playlist(window, part_target_s=0.25)))
    last = read_media(live_playlist(window, part_target_s=0.25, is_closed=is_closed))
    assert ("EXT-X-ENDLIST" in last.tags) == is_closed
    assert last.open_segment is None


@given(sittings())
@settings(deadline=None)
def test_sums_of_durations_never_drift(segments: list[Segment]) -> None:
    """The sum of what is written is within 1 µs of the time that passed, however long."""
    read = read_media(plain_playlist(window_of(segments), is_whole=True))
    passed = segments[-1].end_s - segments[0].start_s if segments else 0.0
    assert abs(sum(s.duration for s in read.segments) - Fraction(passed)) <= Fraction(2, 1_000_000)


@pytest.mark.slow
@given(sittings(), st.booleans())
@settings(deadline=None)
def test_captions_follow_the_video_segment_by_segment(
    segments: list[Segment], is_closed: bool
) -> None:
    """Same numbers, durations, dates and discontinuities (§6.2.4), whatever the window."""
    window = Window(target_s=3)
    for segment in segments:
        window = slide(window, segment, keep_s=2)
        video = read_media(plain_playlist(window, is_closed=is_closed))
        words = read_media(subtitle_playlist(window, is_closed=is_closed))
        assert video.tags == words.tags
        for picture, text in zip(video.segments, words.segments, strict=True):
            assert (picture.number, picture.duration) == (text.number, text.duration)
            assert (picture.date, picture.discontinuity) == (text.date, text.discontinuity)
            assert (picture.uri, text.uri) == (f"{picture.number}.m4s", f"{picture.number}.vtt")


@pytest.mark.slow
@given(sittings())
@settings(deadline=None)
def test_a_segment_keeps_its_discontinuity_number(segments: list[Segment]) -> None:
    """The window's counter makes up for each change of take that left it (§6.2.2)."""
    whole = read_media(plain_playlist(window_of(segments), is_whole=True))
    expected = {segment.number: segment.discontinuity for segment in whole.segments}
    window = Window()
    for segment in segments:
        window = slide(window, segment, keep_s=0)
        read = read_media(plain_playlist(window))
        assert all(expected[s.number] == s.discontinuity for s in read.segments)


def test_the_window_keeps_three_target_durations() -> None:
    """Whoever asks for less still leaves the six seconds a player needs."""
    window = Window(target_s=2)
    for number in range(20):
        window = slide(window, made(number, 1, float(number), [0.25] * 4), keep_s=1)
    assert [segment.number for segment in window.segments] == [14, 15, 16, 17, 18, 19]


def test_a_live_playlist_reads_as_the_draft_shows() -> None:
    """The whole text, with a change of take while a segment is being written."""
    window = window_of([made(7, 1, 6.0, [0.28, 0.28, 0.28, 0.16])])
    unfinished = made(8, 2, 7.0, [0.28, 0.28])
    text = live_playlist(window, part_target_s=0.25, open_segment=unfinished)
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.840000,HOLD-BACK=6.0",
        "#EXT-X-PART-INF:PART-TARGET=0.280000",
        '#EXT-X-MAP:URI="init-1.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T20:30:06.120Z",
        '#EXT-X-PART:DURATION=0.280000,URI="7.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.280000,URI="7.1.m4s"',
        '#EXT-X-PART:DURATION=0.280000,URI="7.2.m4s"',
        '#EXT-X-PART:DURATION=0.160000,URI="7.3.m4s"',
        "#EXTINF:1.000000,",
        "7.m4s",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="init-2.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T20:30:07.120Z",
        '#EXT-X-PART:DURATION=0.280000,URI="8.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.280000,URI="8.1.m4s"',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="8.2.m4s"',
    ]


def test_even_parts_keep_the_85_percent_rule_and_a_long_one_breaks_it_for_a_while() -> None:
    """One part of a second raises the hold-back only while it is listed."""
    window = window_of([made(n, 1, float(n), [0.28, 0.28, 0.28, 0.16]) for n in range(3)])
    assert short_parts(read_media(live_playlist(window, part_target_s=0.25))) == []
    window = slide(window, made(3, 1, 3.0, [1.0]))
    late = read_media(live_playlist(window, part_target_s=0.25))
    assert late.tags["EXT-X-PART-INF"] == "PART-TARGET=1.000000"
    assert short_parts(late) == [f"{n}.{p}.m4s" for n in range(3) for p in (1, 2)]
    for number in range(4, 10):
        window = slide(window, made(number, 1, float(number), [0.28, 0.28, 0.28, 0.16]))
    healed = read_media(live_playlist(window, part_target_s=0.25))
    assert healed.tags["EXT-X-PART-INF"] == "PART-TARGET=0.280000"


def test_the_recording_is_an_event_and_then_a_video_on_demand() -> None:
    """The same address tells a player to come back, and later not to."""
    window = window_of([made(0, 1, 0.0, [1.0]), made(1, 1, 1.0, [1.0])])
    running = read_media(plain_playlist(window, is_whole=True))
    over = read_media(plain_playlist(window, is_whole=True, is_closed=True))
    assert running.tags["EXT-X-PLAYLIST-TYPE"] == "EVENT"
    assert "EXT-X-ENDLIST" not in running.tags
    assert over.tags["EXT-X-PLAYLIST-TYPE"] == "VOD"
    assert "EXT-X-PLAYLIST-TYPE" not in read_media(plain_playlist(window)).tags


def test_entries_add_up_to_the_playlist() -> None:
    """Who caches a long recording's text gets the very same text."""
    segments = [made(n, 1 + n // 3, float(n), [1.0]) for n in range(7)]
    text = plain_playlist(window_of(segments), is_whole=True)
    befores = [None, *segments[:-1]]
    entries = [segment_entry(s, before) for before, s in zip(befores, segments, strict=True)]
    lines = [line for entry in entries for line in entry]
    assert text.endswith("\n".join(lines) + "\n")


def test_a_hole_in_the_numbers_is_refused() -> None:
    """A client would show other media than the number says."""
    window = window_of([made(0, 1, 0.0, [1.0])])
    with pytest.raises(ValueError, match="does not follow"):
        slide(window, made(2, 1, 1.0, [1.0]))
    with pytest.raises(ValueError, match="does not follow"):
        live_playlist(window, part_target_s=0.25, open_segment=made(2, 1, 1.0, [1.0]))
    with pytest.raises(ValueError, match="does not follow"):
        window_of([made(0, 1, 0.0, [1.0]), made(2, 1, 1.0, [1.0])])


def test_dates_are_written_in_utc() -> None:
    """A wall clock in Rome's time comes out in UTC."""
    rome = timezone(timedelta(hours=1))
    segment = Segment(0, 1, 0.0, 1.0, WALL.astimezone(rome))
    assert "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T20:30:00.120Z" in segment_entry(segment, None)


def test_the_master_names_codecs_and_captions() -> None:
    """Captions are Italian and on by default; without them no group is named."""
    variant = Variant("live.m3u8", 2_800_000, ("avc1.64001f", "mp4a.40.2"), (1280, 720), 25.0)
    media, ((attributes, uri),) = read_master(master_playlist([variant], subtitles_uri="subs.m3u8"))
    assert (media["LANGUAGE"], media["NAME"]) == ("it", "Italiano")
    assert (media["DEFAULT"], media["AUTOSELECT"]) == ("YES", "YES")
    assert attributes["CODECS"] == "avc1.64001f,mp4a.40.2"
    assert (attributes["RESOLUTION"], uri) == ("1280x720", "live.m3u8")
    media, _variants = read_master(master_playlist([Variant("a.m3u8", 1, ("mp4a.40.2",))]))
    assert media == {}


def test_the_rules_are_strict() -> None:
    """The reader of the tests refuses what the draft forbids."""
    good = live_playlist(window_of([made(0, 1, 0.0, [0.3, 0.3])]), part_target_s=0.25)
    for old, new in (
        ("TARGETDURATION:2", "TARGETDURATION:0"),
        ("PART-TARGET=0.300000", "PART-TARGET=0.250000"),
        ("PART-HOLD-BACK=0.900000", "PART-HOLD-BACK=0.800000"),
        ('1.0.m4s"', '0.1.m4s"'),
        (".120Z", "Z"),
        ("#EXT-X-PRELOAD", "#EXT-X-ENDLIST\n#EXT-X-PRELOAD"),
    ):
        assert old in good
        with pytest.raises(BrokenRuleError):
            read_media(good.replace(old, new))
