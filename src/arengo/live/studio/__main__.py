"""The studio process: `python -m arengo.live.studio`."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import logging
import os
import signal
import sys

import uvloop
from aiohttp import web

from arengo import config
from arengo.live.studio import nudge
from arengo.live.studio.http import application
from arengo.live.studio.rtmp import listen
from arengo.live.studio.studio import Studio


async def main() -> int:
    """Open the ports and run until SIGTERM; 1 when a port is taken."""
    settings = config.load()
    if not _is_alone(settings):
        print("Lo studio è già in funzione su questi dati.", file=sys.stderr)
        return 1
    studio = Studio(settings, hears=os.environ.get("ARENGO_HEARING", "on") != "off")
    await studio.look()
    runner = web.AppRunner(application(studio), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", settings.studio_port).start()
        rtmp = await listen(settings.host, settings.rtmp_port, studio.admit)
    except OSError as error:
        print(f"Porta occupata: {error.strerror or error}", file=sys.stderr)
        return 1
    nudges = await nudge.listen(settings.studio_port, studio.nudge)
    gc.freeze()  # what is loaded now stays: no collection need look at it again
    gc.set_threshold(20_000, 20, 20)
    work = asyncio.create_task(studio.run())
    await _until_told()
    rtmp.close()
    if nudges:
        nudges.close()
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await studio.stop()
    await runner.cleanup()
    return 0


def _is_alone(settings: config.Config) -> bool:
    """Hold the data folder's lock for as long as this process lives; False when another does."""
    settings.data.mkdir(parents=True, exist_ok=True)
    fd = os.open(settings.data / "studio.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


async def _until_told() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s studio %(levelname)s %(message)s")
    with contextlib.suppress(PermissionError, OSError):
        os.nice(-5)  # a sitting comes before everything else on the machine
    sys.exit(uvloop.run(main()))
