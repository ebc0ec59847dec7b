"""Keeps a take's audio frames on a grid of samples without holes or overlaps.

Sources stamp frames in whole milliseconds, or on a clock that is not the sound card's. Players
want each frame to begin where the last one ended. So a stamp within half a frame of the grid is
ignored, one further off pulls the grid a little with each frame (nobody hears 0.2 %), and one
beyond 60 ms moves it at once: forward by a hole, backward by dropping frames until it fits.
"""

from __future__ import annotations

from typing import Final

from arengo.live.engine.media import AudioConfig

AAC_FRAME: Final = 1024  # ISO/IEC 14496-3 §4.5.1.1, at the core's rate
RESYNC_S: Final = 0.060
_PULL: Final = 512  # of a frame, for each frame
_OPUS_FRAMES: Final = (  # RFC 6716 §3.1, table 2: samples at 48 kHz by the TOC's configuration
    *(480, 960, 1920, 2880) * 3,
    *(480, 960) * 2,
    *(120, 240, 480, 960) * 4,
)


class AudioGrid:
    """The grid of one take. `resyncs` counts the times it had to jump."""

    __slots__ = ("_audio", "_late", "_next", "_origin", "rate", "resyncs")

    def __init__(self, audio: AudioConfig, origin_us: int) -> None:
        self._audio = audio
        self.rate = audio.sample_rate
        self._origin = -(-origin_us * self.rate // 1_000_000)
        self._late = int(self.rate * RESYNC_S)
        self._next: int | None = None
        self.resyncs = 0

    def ticks(self, frame: bytes) -> int:
        """Return how long a frame is."""
        return AAC_FRAME if self._audio.kind == "aac" else opus_ticks(frame)

    def place(self, elapsed_us: int, ticks: int) -> int | None:
        """Return the sitting's decoding time of a frame stamped `elapsed_us` into the take.

        None when it overlaps what is there already by so much that it must go.
        """
        actual = self._origin + (2 * elapsed_us * self.rate + 1_000_000) // 2_000_000
        expected = self._next
        if expected is None:
            expected = actual
        drift = actual - expected
        if 2 * abs(drift) >= ticks:
            if abs(drift) > self._late:
                self.resyncs += 1
                if drift < 0:
                    return None
                expected = actual
            else:
                expected += max(1, ticks // _PULL) if drift > 0 else -max(1, ticks // _PULL)
        self._next = expected + ticks
        return expected


def opus_ticks(packet: bytes) -> int:
    """Return the length of an Opus packet at 48 kHz; at least one shortest frame.

    RFC 6716 §3.1 and §3.2: the first byte says the frame's length and how many there are.
    """
    if not packet:
        return _OPUS_FRAMES[16]
    frame, code = _OPUS_FRAMES[packet[0] >> 3], packet[0] & 3
    if code == 3:
        count = packet[1] & 63 if len(packet) > 1 else 1
        return min(max(count, 1) * frame, 5760)
    return frame if code == 0 else 2 * frame
