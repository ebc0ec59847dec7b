"""A small RTMP encoder without I/O, and what bad lines and hostile hands make of its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from arengo.live.engine import amf
from arengo.live.engine.media import AudioConfig, Sample, VideoConfig
from arengo.live.engine.rtmp import Event, PublishRequested, RtmpServer
from arengo.live.engine.rtmp_chunks import ChunkWriter, Message
from arengo.live.engine.tests.coded_media import encode_clip

GREETING = b"\x03" + bytes(range(1, 129)) * 12 + bytes(1536)  # C0, C1, C2
KEY = "0a1b2c3d-00112233445566778899aabbccddeeff"
METADATA = MappingProxyType({"width": 160.0, "height": 96.0, "encoder": "prova è", "stereo": False})


@dataclass(frozen=True, slots=True)
class Tag:
    """One message of a stream: 8 audio, 9 video, 18 data."""

    kind: int
    stamp: int  # ms
    body: bytes


class Encoder:
    """Writes what an encoder sends; it never waits for an answer."""

    def __init__(self, chunk_size: int = 128) -> None:
        self._writer = ChunkWriter(is_compact=True)
        self._chunk_size = chunk_size

    def command(self, *values: object, stream_id: int = 0, kind: int = 20) -> bytes:
        prefix = b"\0" if kind == 17 else b""
        return self.message(3, kind, 0, prefix + amf.encode(values), stream_id)

    def message(self, csid: int, kind: int, stamp: int, body: bytes, stream_id: int = 0) -> bytes:
        return self._writer.write(csid, Message(kind, stream_id, stamp & 0xFFFFFFFF, body))

    def open(self, app: str = "live", key: str = KEY) -> bytes:
        """Return everything up to and including `publish`."""
        parts = [GREETING, self.set_chunk_size(self._chunk_size)]
        options = {"app": app, "type": "nonprivate", "tcUrl": f"rtmp://localhost/{app}"}
        parts.append(self.command("connect", 1, options))
        parts.append(self.command("releaseStream", 2, None, key))
        parts.append(self.command("FCPublish", 3, None, key))
        parts.append(self.command("createStream", 4, None))
        parts.append(self.command("publish", 5, None, key, "live", stream_id=1))
        return b"".join(parts)

    def set_chunk_size(self, size: int) -> bytes:
        data = self.message(2, 1, 0, size.to_bytes(4, "big"))
        self._writer.chunk_size = size
        return data

    def metadata(self) -> bytes:
        body = amf.encode(["@setDataFrame", "onMetaData", METADATA])
        return self.message(4, 18, 0, body, 1)

    def send(self, tags: Iterable[Tag]) -> bytes:
        """Video and data go on chunk stream 6, sound on 4, as FFmpeg has it."""
        return b"".join(
            self.message(4 if tag.kind == 8 else 6, tag.kind, tag.stamp, tag.body, 1)
            for tag in tags
        )

    def close(self) -> bytes:
        return self.command("FCUnpublish", 6, None, KEY) + self.command("deleteStream", 7, None, 1)


def tags_of(events: Iterable[VideoConfig | AudioConfig | Sample], start_ms: int = 0) -> list[Tag]:
    """Write configurations and samples as plain FLV tags."""
    return [_tag(event, start_ms) for event in events]


def _tag(event: VideoConfig | AudioConfig | Sample, start_ms: int) -> Tag:
    if isinstance(event, VideoConfig):
        return Tag(9, start_ms, b"\x17\0\0\0\0" + event.avcc)
    if isinstance(event, AudioConfig):
        return Tag(8, start_ms, b"\xaf\0" + event.extra)
    stamp = start_ms + event.dts_us // 1000
    if event.track == "audio":
        return Tag(8, stamp, b"\xaf\1" + event.data)
    offset = (event.pts_us - event.dts_us) // 1000
    first = b"\x17" if event.is_key else b"\x27"
    return Tag(9, stamp, first + b"\1" + offset.to_bytes(3, "big") + event.data)


def clip_tags(count: int = 1000, start_ms: int = 0) -> list[Tag]:
    """Return the configurations and the first `count` samples of the small real clip."""
    clip = encode_clip()
    return tags_of([clip.video, clip.audio, *clip.in_order[:count]], start_ms)


def session(count: int = 1000, chunk_size: int = 128, start_ms: int = 0) -> bytes:
    """Return all the bytes of one publication, from C0 to deleteStream."""
    encoder = Encoder(chunk_size)
    parts = [encoder.open(), encoder.metadata(), encoder.send(clip_tags(count, start_ms))]
    return b"".join([*parts, encoder.close()])


def flv_file(tags: Iterable[Tag]) -> bytes:
    """Write tags as an FLV byte stream."""
    parts = [b"FLV\x01\x05\0\0\0\x09\0\0\0\0"]
    for tag in tags:
        stamp = tag.stamp & 0xFFFFFFFF
        time = (stamp & 0xFFFFFF).to_bytes(3, "big") + bytes([stamp >> 24])
        head = bytes([tag.kind]) + len(tag.body).to_bytes(3, "big") + time + bytes(3)
        parts += [head, tag.body, (len(tag.body) + 11).to_bytes(4, "big")]
    return b"".join(parts)


def serve(server: RtmpServer, pieces: Iterable[bytes]) -> list[Event]:
    """Feed pieces one by one, accept every publication, and return all the events."""
    events: list[Event] = []
    for piece in [*pieces, b""]:
        found = server.receive(piece)
        events += found
        if any(isinstance(event, PublishRequested) for event in found):
            server.accept_publish()
    return events


def cut(data: bytes, size: int) -> list[bytes]:
    """Cut into pieces of `size` bytes."""
    return [data[at : at + size] for at in range(0, len(data), size)]


# Mutations


def mangle(data: bytes, random: Random, first: int = 0) -> bytes:
    """Return `data` with one to six things wrong at or after offset `first`."""
    for _ in range(random.randint(1, 6)):
        data = random.choice(_MUTATIONS)(data, random, min(first, len(data)))
    return data


def _flip_bit(data: bytes, random: Random, first: int) -> bytes:
    if first >= len(data):
        return data
    at = random.randrange(first, len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def _overwrite(data: bytes, random: Random, first: int) -> bytes:
    at = random.randint(first, len(data))
    noise = random.choice([random.randbytes, bytes, b"\xff".__mul__])(random.randint(1, 8))
    return data[:at] + noise + data[at + len(noise) :]


def _truncate(data: bytes, random: Random, first: int) -> bytes:
    return data[: random.randint(first, len(data))]


def _remove(data: bytes, random: Random, first: int) -> bytes:
    at = random.randint(first, len(data))
    return data[:at] + data[at + random.randint(1, 40) :]


def _duplicate(data: bytes, random: Random, first: int) -> bytes:
    start = random.randint(first, len(data))
    end = min(len(data), start + random.randint(1, 400))
    return data[:end] + data[start:]


def _splice(data: bytes, random: Random, first: int) -> bytes:
    """Put a piece of the session where it does not belong."""
    start = random.randint(first, len(data))
    at = random.randint(first, len(data))
    return data[:at] + data[start : start + random.randint(1, 400)] + data[at:]


def _insert_noise(data: bytes, random: Random, first: int) -> bytes:
    at = random.randint(first, len(data))
    return data[:at] + random.randbytes(random.randint(1, 64)) + data[at:]


_MUTATIONS: Sequence[Callable[[bytes, Random, int], bytes]] = (
    _flip_bit,
    _flip_bit,
    _overwrite,
    _overwrite,
    _truncate,
    _remove,
    _duplicate,
    _splice,
    _insert_noise,
)
