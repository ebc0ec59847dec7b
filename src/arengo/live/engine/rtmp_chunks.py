"""RTMP's lower half: messages cut into interleaved chunks, read and written without I/O.

Reading keeps no more than it must: a message that lies whole in what has just been received
is one slice of it, any other grows in its chunk stream's own buffer, and only a torn chunk
header (18 bytes at most) is ever looked at twice. No buffer is reserved for an announced
length, so that a header alone costs nothing.

Source: "Adobe's Real Time Messaging Protocol" 1.0 (2012), § in each function.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from arengo.live.engine.rtmp_errors import ChunkError

MAX_STREAMS = 64
MAX_MESSAGE = 8 << 20
MAX_HELD = 16 << 20  # unfinished messages of one connection, together
MAX_CHUNK_SIZE = 0xFFFFFF  # §5.4.1: no message is longer, so nothing greater means more
_EXTENDED = 0xFFFFFF  # a time field that says: the time is in four bytes behind the header
_EXTENDED_FIELD = b"\xff\xff\xff"
_HEADER_BYTES = (11, 7, 3, 0)  # §5.3.1.2, by format


@dataclass(frozen=True, slots=True)
class Message:
    """One RTMP message; `timestamp` is in ms modulo 2³² (§5.1, §6.1.1)."""

    type_id: int
    stream_id: int
    timestamp: int
    body: bytes


@dataclass(slots=True)
class _ChunkStream:
    """What the next chunk header of one chunk stream may leave out, and its open message."""

    timestamp: int = 0
    delta: int = 0
    extended: int | None = None  # the last extended timestamp field, when there was one
    length: int = 0
    type_id: int = 0
    stream_id: int = 0
    missing: int = 0  # bytes of the open message still to come
    body: bytearray = field(default_factory=bytearray)


class ChunkReader:
    """Put received bytes in with `feed`, take messages out with `next_message`."""

    def __init__(self) -> None:
        self.max_message = MAX_MESSAGE
        self._chunk_size = 128  # §5.4.1
        self._streams: dict[int, _ChunkStream] = {}
        self._data = b""
        self._pos = 0
        self._open: _ChunkStream | None = None  # the stream whose chunk is being read
        self._chunk_left = 0
        self._held = 0

    def feed(self, data: bytes) -> None:
        """Add bytes; what `next_message` has not used yet stays in front of them."""
        rest = self._data[self._pos :]
        self._data = rest + data if rest else data
        self._pos = 0

    def next_message(self) -> Message | None:
        """Return the next whole message, or None when more bytes are needed.

        Raise `ChunkError` on framing no encoder would send.
        """
        while stream := self._open or self._read_header():
            message = self._read_body(stream)
            if message or self._open:
                return message
        return None

    def set_chunk_size(self, size: int) -> None:
        """Follow the peer's Set Chunk Size (§5.4.1)."""
        if not 1 <= size <= MAX_CHUNK_SIZE:
            raise ChunkError("chunk_size", f"Dimensione dei chunk non ammessa: {size}.")
        self._chunk_size = size

    def abort(self, csid: int) -> None:
        """Forget the open message of a chunk stream (§5.4.2)."""
        stream = self._streams.get(csid)
        if stream:
            self._held -= len(stream.body)
            stream.body.clear()
            stream.missing = 0

    def _read_header(self) -> _ChunkStream | None:
        """Read one chunk header (§5.3.1); when it is not all there, leave it where it is."""
        data, pos = self._data, self._pos
        if pos >= len(data):
            return None
        format_, csid = data[pos] >> 6, data[pos] & 63
        pos += 1
        if csid < 2:
            id_bytes = csid + 1
            csid = 64 + int.from_bytes(data[pos : pos + id_bytes], "little")
            pos += id_bytes
        end = pos + _HEADER_BYTES[format_]
        if end > len(data):
            return None
        stream = self._streams.get(csid) or self._new_stream(csid, format_)
        if stream.missing:
            return self._continue_message(stream, format_, end)
        return self._begin_message(stream, format_, data[pos:end], end)

    def _new_stream(self, csid: int, format_: int) -> _ChunkStream:
        """Accept format 1 too as the first of a stream: OBS begins its control stream with it."""
        if format_ > 1:
            raise ChunkError("chunk_format", "Un chunk RTMP rimanda a uno che non c'è mai stato.")
        if len(self._streams) >= MAX_STREAMS:
            raise ChunkError("too_many_streams", f"Più di {MAX_STREAMS} flussi di chunk.")
        self._streams[csid] = stream = _ChunkStream()
        return stream

    def _begin_message(
        self, stream: _ChunkStream, format_: int, header: bytes, end: int
    ) -> _ChunkStream | None:
        extended = None
        if header[:3] == _EXTENDED_FIELD or (not header and stream.extended is not None):
            extended = int.from_bytes(self._data[end : end + 4], "big")
            end += 4
            if end > len(self._data):
                return None
        _apply_time(stream, format_, header, extended)
        if format_ < 2:
            stream.length = int.from_bytes(header[3:6], "big")
            stream.type_id = header[6]
        if format_ == 0:
            stream.stream_id = int.from_bytes(header[7:11], "little")
        if stream.length > self.max_message:
            excess = f"{stream.length} byte: il massimo è {self.max_message}"
            raise ChunkError("message_too_long", f"Un messaggio RTMP di {excess}.")
        stream.missing = stream.length
        return self._begin_chunk(stream, end)

    def _continue_message(
        self, stream: _ChunkStream, format_: int, end: int
    ) -> _ChunkStream | None:
        """Take the header of a later chunk of an open message.

        §5.3.1.3 repeats the extended timestamp here; OBS before 2024 and the 2009 draft do
        not, so four bytes that differ from it are already the message.
        """
        if format_ != 3:
            raise ChunkError("chunk_format", "Un messaggio RTMP ricomincia prima di finire.")
        if stream.extended is not None:
            peeked = self._data[end : end + 4]
            if len(peeked) < 4:
                return None
            if int.from_bytes(peeked, "big") == stream.extended:
                end += 4
        return self._begin_chunk(stream, end)

    def _begin_chunk(self, stream: _ChunkStream, end: int) -> _ChunkStream:
        self._open = stream
        self._chunk_left = min(stream.missing, self._chunk_size)
        self._pos = end
        return stream

    def _read_body(self, stream: _ChunkStream) -> Message | None:
        """Take what there is of the open chunk; return the message it completes, if any."""
        start = self._pos
        self._pos = end = min(start + self._chunk_left, len(self._data))
        if end - start == stream.length:  # whole in one piece, the usual case
            stream.missing = 0
            self._open = None
            return _message(stream, self._data[start:end])
        self._hold(stream, start, end)
        if self._chunk_left:
            return None
        self._open = None
        return self._release(stream) if not stream.missing else None

    def _hold(self, stream: _ChunkStream, start: int, end: int) -> None:
        count = end - start
        stream.body += self._data[start:end]
        stream.missing -= count
        self._chunk_left -= count
        self._held += count
        if self._held > MAX_HELD:
            raise ChunkError("too_much_held", "Troppi messaggi RTMP lasciati a metà.")

    def _release(self, stream: _ChunkStream) -> Message:
        body = bytes(stream.body)
        stream.body.clear()
        self._held -= len(body)
        return _message(stream, body)


