"""Push a file over RTMP in real time, exactly as a hall encoder would.

H.264 and AAC are sent as they are; anything else is encoded first, as an encoder does.
The address, with its key, comes in the environment, so that no process list shows it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

AHEAD_S = 0.05  # an encoder sends a picture when it has it, not before
KEYFRAME_S = 1
TRIES = 5
RETRY_S = 1.0


def push(path: Path, url: str) -> float:
    """Send the file at its own pace and return the seconds sent; `OSError` when cut off."""
    with av.open(str(path)) as source, av.open(url, "w", format="flv") as sink:
        return _send(source, sink)


def _send(source: Any, sink: Any) -> float:
    lanes = {s.index: _lane(s, sink) for s in _chosen(source)}
    began: float | None = None
    origin = sent = 0.0
    for packet in source.demux([s for s in source.streams if s.index in lanes]):
        if packet.dts is None:
            continue
        at = float(packet.dts * packet.time_base)
        if began is None:
            began, origin = time.monotonic(), at
            _tell_start()
        _wait(began + at - origin - AHEAD_S)
        for out in lanes[packet.stream.index](packet):
            sink.mux(out)
        sent = at - origin
    return sent


def _tell_start() -> None:
    """Write when the first picture left the hall, for who measures how old pictures are."""
    if place := os.environ.get("ARENGO_PUSH_STARTED"):
        Path(place).write_text(f"{time.time():.3f}")


def _chosen(source: Any) -> list[Any]:
    return [*source.streams.video[:1], *source.streams.audio[:1]]


def _wait(until: float) -> None:
    left = until - time.monotonic()
    if left > 0:
        time.sleep(left)


def _lane(stream: Any, sink: Any) -> Any:
    """Return what turns a packet of the file into packets of the flow."""
    if stream.codec_context.name in ("h264", "aac"):
        target = sink.add_stream_from_template(stream)
        return lambda packet: _copied(packet, target)
    if isinstance(stream, VideoStream):
        return _encoder(stream, _video_target(stream, sink))
    assert isinstance(stream, AudioStream)
    return _encoder(stream, sink.add_stream("aac", rate=48_000))


def _copied(packet: Any, target: Any) -> Iterator[Any]:
    packet.stream = target
    yield packet


def _video_target(stream: Any, sink: Any) -> Any:
    rate = stream.average_rate or Fraction(25)
    target = sink.add_stream("libx264", rate=rate)
    target.width, target.height = stream.width // 2 * 2, stream.height // 2 * 2
    target.pix_fmt = "yuv420p"
    target.codec_context.gop_size = round(rate * KEYFRAME_S)
    target.options = {"preset": "veryfast", "tune": "zerolatency"}
    return target


def _encoder(stream: Any, target: Any) -> Any:
    def encode(packet: Any) -> Iterator[Any]:
        for frame in packet.decode():
            yield from target.encode(frame)

    return encode


def main() -> int:
    """Send the file named on the command line; 1 when cut off, with the reason."""
    for left in reversed(range(TRIES)):
        try:
            push(Path(sys.argv[1]), os.environ["ARENGO_PUSH_URL"])
        except PermissionError:  # the key is so new that the studio has not read of it yet
            if left:
                time.sleep(RETRY_S)
                continue
            print("Invio rifiutato: la chiave non è valida.", file=sys.stderr)
            return 1
        except (OSError, av.FFmpegError) as error:
            # its words hold the address, and so the key
            print(f"Invio interrotto: {error.strerror}.", file=sys.stderr)
            return 1
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
