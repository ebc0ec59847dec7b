"""Reads FLV audio and video payloads, as RTMP messages or as tags of an FLV byte stream.

Accepted: H.264 with AAC or Opus, in the old layout or in that of Enhanced RTMP. Anything else
is named to the operator once (`Unsupported`) and then passed over; so is a sample that comes
before its configuration, because nothing could decode it.

Source: Adobe "Video File Format Specification" 10.1 annex E; Veovera "Enhanced RTMP" v2.
"""

from __future__ import annotations

from arengo.live.engine.codec_config import parse_asc, parse_avcc, parse_opus_head
from arengo.live.engine.media import (
    AudioConfig,
    MediaEvent,
    Sample,
    Track,
    Unsupported,
    VideoConfig,
)
from arengo.live.engine.rtmp_errors import FlvError

__all__ = ["FlvDemuxer", "FlvError", "FlvReader", "parse_audio", "parse_video", "unwrap"]

AUDIO_TAG, VIDEO_TAG, DATA_TAG = 8, 9, 18
MAX_TAG = 8 << 20
MULTITRACK_NAME = "Enhanced RTMP multitraccia"
_MAX_NAMED = 16  # a hostile source could invent codecs for ever

_KEY, _COMMAND = 1, 5  # frame types, E.4.3.1
_AVC, _AAC, _ENHANCED_AUDIO = 7, 10, 9
_CONFIG, _CODED, _END, _CODED_NO_OFFSET, _MULTITRACK = 0, 1, 2, 3, 6  # Enhanced packet types
_AUDIO_MULTITRACK, _MOD_EX = 5, 7
_VIDEO_NAMES = {
    1: "JPEG",
    2: "Sorenson H.263",
    3: "Screen Video",
    4: "VP6",
    5: "VP6 con trasparenza",
    6: "Screen Video 2",
    12: "HEVC (H.265)",
    13: "AV1",
}
_AUDIO_NAMES = {
    0: "PCM",
    1: "ADPCM",
    2: "MP3",
    3: "PCM",
    4: "Nellymoser",
    5: "Nellymoser",
    6: "Nellymoser",
    7: "G.711 A-law",
    8: "G.711 µ-law",
    11: "Speex",
    13: "Opus in FLV non standard",
    14: "MP3",
}
_FOURCC_NAMES = {
    b"hvc1": "HEVC (H.265)",
    b"vvc1": "VVC (H.266)",
    b"av01": "AV1",
    b"vp08": "VP8",
    b"vp09": "VP9",
    b"ac-3": "AC-3",
    b"ec-3": "E-AC-3",
    b".mp3": "MP3",
    b"fLaC": "FLAC",
}


def unwrap(previous_ms: int | None, stamp: int) -> int:
    """Return the time nearest to `previous_ms` that a wrapped timestamp may mean, in ms.

    RTMP's clock wraps after 2³² ms (49.7 days), but FLV's is signed and FFmpeg's muxer keeps
    31 bits, so that it wraps after 24.8 days. Going by 31 bits follows both; a true jump of
    more than 12.4 days is not told apart from a wrap, and the sample guard sees it anyway.
    """
    if previous_ms is None:
        return stamp
    half = 1 << 30
    return previous_ms + ((stamp - previous_ms + half) & (2 * half - 1)) - half


def parse_video(payload: bytes, timestamp_us: int) -> list[MediaEvent]:
    """Read one video payload decoded at `timestamp_us`; raise `FlvError` when it is torn."""
    if not payload:
        return []
    if payload[0] & 0x80:
        return _enhanced_video(payload, timestamp_us)
    frame_type, codec = payload[0] >> 4, payload[0] & 15
    if frame_type == _COMMAND:
        return []
    if codec != _AVC:
        return [Unsupported("video", _VIDEO_NAMES.get(codec, f"codec video {codec}"))]
    if len(payload) < 5:
        return _torn("video") if payload[1:2] != b"\2" else []
    if payload[1] == _CONFIG:
        return [parse_avcc(payload[5:])]
    if payload[1] == _CODED:
        return _picture(timestamp_us, _offset_us(payload, 2), frame_type, payload[5:])
    return []


