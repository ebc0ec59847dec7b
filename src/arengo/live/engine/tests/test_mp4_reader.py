"""A browser's recording is read as it comes; rubbish is refused in words, and in little memory."""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.live.engine.fmp4 import Run, RunSample, fragment, init_segment
from arengo.live.engine.media import AudioConfig, MediaEvent, Sample, Unsupported, VideoConfig
from arengo.live.engine.mp4_reader import MAX_MEDIA_BOX, MAX_SAMPLES, Mp4Error, Mp4Reader
from arengo.live.engine.tests.coded_media import encode_clip

OPUS = AudioConfig("opus", bytes([0, 2, 1, 0x38, 0, 0, 0xBB, 0x80, 0, 0, 0]), 48_000, 2)


@lru_cache(maxsize=1)
def recording() -> bytes:
    """Return the clip's pictures with Opus packets, in four fragments, as a browser sends them."""
    clip = encode_clip()
    data = [init_segment(clip.video, OPUS)]
    for index in range(4):
        rows = clip.pictures[index * 12 : index * 12 + 12]
        pictures = [RunSample(3600, s.is_key, 7200, s.data) for s in rows]
        sounds = [RunSample(960, True, 0, b"\xfc" + bytes([n]) * 9) for n in range(24)]
        video, audio = Run(43_200 * index, pictures), Run(23_040 * index, sounds)
        data.append(fragment(index + 1, video=video, audio=audio))
    return b"".join(data)


def read(data: bytes, *cuts: int) -> list[MediaEvent]:
    """Feed the data in pieces, cut at these places."""
    reader, events = Mp4Reader(), []
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in pairwise(places):
        events += reader.feed(data[start:end])
    return events


def box(name: bytes, body: bytes = b"") -> bytes:
    """Return a box."""
    return struct.pack(">I4s", 8 + len(body), name) + body


def test_a_recording_is_read_whole() -> None:
    """Configurations first, then both tracks in order of time."""
    clip = encode_clip()
    video, audio, *samples = read(recording())
    assert (video, audio) == (clip.video, OPUS)
    times = [s.dts_us for s in samples if isinstance(s, Sample)]
    assert times == sorted(times)
    pictures = [s for s in samples if isinstance(s, Sample) and s.track == "video"]
    assert pictures == [
        Sample("video", n * 40_000, n * 40_000 + 80_000, s.is_key, s.data)
        for n, s in enumerate(clip.pictures[:48])
    ]
    assert [s.dts_us for s in samples if isinstance(s, Sample) and s.track == "audio"] == [
        n * 20_000 for n in range(96)
    ]


@given(st.lists(st.integers(0, 100_000), max_size=8))
def test_where_the_chunks_are_cut_does_not_matter(cuts: list[int]) -> None:
    """A WebSocket may cut a recording anywhere."""
    assert read(recording(), *cuts) == read(recording())


def test_byte_by_byte_comes_to_the_same() -> None:
    """Even one byte at a time."""
    head = recording()[:4000]
    assert read(head, *range(len(head))) == read(head)


