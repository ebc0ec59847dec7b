"""What can be wrong with what a source sends: one tree, whatever layer notices.

    RtmpError            the connection (or the pipe) is to be closed
    ├── HandshakeError   it never spoke RTMP: HTTP, TLS, RTMPE, a port scan
    ├── ChunkError       the framing is broken or over a bound
    ├── AmfError         a value cannot be read or is over a bound
    ├── CommandError     a well-formed message at the wrong moment
    └── FlvError         an audio, video or FLV tag cannot be read

`code` is for programs and for the journal (docs/reference/rtmp.md lists them all), `detail`
is an Italian sentence for the operator. Neither ever holds what the source sent as text, so
a stream key cannot get into a log this way.
"""

from __future__ import annotations


class RtmpError(Exception):
    """The source sent something that cannot be read; see the tree above."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class HandshakeError(RtmpError):
    """The other side does not speak RTMP."""


class ChunkError(RtmpError):
    """The chunk framing is broken or over a bound."""


class AmfError(RtmpError):
    """An AMF value cannot be read or is over a bound."""


class CommandError(RtmpError):
    """A message came at a moment when it has no place."""


class FlvError(RtmpError):
    """An audio, video or FLV tag cannot be read."""
