"""An old recording made into the folder that the studio leaves: player, archive and clips work alike.

H.264 and AAC are copied as they are; anything else FFmpeg encodes first. Everything streams: no more
than a segment is ever in memory. The folder is a draft until it is moved where sittings are.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from arengo.live.engine.codec_config import parse_asc, parse_avcc
from arengo.live.engine.fmp4 import VIDEO_TIMESCALE, init_segment
from arengo.live.engine.media import AudioConfig, Sample, VideoConfig
from arengo.live.engine.packager import Packager, PartReady
from arengo.live.engine.rtmp_errors import FlvError
from arengo.live.engine.timeline import NewTake, TakeClock
from arengo.live.studio.recorder import (
    SegmentRecord,
    TakeRecord,
    append,
    chained,
    line_of,
    write_atomically,
)

SEGMENT_US = 6_000_000
PICTURES = ("yuv420p", "yuvj420p")  # what every browser shows
ENCODED = "ricodificato.mp4"
Progress = Callable[[float], None]  # seconds done of the recording


class RecordingUnusable(Exception):
    """The file cannot become a recording; the message is for people."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What a file is: its length, and whether it can be copied as it is."""

    duration_s: float
    has_video: bool
    has_audio: bool
    is_copied: bool


@dataclass(frozen=True, slots=True)
class Placement:
    """From second `source_s` of the file on, the sitting's time is `sitting_s` and what passed."""

    source_s: float
    sitting_s: float


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording in its folder: how long it is, and where its seconds went."""

    duration_s: float
    placements: tuple[Placement, ...]

    def moved(self, source_s: float) -> float:
        """Return the sitting's time of a second of the file."""
        k = max(0, bisect_right(self.placements, source_s, key=lambda one: one.source_s) - 1)
        one = self.placements[k]
        return max(0.0, one.sitting_s + source_s - one.source_s)


def probe(source: Path) -> Probed:
    """Return what a file is.

    Raises
    ------
    RecordingUnusable
        It is torn, empty, or has neither sound nor picture.
    """
    with _opened(source) as container:
        video, audio = _streams(container)
        if video is None and audio is None:
            raise RecordingUnusable("Il file non ha né suono né immagini.")
        duration_s = float(container.duration or 0) / 1_000_000
        is_copied = (video is None or _video_of(video) is not None) and (
            audio is None or _audio_of(audio) is not None
        )
        return Probed(duration_s, video is not None, audio is not None, is_copied)


def repackage(
    source: Path, folder: Path, *, began_at: datetime, on_progress: Progress = lambda _: None
) -> Kept:
    """Write a recording's segments, journals and takes into an empty folder.

    Raises
    ------
    RecordingUnusable
        Nothing could be read, or it cannot be encoded.
    OSError
        The disk is full or the folder cannot be written.
    """
    found = probe(source)
    (folder / "media").mkdir(parents=True, exist_ok=True)
    encoded = folder / ENCODED
    if not found.is_copied:
        _encode(source, encoded, found, on_progress)
        source = encoded
    writer = _Writer(folder, began_at)
    try:
        with _opened(source) as container:
            _copy(container, writer, on_progress)
    finally:
        encoded.unlink(missing_ok=True)
    if not writer.records:
        raise RecordingUnusable("Nel file non c'è nemmeno un secondo che si possa leggere.")
    return Kept(writer.end_s, tuple(writer.placements))


# --- reading -----------------------------------------------------------------------------


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[Any]:
    try:
        container = av.open(str(source))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise RecordingUnusable(f"Il file non si legge come audio o video ({why}).") from error
    with container:
        yield container


def _streams(container: Any) -> tuple[Any | None, Any | None]:
    """Return the first picture that moves and the first sound; a cover is no picture."""
    cover = av.stream.Disposition.attached_pic
    video = next((one for one in container.streams.video if not one.disposition & cover), None)
    audio = next(iter(container.streams.audio), None)
    return video, audio


def _video_of(stream: Any) -> VideoConfig | None:
    """Return the configuration of pictures that can be copied."""
    context = stream.codec_context
    if context.name != "h264" or context.pix_fmt not in PICTURES or not context.extradata:
        return None
    with contextlib.suppress(FlvError):
        found = parse_avcc(bytes(context.extradata))
        return found if isinstance(found, VideoConfig) else None
    return None


def _audio_of(stream: Any) -> AudioConfig | None:
    """Return the configuration of sound that can be copied."""
    context = stream.codec_context
    if context.name != "aac" or not context.extradata:
        return None
    with contextlib.suppress(FlvError):
        found = parse_asc(bytes(context.extradata))
        return found if isinstance(found, AudioConfig) else None
    return None


def _samples(container: Any, streams: list[Any]) -> Iterator[Sample]:
    """Yield the samples of a container, up to where it is torn."""
    try:
        for packet in container.demux(streams):
            if packet.dts is None or not packet.size or packet.is_corrupt:
                continue
            dts_us = _us(packet.dts, packet.time_base)
            pts_us = _us(packet.pts, packet.time_base) if packet.pts is not None else dts_us
            yield Sample(
                "video" if packet.stream.type == "video" else "audio",
                dts_us,
                max(pts_us, dts_us),
                bool(packet.is_keyframe) or packet.stream.type == "audio",
                bytes(packet),
            )
    except av.error.FFmpegError:
        return  # a torn tail: what could be read was read


def _us(ticks: int, time_base: Fraction) -> int:
    return round(ticks * time_base * 1_000_000)


