"""Record first: what is on disk after a clean end, a kill, a full disk."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from arengo.live.engine.fmp4 import Run, RunSample, fragment, init_segment
from arengo.live.engine.media import VideoConfig
from arengo.live.studio import recorder as module
from arengo.live.studio.recorder import (
    Recorder,
    SegmentRecord,
    TakeRecord,
    chained,
    read_lines,
    recover,
)

VIDEO = VideoConfig(
    bytes.fromhex("0142c01effe1000467420000010004 68ce3c80".replace(" ", "")), 64, 48
)
TAKE = TakeRecord(1, "rtmp", 0.0, VIDEO, None)
QUARTER_S = 22_500  # ticks of 90 kHz


def part(k: int) -> bytes:
    """Return the k-th quarter of a second of a picture."""
    sample = RunSample(duration=QUARTER_S, is_key=k % 4 == 0, composition_offset=0, data=b"x" * 900)
    return fragment(k + 1, video=Run(k * QUARTER_S, (sample,)))


def start(folder: Path, states: list[tuple[bool, str]], *, ballast: int = 0) -> Recorder:
    """Return a recorder at work."""
    return Recorder(
        folder,
        last_link="",
        on_state=lambda *state: states.append(state),
        on_sealed=lambda record: None,
        ballast_bytes=ballast,
    )


def record(recorder: Recorder, segments: int, *, seal_last: bool = True) -> None:
    """Record segments of four parts each."""
    recorder.init(TAKE, init_segment(VIDEO, None))
    for n in range(segments):
        for k in range(4):
            recorder.part(n, part(4 * n + k))
        if seal_last or n < segments - 1:
            wall = f"2026-11-24T20:30:{n:02d}.000+00:00"
            recorder.seal(n, take=1, start=float(n), duration=1.0, wall=wall)


def test_segments_are_files_and_the_journal_is_a_chain(tmp_path: Path) -> None:
    """Each segment has its line with its own sha256 and the link of the line before."""
    recorder = start(tmp_path, [])
    record(recorder, 3)
    recorder.close()
    records = [SegmentRecord(**row) for row in read_lines(tmp_path / "segments.jsonl")]
    assert [r.n for r in records] == [0, 1, 2]
    assert [r.previous for r in records] == ["", chained(records[0]), chained(records[1])]
    assert (tmp_path / "media/1.m4s").read_bytes() == b"".join(part(k) for k in range(4, 8))


def test_a_killed_studio_loses_only_the_part_it_had_not_written(tmp_path: Path) -> None:
    """A torn part and a torn line are cut off, and the unsealed segment gets its line."""
    recorder = start(tmp_path, [])
    record(recorder, 2, seal_last=False)
    recorder.close()
    torn = tmp_path / "media/1.m4s"
    torn.write_bytes(torn.read_bytes()[:-10])
    with (tmp_path / "segments.jsonl").open("ab") as journal:
        journal.write(b'{"n":7,"ta')

    records = recover(tmp_path)

    assert [(r.n, r.start, r.duration) for r in records] == [(0, 0.0, 1.0), (1, 1.0, 0.75)]
    assert torn.read_bytes() == b"".join(part(k) for k in range(4, 7))
    assert recover(tmp_path) == records


def test_recovering_nothing_finds_nothing(tmp_path: Path) -> None:
    """A sitting never recorded has no segments, and a stray file does not make one."""
    assert recover(tmp_path) == []
    (tmp_path / "media").mkdir()
    (tmp_path / "media/0.m4s").write_bytes(b"not a video")
    assert recover(tmp_path) == []


def test_a_full_disk_first_uses_the_ballast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first "no space left" the reserve goes, and nothing is lost."""
    states: list[tuple[bool, str]] = []
    full_once = fail_writes(monkeypatch, times=1)
    recorder = start(tmp_path, states, ballast=4096)
    record(recorder, 2)
    recorder.close()
    assert full_once == []
    assert states == []
    assert not (tmp_path / "ballast").exists()
    assert len(read_lines(tmp_path / "segments.jsonl")) == 2


