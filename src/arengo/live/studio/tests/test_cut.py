"""The secret cut by itself: what leaves shelf, captions and disk, and a death at every step."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from arengo.live.engine.fmp4 import Run, RunSample, fragment, init_segment
from arengo.live.engine.media import AudioConfig, Sample, VideoConfig
from arengo.live.engine.playlist import Part, live_playlist, plain_playlist
from arengo.live.studio import cut as module
from arengo.live.studio import recorder as recorder_module
from arengo.live.studio.channel import Channel, read_past
from arengo.live.studio.cut import Cut, Short, carry_out, read_cuts, settle
from arengo.live.studio.ears import Ears
from arengo.live.studio.recorder import (
    Recorder,
    SegmentRecord,
    TakeRecord,
    chained,
    read_lines,
)
from arengo.live.studio.shelf import Shelf
from arengo.live.studio.spec import SittingSpec

START = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
VIDEO = VideoConfig(bytes.fromhex("0142c01effe100046742001001000468ce3c80"), 64, 48)
TAKE = TakeRecord(1, "rtmp", 0.0, VIDEO, None)
SPEC = SittingSpec("s1", "015170", "Consiglio", "open", (), (), (), 1800)
QUARTER = 22_500  # ticks of 90 kHz


def at(seconds: float) -> datetime:
    """Return a moment of the sitting's evening."""
    return START + timedelta(seconds=seconds)


def content(k: int) -> bytes:
    """Return the picture of the k-th quarter of a second, unlike any other."""
    return f"picture {k:05d} ".encode() * 20


def part(k: int) -> bytes:
    """Return the k-th quarter of a second."""
    sample = RunSample(duration=QUARTER, is_key=k % 4 == 0, composition_offset=0, data=content(k))
    return fragment(k + 1, video=Run(k * QUARTER, (sample,)))


class Evening:
    """A channel whose clock moves with what is published."""

    def __init__(self, folder: Path) -> None:
        self.now = START
        self.folder = folder
        self.channel = self.again(SPEC)
        self.k = 0

    def again(self, spec: SittingSpec) -> Channel:
        """Return a channel as a new studio makes it."""
        self.channel = Channel(
            self.folder,
            spec,
            read_past(self.folder, spec),
            models=self.folder,
            now=lambda: self.now,
            clock=lambda: 0.0,
            ballast_bytes=0,
            hears=False,
        )
        return self.channel

    def publish(self, parts: int, take: TakeRecord = TAKE) -> None:
        """Publish quarters of a second, four a segment."""
        one = self.channel
        if take.take not in one.takes:
            one.takes[take.take] = take
            one.recorder.init(take, init_segment(VIDEO, None))
        for _ in range(parts):
            opens = self.k % 4 == 0
            start = self.k / 4
            self.now = at(start + 0.25)
            one.add_part(take, part(self.k), Part(0.25, opens), start, at(start), opens=opens)
            self.k += 1

    async def secret(self, since: datetime | None, **over: Any) -> None:
        """Make the sitting secret, or public again."""
        await self.channel.apply(replace(self.channel.spec, secret_since=since, **over))


def holds(folder: Path, first: int, last: int) -> list[int]:
    """Return which quarters of a second any file of the folder holds."""
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [k for k in range(first, last) if content(k) in data]


def chain_holds(folder: Path) -> bool:
    """Return whether each line of the journal links to the one before."""
    records = [SegmentRecord(**row) for row in read_lines(folder / "segments.jsonl")]
    return [r.previous for r in records] == ["", *(chained(r) for r in records[:-1])]


