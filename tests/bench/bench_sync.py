"""In Chromium, in *sincronizzata*: are the captions shown on the frames of their words?

The demo clip is pushed in real time and heard by the real recogniser. Five times a second the
bench reads the frame number drawn in the picture and the caption on it. Right: the caption's own
time holds that frame (within two frames). Shown: where the final captions have text, some is shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from town import READ_FRAME, Town, browser_page

from arengo.config import load
from arengo.live.demo.reference import CLIP, load_reference

SECONDS = float(os.environ.get("BENCH_SECONDS", "120"))
FRAME_S = 0.04
TOLERANCE_S = 2 * FRAME_S
SHOWN = """
() => {
  const video = document.getElementById('video');
  const found = [];
  for (const track of video.textTracks) {
    if (track.mode !== 'showing') continue;
    for (const cue of track.activeCues || []) found.push({id: cue.id, text: cue.text});
  }
  return found;
}
"""


def sample(page: Any, code: dict[str, Any], seconds: float) -> list[tuple[int, list[Any]]]:
    """Return (frame, captions shown) five times a second, once playback has settled."""
    found = []
    end = time.monotonic() + seconds
    both = f"(code) => [({READ_FRAME})(code), ({SHOWN})()]"
    while time.monotonic() < end:
        frame, shown = page.evaluate(both, code)
        if frame is not None:
            found.append((frame, shown))
        time.sleep(0.2)
    return found


def final_cues(town: Town) -> list[dict[str, Any]]:
    """Return the last revision of every caption that kept its text."""
    newest = {row["id"]: row for row in town.rows("cues.jsonl")}
    return [row for row in newest.values() if row["lines"]]


def main() -> None:
    """Run the sitting and look."""
    figures = Figures()
    code = barcode_for_page(load_reference().barcode)
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name), load().models)
        town.start()
        push = subprocess.Popen(
            [sys.executable, "-m", "arengo.live.demo.push", str(CLIP)],
            env={**os.environ, "ARENGO_PUSH_URL": town.rtmp},
        )
        try:
            with browser_page() as page:
                page.goto(town.page)
                page.wait_for_function(
                    "() => document.getElementById('video').currentTime > 8", timeout=60_000
                )
                seen = sample(page, code, SECONDS)
            time.sleep(20)
        finally:
            push.kill()
            push.wait()
            town.stop()
        cues = final_cues(town)
        revisions: dict[str, list[dict[str, Any]]] = {}
        for row in town.rows("cues.jsonl"):
            revisions.setdefault(row["id"], []).append(row)
    judge(figures, seen, cues, revisions)
    figures.finish()


def barcode_for_page(barcode: Any) -> dict[str, Any]:
    """Return the bar code's geometry as the page wants it."""
    names = ("x", "y", "block_w", "block_h", "bits", "guard", "width")
    return {name: getattr(barcode, name) for name in names}


def judge(
    figures: Figures,
    seen: list[tuple[int, list[Any]]],
    cues: list[dict[str, Any]],
    revisions: dict[str, list[dict[str, Any]]],
) -> None:
    """Count captions on the right frame, and frames with words but no caption."""
    shown_right = shown_wrong = due = missing = 0
    for frame, shown in seen:
        at = frame * FRAME_S
        for caption in shown:
            rows = revisions.get(re.sub(r"^cue-", "", caption["id"]), [])
            fits = any(r["start"] - TOLERANCE_S <= at <= r["end"] + TOLERANCE_S for r in rows)
            shown_right += fits
            shown_wrong += not fits
        if any(c["start"] + TOLERANCE_S <= at <= c["end"] - TOLERANCE_S for c in cues):
            due += 1
            missing += not shown
    figures.add("sync.samples", len(seen), "frames", "-")
    figures.add("sync.wrong_frame", shown_wrong, "captions", "-")
    figures.add(
        "sync.right_frame", 100 * shown_right / max(1, shown_right + shown_wrong), "%", ">=100"
    )
    figures.add("sync.shown", 100 * (due - missing) / max(1, due), "%", ">=99")


if __name__ == "__main__":
    main()
