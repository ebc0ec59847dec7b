"""Kill the studio at random moments of a sitting: what is lost, and when it plays again.

Media lost is what the encoder had sent and the disk does not hold: the push is in real
time, so it is the end of what was published at the kill, the time since, and the part that
may be held back unpublished, against the end of what was recovered: an upper bound.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from rig import Rig, make_clip, wait_for

from arengo.live.studio.recorder import recover

HELD_S = 0.32  # at most a part and a picture are received and not yet published
KILLS = int(os.environ.get("BENCH_KILLS", "50"))


def main() -> None:
    """Kill, recover, compare, again and again in the same sitting."""
    figures = Figures()
    chance = random.Random(7)
    lost: list[float] = []
    back: list[float] = []
    unreadable = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = make_clip(folder / "hall.mp4", seconds=30)
        rig = Rig(folder)
        key = rig.sitting()
        for _ in range(KILLS):
            started = time.monotonic()
            end_before = _end(rig)
            rig.start()
            with rig.encoder(clip, key):
                wait_for(lambda e=end_before: _live_end(rig) > e, "no playable part")
                back.append(time.monotonic() - started)
                time.sleep(chance.uniform(0.5, 3.0))
                ahead = _live_end(rig)
                seen = time.monotonic()
                rig.kill()
                sent = ahead + (time.monotonic() - seen) + HELD_S
            lost.append(max(0.0, sent - _end(rig)))
        unreadable = sum(not _plays(rig, take) for take in _takes(rig))
        takes = len(_takes(rig))
    figures.add("crash.kills", KILLS, "count", "-")
    figures.add("crash.takes", takes, "count", "-")
    figures.add("crash.lost_max", max(lost), "s", "<=0.5")
    figures.add("crash.lost_mean", sum(lost) / len(lost), "s", "-")
    figures.add("crash.unreadable_takes", unreadable, "count", "==0")
    figures.add("crash.first_part_max", max(back), "s", "<=3")
    figures.finish()


def _live_end(rig: Rig) -> float:
    """Return the sitting time that the playlist shows: whole segments and parts."""
    status, body = rig.get("/media/prova/live.m3u8")
    if status != 200:
        return 0.0
    segments = {row["n"]: row["start"] + row["duration"] for row in rig.rows("segments.jsonl")}
    number, total, parts = -1, max(segments.values(), default=0.0), 0.0
    for line in body.decode().splitlines():
        if line.startswith("#EXT-X-PART:"):
            parts += float(line.partition("DURATION=")[2].partition(",")[0])
        elif line.endswith(".m4s"):
            number, parts = int(line.partition(".")[0]), 0.0
    return max(total, float(segments.get(number, total))) + parts


def _end(rig: Rig) -> float:
    """Recover as a new studio would and return where the recording ends."""
    records = recover(rig.folder())
    return max((record.start + record.duration for record in records), default=0.0)


def _takes(rig: Rig) -> list[int]:
    return sorted({int(row["take"]) for row in rig.rows("segments.jsonl")})


def _plays(rig: Rig, take: int) -> bool:
    """Return whether FFmpeg decodes the whole take without an error."""
    media = rig.folder() / "media"
    numbers = [row["n"] for row in rig.rows("segments.jsonl") if row["take"] == take]
    whole = media.parent / "take.mp4"
    pieces = [media / f"init-{take}.mp4", *(media / f"{n}.m4s" for n in numbers)]
    whole.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    run = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(whole), "-f", "null", "-"],
        capture_output=True,
        check=False,
    )
    return run.returncode == 0 and not run.stderr


if __name__ == "__main__":
    main()