def test_ffmpegs_fragments_are_read() -> None:
    """Defaults in tfhd and first-sample flags, which our writer does not use."""
    clip, target = encode_clip(), io.BytesIO()
    options = {"movflags": "empty_moov+default_base_moof+frag_keyframe"}
    with av.open(target, "w", format="mp4", options=options) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.codec_context.options = {"g": "10", "bf": "0"}
        for index in range(30):
            frame = av.VideoFrame(160, 96, "yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    data = target.getvalue()
    config, *samples = read(data, 5, 999)
    assert isinstance(config, VideoConfig)
    assert (config.width, config.height) == (clip.video.width, clip.video.height)
    assert [s.dts_us for s in samples if isinstance(s, Sample)] == [n * 40_000 for n in range(30)]
    with av.open(io.BytesIO(data), mode="r") as source:
        packets = [(p.is_keyframe, bytes(p)) for p in source.demux() if p.size]
    assert [(s.is_key, s.data) for s in samples if isinstance(s, Sample)] == packets


def test_aac_is_read_too() -> None:
    """The configuration comes out of the descriptors of esds."""
    clip = encode_clip()
    assert read(init_segment(None, clip.audio)) == [clip.audio]


def test_other_codecs_are_named() -> None:
    """The operator reads what the browser sends, and that track's samples are left out."""
    data = recording().replace(b"avc1", b"vp09")
    events = read(data)
    assert events[0] == Unsupported("video", "VP9")
    assert {s.track for s in events if isinstance(s, Sample)} == {"audio"}


def test_unknown_boxes_between_fragments_are_stepped_over() -> None:
    """Whatever their size: they are never held in memory."""
    init = init_segment(encode_clip().video, OPUS)
    rest = recording()[len(init) :]
    large = struct.pack(">I4sQ", 1, b"free", 16 + 3_000_000) + bytes(3_000_000)
    assert read(init + large + box(b"styp", b"msdh") + rest, 100, 9_000) == read(recording())


def test_a_second_movie_begins_anew() -> None:
    """A recorder that starts again sends its configurations again."""
    events = read(recording() + recording())
    assert sum(isinstance(event, VideoConfig) for event in events) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "sconosciuto"),
        (b"\x1a\x45\xdf\xa3" + bytes(60), "sconosciuto"),
        (struct.pack(">I4s", 0, b"moof"), "0 byte"),
        (struct.pack(">I4sQ", 1, b"moov", 1 << 60), "limite"),
        (struct.pack(">I4s", 1 << 31, b"moof"), "limite"),
        (box(b"moof", bytes(16)), "moov"),
        (box(b"moov", box(b"trak")), "tkhd"),
        (box(b"moov", struct.pack(">I4s", 99, b"trak")), "esce"),
        (box(b"moov", b"\0\0\0"), "incompleto"),
    ],
)
def test_hostile_beginnings_are_refused(data: bytes, words: str) -> None:
    """Each with a reason that names the trouble."""
    with pytest.raises(Mp4Error, match=words):
        read(data)


def run_box(count: int, flags: int, body: bytes = b"") -> bytes:
    """Return a `moof` with one run for the video track."""
    tfhd = box(b"tfhd", struct.pack(">II", 0x020000, 1))
    trun = box(b"trun", struct.pack(">II", flags, count) + body)
    return box(b"moof", box(b"traf", tfhd + trun))


@pytest.mark.parametrize(
    ("moof", "words"),
    [
        (run_box(2**32 - 1, 0), "limite"),
        (run_box(MAX_SAMPLES, 0x200, bytes(40)), "di quanti ne descrive"),
        (run_box(1, 0x201, struct.pack(">iI", -50, 4)), "fuori"),
        (run_box(1, 0x201, struct.pack(">iI", 2**31 - 1, 4)), "fuori"),
        (run_box(3, 0x200, struct.pack(">III", 9, 9, 9)), "più grandi"),
    ],
)
def test_hostile_fragments_are_refused(moof: bytes, words: str) -> None:
    """Absurd counts and places are seen before any memory is taken."""
    init = init_segment(encode_clip().video, None)
    with pytest.raises(Mp4Error, match=words):
        read(init + moof + box(b"mdat", bytes(20)))


def test_a_huge_fragment_is_refused_before_it_comes() -> None:
    """At the header, not after 2 GB."""
    init = init_segment(encode_clip().video, None)
    moof = run_box(1, 0x201, struct.pack(">iI", 8, 4))
    with pytest.raises(Mp4Error, match="limite"):
        read(init + moof + struct.pack(">I4s", MAX_MEDIA_BOX + 1, b"mdat"))


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=6),
    st.lists(st.integers(0, 100_000), max_size=3),
)
@settings(max_examples=300, deadline=None)
def test_damage_is_an_mp4_error_or_nothing(changes: list[tuple[int, int]], cuts: list[int]) -> None:
    """Whatever byte is wrong, no other exception, and never more media than bytes."""
    data = bytearray(recording())
    for place, value in changes:
        data[place % len(data)] = value
    try:
        events = read(bytes(data), *cuts)
    except Mp4Error:
        return
    assert sum(len(e.data) for e in events if isinstance(e, Sample)) <= len(data)


@given(st.binary(max_size=300))
def test_noise_is_an_mp4_error_or_nothing(noise: bytes) -> None:
    """After a good beginning too."""
    init = init_segment(encode_clip().video, OPUS)
    for data in (noise, init + noise, init + box(b"moof", noise), box(b"moov", noise)):
        try:
            read(data)
        except Mp4Error:
            continue
