"""Cuts placed samples into parts and segments: low-latency HLS and the recording at once.

    packager = Packager(video, audio, origin_us=origin_us)
    for part in packager.push(placed): ...   # one fragment each, in order
    for part in packager.flush(): ...        # at the end of the take
    origin_us = packager.end_us              # where the next take begins

A part is cut before the picture that makes it as long as the target, so that parts of a steady
source are all alike (RFC 8216bis §4.4.4.9), and before the key frame that begins a segment.
Sound follows the picture: a part waits for the sound of its own time, but never for long.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from arengo.live.engine.fmp4 import VIDEO_TIMESCALE, Run, RunSample, fragment
from arengo.live.engine.media import AudioConfig, VideoConfig
from arengo.live.engine.timeline import Placed

PART_TARGET_US: Final = 250_000
SEGMENT_TARGET_US: Final = 1_000_000
LONGEST_SEGMENT_US: Final = 60_000_000  # an encoder without key frames still fills files
SOUND_WAIT_US: Final = 500_000
_WHOLE_US: Final = 10_000
_JITTER_US: Final = 3_000  # sources stamp whole milliseconds; a part may end that much early

_dts = attrgetter("dts")


@dataclass(frozen=True, slots=True)
class PartReady:
    """One fragment, ready to write and to serve; times are sitting seconds, whole µs.

    `starts_segment` is True for the first part of a segment, which begins with a key frame
    (`is_independent`) unless the source has sent none for a minute.
    """

    data: bytes
    start_s: float
    duration_s: float
    is_independent: bool
    starts_segment: bool


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a part ends: in ticks of the leading track, and in those of the sound."""

    time: int
    sound_time: int
    starts_segment: bool


class Packager:
    """The packager of one take. Video leads where there is any, otherwise sound does."""

    def __init__(
        self,
        video: VideoConfig | None,
        audio: AudioConfig | None,
        *,
        origin_us: int,
        part_target_us: int = PART_TARGET_US,
        segment_target_us: int = SEGMENT_TARGET_US,
    ) -> None:
        self._leads_video = video is not None
        self._rate = audio.sample_rate if audio else 0
        self._scale = VIDEO_TIMESCALE if video else self._rate
        self._part_target = (part_target_us - _JITTER_US) * self._scale // 1_000_000
        self._segment_target = (segment_target_us - _JITTER_US) * self._scale // 1_000_000
        self._longest = LONGEST_SEGMENT_US * self._scale // 1_000_000
        self._patience = SOUND_WAIT_US * self._scale // 1_000_000
        self._pictures: list[Placed] = []
        self._sounds: list[Placed] = []
        self._cuts: list[_Cut] = []
        self._part_start = self._segment_start = self._out_start = -1
        self._newest = self._sound_end = self._sequence = 0
        self._is_first_of_segment = True
        self._end_us = origin_us

    @property
    def end_us(self) -> int:
        """Return the sitting time at which the parts made so far end.

        After `flush` it is a multiple of 10 ms, which is whole ticks of every usual track, so
        that the next take begins exactly where the last part of this one says it ends.
        """
        return self._end_us

    def push(self, placed: Placed) -> list[PartReady]:
        """Take one sample in; return the parts that it completes."""
        if placed.track == "video":
            self._lead(placed)
            self._pictures.append(placed)
        else:
            if not self._leads_video:
                self._lead(placed)
            self._sounds.append(placed)
            self._sound_end = placed.dts + placed.duration
        return self._ready() if self._cuts else []

    def flush(self) -> list[PartReady]:
        """End the take: return what is left, the last part as long as its longer track."""
        parts = [self._part(cut) for cut in self._cuts]
        self._cuts = []
        led = self._pictures if self._leads_video else self._sounds
        if led:
            parts.append(self._last_part(led))
        return parts

    def _lead(self, placed: Placed) -> None:
        """Decide whether a part, or a segment, ends before this sample."""
        time = self._newest = placed.dts
        if self._part_start < 0:
            self._part_start = self._segment_start = self._out_start = time
            return
        passed = time - self._segment_start
        is_due = (placed.is_key and passed >= self._segment_target) or passed >= self._longest
        if is_due or time - self._part_start >= self._part_target:
            self._cuts.append(_Cut(time, time * self._rate // self._scale, is_due))
            self._part_start = time
        if is_due:
            self._segment_start = time

    def _ready(self) -> list[PartReady]:
        count = 0
        for cut in self._cuts:
            has_sound = not self._leads_video or self._sound_end >= cut.sound_time
            if self._rate and not has_sound and self._newest - cut.time < self._patience:
                break
            count += 1
        ready, self._cuts = self._cuts[:count], self._cuts[count:]
        return [self._part(cut) for cut in ready]

    def _part(self, cut: _Cut) -> PartReady:
        end_us = _microseconds(cut.time, self._scale)
        pictures, self._pictures = _divided(self._pictures, cut.time)
        sounds, self._sounds = _divided(self._sounds, cut.sound_time)
        sound_end = self._sounds[0].dts if self._sounds else 0
        return self._made(pictures, sounds, sound_end, cut, end_us)

    def _last_part(self, led: list[Placed]) -> PartReady:
        """Return the part of all that is left, its last picture as long as the one before."""
        before = led[-2:-1] or led[-1:]
        end = led[-1].dts + (led[-1].duration or led[-1].dts - before[0].dts or self._scale // 25)
        ends_us = [_microseconds(end, self._scale)]
        if self._rate:
            ends_us.append(_microseconds(self._sound_end, self._rate))
        end_us = -(-max(ends_us) // _WHOLE_US) * _WHOLE_US
        pictures, self._pictures = self._pictures, []
        sounds, self._sounds = self._sounds, []
        return self._made(pictures, sounds, 0, _Cut(end, 0, starts_segment=True), end_us)

    def _made(
        self, pictures: list[Placed], sounds: list[Placed], sound_end: int, cut: _Cut, end_us: int
    ) -> PartReady:
        """Return the fragment of these samples, and begin the next part at the cut."""
        self._sequence += 1
        led = pictures or sounds
        data = fragment(
            self._sequence,
            video=_run(pictures, cut.time) if pictures else None,
            audio=_run(sounds, sound_end) if sounds else None,
        )
        start_us = _microseconds(self._out_start, self._scale)
        duration_s = (end_us - start_us) / 1_000_000
        starts_segment, self._is_first_of_segment = self._is_first_of_segment, cut.starts_segment
        self._out_start, self._end_us = cut.time, end_us
        return PartReady(data, start_us / 1_000_000, duration_s, led[0].is_key, starts_segment)


def _run(samples: list[Placed], end: int) -> Run:
    """Return the run of samples, the last of which ends at `end`, or when it nominally does."""
    ends = [sample.dts for sample in samples[1:]]
    ends.append(end or samples[-1].dts + samples[-1].duration)
    return Run(
        samples[0].dts,
        [
            RunSample(end - sample.dts, sample.is_key, sample.offset, sample.data)
            for sample, end in zip(samples, ends, strict=True)
        ],
    )


def _divided(samples: list[Placed], time: int) -> tuple[list[Placed], list[Placed]]:
    """Return the samples before `time`, and the others."""
    count = bisect_left(samples, time, key=_dts)
    return samples[:count], samples[count:]


def _microseconds(ticks: int, scale: int) -> int:
    return (2_000_000 * ticks + scale) // (2 * scale)
