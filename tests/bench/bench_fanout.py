"""Low-latency viewers per core: nginx in front of the studio, against the studio alone.

Each viewer does what hls.js does: a blocking reload of the live playlist for the next part,
then the part. nginx runs `deploy/nginx.conf` with its ports changed; what is compared is
processor time per viewer and second, and the studio's own at 100 and at 800 viewers.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from front import nginx, nginx_cpu_s
from rig import Rig, cpu_s, make_clip, wait_for

PARTS_PER_S = 25 / 7  # parts of seven pictures, of 25 a second
T = TypeVar("T")
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))
LAST = re.compile(rb'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="(\d+)\.(\d+)\.m4s"')


class Viewer(asyncio.Protocol):
    """The least HTTP client that can follow a live playlist: one connection, one request."""

    def __init__(self) -> None:
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._size = -1
        self._head = b""
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._body += data
        if self._size < 0 and b"\r\n\r\n" in self._body:
            head, _, rest = bytes(self._body).partition(b"\r\n\r\n")
            self._head, self._body = head, bytearray(rest)
            found = re.search(rb"(?i)content-length: (\d+)", head)
            self._size = int(found[1]) if found else 0
        if 0 <= self._size <= len(self._body) and not self.done.done():
            self.done.set_result(bytes(self._body) if b" 200 " in self._head[:20] else b"")

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(b"")

    async def get(self, path: str) -> bytes:
        """Send one request and wait for its body; empty when it failed."""
        assert self.transport
        self.done = asyncio.get_running_loop().create_future()
        self._size, self._body = -1, bytearray()
        self.transport.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return await self.done


async def watch(port: int, until: float, counts: dict[str, int]) -> None:
    """Follow the sitting as a low-latency player does."""
    loop = asyncio.get_running_loop()
    _, viewer = await loop.create_connection(Viewer, "127.0.0.1", port)
    text = await viewer.get("/media/prova/live.m3u8")
    while loop.time() < until:
        found = LAST.search(text)
        if not found:
            counts["failed"] += 1
            await asyncio.sleep(0.3)
            text = await viewer.get("/media/prova/live.m3u8")
            continue
        number, part = int(found[1]), int(found[2])
        text = await viewer.get(f"/media/prova/live.m3u8?_HLS_msn={number}&_HLS_part={part}")
        if f'URI="{number}.{part}.m4s",'.encode() not in text and (
            f'URI="{number}.{part}.m4s"\n'.encode() not in text
        ):
            continue  # the segment ended before it: the hint names the next one's first part
        body = await viewer.get(f"/media/prova/{number}.{part}.m4s")
        counts["parts" if body else "failed"] += 1
    assert viewer.transport
    viewer.transport.close()


def crowd(viewers: int, port: int) -> dict[str, int]:
    """Run viewers for the bench's seconds; the client's own work is not measured."""

    async def all_of_them() -> dict[str, int]:
        counts = {"parts": 0, "failed": 0}
        until = asyncio.get_running_loop().time() + SECONDS
        await asyncio.gather(*(watch(port, until, counts) for _ in range(viewers)))
        return counts

    return asyncio.run(all_of_them())


def main() -> None:
    """Measure and compare."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = make_clip(folder / "hall.mp4", seconds=int(SECONDS * 6 + 60), size="640x360")
        rig = Rig(folder)
        key = rig.sitting()
        rig.start()
        assert rig.process
        front, port = nginx(folder, rig.http_port)
        try:
            with rig.encoder(clip, key):
                wait_for(lambda: rig.get("/media/prova/live.m3u8")[0] == 200, "no playlist")
                time.sleep(4)
                idle, _ = _spent(rig.process.pid, lambda: time.sleep(SECONDS))
                alone, direct = _spent(rig.process.pid, lambda: crowd(100, rig.http_port))
                studio: dict[int, float] = {}
                for viewers in (100, 800):
                    start = nginx_cpu_s(front.pid)
                    studio[viewers], fetched = _spent(
                        rig.process.pid, partial(crowd, viewers, port)
                    )
                    behind = nginx_cpu_s(front.pid) - start
                    figures.add(f"fanout.failed_{viewers}", fetched["failed"], "requests", "==0")
        finally:
            front.terminate()
            front.wait()
            rig.stop()
    # The crowd is one Python process and may fall behind: what counts is the cost of a part.
    per_alone = PARTS_PER_S * (alone - idle) / direct["parts"]
    per_front = PARTS_PER_S * behind / fetched["parts"]
    figures.add("fanout.parts_seen", fetched["parts"] / 800 / SECONDS, "parts/viewer_s", "-")
    figures.add("fanout.python_alone", 1000 * per_alone, "ms/viewer_s", "-")
    figures.add("fanout.nginx", 1000 * per_front, "ms/viewer_s", "-")
    figures.add("fanout.viewers_per_core", 1 / per_front, "viewers", "-")
    figures.add("fanout.ratio", per_alone / per_front, "x", ">=5")
    figures.add("fanout.python_100", 100 * studio[100] / SECONDS, "%core", "-")
    figures.add("fanout.python_800", 100 * studio[800] / SECONDS, "%core", "-")
    figures.add("fanout.python_growth", studio[800] / studio[100], "x", "<=1.1")
    figures.finish()


def _spent(pid: int, work: Callable[[], T]) -> tuple[float, T]:
    """Return the processor time that a process spent while `work` ran, and what it returned."""
    before = cpu_s(pid)
    done = work()
    return cpu_s(pid) - before, done


if __name__ == "__main__":
    main()
