"""Reads the `moov` of a fragmented MP4: which tracks there are, and how they are coded.

Source: ISO/IEC 14496-12:2022 (§ numbers are its own), 14496-14 §6.7 (esds), 14496-15 §5.4.2
(avc1, avc3), "Encapsulation of Opus in ISO Base Media File Format" §4.3 (Opus, dOps).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from arengo.live.engine.codec_config import parse_asc, parse_avcc
from arengo.live.engine.media import AudioConfig, MediaEvent, Track, Unsupported, VideoConfig
from arengo.live.engine.rtmp_errors import FlvError

_TRACKS: Final[dict[bytes, Track]] = {b"vide": "video", b"soun": "audio"}
_NAMES: Final = {
    b"hvc1": "HEVC (H.265)",
    b"hev1": "HEVC (H.265)",
    b"vp08": "VP8",
    b"vp09": "VP9",
    b"av01": "AV1",
    b"fLaC": "FLAC",
    b"ac-3": "AC-3",
    b"ec-3": "E-AC-3",
    b".mp3": "MP3",
}


class Mp4Error(Exception):
    """The stream is not a fragmented MP4 that can be read; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a sample has when its run is silent (§8.8.3, §8.8.7)."""

    duration: int = 0
    size: int = 0
    flags: int = 0


@dataclass(slots=True)
class TrackState:
    """A track and the decoding time, in its ticks, at which its next run goes on."""

    track: Track
    timescale: int
    is_read: bool
    defaults: Defaults = Defaults()
    next_time: int = 0


def read_movie(moov: bytes) -> tuple[dict[int, TrackState], list[MediaEvent]]:
    """Return the tracks of a `moov` by number, and the first configuration of each kind."""
    tracks: dict[int, TrackState] = {}
    events: list[MediaEvent] = []
    defaults: dict[int, Defaults] = {}
    taken: set[Track] = set()
    for name, start, end in boxes(moov, 0, len(moov)):
        if name == b"trak":
            number, state, event = _track(moov, start, end)
            if state is not None and event is not None and state.track not in taken:
                taken.add(state.track)
                tracks[number] = state
                events.append(event)
        elif name == b"mvex":
            defaults.update(_track_defaults(moov, start, end))
    for number, state in tracks.items():
        state.defaults = defaults.get(number, Defaults())
    return tracks, events


def _track(data: bytes, start: int, end: int) -> tuple[int, TrackState | None, MediaEvent | None]:
    tkhd, _end = child(data, start, end, b"tkhd")
    (number,) = struct.unpack_from(">I", data, tkhd + (20 if data[tkhd] == 1 else 12))
    start, end = child(data, start, end, b"mdia")
    hdlr, _end = child(data, start, end, b"hdlr")
    track = _TRACKS.get(data[hdlr + 8 : hdlr + 12])
    if track is None:
        return number, None, None
    mdhd, _end = child(data, start, end, b"mdhd")
    (timescale,) = struct.unpack_from(">I", data, mdhd + (20 if data[mdhd] == 1 else 12))
    if timescale == 0:
        message = "una traccia ha la base dei tempi a zero"
        raise Mp4Error(message)
    event = _description(data, *child(data, start, end, b"minf", b"stbl", b"stsd"), track)
    return number, TrackState(track, timescale, not isinstance(event, Unsupported)), event


def _track_defaults(data: bytes, start: int, end: int) -> dict[int, Defaults]:
    """Read the `trex` boxes (§8.8.3)."""
    found = {}
    for name, first, _last in boxes(data, start, end):
        if name == b"trex":
            number, _description, *values = struct.unpack_from(">6I", data, first)[1:]
            found[number] = Defaults(*values)
    return found


def _description(data: bytes, start: int, end: int, track: Track) -> MediaEvent:
    """Read the first sample description (§8.5.2, §12.1.3, §12.2.3)."""
    for name, first, last in boxes(data, start + 8, end):
        try:
            if track == "video" and name in {b"avc1", b"avc3"}:
                return _avc(data, *child(data, first + 78, last, b"avcC"))
            if track == "audio" and name == b"Opus":
                return _opus(data, *child(data, first + 28, last, b"dOps"))
            if track == "audio" and name == b"mp4a":
                return _mp4a(data, *child(data, first + 28, last, b"esds"))
        except FlvError as error:
            message = f"la configurazione «{box_text(name)}» non è leggibile"
            raise Mp4Error(message) from error
        return Unsupported(track, _NAMES.get(name, box_text(name)))
    message = "una traccia non dice come è codificata"
    raise Mp4Error(message)


def _avc(data: bytes, start: int, end: int) -> VideoConfig | Unsupported:
    return parse_avcc(data[start:end])


def _opus(data: bytes, start: int, end: int) -> AudioConfig:
    extra = data[start:end]
    if len(extra) < 11 or extra[0] != 0 or extra[1] == 0:
        message = "la configurazione Opus non è leggibile"
        raise Mp4Error(message)
    return AudioConfig("opus", extra, 48_000, extra[1])


def _mp4a(data: bytes, start: int, end: int) -> AudioConfig | Unsupported:
    """Find the AudioSpecificConfig: descriptors 3, 4 and 5, one in the other (14496-1 §7.2.6)."""
    start, end = _descriptor(data, start + 4, end, 3)
    flags = data[start + 2]
    start += 3 + 2 * bool(flags & 0x80) + 2 * bool(flags & 0x20)
    start += 1 + data[start] if flags & 0x40 else 0
    start, end = _descriptor(data, start, end, 4)
    if data[start] != 0x40:
        return Unsupported("audio", f"MPEG-4 (oggetto {data[start]})")
    start, end = _descriptor(data, start + 13, end, 5)
    return parse_asc(data[start:end])


def _descriptor(data: bytes, start: int, end: int, tag: int) -> tuple[int, int]:
    """Return start and end of the content of the descriptor at `start`, which must be `tag`."""
    found, size = data[start], 0
    for _ in range(4):
        start += 1
        size = size << 7 | data[start] & 0x7F
        if not data[start] & 0x80:
            break
    if found != tag or start + 1 + size > end:
        message = "la configurazione AAC non è leggibile"
        raise Mp4Error(message)
    return start + 1, start + 1 + size


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of the content of each box in a part of `data`."""
    while start < end:
        size, name = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            message = f"il riquadro «{box_text(name)}» esce da quello che lo contiene"
            raise Mp4Error(message)
        yield name, start + 8, start + size
        start += size


def child(data: bytes, start: int, end: int, *path: bytes) -> tuple[int, int]:
    """Return start and end of the content of a box that must be there."""
    for wanted in path:
        for name, first, last in boxes(data, start, end):
            if name == wanted:
                start, end = first, last
                break
        else:
            message = f"manca il riquadro «{box_text(wanted)}»"
            raise Mp4Error(message)
    return start, end


def box_text(name: bytes) -> str:
    """Return a box's name fit to be shown, whatever its bytes are."""
    return "".join(chr(byte) if 32 < byte < 127 else "·" for byte in name)
