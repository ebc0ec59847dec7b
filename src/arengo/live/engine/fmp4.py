"""Writes fragmented MP4 (CMAF-like) and reads back the times of what it wrote.

A take is one initialisation segment and then fragments, each `moof` + `mdat`; a part of
low-latency HLS is one fragment, a segment file is some fragments one after another, and
`init + every segment` is a playable MP4. Track 1 is video at 90 kHz, track 2 is audio at its
sample rate; a take with one stream has only that track, under the same number.

Source: ISO/IEC 14496-12:2022 (boxes, the § in each function), 14496-15 (avc1), 14496-14 and
14496-1 (mp4a, esds), "Encapsulation of Opus in ISO Base Media File Format" (Opus, dOps),
RFC 8216bis §3.1.2 (what HLS asks of a fragment).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from arengo.live.engine.media import AudioConfig, VideoConfig

VIDEO_TRACK = 1
AUDIO_TRACK = 2
VIDEO_TIMESCALE = 90_000

_SYNC = 0x0200_0000  # depends on no other sample
_NON_SYNC = 0x0101_0000  # depends on others, is not a sync sample
_MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_VIDEO_TRUN = 0x0100_0F01  # v1; data offset, duration, size, flags, signed composition offset
_AUDIO_TRUN = 0x0100_0301  # v1; data offset, duration, size: the flags are trex's default
_MAX_BOX = 2**32 - 1


@dataclass(frozen=True, slots=True)
class RunSample:
    """One sample; `duration` and `composition_offset` are ticks of its track."""

    duration: int
    is_key: bool
    composition_offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive samples of one track; `base_time` is the first one's decoding time in ticks."""

    base_time: int
    samples: Sequence[RunSample]


@dataclass(frozen=True, slots=True)
class Span:
    """Where one track of one fragment lies: ticks of that track."""

    base_time: int
    duration: int
    is_key: bool

    @property
    def end(self) -> int:
        """Return the decoding time that the next fragment begins at."""
        return self.base_time + self.duration


@dataclass(frozen=True, slots=True)
class FragmentTimes:
    """One fragment found in a segment file: its bytes (`offset`, `size`) and its times."""

    offset: int
    size: int
    sequence: int
    video: Span | None
    audio: Span | None


def init_segment(video: VideoConfig | None, audio: AudioConfig | None) -> bytes:
    """Return `ftyp` + `moov` for a take with these streams; ValueError when there is none."""
    if video is None and audio is None:
        message = "a take needs video, audio or both"
        raise ValueError(message)
    ftyp = _box(b"ftyp", b"iso6", bytes(4), b"iso6", b"cmfc", b"mp41")
    tracks = [_video_track(video)] if video else []
    tracks += [_audio_track(audio)] if audio else []
    trexes = [_trex(VIDEO_TRACK, _NON_SYNC)] if video else []
    trexes += [_trex(AUDIO_TRACK, _SYNC)] if audio else []
    return ftyp + _box(b"moov", _mvhd(), *tracks, _box(b"mvex", *trexes))


def fragment(sequence: int, *, video: Run | None = None, audio: Run | None = None) -> bytes:
    """Return `moof` + `mdat` holding the runs; a run without samples is left out.

    `sequence` is `mfhd`'s number and must grow through a take (§8.8.5). ValueError when there
    is no sample at all or the fragment would pass 4 GiB.
    """
    pictures = video.samples if video else ()
    sounds = audio.samples if audio else ()
    moof_size = 24 + (_traf_size(16, pictures) + _traf_size(8, sounds))
    video_bytes = sum([len(sample.data) for sample in pictures])
    mdat_size = 8 + video_bytes + sum([len(sample.data) for sample in sounds])
    if moof_size == 24 or mdat_size > _MAX_BOX:
        message = f"a fragment holds 1 sample to 4 GiB, not {mdat_size - 8} bytes"
        raise ValueError(message)
    parts = [struct.pack(">I4sI4sII", moof_size, b"moof", 16, b"mfhd", 0, sequence)]
    if video and pictures:
        parts.append(_traf(VIDEO_TRACK, video, 16, _VIDEO_TRUN, moof_size + 8))
        parts.append(_video_entries(pictures))
    if audio and sounds:
        parts.append(_traf(AUDIO_TRACK, audio, 8, _AUDIO_TRUN, moof_size + 8 + video_bytes))
        parts.append(_audio_entries(sounds))
    parts.append(struct.pack(">I4s", mdat_size, b"mdat"))
    parts += [sample.data for sample in pictures]
    parts += [sample.data for sample in sounds]
    return b"".join(parts)


