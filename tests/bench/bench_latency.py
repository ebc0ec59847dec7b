"""Glass to glass in low latency, in Chromium: how old is the picture on the screen?

The clip's frames carry their number; the pusher says when it sent the first one. What is read
from the screen at a moment was sent `frame / 25` seconds after that. A camera and its encoder add
their own 0.1 to 0.5 s. The recogniser is off: this is the transport, on a machine that also plays.
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

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from bench_sync import barcode_for_page
from figures import Figures
from rig import wait_for
from town import READ_FRAME, Town, browser_page

from arengo.config import load
from arengo.live.demo.reference import CLIP, load_reference

SECONDS = float(os.environ.get("BENCH_SECONDS", "40"))
FPS = 25
SETTLE_S = 15.0


def start_push(town: Town) -> tuple[subprocess.Popen[bytes], float]:
    """Start the pusher and return it with the wall time of its first picture."""
    started = town.data / "push-started"
    started.unlink(missing_ok=True)
    push = subprocess.Popen(
        [sys.executable, "-m", "arengo.live.demo.push", str(CLIP)],
        env={
            **os.environ,
            "ARENGO_PUSH_URL": town.rtmp,
            "ARENGO_PUSH_STARTED": str(started),
        },
    )
    wait_for(lambda: started.exists() and started.read_text(), "the push does not start")
    return push, float(started.read_text())


def measure(page: Any, code: dict[str, Any], began: float) -> list[float]:
    """Return the age of the picture on the screen, five times a second."""
    found = []
    end = time.monotonic() + SECONDS
    script = f"(code) => [({READ_FRAME})(code), Date.now() / 1000]"
    while time.monotonic() < end:
        frame, now = page.evaluate(script, code)
        if frame is not None:
            found.append(now - began - frame / FPS)
        time.sleep(0.2)
    return found


def main() -> None:
    """Play in low latency and measure."""
    figures = Figures()
    code = barcode_for_page(load_reference().barcode)
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name), load().models, hears=False)
        town.start()
        push, began = start_push(town)
        try:
            with browser_page() as page:
                page.goto(town.page)
                page.wait_for_function("() => document.getElementById('video').currentTime > 0")
                page.select_option("#mode", "low")
                time.sleep(SETTLE_S)
                ages = sorted(measure(page, code, began))
        finally:
            push.kill()
            push.wait()
            town.stop()
    figures.add("latency.samples", len(ages), "frames", "-")
    figures.add("latency.median", statistics.median(ages), "s", "<=2.0")
    figures.add("latency.p95", ages[int(len(ages) * 0.95)], "s", "-")
    figures.finish()


if __name__ == "__main__":
    main()
