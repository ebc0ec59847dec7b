"""The encoder is cut off for five seconds while Chromium plays five seconds behind.

The freeze is how much longer than usual the picture stood still, read ten times a second
from the player's clock, and from the frame number drawn in the picture.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import itertools

from bench_latency import start_push
from figures import Figures
from town import Town, browser_page

from arengo.config import load

OUTAGES = int(os.environ.get("BENCH_OUTAGES", "3"))
OUTAGE_S = 5.0
STEP_S = 0.05
WATCH = """
() => {
  const video = document.getElementById('video');
  const log = (window.__log = []);
  setInterval(() => log.push([performance.now() / 1000, video.currentTime, video.playbackRate]), 50);
}
"""


def freeze_s(log: list[list[float]]) -> float:
    """Return the longest time for which the player's clock did not move."""
    longest = still_since = 0.0
    for (_, before, _), (now, time_s, _) in itertools.pairwise(log):
        if time_s > before + 0.005:
            still_since = now
        elif still_since:
            longest = max(longest, now - still_since)
    return longest


def main() -> None:
    """Cut the encoder off, several times, in one sitting."""
    figures = Figures()
    freezes = []
    outages = []
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name), load().models, hears=False)
        town.start()
        asked = time.time()
        push, began = start_push(town)
        start_s = began - asked  # a program's start is no part of the outage
        try:
            with browser_page() as page:
                page.goto(town.page)
                page.wait_for_function("() => document.getElementById('video').currentTime > 2")
                page.evaluate(WATCH)
                for _ in range(OUTAGES):
                    _settle(page)
                    page.evaluate("() => { window.__log.length = 0; }")
                    behind = page.evaluate("() => window.arengo.player.latency")
                    push.kill()
                    push.wait()
                    cut = time.time()
                    time.sleep(OUTAGE_S - start_s)
                    push, began = start_push(town)
                    outages.append(began - cut)
                    time.sleep(8)
                    log = page.evaluate("() => window.__log")
                    freezes.append(freeze_s(log))
                    if os.environ.get("BENCH_DEBUG"):
                        Path(os.environ["BENCH_DEBUG"]).write_text(repr(log))
                    print(
                        f"# outage {outages[-1]:.2f} s, behind by {behind:.2f} s, freeze {freezes[-1]:.2f} s"
                    )
        finally:
            push.kill()
            push.wait()
            town.stop()
    figures.add("outage.count", OUTAGES, "outages", "-")
    figures.add("outage.length_max", max(outages), "s", "-")
    figures.add("outage.freeze_median", sorted(freezes)[len(freezes) // 2], "s", "-")
    figures.add("outage.freeze_max", max(freezes), "s", "<=0.5")
    figures.finish()


def _settle(page: Any) -> None:
    """Wait until the page plays at its hold-back again: normal speed for five seconds."""
    steady = 0
    end = time.monotonic() + 90
    while steady < 5 and time.monotonic() < end:
        rate = page.evaluate("() => document.getElementById('video').playbackRate")
        steady = steady + 1 if rate == 1 else 0
        time.sleep(1)


if __name__ == "__main__":
    main()
