"""Server-sent events: one hub a sitting, a bounded queue a reader, replay by Last-Event-ID."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterable

QUEUE_ITEMS = 256
HEARTBEAT_S = 15.0


def frame(event: str, payload: object, *, event_id: int | None = None) -> bytes:
    """Encode one event as the wire wants it (WHATWG HTML §9.2)."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return f"{head}event: {event}\ndata: {body}\n\n".encode()


class Subscription:
    """One reader: bytes to send in order; `is_lost` when it read too slowly and must come back."""

    def __init__(self, *, is_regia: bool) -> None:
        self.is_regia = is_regia
        self.is_lost = False
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_ITEMS)

    def offer(self, data: bytes) -> None:
        """Queue bytes for this reader, or give it up when its queue is full."""
        try:
            self._queue.put_nowait(data)
        except asyncio.QueueFull:
            self.is_lost = True

    async def next(self) -> bytes:
        """Wait for bytes to send; a comment line after 15 quiet seconds keeps the line open."""
        try:
            first = await asyncio.wait_for(self._queue.get(), HEARTBEAT_S)
        except TimeoutError:
            return b": ancora qui\n\n"
        pieces = [first]
        while not self._queue.empty():
            pieces.append(self._queue.get_nowait())
        return b"".join(pieces)


class Hub:
    """Fan events out to the readers of one sitting; cues are kept, so that a late reader gets all."""

    def __init__(self) -> None:
        self._readers: set[Subscription] = set()
        self._cues: OrderedDict[str, tuple[int, bytes]] = OrderedDict()  # cue id -> event id, frame
        self._last_id = 0
        self._state: bytes = b""
        self._status: bytes = b""

    @property
    def viewers(self) -> int:
        """Return how many public readers there are."""
        return sum(not reader.is_regia for reader in self._readers)

    @property
    def has_regia(self) -> bool:
        """Return whether a regia is looking."""
        return any(reader.is_regia for reader in self._readers)

    def subscribe(self, *, is_regia: bool, last_event_id: int = 0) -> Subscription:
        """Add a reader; it first gets the state and every cue newer than what it has."""
        reader = Subscription(is_regia=is_regia)
        missed = b"".join(data for seen, data in self._cues.values() if seen > last_event_id)
        reader.offer(self._state + missed + (self._status if is_regia else b"") or b": salve\n\n")
        self._readers.add(reader)
        return reader

    def unsubscribe(self, reader: Subscription) -> None:
        """Remove a reader."""
        self._readers.discard(reader)

    def load(self, cues: Iterable[dict[str, object]]) -> None:
        """Take every line of `cues.jsonl`, in order: a line's number is its event id for ever."""
        for cue in cues:
            self._keep(cue)

    def state(self, payload: object) -> None:
        """Tell everyone how the sitting stands."""
        data = frame("state", payload)
        if data != self._state:
            self._state = data
            self._send(data)

    def cue(self, payload: dict[str, object]) -> None:
        """Tell everyone a caption, new or revised."""
        self._send(self._keep(payload))

    def partial(self, payload: object) -> None:
        """Tell everyone the words being recognised, which may still change."""
        self._send(frame("partial", payload))

    def status(self, payload: object) -> None:
        """Tell the regia, and only it, the health of signal and machine."""
        self._status = frame("status", payload)
        for reader in self._readers:
            if reader.is_regia:
                reader.offer(self._status)

    def _keep(self, cue: dict[str, object]) -> bytes:
        self._last_id += 1
        data = frame("cue", cue, event_id=self._last_id)
        cue_id = str(cue["id"])
        self._cues.pop(cue_id, None)
        self._cues[cue_id] = (self._last_id, data)
        return data

    def _send(self, data: bytes) -> None:
        for reader in self._readers:
            reader.offer(data)