def _enhanced_video(payload: bytes, timestamp_us: int) -> list[MediaEvent]:
    frame_type = payload[0] >> 4 & 7
    packet, at = _after_mod_ex(payload, "video")
    if frame_type == _COMMAND and packet != 4:
        return []
    if packet == _MULTITRACK:
        return [Unsupported("video", MULTITRACK_NAME)]
    fourcc, at = _fourcc(payload, at, "video")
    if fourcc != b"avc1":
        return [Unsupported("video", _name(fourcc, "video"))]
    if packet == _CONFIG:
        return [parse_avcc(payload[at:])]
    if packet == _CODED:
        if len(payload) < at + 3:
            return _torn("video")
        return _picture(timestamp_us, _offset_us(payload, at), frame_type, payload[at + 3 :])
    if packet == _CODED_NO_OFFSET:
        return _picture(timestamp_us, 0, frame_type, payload[at:])
    return []


def _offset_us(payload: bytes, at: int) -> int:
    """Read a signed 24-bit composition time in ms; a negative one, not allowed, counts as 0."""
    return max(0, int.from_bytes(payload[at : at + 3], "big", signed=True)) * 1000


def _picture(dts_us: int, offset_us: int, frame_type: int, data: bytes) -> list[MediaEvent]:
    return [Sample("video", dts_us, dts_us + offset_us, frame_type == _KEY, data)] if data else []


def parse_audio(payload: bytes, timestamp_us: int) -> list[MediaEvent]:
    """Read one audio payload presented at `timestamp_us`; raise `FlvError` when it is torn."""
    if not payload:
        return []
    codec = payload[0] >> 4
    if codec == _ENHANCED_AUDIO:
        return _enhanced_audio(payload, timestamp_us)
    if codec != _AAC:
        return [Unsupported("audio", _AUDIO_NAMES.get(codec, f"codec audio {codec}"))]
    if len(payload) < 2:
        return _torn("audio")
    body = payload[2:]
    if not body:
        return []
    return [parse_asc(body)] if payload[1] == _CONFIG else _sound(timestamp_us, body)


def _enhanced_audio(payload: bytes, timestamp_us: int) -> list[MediaEvent]:
    packet, at = _after_mod_ex(payload, "audio")
    if packet == _AUDIO_MULTITRACK:
        return [Unsupported("audio", MULTITRACK_NAME)]
    fourcc, at = _fourcc(payload, at, "audio")
    if fourcc not in (b"mp4a", b"Opus"):
        return [Unsupported("audio", _name(fourcc, "audio"))]
    if packet == _CONFIG:
        return [(parse_asc if fourcc == b"mp4a" else parse_opus_head)(payload[at:])]
    return _sound(timestamp_us, payload[at:]) if packet == _CODED else []


def _sound(time_us: int, data: bytes) -> list[MediaEvent]:
    return [Sample("audio", time_us, time_us, True, data)] if data else []


def _after_mod_ex(payload: bytes, track: Track) -> tuple[int, int]:
    """Step over modifiers (nanosecond offsets); return the packet type and where it goes on."""
    packet, at = payload[0] & 15, 1
    while packet == _MOD_EX:
        size = int.from_bytes(payload[at : at + 1], "big") + 1
        at += 1
        if size == 256:
            size = int.from_bytes(payload[at : at + 2], "big") + 1
            at += 2
        at += size + 1
        if at > len(payload):
            _torn(track)
        packet = payload[at - 1] & 15
    return packet, at


def _fourcc(payload: bytes, at: int, track: Track) -> tuple[bytes, int]:
    fourcc = payload[at : at + 4]
    if len(fourcc) < 4:
        _torn(track)
    return fourcc, at + 4


def _name(fourcc: bytes, track: Track) -> str:
    """Name a codec in plain words; an unknown code is shown as hexadecimal."""
    return _FOURCC_NAMES.get(fourcc, f"codec {track} {fourcc.hex()}")


def _torn(track: Track) -> list[MediaEvent]:
    raise FlvError("torn_tag", f"Un pacchetto {track} è incompleto.")


