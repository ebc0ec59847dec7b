"""What stands in front of the studio: the door, and nginx with the configuration we ship."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from front import nginx
from rig import Rig, free_port, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.fixture
def door(rig: Rig) -> Iterator[str]:
    """Return the address of a door whose studio is the rig's and whose pages are down."""
    port = free_port()
    environment = {
        **rig.environment(),
        "ARENGO_PORT": str(port),
        "ARENGO_WEB_PORT": str(free_port()),
    }
    process = subprocess.Popen([sys.executable, "-m", "arengo.door"], env=environment)
    address = f"http://127.0.0.1:{port}"
    wait_for(lambda: fetch(f"{address}/")[0] == 503, "the door does not open")
    yield address
    process.terminate()
    process.wait()


def fetch(url: str, accept: str = "text/html") -> tuple[int, str, str]:
    """Return status, X-Cache and body of an address; status 0 when nobody answers."""
    try:
        with urlopen(Request(url, headers={"Accept": accept}), timeout=20) as answer:
            body = answer.read().decode("utf-8", "replace")
            return answer.status, answer.headers.get("X-Cache", ""), body
    except HTTPError as error:
        return error.code, "", error.read().decode()
    except OSError:
        return 0, "", ""


def test_the_door_says_in_italian_that_a_process_restarts(door: str, rig: Rig) -> None:
    """A page that cannot be had now retries by itself; a program gets a plain line."""
    status, _, body = fetch(f"{door}/pero/")
    assert status == 503
    assert "continua a essere registrata" in body
    assert fetch(f"{door}/media/prova/live.m3u8", accept="*/*")[2] == "Riavvio in corso, riprovare."


def test_the_door_passes_video_and_events(door: str, rig: Rig, clip: Path) -> None:
    """Through the door the sitting is the same, event stream included."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key):
        wait_for(lambda: fetch(f"{door}/media/prova/live.m3u8")[0] == 200, "no playlist")
        with urlopen(f"{door}/events/prova", timeout=10) as events:
            assert events.headers["Content-Type"].startswith("text/event-stream")
            head = b"".join(events.readline() for _ in range(6)).decode()
        assert '"signal":"live"' in head


def test_one_request_of_many_reaches_the_studio_behind_nginx(
    rig: Rig, clip: Path, tmp_path: Path
) -> None:
    """Twenty viewers who wait for the same part share one answer, and so do all who come later."""
    key = rig.sitting()
    rig.start()
    (tmp_path / "nginx").mkdir()
    front, port = nginx(tmp_path / "nginx", rig.http_port)
    site = f"http://127.0.0.1:{port}/media/prova"
    try:
        with rig.encoder(clip, key):
            wait_for(lambda: fetch(f"{site}/live.m3u8")[0] == 200, "no playlist")
            hint = re.search(r'HINT:TYPE=PART,URI="(\d+)\.(\d+)', fetch(f"{site}/live.m3u8")[2])
            assert hint
            number, part = int(hint[1]) + 1, 0
            url = f"{site}/live.m3u8?_HLS_msn={number}&_HLS_part={part}"
            with ThreadPoolExecutor(20) as viewers:
                answers = list(viewers.map(fetch, [url] * 20))
            assert {status for status, _, _ in answers} == {200}
            assert len({body for _, _, body in answers}) == 1
            assert [cache for _, cache, _ in answers].count("MISS") == 1
            assert fetch(f"{site}/{number}.{part}.m4s")[1] in ("MISS", "HIT")
            assert fetch(f"{site}/{number}.{part}.m4s")[1] == "HIT"
    finally:
        front.terminate()
        front.wait()


def test_a_killed_child_comes_back_and_the_others_never_notice(tmp_path: Path) -> None:
    """The supervisor restarts what dies, and its own end ends them all."""
    script = """
import asyncio, os, signal, sys
from arengo.serve import Child, Supervisor
forever = (sys.executable, "-c", "import time; time.sleep(60)")
async def main():
    said = []
    supervisor = Supervisor((Child("one", forever), Child("two", forever)), said.append)
    running = asyncio.create_task(supervisor.run())
    async def pids():
        while not (supervisor.pid("one") and supervisor.pid("two")):
            await asyncio.sleep(0.02)
        return supervisor.pid("one"), supervisor.pid("two")
    first = await pids()
    os.kill(first[0], signal.SIGKILL)
    while supervisor.pid("one") in (None, first[0]):
        await asyncio.sleep(0.02)
    second = await pids()
    assert second[0] != first[0] and second[1] == first[1], (first, second)
    assert len(said) == 1 and said[0].startswith("one: terminato"), said
    supervisor.stop()
    await running
    assert supervisor.pid("one") is None and supervisor.pid("two") is None
asyncio.run(asyncio.wait_for(main(), 20))
"""
    subprocess.run([sys.executable, "-c", script], check=True, env=dict(os.environ))