def test_a_full_disk_stops_the_recording_and_says_so_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken segment has no line, the next ones are recorded again."""
    states: list[tuple[bool, str]] = []
    fail_writes(monkeypatch, times=1)
    recorder = start(tmp_path, states)
    record(recorder, 3)
    recorder.close()
    assert [is_writing for is_writing, _ in states] == [False, True]
    assert [row["n"] for row in read_lines(tmp_path / "segments.jsonl")] == [1, 2]


def fail_writes(monkeypatch: pytest.MonkeyPatch, *, times: int) -> list[int]:
    """Make the first writes of media parts fail as a full disk does."""
    left = list(range(times))
    write = os.write

    def full(fd: int, data: bytes) -> int:
        if left and bytes(data[4:8]) == b"moof":
            left.pop()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(fd, data)

    monkeypatch.setattr(os, "write", full)
    return left


def test_takes_are_written_before_their_segments(tmp_path: Path) -> None:
    """After a crash the codec of every segment on disk is known."""
    recorder = start(tmp_path, [])
    record(recorder, 1)
    recorder.close()
    rows = [json.loads(line) for line in (tmp_path / "takes.jsonl").read_text().splitlines()]
    assert rows[0]["video"] == [VIDEO.avcc.hex(), 64, 48]
    assert module.read_takes(tmp_path) == [TAKE]


def refuse(monkeypatch: pytest.MonkeyPatch, starts_with: bytes, *, times: int) -> None:
    """Make the first writes that begin so fail as a full disk does."""
    left = list(range(times))
    write = os.write

    def full(fd: int, data: bytes) -> int:
        if left and bytes(data[: len(starts_with)]) == starts_with:
            left.pop()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(fd, data)

    monkeypatch.setattr(os, "write", full)


@pytest.mark.parametrize("ballast", [0, 4096])
def test_a_journal_line_refused_by_a_full_disk_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ballast: int
) -> None:
    """The segment is safe, so its line comes, in order and in the chain."""
    refuse(monkeypatch, b'{"n":1,', times=1)
    recorder = start(tmp_path, [], ballast=ballast)
    record(recorder, 3)
    recorder.close()
    records = [SegmentRecord(**row) for row in read_lines(tmp_path / "segments.jsonl")]
    assert [r.n for r in records] == [0, 1, 2]
    assert [r.previous for r in records[1:]] == [chained(records[0]), chained(records[1])]
    assert recover(tmp_path) == records


def test_a_segment_without_its_first_part_is_not_passed_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not even be opened has no line, whatever came after it."""
    opener = os.open

    def full(path: Path, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith("/1.m4s") and not tripped:
            tripped.append(1)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opener(path, flags, mode)

    tripped: list[int] = []
    monkeypatch.setattr(os, "open", full)
    recorder = start(tmp_path, [])
    record(recorder, 3)
    recorder.close()
    assert [row["n"] for row in read_lines(tmp_path / "segments.jsonl")] == [0, 2]


def test_a_damaged_segment_is_kept_aside_and_stops_nothing(tmp_path: Path) -> None:
    """Zeros after a power cut are no video: the file gets another name, the rest is recovered."""
    recorder = start(tmp_path, [])
    record(recorder, 2)
    recorder.close()
    size = len(part(8)).to_bytes(4, "big")
    (tmp_path / "media/2.m4s").write_bytes(size + b"moof" + bytes(len(part(8)) - 8))
    (tmp_path / "media/notes.m4s").write_bytes(b"a stray file")
    assert [r.n for r in recover(tmp_path)] == [0, 1]
    assert (tmp_path / "media/2.incomplete").exists()


def test_several_unsealed_segments_find_their_takes(tmp_path: Path) -> None:
    """Each is given to the last take that had begun."""
    recorder = start(tmp_path, [])
    record(recorder, 1)
    recorder.part(1, part(4))
    recorder.init(TakeRecord(2, "rtmp", 1.25, VIDEO, None), init_segment(VIDEO, None))
    recorder.part(2, part(5))
    recorder.close()
    assert [(r.n, r.take, r.start) for r in recover(tmp_path)] == [
        (0, 1, 0.0),
        (1, 1, 1.0),
        (2, 2, 1.25),
    ]