def split_fragments(data: bytes) -> list[tuple[int, int]]:
    """Return (offset, size) of each whole `moof` + `mdat` from the start of a segment file.

    The list ends at the first byte that is not the start of such a pair: a torn tail, zeros
    left by a lost write, another box.
    """
    found: list[tuple[int, int]] = []
    offset = 0
    while size := _pair_size(data, offset):
        found.append((offset, size))
        offset += size
    return found


def whole_length(data: bytes) -> int:
    """Return how many bytes of a segment file to keep: up to its last whole fragment."""
    fragments = split_fragments(data)
    return sum(fragments[-1]) if fragments else 0


def fragment_times(data: bytes) -> list[FragmentTimes]:
    """Read back the times of every whole fragment that `fragment` wrote, to rebuild a journal.

    ValueError when a `moof` is damaged or was not written here.
    """
    return [_times(data, offset, size) for offset, size in split_fragments(data)]


def _times(data: bytes, offset: int, size: int) -> FragmentTimes:
    spans: dict[int, Span] = {}
    sequence = 0
    try:
        moof_end = offset + _box_size(data, offset)
        for name, start, end in _children(data, offset + 8, moof_end):
            if name == b"mfhd":
                sequence = int.from_bytes(data[start + 4 : start + 8], "big")
            elif name == b"traf":
                track, span = _span(data, start, end)
                spans[track] = span
    except (KeyError, struct.error) as error:
        message = f"damaged fragment at byte {offset}"
        raise ValueError(message) from error
    video, audio = spans.get(VIDEO_TRACK), spans.get(AUDIO_TRACK)
    return FragmentTimes(offset, size, sequence, video, audio)


def _span(data: bytes, start: int, end: int) -> tuple[int, Span]:
    boxes = {name: (first, last) for name, first, last in _children(data, start, end)}
    track = int.from_bytes(data[boxes[b"tfhd"][0] + 4 : boxes[b"tfhd"][0] + 8], "big")
    version, base_time = struct.unpack_from(">IQ", data, boxes[b"tfdt"][0])
    first, last = boxes[b"trun"]
    head, count, _offset = struct.unpack_from(">III", data, first)
    words = {_VIDEO_TRUN: 4, _AUDIO_TRUN: 2}.get(head)
    if words is None or version != 0x0100_0000 or last - first != 12 + 4 * words * count:
        message = f"the track fragment at byte {start} is damaged or not one of ours"
        raise ValueError(message)
    entries = struct.unpack_from(f">{words * count}I", data, first + 12)
    is_key = count > 0 and (words == 2 or entries[2] == _SYNC)
    return track, Span(base_time, sum(entries[::words]), is_key)


def _children(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start < end:
        size = _box_size(data, start)
        if size < 8 or start + size > end:
            message = f"box of {size} bytes at byte {start} does not fit its parent"
            raise ValueError(message)
        yield data[start + 4 : start + 8], start + 8, start + size
        start += size


def _box_size(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 4], "big")


def _pair_size(data: bytes, offset: int) -> int:
    """Return the size of the `moof` + `mdat` at `offset`, 0 when no whole one is there."""
    moof = _box_size(data, offset)
    mdat = _box_size(data, offset + moof)
    is_pair = (
        data[offset + 4 : offset + 8] == b"moof"
        and moof >= 24
        and data[offset + moof + 4 : offset + moof + 8] == b"mdat"
        and mdat >= 8
        and offset + moof + mdat <= len(data)
    )
    return moof + mdat if is_pair else 0


def _traf_size(entry: int, samples: Sequence[RunSample]) -> int:
    return 64 + entry * len(samples) if samples else 0


def _traf(track: int, run: Run, entry: int, trun: int, data_offset: int) -> bytes:
    """Return `traf` up to its entries: tfhd (default-base-is-moof), tfdt v1, trun's head (§8.8)."""
    count = len(run.samples)
    return _TRAF.pack(
        64 + entry * count, b"traf",
        16, b"tfhd", 0x0002_0000, track,
        20, b"tfdt", 0x0100_0000, run.base_time,
        20 + entry * count, b"trun", trun, count, data_offset,
    )  # fmt: skip


_TRAF = struct.Struct(">I4s I4sII I4sIQ I4sIII")


def _video_entries(samples: Sequence[RunSample]) -> bytes:
    values: list[int] = []
    for sample in samples:
        flags = _SYNC if sample.is_key else _NON_SYNC
        values += (sample.duration, len(sample.data), flags, sample.composition_offset)
    return _entries("IIIi", len(samples)).pack(*values)


def _audio_entries(samples: Sequence[RunSample]) -> bytes:
    values: list[int] = []
    for sample in samples:
        values += (sample.duration, len(sample.data))
    return _entries("II", len(samples)).pack(*values)


@lru_cache(maxsize=256)
def _entries(layout: str, count: int) -> struct.Struct:
    return struct.Struct(">" + layout * count)


