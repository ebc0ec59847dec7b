"""One source of one sitting: its samples become takes, parts, sound for the recogniser.

A connection can hold several takes: a clock that jumps or a changed codec begins a new one.
Before the sitting is opened the source is only measured, so that the hall can be set up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from arengo.live.engine.fmp4 import init_segment
from arengo.live.engine.media import AudioConfig, MediaEvent, Sample, Unsupported, VideoConfig
from arengo.live.engine.packager import Packager, PartReady
from arengo.live.engine.playlist import Part
from arengo.live.engine.timeline import NewTake, Notice, Placed, TakeClock
from arengo.live.studio.pcm import Decoder, Level, Meter
from arengo.live.studio.spec import SittingSpec
from arengo.live.studio.tally import Tally

if TYPE_CHECKING:
    from arengo.live.studio.channel import Channel

NEW_TAKE = {
    "clock_jump": "L'orologio dell'encoder è saltato: nuova ripresa.",
    "audio_lost": "L'audio si è interrotto: la ripresa continua con il solo video.",
    "video_lost": "Il video si è interrotto: la ripresa continua con il solo audio.",
    "audio_back": "L'audio è tornato: nuova ripresa.",
    "video_back": "Il video è tornato: nuova ripresa.",
}

GATHER_US = 1_000_000  # how long to wait for the second stream before going on with one
SOUND_US = 250_000  # sound is decoded in batches: one wake-up a part


class Take:
    """What the studio holds of a source while it is connected."""

    def __init__(
        self, channel: Channel, source: str, label: str, hang_up: Callable[[], None]
    ) -> None:
        self.source = source
        self.label = label
        self.key_id = ""
        self.hang_up = hang_up
        self.tally = Tally()
        self.video: VideoConfig | None = None
        self.audio: AudioConfig | None = None
        self._channel = channel
        self._meter = Meter()
        self._air: OnAir | None = None
        self._ears: Sound | None = None
        self._held: list[Sample] = []
        self._refused: set[str] = set()
        self.has_started = False
        self._has_left = False

    # --- what the source does ---------------------------------------------------------

    def feed(self, events: list[MediaEvent]) -> None:
        """Take media events in, in the order of the source."""
        if self._has_left:  # a child's last bytes, after another source took over
            return
        self._channel.heard_from()
        for event in events:
            match event:
                case Sample():
                    self._sample(event)
                case VideoConfig():
                    self._configure(event, self.audio)
                case AudioConfig():
                    self._configure(self.video, event)
                case Unsupported():
                    self._refuse(event)

    def end(self, reason: str) -> None:
        """Close what is open; the sitting goes on without this source."""
        try:
            self.leave(reason)
        finally:
            self._channel.left(self, reason)

    def leave(self, reason: str) -> None:
        """Publish what is still held back, and hang up."""
        self._has_left = True
        try:
            self._off_air()
        finally:
            self.hang_up()

    def go_dark(self) -> None:
        """Let go of every sample and level held: not published, not decoded, not measured."""
        self._air = None
        self._held = []
        self._meter, self.tally = Meter(), Tally()
        self._ears = Sound(self.audio, self._meter) if self.audio else None
        self.has_started = False

    def is_revoked(self, spec: SittingSpec) -> bool:
        """Return whether the key this source came in with is void now."""
        return any(key.is_revoked for key in spec.keys if key.id == self.key_id)

    def _configure(self, video: VideoConfig | None, audio: AudioConfig | None) -> None:
        if (video, audio) == (self.video, self.audio):
            return
        self._off_air()
        if audio != self.audio:
            self._ears = Sound(audio, self._meter) if audio else None
        self.video, self.audio = video, audio

    def _refuse(self, event: Unsupported) -> None:
        if event.codec in self._refused:
            return
        self._refused.add(event.codec)
        kind = "Video" if event.track == "video" else "Audio"
        wanted = "H.264" if event.track == "video" else "AAC"
        message = f"{kind} {event.codec} non ammesso: ignorato."
        remedy = f"Nell'encoder scegliere {wanted}."
        code = f"codec-{event.track}"
        self._channel.caution(code, Notice(code, "error", message, remedy))
        self._channel.note(code, f"{message} {remedy}")

    # --- samples ----------------------------------------------------------------------

    def _sample(self, sample: Sample) -> None:
        if self._channel.is_secret:
            return
        self.has_started = True
        self.tally.count(sample)
        if self._channel.spec.state != "open":
            self._off_air()
            if sample.track == "audio" and self._ears:  # only its level is of use yet
                self._ears.add(sample.data, None, self._channel)
            return
        if self._air is None:
            self._gather(sample)
        else:
            self._place(sample)

    def _gather(self, sample: Sample) -> None:
        """Wait for both configurations, or for a second of media of one, then go on air."""
        self._held.append(sample)
        waited_us = sample.dts_us - self._held[0].dts_us
        if not (self.video and self.audio) and 0 <= waited_us < GATHER_US:
            return
        held, self._held = self._held, []
        self._go_on_air()
        for earlier in held:
            self._place(earlier)

    def _go_on_air(self, *, has_video: bool = True, has_audio: bool = True) -> None:
        video = self.video if has_video else None
        audio = self.audio if has_audio else None
        self._air = OnAir(self._channel, self.source, video, audio)

    def _place(self, sample: Sample) -> None:
        assert self._air
        found = self._air.push(sample, self._channel.clock())
        if isinstance(found, NewTake):
            self._begin_again(found)
            found = self._air.push(sample, self._channel.clock())
        if isinstance(found, int) and self._ears:
            self._ears.add(sample.data, found, self._channel)

    def _begin_again(self, why: NewTake) -> None:
        """Close this take and open another with the streams that are alive."""
        self._off_air()
        self._channel.note("new-take", NEW_TAKE[why.reason])
        self._go_on_air(has_video=why.reason != "video_lost", has_audio=why.reason != "audio_lost")

    def _off_air(self) -> None:
        air, self._air = self._air, None
        self._held = []
        if air:
            if self._ears:
                self._ears.flush(self._channel)
            air.finish()
            self._channel.seal()

    def warnings(self) -> list[Notice]:
        """Return what is wrong with the source now."""
        return self._air.warnings() if self._air else []

    # --- what the regia sees ----------------------------------------------------------

    def level(self) -> Level:
        """Return the audio level."""
        return self._meter.level()

    def video_facts(self) -> dict[str, Any] | None:
        """Return what the regia shows of the picture."""
        if self.video is None:
            return None
        return {
            "codec": self.video.codec,
            "width": self.video.width,
            "height": self.video.height,
            "fps": self.tally.fps(),
            "bitrate_kbps": self.tally.kbps(),
            "keyframe_interval_s": self.tally.keyframe_interval_s,
        }

    def audio_facts(self) -> dict[str, Any] | None:
        """Return what the regia shows of the sound."""
        if self.audio is None:
            return None
        level = self.level()
        return {
            "codec": self.audio.codec,
            "level_db": level.level_db,
            "peak_db": level.peak_db,
            "silent_s": round(level.silent_s),
        }


class Sound:
    """Coded audio, decoded in batches for the meter and, on air, for the recogniser."""

    def __init__(self, config: AudioConfig, meter: Meter) -> None:
        self._decoder = Decoder(config)
        self._meter = meter
        self._batch: list[bytes] = []
        self._at_us: int | None = None
        frame_us = 20_000 if config.kind == "opus" else 1_024_000_000 // config.sample_rate
        self._batch_frames = max(1, SOUND_US // frame_us)

    def add(self, frame: bytes, at_us: int | None, channel: Channel) -> None:
        """Take one frame at a sitting time; None when it is not on air."""
        if not self._batch:
            self._at_us = at_us
        self._batch.append(frame)
        if len(self._batch) >= self._batch_frames:
            self.flush(channel)

    def flush(self, channel: Channel) -> None:
        """Decode what waits."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        pcm = self._decoder.decode(batch)
        self._meter.hear(pcm)
        if self._at_us is not None:
            channel.hear(self._at_us, pcm)


