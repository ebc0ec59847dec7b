"""The listening end: UDP and TCP on one port, the loopback unless told otherwise.

Nothing that is sent here can stop it: lines, rates, connections, seats and logs are bounded.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from arengo.kernel import clock
from arengo.live.microphones.errors import CannotListen, LineRefused
from arengo.live.microphones.intake import Intake, MicrophoneEvent
from arengo.live.microphones.protocol import Lines, parse_line
from arengo.live.microphones.refusals import Refusals

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
PORT = 8014
LONGEST_DATAGRAM = 2048
MOST_CONNECTIONS = 16
MOST_REFUSED = 1000  # of one connection; then it is not a conference system

OnEvent = Callable[[MicrophoneEvent], None]


class Listener:
    """What is open; close it to stop. `port` is the one that was given by the system for 0."""

    def __init__(
        self, on_event: OnEvent, seats: Mapping[str, str] | None, allow: Collection[str]
    ) -> None:
        self.refusals = Refusals()
        self.port = 0
        self.connections: set[asyncio.Transport] = set()
        self._allow = frozenset(allow)
        self._intake = Intake(seats)
        self._on_event = on_event
        self._open: list[asyncio.DatagramTransport | asyncio.Server] = []

    async def open(self, host: str, port: int) -> None:
        """Open TCP, then UDP on the same port."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self), host, port)
        self._open.append(server)
        self.port = server.sockets[0].getsockname()[1]
        try:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: Datagrams(self), local_addr=(host, self.port)
            )
        except OSError:
            self.close()
            raise
        self._open.append(transport)

    def close(self) -> None:
        """Close the port and every connection."""
        for one in self._open:
            one.close()
        for connection in set(self.connections):
            connection.abort()

    def is_allowed(self, address: str) -> bool:
        """Tell whether somebody may speak to us."""
        return not self._allow or address in self._allow

    def take(self, line: bytes, peer: str) -> bool:
        """Take a line; false when it was refused."""
        now_s = asyncio.get_running_loop().time()
        try:
            if not self._intake.may_speak(peer, now_s):
                raise LineRefused("too_fast")  # noqa: TRY301 (told together with the others)
            said = parse_line(line)
            event = said and self._intake.take(said, peer, clock.now())
        except LineRefused as refused:
            self.refusals.add(refused.code, peer, line, now_s)
            return False
        if event:
            self._tell(event)
        return True

    def refuse(self, code: str, peer: str, data: bytes = b"") -> None:
        """Count something that was not even read."""
        self.refusals.add(code, peer, data, asyncio.get_running_loop().time())

    def lose(self, peer: str) -> None:
        """Say that the microphones a broken connection had opened are no longer known."""
        for event in self._intake.lose(peer, clock.now()):
            self._tell(event)

    def _tell(self, event: MicrophoneEvent) -> None:
        try:
            self._on_event(event)
        except Exception:  # whoever listens to us must not stop us; the log has it all
            log.exception("an event of seat %s was not taken", event.seat)


class Connection(asyncio.Protocol):
    """A TCP connection of a conference system."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lines = Lines()
        self._refused = 0
        self._transport: asyncio.Transport | None = None
        self._peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the peer in, unless it is not allowed or there are too many."""
        assert isinstance(transport, asyncio.Transport)
        address, port = transport.get_extra_info("peername")[:2]
        self._peer = f"tcp {address}:{port}"
        is_full = len(self._listener.connections) >= MOST_CONNECTIONS
        if is_full or not self._listener.is_allowed(address):
            self._listener.refuse("too_many" if is_full else "not_allowed", self._peer)
            transport.abort()
            return
        self._transport = transport
        self._listener.connections.add(transport)
        log.info("%s connected", self._peer)

    def data_received(self, data: bytes) -> None:
        """Take the lines; who sends nothing but rubbish is sent away."""
        for line in self._lines.feed(data):
            if self._transport is None or self._transport.is_closing():
                return
            self._refused += not self._listener.take(line, self._peer)
            if self._refused >= MOST_REFUSED:
                log.warning("%s sent away after %s refused lines", self._peer, self._refused)
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell what is no longer known; the system may connect again at once."""
        if self._transport is not None:
            self._listener.connections.discard(self._transport)
            log.info("%s gone%s", self._peer, f": {exc}" if exc else "")
            self._listener.lose(self._peer)


class Datagrams(asyncio.DatagramProtocol):
    """The UDP port: a datagram is one line or a few."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Take the lines of a datagram; a half line is refused as what it is."""
        peer = f"udp {addr[0]}"
        if not self._listener.is_allowed(str(addr[0])):
            self._listener.refuse("not_allowed", peer)
        elif len(data) > LONGEST_DATAGRAM:
            self._listener.refuse("too_long", peer, data)
        else:
            for line in data.split(b"\n"):
                if line.strip():
                    self._listener.take(line, peer)


async def listen(
    host: str,
    port: int,
    on_event: OnEvent,
    *,
    seats: Mapping[str, str] | None = None,
    allow: Collection[str] = (),
) -> Listener:
    """Listen on UDP and TCP; `on_event` gets each change, on the loop's thread.

    `allow` are the addresses that may speak; it must be given where `host` is not the loopback.

    Raises
    ------
    CannotListen
        The port is taken, or anybody on the network could say who is speaking.
    """
    if not allow and not _is_loopback(host):
        raise CannotListen(
            f"L'indirizzo {host} è aperto alla rete: indicare con --from gli indirizzi "
            "del sistema microfonico che possono parlare."
        )
    listener = Listener(on_event, seats, allow)
    try:
        await listener.open(host, port)
    except OSError as error:
        raise CannotListen(f"La porta {port} di {host} non si apre: {error.strerror}.") from error
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
