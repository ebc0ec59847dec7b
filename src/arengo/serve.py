"""Start and supervise every process of an installation; each can die and be restarted alone."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

from arengo.config import Config

PR_SET_PDEATHSIG = 1
LAST_BACK_OFF_S = 10.0
SETTLED_S = 30.0
STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep alive."""

    name: str
    command: tuple[str, ...]


def children(config: Config) -> tuple[Child, ...]:
    """Return the processes of an installation, in the order they start."""
    python = sys.executable
    listener = Child("microphones", (python, "-m", "arengo.live.microphones"))
    return (
        Child("studio", (python, "-m", "arengo.live.studio")),
        Child("web", web_command(config)),
        Child("worker", (python, "-m", "django", "worker")),
        *([listener] if config.microphones.port else []),
        Child("door", (python, "-m", "arengo.door")),
    )


def web_command(config: Config) -> tuple[str, ...]:
    """Return the command line of the web process."""
    return (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(config.web_port), "--workers", "1", "--blocking-threads", "4"),
        *("--log-level", "warning", "arengo.wsgi:application"),
    )


def _die_with_parent() -> None:
    """Ask the kernel to end this child when its supervisor is killed (Linux, prctl(2))."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Keep children alive until told to stop; `say` gets a line about each event."""

    def __init__(self, kids: tuple[Child, ...], say: Callable[[str], None]) -> None:
        self._kids = kids
        self._say = say
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._is_stopping = asyncio.Event()

    def pid(self, name: str) -> int | None:
        """Return the process id of a child that runs now."""
        process = self._running.get(name)
        return process.pid if process and process.returncode is None else None

    def stop(self) -> None:
        """Ask everything to end."""
        self._is_stopping.set()

    async def run(self) -> None:
        """Start everything and keep it alive; returns after `stop`, with every child gone."""
        tasks = [asyncio.create_task(self._keep(kid)) for kid in self._kids]
        await self._is_stopping.wait()
        for kid in reversed(self._kids):
            await self._end(kid.name)
        await asyncio.gather(*tasks)

    async def _keep(self, kid: Child) -> None:
        back_off_s = 0.5
        loop = asyncio.get_running_loop()
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "arengo.settings"}
        while not self._is_stopping.is_set():
            started = loop.time()
            status = await self._run(kid, environment)
            if self._is_stopping.is_set():
                return
            self._say(f"{kid.name}: terminato (uscita {status}), riparte tra {back_off_s:g} s")
            if loop.time() - started > SETTLED_S:
                back_off_s = 0.5
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_stopping.wait(), back_off_s)
            back_off_s = min(LAST_BACK_OFF_S, back_off_s * 2)

    async def _run(self, kid: Child, environment: dict[str, str]) -> int:
        """Run a child to its end and return its status; -1 when it cannot even start."""
        try:
            process = await asyncio.create_subprocess_exec(
                *kid.command,
                env=environment,
                preexec_fn=_die_with_parent,
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends them in order
            )
        except OSError as error:
            self._say(f"{kid.name}: {error}")
            return -1
        self._running[kid.name] = process
        if self._is_stopping.is_set():
            process.terminate()
        status = await process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a worker of a dead server keeps its port
        return status

    async def _end(self, name: str) -> None:
        process = self._running.get(name)
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever it had started goes with it
        await process.wait()


async def supervise(kids: tuple[Child, ...], say: Callable[[str], None]) -> None:
    """Run a supervisor until SIGTERM or Ctrl-C."""
    supervisor = Supervisor(kids, say)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.stop)
    await supervisor.run()
