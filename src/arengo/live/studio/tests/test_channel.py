"""A channel by itself: what it promises to playlists and readers, whatever hearing does."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from arengo.live.engine.playlist import Part
from arengo.live.studio.channel import Channel, Past
from arengo.live.studio.pull import CREDENTIALS
from arengo.live.studio.recorder import TakeRecord
from arengo.live.studio.rtmp import Refused
from arengo.live.studio.spec import PullSource, SittingSpec

NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
SPEC = SittingSpec("s1", "015170", "Consiglio", "open", (), (), (), 1800)


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.s


def channel(folder: Path, clock: Clock, cues: list[dict[str, Any]] | None = None) -> Channel:
    """Return a channel without a recogniser."""
    return Channel(
        folder,
        SPEC,
        Past([], [], cues or [], []),
        models=folder,
        now=lambda: NOW,
        clock=clock,
        ballast_bytes=0,
        hears=False,
    )


def cue(cue_id: str, rev: int = 0) -> dict[str, Any]:
    """Return a final cue of one second."""
    return {"id": cue_id, "rev": rev, "start": 1.0, "end": 2.0, "lines": ["sì"], "final": True}


def publish(one: Channel, seconds: int) -> None:
    """Publish segments of one part and one second."""
    take = TakeRecord(1, "rtmp", 0.0, None, None)
    one.takes[1] = take
    for _ in range(seconds):
        start = one.shelf.end_s
        one.add_part(take, b"part", Part(1.0, is_independent=True), start, NOW, opens=True)


async def test_captions_that_never_come_hold_no_playlist_up(tmp_path: Path) -> None:
    """Listed captions lag twenty seconds at most, and what is listed is never taken back."""
    one = channel(tmp_path, Clock())
    publish(one, 30)
    assert one.captions_until() == pytest.approx(10)
    one.cues.final_until = 25
    assert one.captions_until() == 25
    one.cues.final_until = 0
    assert one.captions_until() == 25
    await one.stop()


async def test_a_new_generation_never_reuses_an_old_ones_ids(tmp_path: Path) -> None:
    """Generation 1 died before any caption: after 0 and 2 comes 3."""
    one = channel(tmp_path, Clock(), [cue("0.c1"), cue("2.c1", rev=3)])
    one._said({"type": "cue", **cue("c1")})
    assert {held.id for held in one.cues.all()} == {"0.c1", "2.c1", "3.c1"}
    await one.stop()


async def test_a_second_source_waits_until_the_first_is_silent(tmp_path: Path) -> None:
    """Within five seconds it is refused; later it takes over, and the first is hung up."""
    clock = Clock()
    one = channel(tmp_path, clock)
    hung_up: list[str] = []
    first = one.admit("rtmp", "Sala", lambda: hung_up.append("first"))
    first.feed([])
    clock.s += 4
    with pytest.raises(Refused, match="già trasmettendo"):
        one.admit("rtmp", "Altra", lambda: None)
    clock.s += 2
    second = one.admit("rtmp", "Altra", lambda: None)
    assert hung_up == ["first"]
    first.end("tardi")
    assert one.take is second
    await one.stop()


async def test_a_source_whose_line_breaks_as_it_is_hung_up_still_leaves(tmp_path: Path) -> None:
    """A child that is already dead must not leave its take behind."""

    def dead() -> None:
        raise ProcessLookupError

    one = channel(tmp_path, Clock())
    take = one.admit("rtsp", "Telecamera", dead)
    with pytest.raises(ProcessLookupError):
        take.end("finita")
    assert one.take is None
    await one.stop()


async def test_hearing_that_fails_again_and_again_is_told_once(tmp_path: Path) -> None:
    """The journal of a six-hour sitting does not fill with the same two lines."""
    one = channel(tmp_path, Clock())
    for _ in range(5):
        one._said({"type": "notice", "code": "model", "message": "Modello non valido."})
        one._deaf(1)
    assert len(one.notes) == 2
    await one.stop()


def test_a_cameras_password_is_cut_out_of_what_ffmpeg_says() -> None:
    """User and password stand between the slashes and the at sign."""
    said = "rtsp://admin:s3cret@10.0.0.9/stream: Connection refused"
    assert CREDENTIALS.sub("//", said) == "rtsp://10.0.0.9/stream: Connection refused"


async def test_a_camera_that_drops_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that ends, or floods its error output, is started anew."""
    from arengo.live.studio import pull as module

    started: list[int] = []
    script = "import sys; sys.stderr.write('x' * 400_000); sys.exit(1)"

    def flood(source: PullSource) -> list[str]:
        started.append(1)
        return [sys.executable, "-c", script]

    async def soon(seconds: float) -> None:
        await real_sleep(0)

    real_sleep = asyncio.sleep
    monkeypatch.setattr(module, "command", flood)
    monkeypatch.setattr(asyncio, "sleep", soon)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/ffmpeg")
    said: list[str] = []
    one = channel(tmp_path, Clock())
    source = PullSource("rtsp", "rtsp://camera/1")
    pulling = asyncio.create_task(
        module.pull(
            source,
            lambda kind, hang_up: one.admit(kind, kind, hang_up),
            lambda code, message: said.append(code),
        )
    )
    async with asyncio.timeout(20):
        while len(started) < 3:
            await real_sleep(0.01)
    pulling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await pulling
    assert said[:2] == ["source-down", "source-down"]
    await one.stop()