def _copy(container: Any, writer: _Writer, on_progress: Progress) -> None:
    video, audio = _streams(container)
    configs = (video and _video_of(video), audio and _audio_of(audio))
    began_us = int(container.start_time or 0)
    take = _Take(writer, *configs)
    for sample in _samples(container, [one for one in (video, audio) if one is not None]):
        new = take.push(sample, began_us)
        if new is not None:
            take.finish()
            has_video, has_audio = new.reason != "video_lost", new.reason != "audio_lost"
            take = _Take(
                writer, configs[0] if has_video else None, configs[1] if has_audio else None
            )
            take.push(sample, began_us)
        on_progress(writer.end_s)
    take.finish()


# --- writing -----------------------------------------------------------------------------


class _Take:
    """A stretch of the file without a break of its clock."""

    def __init__(
        self, writer: _Writer, video: VideoConfig | None, audio: AudioConfig | None
    ) -> None:
        self._writer = writer
        origin_us = round(writer.end_s * 1_000_000)
        self._clock = TakeClock(origin_us=origin_us, video=video, audio=audio)
        self._packager = Packager(
            video,
            audio,
            origin_us=origin_us,
            part_target_us=SEGMENT_US,
            segment_target_us=SEGMENT_US,
        )
        self._rate = audio.sample_rate if audio else 1
        self._is_placed = False
        writer.begin(video, audio)

    def push(self, sample: Sample, began_us: int) -> NewTake | None:
        """Take a sample in; tell when the file's clock breaks."""
        placed = self._clock.place(sample, sample.dts_us / 1_000_000)
        if isinstance(placed, NewTake):
            return placed
        if placed is None:
            return None
        if not self._is_placed:
            self._is_placed = True
            scale = VIDEO_TIMESCALE if placed.track == "video" else self._rate
            at = Placement((sample.dts_us - began_us) / 1_000_000, placed.dts / scale)
            self._writer.placements.append(at)
        for part in self._packager.push(placed):
            self._writer.add(part)
        return None

    def finish(self) -> None:
        """Write what is held back."""
        for part in self._packager.flush():
            self._writer.add(part)
        self._writer.seal()
        self._writer.end_s = max(self._writer.end_s, self._packager.end_us / 1_000_000)


@dataclass(slots=True)
class _Writer:
    """Segments on disk, one after the other, chained as the studio chains them."""

    folder: Path
    began_at: datetime
    end_s: float = 0.0
    records: int = 0
    placements: list[Placement] = field(default_factory=list)
    _take: int = 0
    _link: str = ""
    _parts: list[PartReady] = field(default_factory=list)

    def begin(self, video: VideoConfig | None, audio: AudioConfig | None) -> None:
        """Write how a take begins."""
        self._take += 1
        init = self.folder / "media" / f"init-{self._take}.mp4"
        write_atomically(init, init_segment(video, audio))
        record = TakeRecord(self._take, "archivio", self.end_s, video, audio)
        append(self.folder / "takes.jsonl", json.dumps(record.facts()).encode() + b"\n")

    def add(self, part: PartReady) -> None:
        """Take a part; the first of a segment closes the one before."""
        if part.starts_segment:
            self.seal()
        self._parts.append(part)
        self.end_s = part.start_s + part.duration_s

    def seal(self) -> None:
        """Write the segment that is open, and its line in the journal."""
        parts, self._parts = self._parts, []
        if not parts:
            return
        data = b"".join(part.data for part in parts)
        start_s = parts[0].start_s
        (self.folder / "media" / f"{self.records}.m4s").write_bytes(data)
        record = SegmentRecord(
            n=self.records,
            take=self._take,
            start=start_s,
            duration=round(sum(part.duration_s for part in parts), 6),
            wall=(self.began_at + timedelta(seconds=start_s)).isoformat(timespec="milliseconds"),
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            previous=self._link,
        )
        append(self.folder / "segments.jsonl", line_of(record) + b"\n")
        self._link = chained(record)
        self.records += 1


# --- encoding ----------------------------------------------------------------------------


def _encode(source: Path, target: Path, found: Probed, on_progress: Progress) -> None:
    """Have FFmpeg write H.264 and AAC; pictures have a key frame every two seconds."""
    if not shutil.which("ffmpeg"):
        raise RecordingUnusable("Il formato va convertito e manca ffmpeg: installa ffmpeg.")
    with subprocess.Popen(
        _command(source, target, found),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as child:
        assert child.stdout
        assert child.stderr
        for line in child.stdout:
            name, _, value = line.strip().partition("=")
            if name == "out_time_us" and value.isdigit():
                on_progress(int(value) / 1_000_000)
        told = child.stderr.read().strip().splitlines()
    if child.returncode:
        target.unlink(missing_ok=True)
        if any("No space left" in line for line in told):
            raise OSError(28, "No space left on device", str(target))
        raise RecordingUnusable(f"Il file non si converte ({told[-1] if told else 'ffmpeg'}).")


def _command(source: Path, target: Path, found: Probed) -> list[str]:
    pictures = [
        *("-map", "0:V:0", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"),
        *("-pix_fmt", "yuv420p", "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2"),
        *("-force_key_frames", "expr:gte(t,n_forced*2)"),
    ]
    sounds = ["-map", "0:a:0", "-c:a", "aac", "-b:a", "96k", "-ac", "2"]
    return [
        *("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-i", f"file:{source}"),
        *(pictures if found.has_video else []),
        *(sounds if found.has_audio else []),
        *("-progress", "pipe:1", "-f", "mp4", f"file:{target}"),
    ]