def _apply_time(stream: _ChunkStream, format_: int, header: bytes, extended: int | None) -> None:
    """Move the stream's clock on: format 0 sets it, 1 to 3 add to it (§5.3.1.2).

    A format 3 that begins a message repeats the last time field, even an absolute one.
    """
    if header:
        stream.extended = extended
        stream.delta = int.from_bytes(header[:3], "big")
    if extended is not None:
        stream.delta = stream.extended = extended
    base = stream.timestamp if format_ else 0
    stream.timestamp = (base + stream.delta) & 0xFFFFFFFF


def _message(stream: _ChunkStream, body: bytes) -> Message:
    return Message(stream.type_id, stream.stream_id, stream.timestamp, body)


class ChunkWriter:
    """Cut messages into chunks.

    With `is_compact` later headers leave out what has not changed, as encoders do; a server,
    whose messages are few, spells each one out.
    """

    def __init__(self, *, is_compact: bool = False) -> None:
        self.chunk_size = 128
        self._is_compact = is_compact
        self._last: dict[int, tuple[Message, int]] = {}  # by chunk stream: message, time field

    def write(self, csid: int, message: Message) -> bytes:
        """Return the bytes of one message on chunk stream `csid` (2..63)."""
        format_, time = self._format(csid, message)
        self._last[csid] = (message, time)
        shown = min(time, _EXTENDED)
        extended = time.to_bytes(4, "big") if shown == _EXTENDED else b""
        header = (
            shown.to_bytes(3, "big")
            + len(message.body).to_bytes(3, "big")
            + bytes([message.type_id])
            + message.stream_id.to_bytes(4, "little")
        )[: _HEADER_BYTES[format_]]
        first = bytes([format_ << 6 | csid]) + header + extended
        later = bytes([3 << 6 | csid]) + extended
        return first + later.join(self._cut(message.body))

    def _cut(self, body: bytes) -> list[bytes]:
        size = self.chunk_size
        return [body[at : at + size] for at in range(0, len(body), size)] or [b""]

    def _format(self, csid: int, message: Message) -> tuple[int, int]:
        """Choose the shortest header (§5.3.1.2) and the number in its time field."""
        last, last_time = self._last.get(csid, (None, 0))
        is_new = last is None or last.stream_id != message.stream_id
        if not self._is_compact or last is None or is_new or last.timestamp > message.timestamp:
            return 0, message.timestamp
        delta = message.timestamp - last.timestamp
        if (last.type_id, len(last.body)) != (message.type_id, len(message.body)):
            return 1, delta
        return (3 if delta == last_time else 2), delta
