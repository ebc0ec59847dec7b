"""Black picture and silence of the same length as a segment, made of nothing that was in it.

What stands in an omitted segment's place, `<n>.black.m4s`, has the decoding times of the segment
in both tracks, to the tick, so that every other second of the sitting stays where it was. Its
codecs are the take's own kinds with a configuration of their own, `black-<take>.mp4`: playlists
tell of it as of another take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

from arengo.live.engine.codec_config import parse_asc, parse_avcc, parse_opus_head
from arengo.live.engine.fmp4 import (
    VIDEO_TIMESCALE,
    FragmentTimes,
    Run,
    RunSample,
    Span,
    fragment,
    fragment_times,
    init_segment,
)
from arengo.live.engine.media import AudioConfig, VideoConfig
from arengo.live.engine.playlist import black_init_name, black_name
from arengo.live.studio.recorder import TakeRecord, write_atomically

PICTURE_TICKS = VIDEO_TIMESCALE // 10  # ten black pictures a second are enough
OPUS_FRAME = 960
AAC_FRAME = 1024
_WARM = 6  # the first frames of an encoder may be unlike the others

Nal = bytes


def make_black(folder: Path, take: TakeRecord, number: int, data: bytes) -> None:
    """Write what stands in the place of a segment, and the take's black configuration.

    `data` are the bytes of the segment: only their times are read.
    """
    media = folder / "media"
    write_atomically(media / black_init_name(take.take), black_init(take.video, take.audio))
    made = black_segment(take.video, take.audio, fragment_times(data))
    write_atomically(media / black_name(number), made)


def black_numbers(folder: Path, numbers: set[int]) -> dict[int, int]:
    """Return which of these segments have something in their place, and its size in bytes."""
    media = folder / "media"
    found = {number: media / black_name(number) for number in numbers}
    return {number: path.stat().st_size for number, path in found.items() if path.exists()}


def black_init(video: VideoConfig | None, audio: AudioConfig | None) -> bytes:
    """Return the initialisation segment of a take's black."""
    picture = _pictures(video.width, video.height, 1)[0] if video else None
    sound = _silence(audio.kind, audio.sample_rate, min(audio.channels, 2))[0] if audio else None
    return init_segment(picture, sound)


def black_segment(
    video: VideoConfig | None, audio: AudioConfig | None, times: Sequence[FragmentTimes]
) -> bytes:
    """Return black and silence over the times of a segment's fragments, as one fragment."""
    pictures = _joined([one.video for one in times]) if video else None
    sounds = _joined([one.audio for one in times]) if audio else None
    return fragment(
        times[0].sequence,
        video=_black_run(video, pictures) if video and pictures else None,
        audio=_silent_run(audio, sounds) if audio and sounds else None,
    )


def _joined(spans: Sequence[Span | None]) -> Span | None:
    found = [span for span in spans if span and span.duration]
    if not found:
        return None
    return Span(found[0].base_time, found[-1].end - found[0].base_time, is_key=True)


def _black_run(video: VideoConfig, span: Span) -> Run:
    count = max(1, round(span.duration / PICTURE_TICKS))
    coded = _pictures(video.width, video.height, count)[1]
    return Run(span.base_time, _timed(coded, span.duration, span.duration // count))


def _silent_run(audio: AudioConfig, span: Span) -> Run:
    _, one = _silence(audio.kind, audio.sample_rate, min(audio.channels, 2))
    frame = OPUS_FRAME if audio.kind == "opus" else AAC_FRAME
    count = max(1, round(span.duration / frame))
    return Run(span.base_time, _timed([one] * count, span.duration, frame))


def _timed(coded: Sequence[bytes], whole: int, each: int) -> list[RunSample]:
    """Give every sample the same time, and the last one what is left of the whole."""
    each = min(each, whole // len(coded))
    last = whole - each * (len(coded) - 1)
    ends = [each] * (len(coded) - 1) + [last]
    return [RunSample(end, k == 0, 0, data) for k, (end, data) in enumerate(zip(ends, coded))]  # noqa: B905 - one made of the other


# --- coding -----------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _pictures(width: int, height: int, count: int) -> tuple[VideoConfig, tuple[bytes, ...]]:
    """Return black pictures, the first one a key frame, and their configuration."""
    coder = av.CodecContext.create("libx264", "w")
    assert isinstance(coder, VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = width, height, "yuv420p"
    coder.time_base = Fraction(1, 10)
    coder.framerate = Fraction(10)
    coder.gop_size = 1_000_000
    options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "crf": "40"}
    coder.options = {**options, "x264-params": "scenecut=0:keyint=infinite:threads=1"}
    frame = _black_frame(width, height)
    packets = []
    for k in range(count):
        frame.pts = k
        packets += [bytes(one) for one in coder.encode(frame)]
    packets += [bytes(one) for one in coder.encode(None)]
    return _video_config(packets[0]), tuple(_sample(one) for one in packets)


def _black_frame(width: int, height: int) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, (16, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def _nals(packet: bytes) -> Iterator[Nal]:
    """Yield the units of an Annex B byte stream (ITU-T H.264 annex B)."""
    for piece in packet.split(b"\0\0\1"):
        if unit := piece.rstrip(b"\0"):
            yield unit


def _sample(packet: bytes) -> bytes:
    """Return a picture as MP4 has it: its slices behind their lengths, without what is in avcC."""
    slices = [nal for nal in _nals(packet) if nal[0] & 31 in (1, 5)]
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in slices)


def _video_config(first: bytes) -> VideoConfig:
    """Return the AVCDecoderConfigurationRecord of a stream that begins so (14496-15 §5.3.3)."""
    held = {nal[0] & 31: nal for nal in _nals(first)}
    sps, pps = held[7], held[8]
    record = b"\x01" + sps[1:4] + b"\xff\xe1" + len(sps).to_bytes(2, "big") + sps
    made = parse_avcc(record + b"\x01" + len(pps).to_bytes(2, "big") + pps)
    assert isinstance(made, VideoConfig)
    return made


@lru_cache(maxsize=8)
def _silence(kind: str, rate: int, channels: int) -> tuple[AudioConfig, bytes]:
    """Return one frame of silence, which can be repeated, and its configuration."""
    coder = av.CodecContext.create("libopus" if kind == "opus" else "aac", "w")
    assert isinstance(coder, AudioCodecContext)
    coder.sample_rate, coder.layout = rate, "stereo" if channels == 2 else "mono"
    coder.format = "s16" if kind == "opus" else "fltp"
    coder.time_base = Fraction(1, rate)
    coder.bit_rate = 32_000
    if kind == "aac":
        coder.flags |= 1 << 22  # the configuration apart from the frames
    coder.open()
    packets = [bytes(one) for k in range(_WARM) for one in coder.encode(_quiet(coder, k))]
    head = bytes(coder.extradata or b"")
    config = parse_opus_head(head) if kind == "opus" else parse_asc(head)
    assert isinstance(config, AudioConfig)
    return config, packets[-1]


def _quiet(coder: AudioCodecContext, k: int) -> av.AudioFrame:
    size = coder.frame_size or OPUS_FRAME
    frame = av.AudioFrame(format=coder.format.name, layout=coder.layout.name, samples=size)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate, frame.pts = coder.sample_rate, k * size
    return frame
