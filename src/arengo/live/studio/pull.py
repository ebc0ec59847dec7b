"""SRT and RTSP: a supervised FFmpeg child turns them into FLV, which feeds the same path.

Debian's `ffmpeg` has libsrt, which no wheel has; the child copies, it never encodes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Callable

from arengo.live.engine.flv import FlvError, FlvReader
from arengo.live.studio.rtmp import Publisher, Refused
from arengo.live.studio.spec import PullSource

log = logging.getLogger(__name__)

LAST_BACK_OFF_S = 10.0
READ_BYTES = 1 << 16


def command(source: PullSource) -> list[str]:
    """Return the FFmpeg command line that copies a source to FLV on its standard output."""
    options = ["-rtsp_transport", "tcp"] if source.kind == "rtsp" else []
    return [
        *("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error"),
        *("-fflags", "+genpts+nobuffer", *options, "-i", source.url),
        *("-c", "copy", "-bsf:a", "aac_adtstoasc", "-flvflags", "no_duration_filesize"),
        *("-f", "flv", "pipe:1"),
    ]


async def pull(
    source: PullSource,
    admit: Callable[[str, Callable[[], None]], Publisher],
    say: Callable[[str, str], None],
) -> None:
    """Keep pulling a source until cancelled; `say(code, message)` tells what goes wrong."""
    if not shutil.which("ffmpeg"):
        say("no-ffmpeg", f"Manca ffmpeg: la sorgente {source.kind.upper()} non si può ricevere.")
        return
    back_off_s = 1.0
    while True:
        received = await _pull_once(source, admit, say)
        back_off_s = 1.0 if received else min(LAST_BACK_OFF_S, back_off_s * 2)
        await asyncio.sleep(back_off_s)


async def _pull_once(
    source: PullSource,
    admit: Callable[[str, Callable[[], None]], Publisher],
    say: Callable[[str, str], None],
) -> bool:
    child = await asyncio.create_subprocess_exec(
        *command(source), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert child.stdout
    assert child.stderr
    reader = FlvReader()
    publisher: Publisher | None = None
    reason = "sorgente terminata"
    try:
        while data := await child.stdout.read(READ_BYTES):
            events = reader.feed(data)
            if events and publisher is None:
                publisher = admit(source.kind, child.kill)
            if events and publisher:
                publisher.feed(events)
        reason = (await child.stderr.read()).decode(errors="replace").strip()[-300:] or reason
    except (FlvError, Refused) as error:
        reason = str(error)
    finally:
        if publisher:
            publisher.end(reason)
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if publisher is None:
        say("source-down", f"Sorgente {source.kind.upper()} non raggiungibile: {reason}")
    return publisher is not None
