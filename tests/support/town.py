"""A whole installation on free ports: every process, a sitting, a Chromium to look at it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright
from rig import children, free_port, wait_for

CHROMIUM = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream"),
    *("--use-fake-device-for-media-stream", "--disable-dev-shm-usage"),
]
PREPARE = """
import django, json
django.setup()
from arengo.live.rehearsal import prepare_demo
from arengo.live.demo.reference import ROLL, load_reference
from arengo.council.roll import read_roll
from arengo.live.operations import open_broadcast
demo = prepare_demo(roster=read_roll(ROLL.read_text(encoding="utf-8")), title=load_reference().title)
open_broadcast(comune=demo.comune, sitting=demo.sitting, by=None)
print(json.dumps({"uid": demo.sitting.uid, "slug": demo.comune.slug, "istat": demo.comune.pk,
    "key": demo.stream_key, "email": demo.email, "password": demo.password}))
"""
CLOSE = """
import django, sys
django.setup()
from arengo.kernel.access import get_comune
from arengo.kernel.scope import scope
from arengo.council.models import Sitting
from arengo.live.operations import close_broadcast
comune = get_comune("pero")
with scope(comune):
    sitting = Sitting.objects.get(uid=sys.argv[1])
close_broadcast(comune=comune, sitting=sitting, by=None)
"""


@dataclass
class Town:
    """An installation under `data`, with the models of the repository's own `var`."""

    data: Path
    models: Path
    hears: bool = True
    ports: dict[str, int] = field(
        default_factory=lambda: {
            name: free_port()
            for name in (
                "ARENGO_PORT",
                "ARENGO_WEB_PORT",
                "ARENGO_STUDIO_PORT",
                "ARENGO_RTMP_PORT",
            )
        }
    )
    process: subprocess.Popen[bytes] | None = None
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def door(self) -> str:
        """Return the address of the installation."""
        return f"http://127.0.0.1:{self.ports['ARENGO_PORT']}"

    @property
    def page(self) -> str:
        """Return the address of the sitting's page."""
        return f"{self.door}/{self.facts['slug']}/sedute/{self.facts['uid']}/"

    @property
    def rtmp(self) -> str:
        """Return where the encoder pushes."""
        return f"rtmp://127.0.0.1:{self.ports['ARENGO_RTMP_PORT']}/live/{self.facts['key']}"

    @property
    def folder(self) -> Path:
        """Return the sitting's folder."""
        return self.data / "sittings" / self.facts["istat"] / self.facts["uid"]

    def environment(self) -> dict[str, str]:
        """Return the environment of every process."""
        return {
            **os.environ,
            **{name: str(port) for name, port in self.ports.items()},
            "ARENGO_DATA": str(self.data),
            "ARENGO_MODELS": str(self.models),
            "ARENGO_HEARING": "on" if self.hears else "off",
            "DJANGO_SETTINGS_MODULE": "arengo.settings",
        }

    def start(self) -> None:
        """Start everything and open a sitting."""
        self.launch()
        self.facts = json.loads(self.run(PREPARE))

    def launch(self) -> None:
        """Start every process, and wait until they answer."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "arengo.cli", "serve"],
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        wait_for(self._answers, "the installation does not answer", timeout_s=240)

    def close_sitting(self) -> None:
        """Close the sitting as the clerk does."""
        self.run(CLOSE, self.facts["uid"])

    def kill_studio(self) -> None:
        """Kill the studio with no warning, and wait until its supervisor has another one."""
        assert self.process
        for pid in children(self.process.pid):
            if b"arengo.live.studio" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
                wait_for(lambda pid=pid: pid not in children(self.process.pid), "does not die")
        wait_for(self._answers, "no other studio", timeout_s=240)

    def stop(self) -> None:
        """Ask everything to end."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Read one of the sitting's JSON line files."""
        path = self.folder / name
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]

    def run(self, script: str, *arguments: str) -> str:
        """Run a script of Python on the installation's database and return what it prints."""
        run = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(run.stderr)
        return run.stdout

    def _answers(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise RuntimeError((self.data / "serve.log").read_text())
        try:
            for path in ("/studio/health", "/"):
                with urlopen(self.door + path, timeout=5) as answer:
                    answer.read()
        except (URLError, OSError):
            return False
        return True


@contextmanager
def browser_page(width: int = 1280, height: int = 800) -> Iterator[Page]:
    """Open a page in Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM, headless=True
        )
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


READ_FRAME = """
(code) => {
  const video = document.getElementById('video');
  if (!video || !video.videoWidth) return null;
  const scale = video.videoWidth / code.width;
  const blocks = code.guard.length * 2 + code.bits + 1;
  const canvas = window.__canvas || (window.__canvas = document.createElement('canvas'));
  canvas.width = blocks; canvas.height = 1;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(video, code.x * scale, (code.y + code.block_h / 4) * scale,
    code.block_w * blocks * scale, code.block_h / 2 * scale, 0, 0, blocks, 1);
  const pixels = context.getImageData(0, 0, blocks, 1).data;
  let bits = '';
  for (let k = 0; k < blocks; k++) bits += pixels[4 * k] > 127 ? '1' : '0';
  const n = code.guard.length;
  if (bits.slice(0, n) !== code.guard || bits.slice(-n) !== code.guard) return null;
  const number = bits.slice(n, n + code.bits);
  const ones = [...bits.slice(n, n + code.bits + 1)].filter((b) => b === '1').length;
  return ones % 2 ? null : parseInt(number, 2);
}
"""
"""Reads the frame number from the picture on the screen; null when it cannot be read."""
