"""SRT and RTSP: a supervised FFmpeg child turns them into FLV, which feeds the same path.

Debian's `ffmpeg` has libsrt, which no wheel has; the child copies, it never encodes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import shutil
from collections.abc import Callable

from arengo.live.engine.flv import FlvError, FlvReader
from arengo.live.engine.media import MediaEvent
from arengo.live.studio.rtmp import Publisher, Refused
from arengo.live.studio.spec import PullSource

log = logging.getLogger(__name__)

LAST_BACK_OFF_S = 10.0
READ_BYTES = 1 << 16
SILENCE_S = 30.0
CREDENTIALS = re.compile(r"//[^/\s@]*@")  # rtsp://user:password@camera


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
        try:
            received = await _pull_once(source, admit, say)
        except Exception:  # one bad moment of a camera must not end its supervision
            log.exception("pulling %s", source.kind)
            received = False
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
    complaints = asyncio.create_task(_last_words(child.stderr))
    feed = Feed(lambda: admit(source.kind, lambda: _kill(child)))
    reason = ""
    try:
        await _relay(child.stdout, feed)
    except TimeoutError:
        reason = "nessun dato da 30 s"
    except (FlvError, Refused) as error:
        reason = str(error)
    finally:
        _kill(child)
        await child.wait()
        reason = reason or await complaints or "sorgente terminata"
        if feed.publisher:
            feed.publisher.end(reason)
    if feed.publisher is None:
        say("source-down", f"Sorgente {source.kind.upper()} non raggiungibile: {reason}")
    return feed.publisher is not None


class Feed:
    """A publisher admitted at the first media, so that a silent source holds no place."""

    def __init__(self, admit: Callable[[], Publisher]) -> None:
        self._admit = admit
        self.publisher: Publisher | None = None

    def pass_on(self, events: list[MediaEvent]) -> None:
        """Pass media on."""
        if not events:
            return
        if self.publisher is None:
            self.publisher = self._admit()
        self.publisher.feed(events)


async def _relay(stdout: asyncio.StreamReader, feed: Feed) -> None:
    reader = FlvReader()
    while True:
        patience_s = SILENCE_S if feed.publisher else None
        data = await asyncio.wait_for(stdout.read(READ_BYTES), patience_s)
        if not data:
            return
        feed.pass_on(reader.feed(data))


async def _last_words(stderr: asyncio.StreamReader) -> str:
    """Read all that the child complains of and return the end of it, without passwords."""
    tail = b""
    while data := await stderr.read(READ_BYTES):
        tail = (tail + data)[-2000:]
    text = CREDENTIALS.sub("//", tail.decode(errors="replace")).strip()
    return text[-300:]


def _kill(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
