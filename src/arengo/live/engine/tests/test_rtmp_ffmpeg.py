"""A real encoder over a real socket: Debian's FFmpeg pushes to the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from arengo.live.engine.media import AudioConfig, Sample, Unsupported, VideoConfig
from arengo.live.engine.rtmp import Event, Metadata, PublishRequested, RtmpServer, Unpublished

KEY = "0a1b2c3d-secret"
PICTURES = "-f lavfi -i testsrc2=size=320x180:rate=25:duration=2"
SOUND = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=2"
H264_AAC = "-c:v libx264 -preset ultrafast -bf 2 -g 25 -pix_fmt yuv420p -c:a aac"
Answer = Callable[[RtmpServer], None]

pytestmark = pytest.mark.slow


def accept(server: RtmpServer) -> None:
    server.accept_publish()


def refuse(server: RtmpServer) -> None:
    server.refuse_publish("Chiave sconosciuta.")


async def push(arguments: str, answer: Answer = accept) -> tuple[list[Event], str]:
    """Return the events of one push and what FFmpeg said of it."""
    events: list[Event] = []
    is_over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = RtmpServer()
        while data := await reader.read(65_536):
            found = server.receive(data)
            events.extend(found)
            if any(isinstance(event, PublishRequested) for event in found):
                answer(server)
            writer.write(server.bytes_to_send())
        writer.close()
        is_over.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        said = await _ffmpeg(f"{arguments} -f flv rtmp://127.0.0.1:{port}/live/{KEY}")
        await asyncio.wait_for(is_over.wait(), 10)
    return events, said


async def _ffmpeg(arguments: str) -> str:
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", *arguments.split()]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    return said.decode()


def samples(events: list[Event], track: str) -> list[Sample]:
    return [event for event in events if isinstance(event, Sample) and event.track == track]


async def test_h264_and_aac() -> None:
    events, _ = await push(f"{PICTURES} {SOUND} {H264_AAC}")
    assert events[0] == PublishRequested("live", KEY)
    assert isinstance(events[1], Metadata)
    assert (events[1].values["width"], events[1].values["framerate"]) == (320, 25)
    assert events[-1] == Unpublished()
    (video,) = [event for event in events if isinstance(event, VideoConfig)]
    assert (video.width, video.height) == (320, 180)
    (audio,) = [event for event in events if isinstance(event, AudioConfig)]
    assert (audio.kind, audio.sample_rate, audio.channels) == ("aac", 48_000, 1)
    pictures = samples(events, "video")
    assert [s.dts_us for s in pictures] == [40_000 * n for n in range(50)]
    assert [n for n, s in enumerate(pictures) if s.is_key] == [0, 25]
    assert sorted(s.pts_us - 80_000 for s in pictures) == [40_000 * n for n in range(50)]
    assert len(samples(events, "audio")) >= 94


async def test_a_wrong_key_is_shown_by_the_encoder() -> None:
    events, said = await push(f"{PICTURES} {H264_AAC}", refuse)
    assert events == [PublishRequested("live", KEY)]
    assert "Chiave sconosciuta." in said


async def test_codecs_outside_the_list() -> None:
    events, _ = await push(f"{PICTURES} {SOUND} -c:v flv1 -c:a mp3 -ar 44100")
    assert samples(events, "video") + samples(events, "audio") == []
    named = {event.codec for event in events if isinstance(event, Unsupported)}
    assert named == {"Sorenson H.263", "MP3"}


@pytest.mark.parametrize("offset_s", [16_776.5, 2_147_482.6])
async def test_past_the_extended_timestamp_and_past_the_24_day_wrap(offset_s: float) -> None:
    """16,777.215 s is where the time field is full, 2,147,483.648 s where FFmpeg wraps."""
    events, _ = await push(f"{PICTURES} {H264_AAC} -output_ts_offset {offset_s}")
    times = [sample.dts_us for sample in samples(events, "video")]
    assert [after - before for before, after in pairwise(times)] == [40_000] * 49
