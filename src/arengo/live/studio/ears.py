"""Keep one hearing process per live sitting: feed it sound, take its words, restart it if it dies.

Nothing here may hold up the live path: sound is written to a pipe that is never waited
for, and dropped, with a gap marked, when the recogniser is a minute behind. What was not
yet put into final words is kept, and said again to a new process after a crash.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import struct
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

from arengo.live.studio.pcm import RATE

log = logging.getLogger(__name__)

HEADER = struct.Struct("<cIq")  # type, payload bytes, sitting time in µs
BACKLOG_BYTES = 60 * RATE * 2
FIRST_BACK_OFF_S = 1.0
LAST_BACK_OFF_S = 30.0
SETTLED_S = 60.0

Message = dict[str, Any]


def encode(kind: bytes, time_us: int, payload: bytes = b"") -> bytes:
    """Return one frame for the hearing process: C config, A audio, G gap, E end."""
    return HEADER.pack(kind, len(payload), time_us) + payload


class Ears:
    """The hearing of one sitting; `on_message` gets each of its messages, in order."""

    def __init__(
        self,
        config: Message,
        *,
        on_message: Callable[[Message], None],
        on_death: Callable[[int], None],
        command: tuple[str, ...] = (sys.executable, "-m", "arengo.live.hearing"),
    ) -> None:
        self._config = config
        self._on_message = on_message
        self._on_death = on_death
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._kept: deque[tuple[int, bytes]] = deque()
        self._kept_bytes = 0
        self._is_dropping = False
        self._is_ending = False
        self._task = asyncio.create_task(self._live())

    @property
    def is_alive(self) -> bool:
        """Return whether a hearing process runs now."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """Return the process id, for the regia and for tests that end it."""
        return self._process.pid if self._process and self.is_alive else None

    def hear(self, time_us: int, pcm: bytes) -> None:
        """Pass on s16le mono 16 kHz PCM that begins at this sitting time."""
        if pcm:
            self._keep(time_us, pcm)
            self._write(b"A", time_us, pcm)

    def gap(self, time_us: int) -> None:
        """Tell that what follows does not continue what came before."""
        self._write(b"G", time_us)

    def forget_before(self, time_us: int) -> None:
        """Let go of the sound that already has its final words."""
        while self._kept and self._kept[0][0] < time_us:
            self._kept_bytes -= len(self._kept.popleft()[1])

    async def end(self, timeout_s: float = 60) -> None:
        """Ask for the last words and wait for them; then the process is gone."""
        self._is_ending = True
        self._write(b"E", 0)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._task), timeout_s)
        await self.stop()

    async def stop(self) -> None:
        """End the process at once."""
        self._is_ending = True
        self._task.cancel()
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End the process now, with all it has heard and all that was kept to say again."""
        self._is_ending = True
        self._task.cancel()
        self._kept.clear()
        self._kept_bytes = 0
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            if self._process.stdin:
                self._process.stdin.transport.abort()  # and what waits for the pipe

    def _keep(self, time_us: int, pcm: bytes) -> None:
        self._kept.append((time_us, pcm))
        self._kept_bytes += len(pcm)
        while self._kept_bytes > BACKLOG_BYTES:
            self._kept_bytes -= len(self._kept.popleft()[1])

    def _write(self, kind: bytes, time_us: int, payload: bytes = b"") -> None:
        if not self.is_alive or self._process is None or self._process.stdin is None:
            return
        pipe = self._process.stdin
        transport = pipe.transport
        if transport.is_closing():
            return
        if kind == b"A" and transport.get_write_buffer_size() > BACKLOG_BYTES:
            self._is_dropping = True
            return
        if self._is_dropping and kind == b"A":
            self._is_dropping = False
            pipe.write(encode(b"G", time_us))
        pipe.write(encode(kind, time_us, payload))

    async def _live(self) -> None:
        back_off_s = FIRST_BACK_OFF_S
        loop = asyncio.get_running_loop()
        while not self._is_ending:
            started = loop.time()
            status = await self._run_once()
            if self._is_ending:
                return
            self._on_death(status)
            if loop.time() - started > SETTLED_S:
                back_off_s = FIRST_BACK_OFF_S
            await asyncio.sleep(back_off_s)
            back_off_s = min(LAST_BACK_OFF_S, back_off_s * 2)

    async def _run_once(self) -> int:
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=1 << 20,
            )
        except OSError as error:
            log.error("hearing cannot start: %s", error)  # noqa: TRY400 - no trace for a missing file
            return -1
        if self._is_ending:  # it was being started as it had to end
            self._process.kill()
        self._write(b"C", 0, json.dumps(self._config).encode())
        for time_us, pcm in self._kept:
            self._write(b"A", time_us, pcm)
        await self._read_messages()
        return await self._process.wait()

    async def _read_messages(self) -> None:
        assert self._process
        assert self._process.stdout
        try:
            while line := await self._process.stdout.readline():
                self._hear_out(line)
        except ValueError:  # a line without end: whatever speaks so is no recogniser
            log.exception("hearing")
            self._process.kill()

    def _hear_out(self, line: bytes) -> None:
        try:
            self._on_message(json.loads(line))
        except Exception:  # one bad message must not end hearing
            log.exception("a message of hearing")
