"""Reads the fragmented MP4 that a browser's MediaRecorder sends, from bytes as they come.

Bytes in, media events out: no file, no clock. A fragment's samples come out when all of it is
in, both tracks interleaved by decoding time. What a recorder does not write (edit lists,
encryption, several descriptions) is passed over; what could exhaust memory is refused.

Source: ISO/IEC 14496-12:2022; § numbers are its own.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from arengo.live.engine.media import MediaEvent, Sample
from arengo.live.engine.mp4_movie import (
    Defaults,
    Mp4Error,
    TrackState,
    box_text,
    boxes,
    child,
    read_movie,
)

__all__ = ["Mp4Error", "Mp4Reader"]

MAX_HEADER_BOX: Final = 1 << 20  # ftyp, moov, moof
MAX_MEDIA_BOX: Final = 32 << 20  # mdat: ten seconds at 25 Mbit/s
MAX_SAMPLES: Final = 20_000  # of a fragment; a `trun` may promise 2³² in twenty bytes
_HEADER_BOXES: Final = {b"ftyp", b"moov", b"moof"}
_PASSED: Final = {
    *(b"styp", b"sidx", b"mfra", b"emsg", b"prft", b"free", b"skip", b"wide", b"uuid", b"pdin"),
    *(b"meta", b"ssix", b"mdat"),
}
_NON_SYNC: Final = 0x0001_0000
_BASE_IS_MOOF: Final = 0x0002_0000


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sample announced by a `moof`: where its bytes will be, and when it is, in ticks."""

    state: TrackState
    offset: int
    size: int
    time: int
    composition_offset: int
    is_key: bool


class Mp4Reader:
    """An incremental reader. After an Mp4Error it must not be fed any more."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._position = 0  # of the buffer's first byte, from the start of the stream
        self._skip = 0
        self._tracks: dict[int, TrackState] | None = None
        self._pieces: list[_Piece] = []

    def feed(self, data: bytes) -> list[MediaEvent]:
        """Take bytes in; return what they complete. Mp4Error when they make no sense."""
        self._buffer += data
        events: list[MediaEvent] = []
        while self._advance(events):
            pass
        return events

    def _advance(self, events: list[MediaEvent]) -> bool:
        """Read or pass over one box; False when more bytes are needed."""
        if self._skip:
            passed = min(self._skip, len(self._buffer))
            self._skip -= passed
            self._drop(passed)
            return self._skip == 0
        header = _header(self._buffer)
        if header is None:
            return False
        name, size, start = header
        if name in _PASSED and not (name == b"mdat" and self._pieces):
            self._skip = size
            return True
        _check_size(name, size)
        if len(self._buffer) < size:
            return False
        self._read(name, bytes(memoryview(self._buffer)[start:size]), start, events)
        self._drop(size)
        return True

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._position += count

    def _read(self, name: bytes, body: bytes, start: int, events: list[MediaEvent]) -> None:
        try:
            if name == b"moov":
                self._tracks, configs = read_movie(body)
                events += configs
            elif name == b"moof":
                self._pieces = _fragment(body, self._position, self._known_tracks())
            elif name == b"mdat":
                pieces, self._pieces = self._pieces, []
                events += _samples(body, self._position + start, pieces)
        except (struct.error, IndexError) as error:
            message = f"il riquadro «{box_text(name)}» è incompleto"
            raise Mp4Error(message) from error

    def _known_tracks(self) -> dict[int, TrackState]:
        if self._tracks is None:
            message = "mancano le informazioni iniziali (moov)"
            raise Mp4Error(message)
        return self._tracks


def _header(buffer: bytearray) -> tuple[bytes, int, int] | None:
    """Return name, size and header length of the box at the start; None when it is not in yet."""
    if len(buffer) < 8:
        return None
    size, name = struct.unpack_from(">I4s", buffer)
    if name not in _HEADER_BOXES and name not in _PASSED:
        message = f"riquadro sconosciuto «{box_text(name)}»: non è un flusso MP4 di un browser"
        raise Mp4Error(message)
    start = 8
    if size == 1:
        if len(buffer) < 16:
            return None
        (size,) = struct.unpack_from(">Q", buffer, 8)
        start = 16
    if size < start:
        message = f"il riquadro «{box_text(name)}» dichiara {size} byte"
        raise Mp4Error(message)
    return name, size, start


def _check_size(name: bytes, size: int) -> None:
    limit = MAX_MEDIA_BOX if name == b"mdat" else MAX_HEADER_BOX
    if size > limit:
        message = f"il riquadro «{box_text(name)}» è di {size} byte: il limite è {limit}"
        raise Mp4Error(message)


def _fragment(moof: bytes, position: int, tracks: dict[int, TrackState]) -> list[_Piece]:
    """Return the samples a `moof` announces; `position` is its own in the stream (§8.8)."""
    reader = _FragmentReader(moof, position, tracks)
    for name, start, end in boxes(moof, 0, len(moof)):
        if name == b"traf":
            reader.read_traf(start, end)
    return reader.pieces


class _FragmentReader:
    """Walks one `moof`, remembering where in the stream the next run's bytes are."""

    def __init__(self, moof: bytes, position: int, tracks: dict[int, TrackState]) -> None:
        self.pieces: list[_Piece] = []
        self._data = moof
        self._position = position
        self._tracks = tracks
        self._base = self._next_data = position
        self._count = 0

    def read_traf(self, start: int, end: int) -> None:
        """Read one track's part; a track that nobody reads is stepped over."""
        tfhd, _end = child(self._data, start, end, b"tfhd")
        number, defaults = self._track_header(tfhd)
        state = self._tracks.get(number)
        for name, first, last in boxes(self._data, start, end):
            if state is None:
                continue
            if name == b"tfdt":
                layout = ">Q" if self._data[first] else ">I"
                (state.next_time,) = struct.unpack_from(layout, self._data, first + 4)
            elif name == b"trun":
                self._read_trun(first, last, state, defaults or state.defaults)

    def _track_header(self, tfhd: int) -> tuple[int, Defaults | None]:
        """Read `tfhd` (§8.8.7): the track, its defaults here, and where its data are."""
        flags, number = struct.unpack_from(">II", self._data, tfhd)
        at = tfhd + 8
        self._base = self._position if flags & _BASE_IS_MOOF else self._next_data
        if flags & 0x1:
            (self._base,) = struct.unpack_from(">Q", self._data, at)
            at += 8
        self._next_data = self._base
        at += 4 if flags & 0x2 else 0
        state = self._tracks.get(number)
        if state is None:
            return number, None
        values = [state.defaults.duration, state.defaults.size, state.defaults.flags]
        for index, flag in enumerate((0x8, 0x10, 0x20)):
            if flags & flag:
                (values[index],) = struct.unpack_from(">I", self._data, at)
                at += 4
        return number, Defaults(*values)

    def _read_trun(self, start: int, end: int, state: TrackState, defaults: Defaults) -> None:
        """Read a run (§8.8.8): what an entry does not say is the default."""
        flags, count = struct.unpack_from(">II", self._data, start)
        self._count += count
        if self._count > MAX_SAMPLES:
            message = f"un frammento dichiara {self._count} campioni: il limite è {MAX_SAMPLES}"
            raise Mp4Error(message)
        at = start + 8
        if flags & 0x1:
            (offset,) = struct.unpack_from(">i", self._data, at)
            self._next_data = self._base + offset
            at += 4
        first_flags = None
        if flags & 0x4:
            (first_flags,) = struct.unpack_from(">I", self._data, at)
            at += 4
        durations, sizes, marks, offsets = _columns(
            self._data[at:end], count, flags >> 8 & 0xF, defaults
        )
        if count and first_flags is not None:
            marks[0] = first_flags
        for duration, size, mark, offset in zip(durations, sizes, marks, offsets, strict=True):
            is_key = state.track == "audio" or not mark & _NON_SYNC
            time = state.next_time
            if size:
                place = self._next_data
                self.pieces.append(_Piece(state, place, size, time, _signed(offset), is_key))
            self._next_data += size
            state.next_time = time + duration