async def test_a_cut_takes_the_parts_of_its_moment_and_no_more(tmp_path: Path) -> None:
    """The open segment ends before the moment; its kept part is sealed and recorded."""
    evening = Evening(tmp_path)
    evening.publish(10)  # segments 0 and 1, two parts of 2
    await evening.secret(at(2.3))
    shelf = evening.channel.shelf
    assert shelf.end_s == 2.25
    assert shelf.in_memory(2) == part(8)
    assert shelf.in_memory(2, 1) is None
    assert holds(tmp_path, 0, 10) == list(range(9))
    assert [row["n"] for row in read_lines(tmp_path / "segments.jsonl")] == [0, 1, 2]
    assert chain_holds(tmp_path)
    await evening.channel.stop()


async def test_withdrawn_numbers_are_gaps_and_never_come_back(tmp_path: Path) -> None:
    """A late key takes sealed segments too; what follows has new numbers, after a restart as well."""
    evening = Evening(tmp_path)
    evening.publish(14)  # 0, 1, 2 sealed, two parts of 3
    await evening.secret(at(1.1))
    assert holds(tmp_path, 0, 14) == list(range(4))
    assert evening.channel.shelf.ledger.bytes_total == (tmp_path / "media/0.m4s").stat().st_size
    await evening.channel.stop()
    await evening.again(replace(SPEC, secret_since=at(1.1))).apply(SPEC)
    evening.now, evening.k = at(60), 4
    evening.publish(5, TakeRecord(2, "rtmp", 1.0, VIDEO, None))
    shelf = evening.channel.shelf
    live = live_playlist(shelf.window, part_target_s=0.25, open_segment=shelf.open.listed())  # type: ignore[union-attr]  # it is open
    assert [line for line in live.splitlines() if line.endswith(".m4s")] == [
        "0.m4s",
        *("1.m4s", "2.m4s", "3.m4s"),
        "4.m4s",
    ]
    assert live.count("#EXT-X-GAP") == 3
    assert live.count("#EXT-X-DISCONTINUITY\n") == 1
    await evening.channel.stop()
    assert [row["n"] for row in read_lines(tmp_path / "segments.jsonl")] == [0, 4, 5]
    whole = plain_playlist(Shelf(settle(tmp_path, [])).everything(), is_whole=True)
    assert whole.count("#EXT-X-GAP") == 3
    assert chain_holds(tmp_path)


async def test_while_it_is_secret_nothing_a_source_sends_is_kept(tmp_path: Path) -> None:
    """Neither samples nor levels, and a source may come and go unnoticed by the journal."""
    evening = Evening(tmp_path)
    await evening.secret(at(0))
    take = evening.channel.admit("rtmp", "Sala", lambda: None)
    sound = AudioConfig("aac", bytes.fromhex("1190"), 48_000, 2)
    samples = [Sample("video", k * 40_000, k * 40_000, k % 25 == 0, content(k)) for k in range(60)]
    take.feed([VIDEO, sound, *samples])
    take.feed([Sample("audio", k * 21_333, k * 21_333, True, content(k)) for k in range(60)])
    assert evening.channel.shelf.next_number == 0
    assert take.tally.kbps() == 0
    assert (take.level().level_db, take._held, take._air) == (-90.0, [], None)
    status = evening.channel.status()
    assert (status["source"], status["video"], status["audio"]) == ("rtmp", None, None)
    assert status["warnings"] == []
    await evening.channel.stop()
    assert [row["code"] for row in read_lines(tmp_path / "events.jsonl")] == ["secret"]
    assert holds(tmp_path, 0, 60) == []


def cue(name: str, start: float, rev: int = 0) -> dict[str, Any]:
    """Return what hearing says of a sentence of one second."""
    word = f"parola-{name}"
    row = {"id": name, "rev": rev, "start": start, "end": start + 1, "lines": [word]}
    return {"type": "cue", **row, "final": True, "words": [[word, start, start + 1]]}


