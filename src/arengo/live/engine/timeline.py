"""Puts a source's samples on the sitting's one continuous timeline, or says why it cannot.

Encoders stop, loop, jump and drift; the recording must not. One `TakeClock` serves one take:
it drops what goes back a little, asks for a new take when the clock breaks or a stream comes
or goes, keeps audio on a grid without holes, and measures what the operator should know.

    clock = TakeClock(origin_us=packager_end_us, video=video, audio=audio)
    placed = clock.place(sample, arrival_s)
    match placed:
        case NewTake(): ...   # end this take, begin another with the streams that are alive
        case Placed(): parts = packager.push(placed)

Times of a source are µs; `Placed` has ticks of its track on the sitting's timeline: 90 kHz for
video, the sample rate for audio. `arrival_s` is seconds of any steady clock, passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from arengo.live.engine.audio_grid import AudioGrid
from arengo.live.engine.fmp4 import VIDEO_TIMESCALE
from arengo.live.engine.media import AudioConfig, Sample, Track, VideoConfig
from arengo.live.engine.source_health import Arrivals, Health, KeyIntervals, Notice

__all__ = ["NewTake", "Notice", "Placed", "TakeClock"]

_SECOND: Final = 1_000_000
JUMP_US: Final = _SECOND  # a step larger than this, either way, is another clock
AUDIO_LOST_US: Final = 2 * _SECOND
VIDEO_LOST_US: Final = 5 * _SECOND  # a source of slides may send a picture each few seconds
NO_KEY_US: Final = 12 * _SECOND  # past the longest key frame interval of common encoders
SLOW_VIDEO_US: Final = 10 * _SECOND

Reason = Literal["clock_jump", "audio_lost", "video_lost", "audio_back", "video_back"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A sample on the sitting's timeline; `duration` is nominal, 0 when only the next one tells.

    `dts`, `offset` (pts − dts, ≥ 0) and `duration` are ticks of the track.
    """

    track: Track
    dts: int
    offset: int
    duration: int
    is_key: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class NewTake:
    """The clock is over: flush, and give this same sample to the clock of a new take.

    `video_lost` and `audio_lost` ask for a take without that stream, `…_back` for one with it.
    """

    reason: Reason


class _Stream:
    """What is remembered of one track: its last decoding time, and when it was last heard."""

    __slots__ = ("last_us", "seen_us")

    def __init__(self) -> None:
        self.last_us: int | None = None
        self.seen_us = 0


