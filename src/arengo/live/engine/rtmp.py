"""The RTMP server side of one publisher, without I/O: bytes in, events and bytes out.

    server = RtmpServer()
    for event in server.receive(data):          # raises RtmpError: send, then close
        if isinstance(event, PublishRequested):
            server.accept_publish()             # or refuse_publish("…")
        ...
    transport.write(server.bytes_to_send())

It reads what OBS, FFmpeg, GStreamer and hall encoders send: the plain handshake, AMF0 commands
(also wrapped as AMF3), audio, video, metadata, aggregates. Time-outs are the caller's.

Source: "Adobe's Real Time Messaging Protocol" 1.0 (2012), § in each function.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from arengo.live.engine import amf
from arengo.live.engine.flv import AUDIO_TAG, VIDEO_TAG, FlvDemuxer
from arengo.live.engine.media import MediaEvent
from arengo.live.engine.rtmp_chunks import MAX_MESSAGE, ChunkReader, ChunkWriter, Message
from arengo.live.engine.rtmp_errors import (
    AmfError,
    ChunkError,
    CommandError,
    FlvError,
    HandshakeError,
    RtmpError,
)

__all__ = [
    "AmfError",
    "ChunkError",
    "CommandError",
    "Event",
    "FlvError",
    "HandshakeError",
    "Metadata",
    "PublishRequested",
    "RtmpError",
    "RtmpServer",
    "Unpublished",
]

HANDSHAKE_BYTES = 1536
OUR_CHUNK_SIZE = 65_536
WINDOW_BYTES = 2_500_000
MAX_COMMAND = 65_536  # nothing before the permission to publish is longer
MAX_UNSENT = 256 << 10
MAX_MEDIA_STREAMS = 16

SET_CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, USER_CONTROL, WINDOW_SIZE, PEER_BANDWIDTH = range(1, 7)
DATA_AMF3, SHARED_AMF3, COMMAND_AMF3, DATA, SHARED, COMMAND = range(15, 21)
AGGREGATE = 22
_STREAM_BEGIN, _PING, _PONG = 0, 6, 7  # user control events, §7.1.7

_HTTP_METHODS = (
    b"GET ",
    b"POST ",
    b"HEAD ",
    b"PUT ",
    b"OPTIONS ",
    b"CONNECT ",
    b"DELETE ",
    b"PRI ",
)

State = Literal["greeting", "connecting", "idle", "asking", "live", "ended", "refused"]


@dataclass(frozen=True, slots=True)
class PublishRequested:
    """An encoder wants to publish; answer with `accept_publish` or `refuse_publish`."""

    app: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unpublished:
    """The encoder has ended its stream, or taken its request back, in good order."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the encoder says of its stream (`onMetaData`): unchecked, for show only."""

    values: dict[str, object]


Event = PublishRequested | Unpublished | Metadata | MediaEvent