class OnAir:
    """A take being published: its clock, its packager, and the parts they yield."""

    def __init__(
        self, channel: Channel, source: str, video: VideoConfig | None, audio: AudioConfig | None
    ) -> None:
        self._channel = channel
        self._record = channel.begin_take(source, video, audio, init_segment(video, audio))
        origin_us = round(self._record.start * 1e6)
        self._clock = TakeClock(origin_us=origin_us, video=video, audio=audio)
        self._packager = Packager(video, audio, origin_us=origin_us)
        self._audio_rate = audio.sample_rate if audio else 1

    def push(self, sample: Sample, arrival_s: float) -> NewTake | int | None:
        """Take one sample: sitting time (µs) of a placed sound, or the need of a new take."""
        placed = self._clock.place(sample, arrival_s)
        if not isinstance(placed, Placed):
            return placed
        for part in self._packager.push(placed):
            self._publish(part)
        if placed.track == "video":
            return None
        return placed.dts * 1_000_000 // self._audio_rate

    def warnings(self) -> list[Notice]:
        """Return what is wrong with the source now."""
        return self._clock.warnings()

    def finish(self) -> None:
        """Publish the samples still held back."""
        for part in self._packager.flush():
            self._publish(part)

    def _publish(self, part: PartReady) -> None:
        wall = self._channel.wall_of(self._clock.wall_s(part.start_s))
        listed = Part(duration_s=part.duration_s, is_independent=part.is_independent)
        self._channel.add_part(
            self._record, part.data, listed, part.start_s, wall, opens=part.starts_segment
        )