async def test_words_of_the_secret_are_withdrawn_everywhere(tmp_path: Path) -> None:
    """Pages, those who come later, downloads, the file; and words still queued for a slow page."""
    evening = Evening(tmp_path)
    evening.publish(12)
    one = evening.channel
    slow = one.hub.subscribe(is_regia=False)
    await slow.next()
    for said in (cue("c1", 0.5), cue("c2", 1.2), cue("c2", 1.2, rev=1), cue("c3", 2.4)):
        one._said(said)
    one._said({"type": "partial", "start": 2.4, "end": 2.9, "text": "parola-mezza"})
    await evening.secret(at(2.0))
    one._said(cue("c4", 0.1))  # the last words of a process that is being killed
    told = (await slow.next()).decode()
    assert "parola-c1" in told
    assert not any(word in told for word in ("parola-c2", "parola-c3", "parola-mezza"))
    assert '"id":"0.c2","rev":2' in told
    assert '"text":""' in told
    late = (await one.hub.subscribe(is_regia=False).next()).decode()
    assert "parola-c1" in late
    assert "parola-c2" not in late
    assert [held.lines for held in one.cues.all()] == [("parola-c1",)]
    await one.stop()
    assert [row["id"] for row in read_lines(tmp_path / "cues.jsonl")] == ["0.c1"]
    again = evening.again(replace(SPEC, secret_since=at(2.0)))
    assert (
        "parola-c1" in (await again.hub.subscribe(is_regia=False, last_event_id=6).next()).decode()
    )
    await again.stop()


async def test_a_reader_whose_greeting_held_secret_words_is_sent_back(tmp_path: Path) -> None:
    evening = Evening(tmp_path)
    evening.publish(12)
    evening.channel._said(cue("c3", 2.4))
    late = evening.channel.hub.subscribe(is_regia=False)
    await evening.secret(at(2.0))
    assert b"parola" not in await late.next()
    assert late.is_lost
    await evening.channel.stop()


async def test_hearing_is_killed_with_all_it_was_told(tmp_path: Path) -> None:
    """What it read, what waits in the pipe, and what was kept to be said again."""
    ears = Ears(
        {},
        on_message=lambda message: None,
        on_death=lambda status: None,
        command=(sys.executable, "-c", "import time; time.sleep(60)"),
    )
    async with asyncio.timeout(10):
        while not ears.is_alive:
            await asyncio.sleep(0)
    ears.hear(0, b"\1\2" * 500_000)
    pid = ears.pid
    assert pid
    ears.kill()
    async with asyncio.timeout(1):
        await ears.stop()
    assert not ears.is_alive
    assert not ears._kept
    assert not Path(f"/proc/{pid}/cmdline").exists()