class RtmpServer:
    """One connection. `error` is what the next `receive` will raise, once something is wrong."""

    def __init__(self) -> None:
        self.error: RtmpError | None = None
        self._state: State = "greeting"
        self._greeting = bytearray()
        self._reader = ChunkReader()
        self._reader.max_message = MAX_COMMAND
        self._writer = ChunkWriter()
        self._unsent = bytearray()
        self._received = self._acknowledged = 0
        self._window = WINDOW_BYTES
        self._app = ""
        self._media_streams = 0
        self._published_stream = 0
        self._demuxer = FlvDemuxer()

    def receive(self, data: bytes) -> list[Event]:
        """Take received bytes in and return what they say.

        After `PublishRequested` the rest of `data` waits for the answer, and is read by the
        next call. Raise `RtmpError` on garbage; when events were read before it, these are
        returned, `error` is set and the next call raises.
        """
        if self.error:
            raise self.error
        events: list[Event] = []
        try:
            self._receive(data, events)
        except RtmpError as error:
            self.error = error
            if not events:
                raise
        return events

    def bytes_to_send(self) -> bytes:
        """Return, once, what is to be written to the encoder."""
        data = bytes(self._unsent)
        self._unsent.clear()
        return data

    def accept_publish(self) -> None:
        """Let the encoder that asked send its stream; `CommandError` when none is asking."""
        self._answer()
        self._state = "live"
        self._reader.max_message = MAX_MESSAGE
        self._demuxer = FlvDemuxer()
        begin = _STREAM_BEGIN.to_bytes(2, "big") + self._published_stream.to_bytes(4, "big")
        self._send(2, USER_CONTROL, begin)
        self._send_status("status", "NetStream.Publish.Start", "Pubblicazione accettata.")

    def refuse_publish(self, description: str) -> None:
        """Turn the encoder away; `description` is shown by it. Send, then close."""
        self._answer()
        self._state = "refused"
        self._send_status("error", "NetStream.Publish.BadName", description)

    def _answer(self) -> None:
        if self._state != "asking":
            raise CommandError("no_request", "Nessuna richiesta di pubblicazione in attesa.")

    # Receiving

    def _receive(self, data: bytes, events: list[Event]) -> None:
        self._received += len(data)
        if self._state == "greeting":
            data = self._greet(data)
        self._reader.feed(data)
        while message := self._reader.next_message():
            events.extend(self._handle(message))
            if events and isinstance(events[-1], PublishRequested):
                break
        self._acknowledge()

    def _greet(self, data: bytes) -> bytes:
        """Take C0, C1 and C2 (§5.2), answer S0, S1 and S2, and return what follows them.

        S1 has version 0, so that clients which could do the digest handshake use the plain
        one; C2 is not compared, because some encoders send anything.
        """
        had = len(self._greeting)
        self._greeting += data[: 1 + 2 * HANDSHAKE_BYTES - had]
        _check_first_bytes(self._greeting)
        first = 1 + HANDSHAKE_BYTES
        if had < first <= len(self._greeting):
            self._unsent += b"\x03" + bytes(8) + _FILLER + self._greeting[1:first]
        if len(self._greeting) < first + HANDSHAKE_BYTES:
            return b""
        self._greeting.clear()
        self._state = "connecting"
        return data[first + HANDSHAKE_BYTES - had :]

    def _acknowledge(self) -> None:
        """Tell how much has come, each time the peer's window is full (§5.4.3)."""
        if self._received - self._acknowledged >= self._window:
            self._acknowledged = self._received
            self._send(2, ACKNOWLEDGEMENT, (self._received & 0xFFFFFFFF).to_bytes(4, "big"))

    def _handle(self, message: Message) -> Iterator[Event]:
        type_id, body = message.type_id, message.body
        if type_id in (AUDIO_TAG, VIDEO_TAG):
            yield from self._media(type_id, message.timestamp, body)
        elif type_id in (COMMAND, COMMAND_AMF3):
            yield from self._command(message.stream_id, _amf(message, COMMAND_AMF3))
        elif type_id in (DATA, DATA_AMF3):
            yield from self._data(_amf(message, DATA_AMF3))
        elif type_id == AGGREGATE:
            yield from self._aggregate(message)
        elif ABORT <= type_id <= PEER_BANDWIDTH or type_id == SET_CHUNK_SIZE:
            self._control(type_id, body)
        elif type_id not in (SHARED, SHARED_AMF3):
            raise ChunkError("message_type", f"Un messaggio RTMP di tipo ignoto ({type_id}).")

    def _control(self, type_id: int, body: bytes) -> None:
        """Follow a protocol control message (§5.4) or a user control message (§7.1.7)."""
        if type_id == USER_CONTROL:
            if body[:2] == _PING.to_bytes(2, "big"):
                self._send(2, USER_CONTROL, _PONG.to_bytes(2, "big") + body[2:6])
            return
        if len(body) < 4:
            raise ChunkError("control_torn", "Un messaggio di controllo RTMP è incompleto.")
        value = int.from_bytes(body[:4], "big")
        if type_id == SET_CHUNK_SIZE:
            self._reader.set_chunk_size(value)
        elif type_id == ABORT:
            self._reader.abort(value)
        elif type_id == WINDOW_SIZE and value:
            self._window = value

    def _media(self, tag: int, stamp: int, payload: bytes) -> list[MediaEvent]:
        if self._state == "live":
            return self._demuxer.push(tag, stamp, payload)
        if self._state == "ended":  # already on its way when the stream was ended
            return []
        raise CommandError("early_media", "L'encoder trasmette prima di averne il permesso.")

    def _data(self, values: list[object]) -> Iterator[Event]:
        """Read a data message (§7.1.2); only `onMetaData` says something to us."""
        if self._state == "ended":
            return
        if self._state != "live":
            raise CommandError("early_media", "L'encoder trasmette prima di averne il permesso.")
        if values[:1] == ["@setDataFrame"]:
            del values[0]
        if values[:1] == ["onMetaData"] and len(values) > 1 and isinstance(values[1], dict):
            yield Metadata(values[1])

    def _aggregate(self, message: Message) -> Iterator[Event]:
        """Take an aggregate apart (§7.1.6): FLV tags, moved to the aggregate's own time."""
        body, at, shift = message.body, 0, None
        while at < len(body):
            size = int.from_bytes(body[at + 1 : at + 4], "big")
            stamp = int.from_bytes(body[at + 7 : at + 8] + body[at + 4 : at + 7], "big")
            if at + 11 + size > len(body):
                raise ChunkError("aggregate_torn", "Un messaggio RTMP aggregato è incompleto.")
            shift = message.timestamp - stamp if shift is None else shift
            if body[at] in (AUDIO_TAG, VIDEO_TAG):
                payload = body[at + 11 : at + 11 + size]
                yield from self._media(body[at], (stamp + shift) & 0xFFFFFFFF, payload)
            at += 11 + size + 4

    # Commands, §7.2

    def _command(self, stream_id: int, values: list[object]) -> Iterator[Event]:
        name = values[0] if values else None
        if not isinstance(name, str) or self._state == "refused":
            raise CommandError("bad_command", "Un comando RTMP non è leggibile.")
        if self._state == "connecting" and name != "connect":
            raise CommandError("not_connected", "L'encoder non ha mandato «connect».")
        number = _transaction(values)
        if name == "connect":
            self._connect(number, values)
        elif name == "createStream":
            self._create_stream(number)
        elif name == "publish":
            yield self._publish(stream_id, values)
        elif name in ("deleteStream", "closeStream", "FCUnpublish"):
            yield from self._unpublish(values if name == "deleteStream" else [])
        elif name == "play":
            raise CommandError("play", "Su questa porta si trasmette soltanto, non si guarda.")
        else:
            self._reply(number, name in ("releaseStream", "FCPublish", "_checkbw"))

    def _connect(self, number: float, values: list[object]) -> None:
        """Answer `connect` (§7.2.1.1)."""
        if self._state != "connecting":
            raise CommandError("bad_command", "L'encoder ha mandato «connect» due volte.")
        options = values[2] if len(values) > 2 else None
        app = options.get("app") if isinstance(options, dict) else None
        if not isinstance(app, str):
            raise CommandError("bad_command", "L'encoder non dice a quale applicazione si collega.")
        self._app = app
        self._state = "idle"
        window = WINDOW_BYTES.to_bytes(4, "big")
        self._send(2, WINDOW_SIZE, window)
        self._send(2, PEER_BANDWIDTH, window + b"\2")
        self._send(2, SET_CHUNK_SIZE, OUR_CHUNK_SIZE.to_bytes(4, "big"))
        self._writer.chunk_size = OUR_CHUNK_SIZE
        server = {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}
        done = _status("status", "NetConnection.Connect.Success", "Connessione accettata.")
        self._send_command("_result", number, server, {**done, "objectEncoding": 0})

    def _create_stream(self, number: float) -> None:
        """Answer `createStream` (§7.2.1.3) with a new number."""
        self._media_streams += 1
        if self._media_streams > MAX_MEDIA_STREAMS:
            raise CommandError("bad_command", "L'encoder apre troppi flussi.")
        self._send_command("_result", number, None, self._media_streams)

    def _publish(self, stream_id: int, values: list[object]) -> PublishRequested:
        """Read `publish` (§7.2.2.6).

        The key is the stream's name, or the end of the application's when the operator wrote
        all in one address; blanks that came with copy and paste are dropped.
        """
        if self._state not in ("idle", "ended") or not self._media_streams:
            raise CommandError("bad_publish", "L'encoder chiede di trasmettere fuori tempo.")
        name = values[3] if len(values) > 3 else None
        if not isinstance(name, str):
            raise CommandError("bad_publish", "L'encoder non dice quale flusso trasmette.")
        app, _, key = f"{self._app}/{name}".strip("/").partition("/")
        self._state = "asking"
        self._published_stream = stream_id
        return PublishRequested(app, key.strip("/ \t\r\n"))

    def _unpublish(self, values: list[object]) -> Iterator[Event]:
        """End the stream on the first of FCUnpublish, closeStream and deleteStream (§7.2.2.3)."""
        is_other = len(values) > 3 and values[3] != self._published_stream
        if self._state in ("live", "asking") and not is_other:
            self._state = "ended"
            self._reader.max_message = MAX_COMMAND
            yield Unpublished()

    # Sending

    def _reply(self, number: float, is_known: bool) -> None:
        """Answer a command of which nothing is wanted, if the encoder waits for an answer."""
        if number:
            failed = _status("error", "NetConnection.Call.Failed", "Comando non previsto.")
            self._send_command(
                *("_result", number, None) if is_known else ("_error", number, None, failed)
            )

    def _send_status(self, level: str, code: str, description: str) -> None:
        body = amf.encode(["onStatus", 0, None, _status(level, code, description)])
        self._send(5, COMMAND, body, self._published_stream)

    def _send_command(self, *values: object) -> None:
        self._send(3, COMMAND, amf.encode(values))

    def _send(self, csid: int, type_id: int, body: bytes, stream_id: int = 0) -> None:
        self._unsent += self._writer.write(csid, Message(type_id, stream_id, 0, body))
        if len(self._unsent) > MAX_UNSENT:
            raise CommandError("flood", "L'encoder fa domande senza leggere le risposte.")


