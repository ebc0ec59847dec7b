"""One audio or video payload at a time: the old layout and that of Enhanced RTMP."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.flv import FlvDemuxer, FlvError, parse_audio, parse_video, unwrap
from arengo.live.engine.media import AudioConfig, MediaEvent, Sample, Unsupported
from arengo.live.engine.tests.coded_media import encode_clip

NOW_US = 7_000_000
OPUS_HEAD = b"OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00"  # 312 skipped, 48 kHz, stereo
OPUS = AudioConfig("opus", b"\x00\x02\x01\x38\x00\x00\xbb\x80\x00\x00\x00", 48_000, 2)


def unsupported(track: str, codec: str) -> Unsupported:
    return Unsupported("video" if track == "video" else "audio", codec)


def picture(offset_us: int, is_key: bool) -> Sample:
    return Sample("video", NOW_US, NOW_US + offset_us, is_key, b"data")


def sound() -> Sample:
    return Sample("audio", NOW_US, NOW_US, True, b"data")


@pytest.mark.parametrize(
    ("payload", "events"),
    [
        (b"", []),
        (b"\x17\x01\x00\x00\x28data", [picture(40_000, True)]),
        (b"\x27\x01\x00\x00\x00data", [picture(0, False)]),
        (b"\x27\x01\xff\xff\xd8data", [picture(0, False)]),  # -40 ms, not allowed
        (b"\x17\x01\x00\x00\x00", []),
        (b"\x17\x02\x00\x00\x00", []),  # end of sequence
        (b"\x17\x02", []),
        (b"\x57\x00", []),  # a command of the Flash player
        (b"\x22h263", [unsupported("video", "Sorenson H.263")]),
        (b"\x14vp6", [unsupported("video", "VP6")]),
        (b"\x1chevc", [unsupported("video", "HEVC (H.265)")]),
        (b"\x1f?", [unsupported("video", "codec video 15")]),
        (b"\x91avc1\x00\x00\x28data", [picture(40_000, True)]),
        (b"\xa1avc1\xff\xff\xffdata", [picture(0, False)]),
        (b"\x93avc1data", [picture(0, True)]),
        (b"\x92avc1", []),
        (b"\x94avc1\x02\x00\x09colorInfo", []),
        (b"\xd0\x00", []),  # a command
        (b"\x90hvc1....", [unsupported("video", "HEVC (H.265)")]),
        (b"\xa1av01....", [unsupported("video", "AV1")]),
        (b"\xa1vp09....", [unsupported("video", "VP9")]),
        (b"\xa1\x00\x01\x02\x03", [unsupported("video", "codec video 00010203")]),
        (b"\x96\x00avc1\x00", [unsupported("video", "Enhanced RTMP multitraccia")]),
        (b"\x97\x02\x00\x00\x01\x03avc1data", [picture(0, True)]),  # a nanosecond offset
        (b"\x97\xff\x00\xff" + bytes(256) + b"\x03avc1data", [picture(0, True)]),  # a long modifier
    ],
)
def test_video(payload: bytes, events: list[MediaEvent]) -> None:
    assert parse_video(payload, NOW_US) == events


@pytest.mark.parametrize(
    ("payload", "events"),
    [
        (b"", []),
        (b"\xaf\x01data", [sound()]),
        (b"\xaf\x01", []),
        (b"\xaf\x00", []),
        (b"\xaf\x00\x12\x10", [AudioConfig("aac", b"\x12\x10", 44_100, 2)]),
        (b"\x2fmp3", [unsupported("audio", "MP3")]),
        (b"\xb2speex", [unsupported("audio", "Speex")]),
        (b"\x72law", [unsupported("audio", "G.711 A-law")]),
        (b"\xc0?", [unsupported("audio", "codec audio 12")]),
        (b"\x90mp4a\x12\x10", [AudioConfig("aac", b"\x12\x10", 44_100, 2)]),
        (b"\x91mp4adata", [sound()]),
        (b"\x90Opus" + OPUS_HEAD, [OPUS]),
        (b"\x90Opus" + OPUS_HEAD[8:], [OPUS]),  # without the magic
        (b"\x91Opusdata", [sound()]),
        (b"\x92Opus", []),
        (b"\x94Opus\x00\x02", []),  # names of the channels
        (b"\x91fLaCdata", [unsupported("audio", "FLAC")]),
        (b"\x95\x01Opus", [unsupported("audio", "Enhanced RTMP multitraccia")]),
        (b"\x97\x02\x00\x00\x01\x01Opusdata", [sound()]),
    ],
)
def test_audio(payload: bytes, events: list[MediaEvent]) -> None:
    assert parse_audio(payload, NOW_US) == events


@pytest.mark.parametrize(
    ("code", "payload"),
    [
        ("torn_tag", b"\x17\x01\x00"),
        ("torn_tag", b"\x91avc1\x00"),
        ("torn_tag", b"\x91avc"),
        ("torn_tag", b"\x97"),
        ("torn_tag", b"\x97\x40\x00"),
        ("avc_config", b"\x17\x00\x00\x00\x00"),
        ("avc_config", b"\x17\x00\x00\x00\x00\x02\x4d\x40\x1f\xff\xe1\x00\x04gM@\x0b"),
        ("avc_config", b"\x17\x00\x00\x00\x00\x01\x4d\x40\x1f\xff\xe1\x00\x20gM@\x0b"),
        ("avc_config", b"\x17\x00\x00\x00\x00\x01\x4d\x40\x1f\xff\xe0\x00\x04gM@\x0b"),
        ("avc_config", b"\x17\x00\x00\x00\x00\x01\x4d\x40\x1f\xff\xe1\x00\x0cgM@\x0b" + bytes(8)),
        ("torn_config", b"\x17\x00\x00\x00\x00\x01\x4d\x40\x1f\xff\xe1\x00\x05gM@\x0b\xff"),
    ],
)
def test_torn_video(code: str, payload: bytes) -> None:
    with pytest.raises(FlvError) as caught:
        parse_video(payload, NOW_US)
    assert caught.value.code in (code, "torn_config")


@pytest.mark.parametrize(
    ("code", "payload"),
    [
        ("torn_tag", b"\xaf"),
        ("torn_tag", b"\x91Op"),
        ("torn_config", b"\xaf\x00\x12"),
        ("aac_config", b"\xaf\x00\x16\x90"),  # rate index 13
        ("aac_config", b"\xaf\x00\x12\x78"),  # channel configuration 15
        ("opus_config", b"\x90Opus" + OPUS_HEAD[:-1]),
        ("opus_config", b"\x90Opus" + OPUS_HEAD[:9] + b"\0" + OPUS_HEAD[10:]),
        ("opus_config", b"\x90Opus" + OPUS_HEAD[:-1] + b"\1\2"),
    ],
)
def test_torn_audio(code: str, payload: bytes) -> None:
    with pytest.raises(FlvError) as caught:
        parse_audio(payload, NOW_US)
    assert caught.value.code == code


@given(st.binary(max_size=80))
def test_no_payload_raises_anything_else(payload: bytes) -> None:
    for parse in (parse_video, parse_audio):
        with suppress(FlvError):
            parse(payload, 0)


def test_a_repeated_configuration_is_told_once() -> None:
    demuxer = FlvDemuxer()
    config = b"\xaf\x00\x12\x10"
    first, again = demuxer.push(8, 0, config), demuxer.push(8, 5, config)
    other = demuxer.push(8, 9, b"\xaf\x00\x11\x90")
    assert (first, again) == ([AudioConfig("aac", b"\x12\x10", 44_100, 2)], [])
    assert other == [AudioConfig("aac", b"\x11\x90", 48_000, 2)]


def test_samples_wait_for_their_configuration() -> None:
    demuxer = FlvDemuxer()
    assert demuxer.push(8, 0, b"\xaf\x01data") == []
    demuxer.push(8, 0, b"\xaf\x00\x12\x10")
    assert demuxer.push(8, 7000, b"\xaf\x01data") == [sound()]


def test_after_a_codec_outside_the_list_the_track_is_silent() -> None:
    """H.264 with 2-byte lengths would be written as garbage: its samples may not pass."""
    demuxer = FlvDemuxer()
    avcc = bytearray(encode_clip().video.avcc)
    avcc[4] = 0xFD
    config = b"\x17\0\0\0\0" + bytes(avcc)
    named = [unsupported("video", "H.264 con lunghezze di 2 byte")]
    assert [demuxer.push(9, 0, config), demuxer.push(9, 0, config)] == [named, []]
    assert demuxer.push(9, 40, b"\x17\x01\0\0\0data") == []


def test_the_further_tracks_of_a_multitrack_source_leave_the_first_alone() -> None:
    demuxer = FlvDemuxer()
    demuxer.push(8, 0, b"\xaf\x00\x12\x10")
    assert len(demuxer.push(8, 0, b"\x95\x01Opus")) == 1
    assert demuxer.push(8, 7000, b"\xaf\x01data") == [sound()]


def test_invented_codecs_do_not_fill_the_memory() -> None:
    demuxer = FlvDemuxer()
    told = [demuxer.push(9, 0, b"\x91" + n.to_bytes(4, "big")) for n in range(1000)]
    assert sum(map(len, told)) == 16


def test_a_configuration_stamped_0_does_not_set_the_clock() -> None:
    """Encoders with an uptime clock send the configuration at 0 and media at, say, day 20."""
    day_20_ms = 20 * 86_400_000
    demuxer = FlvDemuxer()
    demuxer.push(8, 0, b"\xaf\x00\x12\x10")
    (sample,) = demuxer.push(8, day_20_ms, b"\xaf\x01data")
    assert isinstance(sample, Sample)
    assert sample.dts_us == day_20_ms * 1000


@pytest.mark.parametrize("bits", [31, 32])
@given(
    start=st.integers(0, 2**31 - 1),
    steps=st.lists(st.integers(-5000, 3_600_000), max_size=50),
)
def test_time_follows_both_wraps(bits: int, start: int, steps: list[int]) -> None:
    """The true time is found again from its low 31 (FFmpeg) or 32 bits (RTMP)."""
    true_ms = known_ms = start
    for step in steps:
        true_ms += step
        known_ms = unwrap(known_ms, true_ms % 2**bits)
        assert known_ms == true_ms


def test_a_hundred_days_in_steps_of_an_hour() -> None:
    true_ms, known_ms = 0, unwrap(None, 0)
    for _ in range(2400):
        true_ms += 3_600_000
        known_ms = unwrap(known_ms, true_ms % 2**32)
    assert known_ms == true_ms == 8_640_000_000