async def test_what_waits_for_a_stuck_disk_never_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts that were queued before the key and hold its moment are dropped, not written."""
    evening = Evening(tmp_path)
    written: list[bytes] = []
    stuck = threading.Event()
    write = recorder_module._write_all

    def slow(fd: int, data: bytes) -> None:
        stuck.wait(10)
        written.append(data)
        write(fd, data)

    monkeypatch.setattr(recorder_module, "_write_all", slow)
    evening.publish(10)
    cutting = asyncio.create_task(evening.secret(at(2.3)))
    while not evening.channel.is_secret:
        await asyncio.sleep(0)
    stuck.set()
    await cutting
    assert part(7) in written
    assert part(9) not in written
    assert holds(tmp_path, 0, 10) == list(range(9))
    await evening.channel.stop()


def recorded(folder: Path) -> Cut:
    """Record two segments and an open one, with captions; return the cut of the last 1.25 s."""
    folder.mkdir()
    recorder = Recorder(
        folder,
        last_link="",
        on_state=lambda *state: None,
        on_sealed=lambda record: None,
        ballast_bytes=0,
    )
    recorder.init(TAKE, init_segment(VIDEO, None))
    for k in range(10):
        recorder.part(k // 4, part(k))
        if k % 4 == 3:
            wall = at(k // 4).isoformat()
            recorder.seal(k // 4, take=1, start=float(k // 4), duration=1.0, wall=wall)
    for name, start in (("1", 0.0), ("2", 1.0)):
        row = {"id": name, "rev": 0, "start": start, "end": start + 1, "lines": [name]}
        recorder.line("cues.jsonl", {**row, "final": True})
    recorder.close()
    short = Short(1, at(1).isoformat(), len(part(4)))
    return Cut(at(1.3).isoformat(), 1.25, 2, 3, short)


STEPS = [
    *(("append", nth) for nth in (2, 3)),  # of the journal, of the cut's end
    *(("_number", nth) for nth in (1, 2, 3, 4)),  # among the files
    *(("sync_folder", nth) for nth in (1, 2)),
    *((step, 1) for step in ("_shorten", "_withdraw_segments", "write_atomically")),
]


@pytest.mark.parametrize(("step", "nth"), STEPS)
def test_a_death_at_any_step_is_made_good_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, nth: int
) -> None:
    """Before or after each thing the cut does; the same state as if nothing had happened."""
    folder = tmp_path / "s1"
    cut = recorded(folder)
    calls = iter(range(1, 99))
    real: Callable[..., Any] = getattr(module, step)

    def dies(*arguments: Any, **named: Any) -> Any:
        if next(calls) == nth:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(module, step, dies)
        with pytest.raises(KeyboardInterrupt):
            carry_out(folder, cut, part(4), is_new=True)
    records = settle(folder, [at(1.3)])
    assert holds(folder, 0, 10) == [0, 1, 2, 3, 4]
    assert [(r.n, r.start, r.duration) for r in records] == [(0, 0.0, 1.0), (1, 1.0, 0.25)]
    assert [row["id"] for row in read_lines(folder / "cues.jsonl")] == ["1"]
    assert chain_holds(folder)
    assert read_cuts(folder).pending == ()
    assert read_cuts(folder).next_number == 3
    assert settle(folder, [at(1.3)]) == records


def test_a_cut_that_was_not_written_down_takes_rather_too_much(tmp_path: Path) -> None:
    """Dates of the journal are half a second loose: the part before the moment goes too."""
    folder = tmp_path / "s1"
    recorded(folder)
    records = settle(folder, [at(1.3)])
    assert holds(folder, 0, 10) == [0, 1]
    assert [(r.n, r.duration) for r in records] == [(0, 0.5)]
    assert read_cuts(folder).next_number == 3
    assert chain_holds(folder)


def test_a_full_disk_does_not_keep_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Media goes even when the cut cannot be written down first."""
    folder = tmp_path / "s1"
    cut = recorded(folder)

    def full(*arguments: Any, **named: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, "append", full)
    with pytest.raises(OSError, match="No space"):
        carry_out(folder, cut, part(4), is_new=True)
    assert holds(folder, 0, 10) == [0, 1, 2, 3, 4]


def test_a_torn_line_of_the_cuts_hides_none(tmp_path: Path) -> None:
    folder = tmp_path / "s1"
    carry_out(folder, recorded(folder), part(4), is_new=True)
    with (folder / "cuts.jsonl").open("ab") as file:
        file.write(b'{"since": "2026')
    settle(folder, [at(1.3), at(0.4)])
    assert holds(folder, 0, 10) == []
    assert read_cuts(folder).sinces == {at(1.3), at(0.4)}
    assert all(json.loads(line) for line in (folder / "cuts.jsonl").read_text().splitlines())


async def test_who_had_a_microphone_on_in_secret_is_withdrawn(tmp_path: Path) -> None:
    """Whatever the file holds: a line whose time cannot be read goes too."""
    evening = Evening(tmp_path)
    evening.publish(12)
    lines = [{"at": at(seconds).isoformat(), "seat": "12", "on": True} for seconds in (1.0, 2.5)]
    text = "".join(json.dumps(line) + "\n" for line in (*lines, {"seat": "13"}))
    (tmp_path / "microphones.jsonl").write_text(text)
    await evening.secret(at(2.0))
    await evening.channel.stop()
    assert read_lines(tmp_path / "microphones.jsonl") == lines[:1]
