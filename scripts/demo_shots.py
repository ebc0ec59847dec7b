"""Save pictures of the real demonstration sitting, live and closed, to `docs/screenshots/demo-*.png`.

    python scripts/demo_shots.py

Everything is real: the clip is pushed over RTMP, heard, recorded and published; nothing is staged.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "support")]

from town import Town, browser_page  # noqa: E402 - found by the line above

from arengo.config import load  # noqa: E402
from arengo.live.demo.reference import CLIP  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
SPOKEN_S = 75  # by then the debate has begun


def shoot(page: Any, url: str, name: str, *, wait_s: float, full: bool = True) -> None:
    """Open an address, let it play, save what is seen."""
    page.goto(url)
    time.sleep(wait_s)
    page.screenshot(path=OUT / f"demo-{name}.png", full_page=full)
    print(name)


def sign_in(page: Any, town: Town) -> str:
    """Enter as the demonstration's operator and return the regia's address."""
    regia = f"/regia/{town.facts['slug']}/{town.facts['uid']}/"
    page.goto(f"{town.door}/accedi/?next={regia}")
    page.fill("[name=username]", town.facts["email"])
    page.fill("[name=password]", town.facts["password"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return town.door + regia


def main() -> None:
    """Play the sitting and take the pictures."""
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name), load().models)
        town.start()
        push = subprocess.Popen(
            [sys.executable, "-m", "arengo.live.demo.push", str(CLIP)],
            env={**os.environ, "ARENGO_PUSH_URL": town.rtmp},
        )
        try:
            time.sleep(SPOKEN_S)
            with browser_page(1440, 900) as page:
                shoot(page, town.page, "live-1440", wait_s=14)
                shoot(page, f"{town.page}sottotitoli/", "captions-1440", wait_s=8, full=False)
                shoot(page, sign_in(page, town), "regia-1440", wait_s=6)
            with browser_page(320, 640) as page:
                shoot(page, town.page, "live-320", wait_s=12)
            push.kill()
            push.wait()
            town.close_sitting()
            time.sleep(8)
            with browser_page(1440, 900) as page:
                shoot(page, town.page, "closed-1440", wait_s=4)
        finally:
            push.kill()
            town.stop()


if __name__ == "__main__":
    main()
