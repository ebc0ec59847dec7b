"""CPU of ingest, recording, packaging and sound for the recogniser, against FFmpeg's own copy.

Both take the same 720p push of 2.6 Mbit/s in real time, together, and write fragmented
MP4 with a playlist; FFmpeg also tees 16 kHz PCM. What counts is processor time, so a
loaded machine changes the result little. The studio's idle second is in its figure too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from rig import Rig, cpu_s, free_port, wait_for

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))


def make_hall(path: Path) -> None:
    """Encode 720p at 2.6 Mbit/s, a key frame a second, AAC at 128 kbit/s."""
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi"),
            *("-i", f"testsrc2=size=1280x720:rate=25:duration={SECONDS}", "-f", "lavfi"),
            *("-i", f"anoisesrc=amplitude=0.1:sample_rate=48000:duration={SECONDS}"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"),
            *("-b:v", "2500k", "-minrate", "2500k", "-maxrate", "2500k", "-bufsize", "2500k"),
            *("-x264-params", "nal-hrd=cbr:force-cfr=1", "-c:a", "aac", "-b:a", "128k", str(path)),
        ],
        check=True,
    )


def ffmpeg_rival(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start FFmpeg as an RTMP server that copies to fMP4 HLS and tees PCM."""
    folder.mkdir()
    return subprocess.Popen(
        [
            *("ffmpeg", "-nostdin", "-y", "-loglevel", "error", "-listen", "1"),
            *("-i", f"rtmp://127.0.0.1:{port}/live/key"),
            *("-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_segment_type", "fmp4"),
            *("-hls_list_size", "0", str(folder / "live.m3u8")),
            *("-map", "0:a", "-ac", "1", "-ar", "16000", "-f", "s16le", "/dev/null"),
        ]
    )


def push(clip: Path, url: str) -> None:
    """Send the clip in real time."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-i", str(clip)]
    subprocess.run([*command, "-c", "copy", "-f", "flv", url], check=False)


def main() -> None:
    """Measure both and compare."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_hall(folder / "hall.mp4")
        rig = Rig(folder)
        key = rig.sitting()
        rig.start()
        assert rig.process
        port = free_port()
        rival = ffmpeg_rival(folder / "rival", port)
        time.sleep(1)
        before = cpu_s(rig.process.pid)
        urls = (rig.url(key), f"rtmp://127.0.0.1:{port}/live/key")
        pushes = [threading.Thread(target=push, args=(folder / "hall.mp4", url)) for url in urls]
        for thread in pushes:
            thread.start()
        for thread in pushes:
            thread.join()
        _, _, usage = os.wait4(rival.pid, 0)
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= SECONDS - 2, "segments missing")
        ours = cpu_s(rig.process.pid) - before
        rig.stop()
    theirs = usage.ru_utime + usage.ru_stime
    figures.add("ingest.arengo_cpu", 100 * ours / SECONDS, "%core", "-")
    figures.add("ingest.ffmpeg_cpu", 100 * theirs / SECONDS, "%core", "-")
    figures.add("ingest.ratio", ours / theirs, "x", "<=1.0")
    figures.finish()


if __name__ == "__main__":
    main()
