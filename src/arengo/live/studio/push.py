"""Server-sent events: one hub a sitting, a bounded queue a reader, replay by Last-Event-ID."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from arengo.live.studio.omitted import Stretch

QUEUE_ITEMS = 256
HEARTBEAT_S = 15.0


def frame(event: str, payload: object, *, event_id: int | None = None) -> bytes:
    """Encode one event as the wire wants it (WHATWG HTML §9.2)."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return f"{head}event: {event}\ndata: {body}\n\n".encode()


@dataclass(frozen=True, slots=True)
class _Item:
    """Bytes for a reader; `words_until` is the sitting time up to which they hold spoken words."""

    data: bytes
    words_until: float = -inf
    is_greeting: bool = False


class Subscription:
    """One reader: bytes to send in order; `is_lost` when it must leave and come back.

    It must when it reads too slowly, and when what it was to be greeted with was withdrawn.
    """

    def __init__(self, *, is_regia: bool) -> None:
        self.is_regia = is_regia
        self.is_lost = False
        self._queue: asyncio.Queue[_Item] = asyncio.Queue(QUEUE_ITEMS)

    def offer(self, data: bytes, *, words_until: float = -inf, is_greeting: bool = False) -> None:
        """Queue bytes for this reader, or give it up when its queue is full."""
        try:
            self._queue.put_nowait(_Item(data, words_until, is_greeting))
        except asyncio.QueueFull:
            self.is_lost = True

    def withdraw(self, at_s: float) -> None:
        """Take back what is queued with words of after a sitting time."""
        waiting = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        for item in waiting:
            if item.words_until <= at_s:
                self._queue.put_nowait(item)
            elif item.is_greeting:
                self.is_lost = True

    async def next(self) -> bytes:
        """Wait for bytes to send; a comment line after 15 quiet seconds keeps the line open."""
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                first = await self._queue.get()
        except TimeoutError:
            return b": ancora qui\n\n"
        pieces = [first.data]
        while not self._queue.empty():
            pieces.append(self._queue.get_nowait().data)
        return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The last revision of a cue: its event id, its frame, and what to withdraw it with."""

    event_id: int
    data: bytes
    cue: dict[str, object]

    @property
    def end(self) -> float:
        return float(str(self.cue["end"]))


class Hub:
    """Fan events out to the readers of one sitting; cues are kept, so that a late reader gets all."""

    def __init__(self) -> None:
        self._readers: set[Subscription] = set()
        self._cues: OrderedDict[str, _Kept] = OrderedDict()
        self._last_id = 0
        self._state: bytes = b""
        self._board: bytes = b""
        self._status: bytes = b""

    @property
    def viewers(self) -> int:
        """Return how many public readers there are."""
        return sum(not reader.is_regia for reader in self._readers)

    @property
    def has_regia(self) -> bool:
        """Return whether a regia is looking."""
        return any(reader.is_regia for reader in self._readers)

    def subscribe(
        self, *, is_regia: bool, last_event_id: int = 0, speakers: bytes = b""
    ) -> Subscription:
        """Add a reader; it first gets the state, the board and every cue newer than what it has.

        `speakers` is the frame of who spoke so far.
        """
        reader = Subscription(is_regia=is_regia)
        missed = [kept for kept in self._cues.values() if kept.event_id > last_event_id]
        pieces = [self._state, self._board, speakers, *(kept.data for kept in missed)]
        pieces += [self._status] if is_regia else []
        until = inf if speakers else max((kept.end for kept in missed), default=-inf)
        reader.offer(b"".join(pieces) or b": salve\n\n", words_until=until, is_greeting=True)
        self._readers.add(reader)
        return reader

    def unsubscribe(self, reader: Subscription) -> None:
        """Remove a reader."""
        self._readers.discard(reader)

    @property
    def last_event_id(self) -> int:
        """Return the last event id that was given out."""
        return self._last_id

    def load(self, cues: Iterable[dict[str, object]], *, after: int = 0) -> None:
        """Take every line of `cues.jsonl`, in order: a line's number is its event id for ever.

        Where lines were withdrawn they begin `after` all that was given out before: a reader
        then gets again some of what it has, and misses none.
        """
        self._last_id = after
        for cue in cues:
            self._keep(cue)

    def state(self, payload: object) -> None:
        """Tell everyone how the sitting stands."""
        data = frame("state", payload)
        if data != self._state:
            self._state = data
            self._send(data)

    def board(self, data: bytes) -> None:
        """Tell everyone the chamber's state, already a frame."""
        self._board = data
        self._send(data)

    def speakers(self, payload: object) -> None:
        """Tell everyone who speaks, and spoke a moment ago."""
        self._send(frame("speakers", payload), words_until=inf)

    def cue(self, payload: dict[str, object]) -> None:
        """Tell everyone a caption, new or revised."""
        kept = self._keep(payload)
        self._send(kept.data, words_until=kept.end)

    def partial(self, payload: dict[str, object]) -> None:
        """Tell everyone the words being recognised, which may still change."""
        self._send(frame("partial", payload), words_until=float(str(payload.get("end", inf))))

    def withdraw(self, at_s: float) -> None:
        """Take back every word said after a sitting time: here, on its way, and on the pages."""
        for reader in self._readers:
            reader.withdraw(at_s)
        for cue_id, kept in list(self._cues.items()):
            if kept.end > at_s:
                del self._cues[cue_id]
                self._last_id += 1
                self._send(frame("cue", _emptied(kept.cue), event_id=self._last_id))
        self._send(frame("partial", {"start": at_s, "end": at_s, "text": ""}))

    def omit(self, stretches: tuple[Stretch, ...]) -> None:
        """Take back the words of closed stretches; every page comes back for what is left."""
        met = [
            kept
            for kept in self._cues.values()
            if any(one.meets(float(str(kept.cue["start"])), kept.end) for one in stretches)
        ]
        if met:
            for reader in self._readers:
                reader.withdraw(min(float(str(kept.cue["start"])) for kept in met))
                reader.is_lost = True
        for kept in met:
            self._send(self._keep(_emptied(kept.cue)).data)

    def status(self, payload: object) -> None:
        """Tell the regia, and only it, the health of signal and machine."""
        self._status = frame("status", payload)
        for reader in self._readers:
            if reader.is_regia:
                reader.offer(self._status)

    def _keep(self, cue: dict[str, object]) -> _Kept:
        self._last_id += 1
        kept = _Kept(self._last_id, frame("cue", cue, event_id=self._last_id), cue)
        cue_id = str(cue["id"])
        self._cues.pop(cue_id, None)
        self._cues[cue_id] = kept
        return kept

    def _send(self, data: bytes, *, words_until: float = -inf) -> None:
        for reader in self._readers:
            reader.offer(data, words_until=words_until)


def _emptied(cue: dict[str, object]) -> dict[str, object]:
    """Return the revision of a cue that takes its words back, as pages already know it."""
    return {
        "id": cue["id"],
        "rev": int(str(cue["rev"])) + 1,
        "start": cue["start"],
        "end": cue["end"],
        "lines": [],
        "final": True,
    }