def _box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


def _full_box(name: bytes, flags: int, *content: bytes) -> bytes:
    return _box(name, struct.pack(">I", flags), *content)


def _mvhd() -> bytes:
    """§8.2.2: timescale 1000, duration unknown, next track 3."""
    times = struct.pack(">IIII", 0, 0, 1000, 0)
    return _full_box(b"mvhd", 0, times, struct.pack(">IH10x", 0x10000, 0x100), _MATRIX,
                     bytes(24), struct.pack(">I", 3))  # fmt: skip


def _trex(track: int, flags: int) -> bytes:
    """§8.8.3: what a sample has when its run is silent."""
    return _full_box(b"trex", 0, struct.pack(">IIIII", track, 1, 0, 0, flags))


def _video_track(config: VideoConfig) -> bytes:
    size = struct.pack(">II", config.width << 16, config.height << 16)
    tkhd = _tkhd(VIDEO_TRACK, volume=0, size=size)
    header = _full_box(b"vmhd", 1, bytes(8))
    return _track(tkhd, VIDEO_TIMESCALE, b"vide", header, _avc1(config))


def _audio_track(config: AudioConfig) -> bytes:
    tkhd = _tkhd(AUDIO_TRACK, volume=0x100, size=bytes(8))
    entry = _mp4a(config) if config.kind == "aac" else _opus(config)
    return _track(tkhd, config.sample_rate, b"soun", _full_box(b"smhd", 0, bytes(4)), entry)


def _tkhd(track: int, *, volume: int, size: bytes) -> bytes:
    """§8.3.2: enabled and in the movie."""
    head = struct.pack(">IIII4x8xHHHH", 0, 0, track, 0, 0, 0, volume, 0)
    return _full_box(b"tkhd", 3, head, _MATRIX, size)


def _track(tkhd: bytes, timescale: int, handler: bytes, header: bytes, entry: bytes) -> bytes:
    """§8.3–8.7: a track whose sample tables are empty because its samples are in fragments."""
    mdhd = _full_box(b"mdhd", 0, struct.pack(">IIIIHH", 0, 0, timescale, 0, 0x55C4, 0))
    hdlr = _full_box(b"hdlr", 0, struct.pack(">I4s12x", 0, handler), b"Arengo\0")
    dinf = _box(b"dinf", _full_box(b"dref", 0, struct.pack(">I", 1), _full_box(b"url ", 1)))
    empty = [_full_box(name, 0, bytes(4)) for name in (b"stts", b"stsc")]
    empty += [_full_box(b"stsz", 0, bytes(8)), _full_box(b"stco", 0, bytes(4))]
    stbl = _box(b"stbl", _full_box(b"stsd", 0, struct.pack(">I", 1), entry), *empty)
    return _box(b"trak", tkhd, _box(b"mdia", mdhd, hdlr, _box(b"minf", header, dinf, stbl)))


def _avc1(config: VideoConfig) -> bytes:
    """14496-12 §12.1.3 and 14496-15 §5.4.2."""
    head = struct.pack(">6xH16xHHIII", 1, config.width, config.height, 0x480000, 0x480000, 0)
    tail = struct.pack(">H32xHh", 1, 0x18, -1)
    return _box(b"avc1", head, tail, _box(b"avcC", config.avcc))


def _sound_head(config: AudioConfig) -> bytes:
    """14496-12 §12.2.3: the rate is 16.16, so one above 65,535 Hz is written 0."""
    rate = config.sample_rate if config.sample_rate < 2**16 else 0
    return struct.pack(">6xH8xHHIHH", 1, config.channels, 16, 0, rate, 0)


def _opus(config: AudioConfig) -> bytes:
    return _box(b"Opus", _sound_head(config), _box(b"dOps", config.extra))


def _mp4a(config: AudioConfig) -> bytes:
    """14496-14 §6.7: the AudioSpecificConfig inside `esds`; object type 0x40, audio stream."""
    specific = _descriptor(5, config.extra)
    decoder = _descriptor(4, struct.pack(">BB3xII", 0x40, 0x15, 0, 0), specific)
    stream = _descriptor(3, struct.pack(">HB", 0, 0), decoder, _descriptor(6, b"\x02"))
    return _box(b"mp4a", _sound_head(config), _full_box(b"esds", 0, stream))


def _descriptor(tag: int, *content: bytes) -> bytes:
    """14496-1 §8.3.3: one tag, then the length in 4 × 7 bits."""
    body = b"".join(content)
    size = len(body)
    lengths = [0x80 | size >> 21 & 0x7F, 0x80 | size >> 14 & 0x7F, 0x80 | size >> 7 & 0x7F]
    return bytes([tag, *lengths, size & 0x7F]) + body
