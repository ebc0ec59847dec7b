"""A nudge: one datagram with a sitting's uid, that says "look at its files now".

It carries no fact: what is true is in the files, and who never gets it finds out by
polling. So it may be lost, repeated or forged and nothing but a look follows.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import Callable

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
UID = re.compile(rb"[A-Za-z0-9_-]{1,64}")


def nudge(port: int, uid: str) -> None:
    """Tell the studio that listens on this port to look at a sitting; never raises `OSError`."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(uid.encode(), (HOST, port))


class Nudged(asyncio.DatagramProtocol):
    """The studio's end: calls `look` with each datagram that reads like a uid."""

    def __init__(self, look: Callable[[str], None]) -> None:
        self._look = look

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        """Pass a uid on; rubbish is dropped."""
        if UID.fullmatch(data):
            self._look(data.decode())


async def listen(port: int, look: Callable[[str], None]) -> asyncio.DatagramTransport | None:
    """Open the port for nudges; None when it is taken: polling still sees every change."""
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(
            lambda: Nudged(look), local_addr=(HOST, port)
        )
    except OSError as error:
        log.warning("no nudges on port %s: %s", port, error)
        return None
    return transport