class FlvDemuxer:
    """Gives one source's payloads their times and keeps out what cannot be decoded.

    A configuration comes out only when it differs from the track's last: some encoders repeat
    it before every key frame.
    """

    def __init__(self) -> None:
        self._time_ms: int | None = None
        self._configs: dict[Track, VideoConfig | AudioConfig] = {}
        self._named: set[Unsupported] = set()

    def push(self, tag: int, stamp: int, payload: bytes) -> list[MediaEvent]:
        """Read one audio (8) or video (9) payload stamped `stamp` ms, wrapped or not."""
        time_ms = unwrap(self._time_ms, stamp)
        parse = parse_video if tag == VIDEO_TAG else parse_audio
        events = parse(payload, time_ms * 1000)
        if events and isinstance(events[0], Sample):  # configurations often come stamped 0
            self._time_ms = time_ms
        return [event for event in events if self._passes(event)]

    def _passes(self, event: MediaEvent) -> bool:
        if isinstance(event, Sample):
            return event.track in self._configs
        if isinstance(event, Unsupported):
            return self._is_news(event)
        track: Track = "video" if isinstance(event, VideoConfig) else "audio"
        is_changed = self._configs.get(track) != event
        self._configs[track] = event
        return is_changed

    def _is_news(self, event: Unsupported) -> bool:
        """Say each codec once; further tracks of a multitrack source leave the first alone."""
        if event.codec != MULTITRACK_NAME:
            self._configs.pop(event.track, None)
        is_news = event not in self._named and len(self._named) < _MAX_NAMED
        if is_news:
            self._named.add(event)
        return is_news


class FlvReader:
    """An FLV byte stream, cut anywhere, to media events; one per stream (E.2, E.3, E.4)."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._demuxer = FlvDemuxer()
        self._is_begun = False
        self._error: FlvError | None = None

    def feed(self, data: bytes) -> list[MediaEvent]:
        """Return the events of the tags that `data` completes; raise `FlvError` on garbage.

        What came whole before the garbage is returned first: the next call raises.
        """
        if self._error:
            raise self._error
        self._held += data
        events: list[MediaEvent] = []
        try:
            while tag := self._next_tag():
                events += self._parse(tag)
        except FlvError as error:
            self._error = error
            self._held.clear()
            if not events:
                raise
        return events

    def _next_tag(self) -> bytes | None:
        if not self._is_begun and not self._begin():
            return None
        size = self._next_tag_size()
        if not size or len(self._held) < size:
            return None
        tag = bytes(self._held[:size])
        del self._held[:size]
        return tag

    def _begin(self) -> bool:
        """Step over the file header and the first back pointer."""
        if not b"FLV\x01".startswith(self._held[:4]):
            raise FlvError("not_flv", "La sorgente non manda un flusso FLV.")
        if len(self._held) < 9:
            return False
        size = int.from_bytes(self._held[5:9], "big") + 4
        if not 13 <= size <= 1024:
            raise FlvError("not_flv", "L'intestazione FLV non è leggibile.")
        if len(self._held) < size:
            return False
        del self._held[:size]
        self._is_begun = True
        return True

    def _next_tag_size(self) -> int:
        """Return the bytes of the next tag with its back pointer, 0 while unknown."""
        if len(self._held) < 11:
            return 0
        if self._held[0] not in (AUDIO_TAG, VIDEO_TAG, DATA_TAG):
            raise FlvError("flv_tag", f"Un tag FLV di tipo ignoto ({self._held[0]}).")
        size = int.from_bytes(self._held[1:4], "big")
        if size > MAX_TAG:
            raise FlvError("flv_tag", f"Un tag FLV di {size} byte: il massimo è {MAX_TAG}.")
        return 11 + size + 4

    def _parse(self, tag: bytes) -> list[MediaEvent]:
        if tag[0] == DATA_TAG:
            return []
        stamp = int.from_bytes(tag[7:8] + tag[4:7], "big")
        return self._demuxer.push(tag[0], stamp, tag[11:-4])
