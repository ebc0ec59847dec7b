"""Six hours of a sitting, hurried: does a process grow, do captions drift?

A ten-minute loop (speech of the demo clip, then a hall at rest) goes through the real studio and
the real recogniser as one RTMP push whose clock runs on for six hours. Memory is compared from the
end of the first hour to the end; a caption of the same words must come at the same place in each loop.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from rig import Rig, children, wait_for

from arengo.config import load
from arengo.live.demo.reference import CLIP

HOURS = float(os.environ.get("BENCH_HOURS", "6"))
SPEED = float(os.environ.get("BENCH_SPEED", "40"))
LOOP_S = 600
SPEECH_S = 20
FROM_S = 60  # where in the clip the speech is taken
DRIFT_S = 0.04  # one picture


def make_loop(path: Path) -> None:
    """Make the loop: a small picture, twenty seconds of speech, then the quiet of a hall."""
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-loglevel", "error", "-y"),
            *("-f", "lavfi", "-i", f"testsrc2=size=160x90:rate=5:duration={LOOP_S}"),
            *("-ss", str(FROM_S), "-t", str(SPEECH_S), "-i", str(CLIP)),
            *("-f", "lavfi", "-i", f"anoisesrc=color=pink:amplitude=0.002:duration={LOOP_S}"),
            *("-filter_complex", "[1:a]apad[s];[s][2:a]amix=duration=shortest:normalize=0[a]"),
            *("-map", "0:v", "-map", "[a]", "-t", str(LOOP_S), "-ac", "1", "-ar", "48000"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"),
            *("-bf", "0", "-c:a", "aac", "-b:a", "48k", str(path)),
        ],
        check=True,
    )


def rss_mb(pid: int) -> float:
    """Return the resident memory of a process, MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def push(loop: Path, url: str, after_hour: Any) -> None:
    """Send the loop again and again on one running clock; `after_hour(k)` at each hour."""
    began = time.monotonic()
    hour = 0
    with av.open(url, "w", format="flv") as sink:
        for turn in range(round(HOURS * 3600 / LOOP_S)):
            with av.open(str(loop)) as source:
                _send_loop(source, sink, turn, began)
            if (turn + 1) * LOOP_S // 3600 > hour:
                hour += 1
                after_hour(hour)


def _send_loop(source: Any, sink: Any, turn: int, began: float) -> None:
    streams = [source.streams.video[0], source.streams.audio[0]]
    if not sink.streams:
        for stream in streams:
            sink.add_stream_from_template(stream)
    for packet in source.demux(streams):
        if packet.dts is None or float(packet.dts * packet.time_base) >= LOOP_S:
            continue
        shift = int(turn * LOOP_S / packet.time_base)
        at = float(packet.dts * packet.time_base) + turn * LOOP_S
        packet.dts += shift
        packet.pts += shift
        packet.stream = sink.streams[packet.stream.index]
        left = began + at / SPEED - time.monotonic()
        if left > 0.005:
            time.sleep(left)
        sink.mux(packet)


def drift_s(rows: list[dict[str, Any]]) -> tuple[float, int]:
    """Return how far captions moved from the first third of the loops to the last, and the loops.

    One loop's first caption wanders by a tenth of a second with the recogniser's mood; a clock
    that drifts moves them all.
    """
    newest = {row["id"]: row for row in rows}
    firsts: dict[int, float] = {}
    for row in newest.values():
        if row["lines"]:
            loop, at = divmod(row["start"], LOOP_S)
            firsts[int(loop)] = min(at, firsts.get(int(loop), at))
    places = [firsts[loop] for loop in sorted(firsts)]
    third = max(1, len(places) // 3)
    if len(places) < 3:
        return 99.0, len(places)
    return abs(statistics.median(places[-third:]) - statistics.median(places[:third])), len(places)


def main() -> None:
    """Push, watch memory, compare times."""
    figures = Figures()
    memory: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_loop(folder / "loop.mp4")
        rig = Rig(folder, hearing=True, models=load().models)
        key = rig.sitting()
        rig.start()
        assert rig.process
        pid = rig.process.pid

        def look(hour: int) -> None:
            hearing = sum(rss_mb(child) for child in children(pid))
            memory[hour] = {"studio": rss_mb(pid), "hearing": hearing}
            print(f"# hour {hour}: {memory[hour]}", flush=True)

        push(folder / "loop.mp4", rig.url(key), look)
        wait_for(
            lambda: len(rig.rows("segments.jsonl")) > HOURS * 3600 * 0.4, "segments", timeout_s=60
        )
        time.sleep(20)
        rows = rig.rows("cues.jsonl")
        took = sum(row["duration"] for row in rig.rows("segments.jsonl"))
        rig.stop()
    last = max(memory)
    for process in ("studio", "hearing"):
        growth = 100 * (memory[last][process] / memory[1][process] - 1)
        figures.add(f"soak.{process}_mb", memory[last][process], "MB", "-")
        figures.add(f"soak.{process}_growth", growth, "%", "<5")
    drift, loops = drift_s(rows)
    figures.add("soak.recorded", took / 3600, "h", "-")
    figures.add("soak.loops_heard", loops, "loops", "-")
    figures.add("soak.caption_drift", drift, "s", f"<={DRIFT_S}")
    figures.finish()


if __name__ == "__main__":
    main()