def _columns(entries: bytes, count: int, fields: int, defaults: Defaults) -> list[list[int]]:
    """Return durations, sizes, flags and composition offsets of a run's samples."""
    width = fields.bit_count()
    if 4 * width * count > len(entries):
        message = "un frammento dichiara più campioni di quanti ne descrive"
        raise Mp4Error(message)
    values = struct.unpack_from(f">{width * count}I", entries)
    columns, column = [], 0
    for bit, default in enumerate((defaults.duration, defaults.size, defaults.flags, 0)):
        if fields >> bit & 1:
            columns.append([*values[column::width]])
            column += 1
        else:
            columns.append([default] * count)
    return columns


def _signed(value: int) -> int:
    """Return a composition offset: recorders write negative ones even where it is unsigned."""
    return value - (1 << 32) if value >> 31 else value


def _samples(body: bytes, position: int, pieces: list[_Piece]) -> list[Sample]:
    """Cut a `mdat` into samples; `position` is where its content begins in the stream.

    Samples that share bytes are refused: twenty thousand of them could each be the whole box.
    """
    if sum(piece.size for piece in pieces) > len(body):
        message = "i campioni di un frammento sono più grandi dei suoi dati"
        raise Mp4Error(message)
    found = []
    for piece in pieces:
        start = piece.offset - position
        if start < 0 or start + piece.size > len(body):
            message = "un campione è fuori dai dati del suo frammento"
            raise Mp4Error(message)
        if piece.state.is_read:
            found.append(_sample(piece, body[start : start + piece.size]))
    found.sort(key=lambda sample: (sample.dts_us, sample.track == "audio"))
    return found  # a key frame before the sound of its instant: a take begins with it


def _sample(piece: _Piece, data: bytes) -> Sample:
    scale = piece.state.timescale
    dts_us = piece.time * 1_000_000 // scale
    pts_us = (piece.time + max(0, piece.composition_offset)) * 1_000_000 // scale
    return Sample(piece.state.track, dts_us, pts_us, piece.is_key, data)