# S1 asks for bytes that tell sessions apart; nothing reads them.
_FILLER = bytes(range(256)) * 5 + bytes(HANDSHAKE_BYTES - 8 - 5 * 256)


def _check_first_bytes(data: bytes | bytearray) -> None:
    """Raise `HandshakeError` as soon as the first byte is not RTMP's version (§5.2.2)."""
    if not data or data[0] == 3:
        return
    if any(method.startswith(data[: len(method)]) for method in _HTTP_METHODS):
        raise HandshakeError("http", "Sulla porta RTMP è arrivata una richiesta HTTP.")
    if data[0] == 0x16:
        raise HandshakeError("tls", "Sulla porta RTMP è arrivato TLS: usare rtmp://, non rtmps://.")
    if data[0] in (6, 8, 9):
        raise HandshakeError("rtmpe", "L'encoder usa RTMPE: usare rtmp:// semplice.")
    raise HandshakeError("not_rtmp", f"Non è RTMP: il primo byte è 0x{data[0]:02x}.")


def _amf(message: Message, wrapped: int) -> list[object]:
    """Decode a command; the AMF3 types only put a zero byte before AMF0 (§7.1.1)."""
    is_wrapped = message.type_id == wrapped and message.body[:1] == b"\0"
    return amf.decode(message.body[1:] if is_wrapped else message.body)


def _transaction(values: list[object]) -> float:
    number = values[1] if len(values) > 1 else 0
    return number if isinstance(number, float) and math.isfinite(number) else 0.0


def _status(level: str, code: str, description: str) -> dict[str, object]:
    return {"level": level, "code": code, "description": description}
