"""The RTMP door of the studio: sockets and time-outs around the sans-I/O server."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Protocol, cast

from arengo.live.engine.media import AudioConfig, MediaEvent, Sample, Unsupported, VideoConfig
from arengo.live.engine.rtmp import Event, PublishRequested, RtmpError, RtmpServer, Unpublished

log = logging.getLogger(__name__)

HANDSHAKE_S = 10.0
BREATH_S = 0.04  # once on air, read at most this often: a third of the wake-ups, a frame of delay
SILENCE_S = 30.0
ADDRESSES = 1_000
REFUSALS = 10  # wrong keys in a minute before an address is turned away at once
MEDIA = (Sample, VideoConfig, AudioConfig, Unsupported)


class Refused(Exception):
    """A publisher may not come in; `message` is for the journal and for the encoder's log."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Publisher(Protocol):
    """Where an accepted source delivers what it sends."""

    def feed(self, events: list[MediaEvent]) -> None:
        """Take media events in, in the order of the source."""

    def end(self, reason: str) -> None:
        """Tell that nothing more comes from this source."""


Admit = Callable[[str, str, Callable[[], None]], Publisher]
"""`admit(key, source, hang_up)` returns the publisher or raises `Refused`."""


class Turnstile:
    """Count refusals by address, so that keys cannot be tried at will."""

    def __init__(self) -> None:
        self._refused: defaultdict[str, deque[float]] = defaultdict(deque)

    def is_shut(self, address: str, now_s: float) -> bool:
        """Return whether this address had too many refusals in the last minute."""
        times = self._refused[address]
        while times and now_s - times[0] > 60:
            times.popleft()
        if not times:
            del self._refused[address]
        return len(times) >= REFUSALS

    def count(self, address: str, now_s: float) -> None:
        """Count one refusal; addresses of more than a minute ago are forgotten."""
        self._refused[address].append(now_s)
        if len(self._refused) > ADDRESSES:
            for known in list(self._refused):
                self.is_shut(known, now_s)


class RtmpConnection(asyncio.Protocol):
    """One encoder's connection."""

    def __init__(self, admit: Admit, turnstile: Turnstile) -> None:
        self._admit = admit
        self._turnstile = turnstile
        self._server = RtmpServer()
        self._publisher: Publisher | None = None
        self._transport: asyncio.Transport | None = None
        self._address = "?"
        self._timer: asyncio.TimerHandle | None = None
        self._heard_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet an encoder, unless its address has tried too many keys."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without saying so
        self._address = str((transport.get_extra_info("peername") or ("?",))[0])
        loop = asyncio.get_running_loop()
        if self._turnstile.is_shut(self._address, loop.time()):
            self._transport.abort()
            return
        self._timer = loop.call_later(HANDSHAKE_S, self._too_slow)

    def data_received(self, data: bytes) -> None:
        """Read what came; rubbish ends this connection and no other."""
        self._heard_at = asyncio.get_running_loop().time()
        try:
            events = self._server.receive(data)
            self._handle(events)
            if self._server.error:
                raise self._server.error
        except RtmpError as error:
            log.info("rtmp from %s: %s", self._address, error)
            self._hang_up(str(error))
        self._flush()
        if self._publisher and self._transport:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(BREATH_S, self._read_on)

    def _read_on(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    def _handle(self, events: list[Event]) -> None:
        media: list[MediaEvent] = []
        for event in events:
            if isinstance(event, MEDIA):
                media.append(event)
            elif isinstance(event, PublishRequested):
                self._publish(event)
            elif isinstance(event, Unpublished):
                self._deliver(media)
                media = []
                self._finish("l'encoder ha chiuso il flusso")
        self._deliver(media)

    def _deliver(self, media: list[MediaEvent]) -> None:
        if media and self._publisher:
            self._publisher.feed(media)

    def _publish(self, event: PublishRequested) -> None:
        try:
            self._publisher = self._admit(event.key, "rtmp", lambda: self._hang_up("revocata"))
        except Refused as refusal:
            self._turnstile.count(self._address, asyncio.get_running_loop().time())
            self._server.refuse_publish(refusal.message)
            self._flush()
            self._hang_up(refusal.message)
            return
        self._server.accept_publish()
        self._watch()

    def _watch(self) -> None:
        """Hang up on an encoder that keeps the line but has said nothing for half a minute."""
        loop = asyncio.get_running_loop()
        if self._timer:
            self._timer.cancel()
        if loop.time() - self._heard_at > SILENCE_S:
            self._hang_up("nessun dato da 30 s")
            return
        self._timer = loop.call_later(SILENCE_S / 3, self._watch)

    def _too_slow(self) -> None:
        self._hang_up("nessuna pubblicazione entro 10 s")

    def _flush(self) -> None:
        data = self._server.bytes_to_send()
        if data and self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def _finish(self, reason: str) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher:
            publisher.end(reason)

    def _hang_up(self, reason: str) -> None:
        self._finish(reason)
        if self._transport:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the sitting go on without this encoder."""
        if self._timer:
            self._timer.cancel()
        self._finish("connessione dell'encoder interrotta")


async def listen(host: str, port: int, admit: Admit) -> asyncio.Server:
    """Open the RTMP port; `OSError` when it is taken."""
    turnstile = Turnstile()
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: RtmpConnection(admit, turnstile), host, port)
