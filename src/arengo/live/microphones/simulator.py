"""A conference system that is not there: it plays a script of a sitting to the listener.

A script has one change a line, `<seconds> <seat> ON|OFF`; `#` begins a comment. The simulator
connects again when the connection breaks, and then says which microphones are open.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from arengo.kernel import clock
from arengo.live.microphones.errors import ScriptUnreadable
from arengo.live.microphones.protocol import SEAT, STATES

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 5.0
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Change:
    """At `at_s` seconds of the script the microphone of a seat goes on or off."""

    at_s: float
    seat: str
    is_on: bool


def read_script(text: str) -> tuple[Change, ...]:
    """Read a script, in order of time.

    Raises
    ------
    ScriptUnreadable
        A line that is none, with its number.
    """
    lines = enumerate((line.partition("#")[0] for line in text.splitlines()), start=1)
    return tuple(sorted((_change(n, line) for n, line in lines if line.strip()), key=_at))


def _change(number: int, line: str) -> Change:
    try:
        at, seat, state = line.split()
        change = Change(float(at), seat, STATES[state.upper()])
    except (ValueError, KeyError) as error:
        raise ScriptUnreadable(
            f"Riga {number}: {line.strip()!r} non è «secondi posto ON»."
        ) from error
    if not SEAT.fullmatch(seat) or not math.isfinite(change.at_s):
        raise ScriptUnreadable(f"Riga {number}: posto o tempo non valido.")
    return change


def _at(change: Change) -> float:
    return change.at_s


def script_of_turns(turns: Sequence[tuple[float, float, str]]) -> tuple[Change, ...]:
    """Return the script of turns (start and end in seconds, seat): on, then off."""
    changes = [
        change
        for start_s, end_s, seat in turns
        for change in (Change(start_s, seat, is_on=True), Change(end_s, seat, is_on=False))
    ]
    return tuple(sorted(changes, key=_at))


def line_of(change: Change) -> bytes:
    """Return the line that announces a change that happens now."""
    at = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"MIC {change.seat} {'ON' if change.is_on else 'OFF'} {at}\n".encode()


class Way(Protocol):
    """How lines get there."""

    async def send(self, line: bytes) -> bool:
        """Send a line; true when the connection was made anew for it."""

    def close(self) -> None:
        """Close it."""


class ByUdp:
    """Datagrams: what is lost is lost."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._transport: asyncio.DatagramTransport | None = None

    async def send(self, line: bytes) -> bool:
        """Send a datagram."""
        if self._transport is None:
            loop = asyncio.get_running_loop()
            self._transport, _ = await loop.create_datagram_endpoint(
                asyncio.DatagramProtocol, remote_addr=self._address
            )
        self._transport.sendto(line)
        return False

    def close(self) -> None:
        """Close the socket."""
        if self._transport:
            self._transport.close()


class ByTcp:
    """A connection, made anew when it breaks, waiting longer each time."""

    def __init__(self, host: str, port: int, pause: Pause = asyncio.sleep) -> None:
        self._address, self._pause = (host, port), pause
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._was_connected = False

    async def send(self, line: bytes) -> bool:
        """Send a line over the connection that is there, or over a new one."""
        while True:
            is_new = await self._connect()
            assert self._streams is not None
            try:
                self._streams[1].write(line)
                await self._streams[1].drain()
            except OSError:
                self.close()
            else:
                return is_new

    async def _connect(self) -> bool:
        """Make the connection if there is none; true when there was one before."""
        if self._streams and not self._streams[0].at_eof() and not self._streams[1].is_closing():
            return False
        self.close()
        for wait_s in _waits():
            try:
                self._streams = await asyncio.open_connection(*self._address)
                break
            except OSError as error:
                log.warning("not connected (%s), again in %s s", error, wait_s)
                await self._pause(wait_s)
        was_connected, self._was_connected = self._was_connected, True
        return was_connected

    def close(self) -> None:
        """Close the connection."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


def _waits() -> Iterator[float]:
    wait_s = FIRST_WAIT_S
    while True:
        yield wait_s
        wait_s = min(LONGEST_WAIT_S, wait_s * 2)


async def play(
    script: Sequence[Change], way: Way, *, speed: float = 1.0, pause: Pause = asyncio.sleep
) -> int:
    """Play a script and return how many lines were sent; `speed` 10 is ten times as fast."""
    opened: dict[str, Change] = {}
    sent, at_s = 0, 0.0
    for change in script:
        await pause(max(0.0, change.at_s - at_s) / speed)
        at_s = change.at_s
        opened.pop(change.seat, None)
        if await way.send(line_of(change)):
            for still in opened.values():
                await way.send(line_of(still))
                sent += 1
        if change.is_on:
            opened[change.seat] = change
        sent += 1
    return sent