class TakeClock:
    """The clock of one take of one source. Feed it every sample, in the order of arrival."""

    def __init__(
        self, *, origin_us: int, video: VideoConfig | None, audio: AudioConfig | None
    ) -> None:
        """Begin a take at `origin_us` of the sitting: the end of the previous take."""
        if video is None and audio is None:
            message = "a take needs video, audio or both"
            raise ValueError(message)
        self._has_video = video is not None
        self._grid = AudioGrid(audio, origin_us) if audio else None
        self._origin_us = origin_us
        self._video_origin = -(-origin_us * VIDEO_TIMESCALE // _SECOND)
        self._base_us: int | None = None
        self._pictures, self._sounds = _Stream(), _Stream()
        self._latest_us = 0
        self._last_arrival_s = 0.0
        self._waiting_since_us: int | None = None
        self._has_seen_picture = False
        self._is_audio_back = False
        self._shift_us = 0
        self._keys, self._arrivals, self._health = KeyIntervals(), Arrivals(), Health()

    @property
    def keyframe_interval_s(self) -> float:
        """Return the longest of the last key frame intervals, the running one included."""
        return self._keys.longest_us / _SECOND

    @property
    def drift_ppm(self) -> float:
        """Return how slow the source's clock is against ours, in parts per million."""
        return self._arrivals.drift_ppm

    def wall_s(self, sitting_s: float) -> float:
        """Return when, on the clock of `arrival_s`, the instant `sitting_s` was received.

        Ask it at the start of each segment for EXT-X-PROGRAM-DATE-TIME: when source and wall
        have drifted 0.5 s apart the answer moves, and with it the date of the next segment.
        """
        return sitting_s + self._arrivals.anchor_s

    def place(self, sample: Sample, arrival_s: float) -> Placed | NewTake | None:
        """Return where the sample goes, None when it is dropped, or the need of a new take."""
        if self._base_us is None:
            outcome = self._begin(sample)
            if self._base_us is None:
                return outcome
        if sample.track == "video":
            if not self._has_video:
                return NewTake("video_back") if sample.is_key else None
            return self._place_picture(sample, arrival_s)
        if self._grid is None:
            self._is_audio_back = True
            return None
        return self._place_sound(sample, self._grid, arrival_s)

    def warnings(self) -> list[Notice]:
        """Return what is wrong with the source now, in Italian, with the remedy."""
        return [*self._keys.notices(), *self._health.notices(), *self._arrivals.notices()]

    def _begin(self, sample: Sample) -> NewTake | None:
        """Wait for the first key frame, or for the first sound when there is no video."""
        is_picture = sample.track == "video"
        if is_picture == self._has_video and (sample.is_key or not is_picture):
            self._base_us = self._latest_us = sample.dts_us
            self._pictures.seen_us = self._sounds.seen_us = sample.dts_us
            return None
        if is_picture:
            self._has_seen_picture = True
            return None
        return self._give_up_on_video(sample)

    def _give_up_on_video(self, sample: Sample) -> NewTake | None:
        """Return a new take when sound flows and no picture to begin with ever comes."""
        since_us = self._waiting_since_us
        if since_us is None or not 0 <= sample.dts_us - since_us < 2 * NO_KEY_US:
            since_us = self._waiting_since_us = sample.dts_us
        patience_us = NO_KEY_US if self._has_seen_picture else VIDEO_LOST_US
        is_over = self._has_video and sample.dts_us - since_us > patience_us
        return NewTake("video_lost") if is_over else None

    def _place_picture(self, sample: Sample, arrival_s: float) -> Placed | NewTake | None:
        assert self._base_us is not None
        dts_us = sample.dts_us
        if new_take := self._needs_new_take(self._pictures, dts_us, arrival_s):
            return new_take
        if sample.is_key and self._is_audio_back:
            return NewTake("audio_back")
        if self._grid and self._latest_us - self._sounds.seen_us > AUDIO_LOST_US:
            return NewTake("audio_lost")
        if self._pictures.last_us is not None and dts_us <= self._pictures.last_us:
            self._health.dropped += 1
            return None
        self._note(self._pictures, dts_us, arrival_s)
        self._keys.see(dts_us, is_key=sample.is_key)
        self._arrivals.see(self._origin_us + dts_us - self._base_us, arrival_s)
        return Placed(
            "video",
            self._video_origin + _ticks_90k(dts_us - self._base_us),
            max(0, _ticks_90k(sample.pts_us - dts_us)),
            0,
            sample.is_key,
            sample.data,
        )

    def _place_sound(
        self, sample: Sample, grid: AudioGrid, arrival_s: float
    ) -> Placed | NewTake | None:
        assert self._base_us is not None
        if self._sounds.last_us is None and not self._admits_first_sound(sample.dts_us):
            return None
        dts_us = sample.dts_us - self._shift_us
        if new_take := self._needs_new_take(self._sounds, dts_us, arrival_s):
            return new_take
        if self._has_video and self._latest_us - self._pictures.seen_us > VIDEO_LOST_US:
            return NewTake("video_lost")
        if self._sounds.last_us is not None and dts_us <= self._sounds.last_us:
            self._health.dropped += 1
            return None
        self._note(self._sounds, dts_us, arrival_s)
        if not self._has_video:
            self._arrivals.see(self._origin_us + dts_us - self._base_us, arrival_s)
        return self._on_grid(sample, grid, dts_us - self._base_us)

    def _on_grid(self, sample: Sample, grid: AudioGrid, elapsed_us: int) -> Placed | None:
        resyncs, ticks = grid.resyncs, grid.ticks(sample.data)
        dts = grid.place(elapsed_us, ticks)
        self._health.resyncs += grid.resyncs - resyncs
        if dts is None:
            return None
        return Placed("audio", dts, 0, ticks, is_key=True, data=sample.data)

    def _admits_first_sound(self, dts_us: int) -> bool:
        """Return whether sound may begin; one stamped far from the picture is moved to it.

        Both arrive together, so a distance over a second is two clocks and not a late stream.
        """
        assert self._base_us is not None
        if abs(dts_us - self._latest_us) > JUMP_US:
            self._shift_us = dts_us - self._latest_us
        return dts_us - self._shift_us >= self._base_us

    def _needs_new_take(self, stream: _Stream, dts_us: int, arrival_s: float) -> NewTake | None:
        """Return a new take when the source's clock jumped, either way, by over a second."""
        if stream.last_us is None:
            return None
        ahead_us = dts_us - self._latest_us
        is_jump = ahead_us > JUMP_US and not self._is_slow_video(ahead_us, arrival_s)
        return NewTake("clock_jump") if is_jump or dts_us <= stream.last_us - JUMP_US else None

    def _is_slow_video(self, ahead_us: int, arrival_s: float) -> bool:
        """Return whether pictures alone come seconds apart, on our clock as on theirs."""
        error_s = ahead_us * 1e-6 - (arrival_s - self._last_arrival_s)
        return self._grid is None and ahead_us <= SLOW_VIDEO_US and abs(error_s) < 0.5

    def _note(self, stream: _Stream, dts_us: int, arrival_s: float) -> None:
        """Remember an accepted sample."""
        stream.last_us = dts_us
        if dts_us > self._latest_us:
            self._latest_us = dts_us
        stream.seen_us = self._latest_us
        self._last_arrival_s = arrival_s
        self._health.tick(self._latest_us)
        if self._pictures.last_us is not None and self._sounds.last_us is not None:
            distance_us = self._pictures.last_us - self._sounds.last_us - self._shift_us
            self._health.see_skew(abs(distance_us))


def _ticks_90k(microseconds: int) -> int:
    return (microseconds * 9 + 50) // 100
