"""How much one client may ask: so many requests a minute, counted by each web process.

Only a keyed hash of the address is held, in memory, for a minute; of at most `MOST_CLIENTS`.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

REQUESTS, WINDOW_S, MOST_CLIENTS = 240, 60, 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a client: `reset_s` seconds from now it begins anew."""

    is_granted: bool
    remaining: int
    reset_s: int


class Counter:
    """Requests by client in windows of a minute; the least recent client is forgotten first."""

    def __init__(self, requests: int = REQUESTS, clients: int = MOST_CLIENTS) -> None:
        self._requests, self._clients = requests, clients
        self._key = secrets.token_bytes(16)
        self._held: OrderedDict[bytes, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str, at_s: float) -> Allowance:
        """Count a request of a client at a second, and tell what is left."""
        key = hashlib.blake2b(client.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            began_s, used = self._held.pop(key, (at_s, 0))
            if not 0 <= at_s - began_s < WINDOW_S:
                began_s, used = at_s, 0
            is_granted = used < self._requests
            used += is_granted
            self._held[key] = (began_s, used)
            if len(self._held) > self._clients:
                self._held.popitem(last=False)
        reset_s = max(1, int(began_s + WINDOW_S - at_s + 0.999))
        return Allowance(is_granted, self._requests - used, reset_s)

    def forget(self) -> None:
        """Begin anew, for tests."""
        with self._lock:
            self._held.clear()
