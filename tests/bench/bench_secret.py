"""The red key: how long until the last byte of media reaches a citizen, and what is left after.

A viewer follows the sitting through the door as a low-latency player does, and keeps asking when
it is told that there is nothing. What the encoder sent after the key is searched for in all that
the viewer got more than a second later, in every file, and in what the studio answers at every
address of that moment. What left in the milliseconds before the studio had seen the key is
`bytes_before_the_cut`.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from rig import Relay, Rig, free_port, make_clip, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = int(os.environ.get("BENCH_RUNS", "10"))
WATCH_S = 3.0  # how long the viewer goes on asking after the key
HINT = re.compile(r'HINT:TYPE=PART,URI="(\d+)\.(\d+)')


@dataclass
class Viewer:
    """Follows through the door; `got` is each body of media with the Unix time of its end."""

    door: Rig
    got: list[tuple[float, bytes]] = field(default_factory=list)
    is_over: bool = False

    def watch(self) -> None:
        """Ask for the next part, whatever the last answer was, until told to stop."""
        while not self.is_over:
            status, body = self.door.get("/media/prova/live.m3u8")
            found = HINT.search(body.decode()) if status == 200 else None
            if not found:
                time.sleep(0.05)
                continue
            number, part = found[1], found[2]
            self.door.get(f"/media/prova/live.m3u8?_HLS_msn={number}&_HLS_part={part}")
            for name in (f"{number}.{part}.m4s", f"{number}.m4s"):
                status, body = self.door.get(f"/media/prova/{name}")
                if status == 200:
                    self.got.append((time.time(), body))


@contextmanager
def door_of(rig: Rig) -> Iterator[Rig]:
    """Open a door in front of the studio."""
    port = free_port()
    environment = {**rig.environment(), "ARENGO_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "arengo.door"], env=environment)
    door = Rig(rig.data, http_port=port)
    wait_for(lambda: door.get("/studio/health")[0] == 200, "no door")
    try:
        yield door
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Run:
    """What one press of the key gave."""

    last_byte_s: float
    early: int
    left: int
    sought: int


def one_run(rig: Rig, door: Rig, relay: Relay, chance: random.Random) -> Run:
    """Press the key, go on watching, and search."""
    before = len(rig.rows("segments.jsonl"))
    wait_for(lambda: len(rig.rows("segments.jsonl")) >= before + 3, "not live")
    viewer = Viewer(door)
    following = threading.Thread(target=viewer.watch)
    following.start()
    time.sleep(1 + chance.random())
    pressed = time.time()
    since = datetime.fromtimestamp(pressed, UTC)
    rig.change(secret_since=since.isoformat())
    time.sleep(WATCH_S)
    viewer.is_over = True
    following.join(30)
    marks = relay.after(pressed)
    last = max((at for at, body in viewer.got if body), default=pressed)
    early = _left([body for at, body in viewer.got if at <= pressed + 1], marks)
    late = [body for at, body in viewer.got if at > pressed + 1]
    left = _left(late, marks) + _left(_files(rig), marks) + _left(_answers(rig), marks)
    past = [row["since"] for row in rig.rows("cuts.jsonl") if "first" in row]
    rig.change(secret_since=None, secret_past=past)
    return Run(max(0.0, last - pressed), early, left, len(marks))


def _left(bodies: Iterator[bytes] | list[bytes], marks: list[bytes]) -> int:
    return sum(len(mark) for body in bodies for mark in marks if mark in body)


def _files(rig: Rig) -> Iterator[bytes]:
    return (path.read_bytes() for path in list(rig.data.rglob("*")) if path.is_file())


def _answers(rig: Rig) -> Iterator[bytes]:
    last = rig.rows("cuts.jsonl")[-2]["next"]
    for n in range(max(0, last - 4), last + 3):
        for name in (f"{n}.m4s", *(f"{n}.{part}.m4s" for part in range(5))):
            yield rig.get(f"/media/prova/{name}")[1]


def main() -> None:
    """Press the key again and again in one sitting."""
    figures = Figures()
    chance = random.Random(7)
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound = "anoisesrc=sample_rate=48000:amplitude=0.3"
        clip = make_clip(folder / "hall.mp4", seconds=20 * RUNS + 20, sound=sound)
        rig = Rig(folder / "data")
        (rig.folder() / "ballast").mkdir(parents=True)  # nothing there to search through
        key = rig.sitting()
        rig.start()
        relay = Relay(rig.rtmp_port)
        try:
            with door_of(rig) as door, rig.encoder(clip, key, relay=relay):
                for _ in range(RUNS):
                    runs += [one_run(rig, door, relay, chance)]
        finally:
            relay.close()
            rig.stop()
    figures.add("secret.runs", RUNS, "count", "-")
    ages = [run.last_byte_s for run in runs]
    figures.add("secret.samples_sought", sum(run.sought for run in runs), "count", "-")
    figures.add("secret.last_byte_mean", sum(ages) / len(ages), "s", "-")
    figures.add("secret.last_byte", max(ages), "s", "<=1")
    early = sum(run.early for run in runs)
    figures.add("secret.bytes_before_the_cut", early, "bytes", "-")
    figures.add("secret.bytes_after", sum(run.left for run in runs), "bytes", "==0")
    figures.finish()


if __name__ == "__main__":
    main()
