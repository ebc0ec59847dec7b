"""The hearing process of one sitting: `python -m arengo.live.hearing`.

The studio writes frames on standard input and reads JSON lines from standard output.
A frame is `<cIq` (type, bytes that follow, sitting time in microseconds) and a payload:

    C  JSON: {"roster": [...], "model": "whisper-base", "models": "/folder"}; comes first
    A  PCM, signed 16 bits little endian, mono, 16 kHz, beginning at that time
    G  a gap or a new take: what follows is not continuous
    E  the end: everything left is heard, made final, and the process leaves

It leaves at the end of standard input or SIGTERM too, after the final pass of what it
holds. A thread reads, so that audio that waits is known and old drafts are skipped.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import struct
import sys
import threading
import time
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TextIO

from arengo.live.engine.captions import Cue
from arengo.live.hearing import messages
from arengo.live.hearing.models import load
from arengo.live.hearing.pace import Delays
from arengo.live.hearing.recogniser import HearingError, from_s16le
from arengo.live.hearing.roll import roll_of
from arengo.live.hearing.stream import Output, Stream

HEADER = struct.Struct("<cIq")
METRIC_EACH_S = 2.0
NICENESS = 5  # recording and publishing come first
LARGEST_PAYLOAD = 64 * 1024 * 1024
KINDS = (b"C", b"A", b"G", b"E")
BROKEN = b"!"  # what was read is no frame


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of standard input; `at` in seconds of the sitting."""

    kind: bytes
    at: float
    payload: bytes

    @property
    def end(self) -> float:
        """Return the sitting time after its last sample."""
        return self.at + len(self.payload) / 32_000


def read_frames(source: FileIO, into: queue.SimpleQueue[Frame]) -> None:
    """Read until the end frame or the end of the file, which counts as one.

    Unbuffered: a buffered reader is locked while it waits, and the process could not leave.
    """
    while header := _exactly(source, HEADER.size):
        kind, size, time_us = HEADER.unpack(header)
        if kind not in KINDS or size > LARGEST_PAYLOAD:
            into.put(Frame(BROKEN, 0.0, b""))
            return
        payload = _exactly(source, size)
        if len(payload) < size:
            break
        into.put(Frame(kind, time_us / 1e6, payload))
        if kind == b"E":
            return
    into.put(Frame(b"E", 0.0, b""))


def _exactly(source: FileIO, size: int) -> bytes:
    """Read `size` bytes, or nothing when the input ends before."""
    data = bytearray()
    while len(data) < size:
        piece = source.read(size - len(data))
        if not piece:
            return b""
        data += piece
    return bytes(data)


class Session:
    """Moves frames into the stream and its outputs to standard output."""

    def __init__(self, stream: Stream, frames: queue.SimpleQueue[Frame], sink: TextIO) -> None:
        """Serve a stream."""
        self._stream, self._frames, self._sink = stream, frames, sink
        self._delays = Delays()
        self._newest = 0.0
        self._metric_at = 0.0
        self._is_over = False

    def run(self) -> None:
        """Listen until the end."""
        while not self._is_over:
            self._receive()
            self._emit(self._stream.work())
            self._measure()
        self._emit(self._stream.finish())
        self._write(messages.metric(self._delays, 0.0))

    def _receive(self) -> None:
        """Take every frame that waits; wait for one when there is nothing to decode."""
        try:
            frame = self._frames.get(block=not self._stream.is_due(), timeout=METRIC_EACH_S)
            while True:
                self._take(frame)
                frame = self._frames.get_nowait()
        except queue.Empty:
            return

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case b"A":
                self._stream.feed(from_s16le(frame.payload), frame.at)
                self._newest = frame.end
            case b"G":
                self._stream.gap()
            case _:
                self._is_over = True

    def _emit(self, outputs: list[Output]) -> None:
        for output in outputs:
            content = messages.message(output)
            self._write(content)
            if isinstance(output, Cue):
                self._delays.shown([word.end for word in output.words], self._newest)

    def _measure(self) -> None:
        now = time.monotonic()
        if now - self._metric_at >= METRIC_EACH_S:
            self._metric_at = now
            self._write(messages.metric(self._delays, self._stream.backlog_s))

    def _write(self, content: messages.Message) -> None:
        self._sink.write(messages.line(content))
        self._sink.flush()


def main() -> int:
    """Read the configuration frame, load the model, listen; 0 unless the model is missing."""
    os.nice(NICENESS)
    frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: frames.put(Frame(b"E", 0.0, b"")))
    threading.Thread(
        target=read_frames, args=(FileIO(0, closefd=False), frames), daemon=True
    ).start()
    first = frames.get()
    if first.kind != b"C":
        return 0 if first.kind == b"E" else _failed("config", "Manca la configurazione (frame C).")
    settings = json.loads(first.payload)
    try:
        recogniser = load(settings["model"], Path(settings["models"]))
    except HearingError as error:
        return _failed("model", str(error))
    stream = Stream(recogniser, roll_of(settings.get("roster", [])), time.monotonic)
    ready: messages.Message = {
        "type": "ready",
        "model": recogniser.name,
        "sha256": recogniser.sha256,
    }
    sys.stdout.write(messages.line(ready))
    sys.stdout.flush()
    try:
        Session(stream, frames, sys.stdout).run()
    except BrokenPipeError:  # the studio is gone: nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _failed(code: str, message: str) -> int:
    sys.stdout.write(messages.line({"type": "notice", "code": code, "message": message}))
    sys.stdout.flush()
    return 3


if __name__ == "__main__":
    sys.exit(main())
