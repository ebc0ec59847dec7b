"""The browser's camera: fragmented MP4 of a MediaRecorder, over a WebSocket."""

from __future__ import annotations

import asyncio
import json

from aiohttp import WSMsgType, web

from arengo.live.engine.mp4_reader import Mp4Error, Mp4Reader
from arengo.live.studio.rtmp import Admit, Publisher, Refused

MAX_MESSAGE = 8 << 20
FIRST_WORD_S = 10.0
SILENCE_S = 30.0
CLOSING: set[asyncio.Task[bool]] = set()


async def take_camera(request: web.Request, admit: Admit) -> web.WebSocketResponse:
    """Serve one camera: a JSON message with the key first, then chunks of MP4."""
    socket = web.WebSocketResponse(max_msg_size=MAX_MESSAGE, heartbeat=10, compress=False)
    await socket.prepare(request)
    publisher: Publisher | None = None
    reason = "telecamera chiusa"
    try:
        key = await _key(socket)
        loop = asyncio.get_running_loop()
        publisher = admit(key, "camera", lambda: _close_soon(socket, loop))
        await socket.send_json({"type": "accepted"})
        await _relay(socket, publisher)
    except Refused as refusal:
        reason = refusal.message
        await socket.send_json({"type": "refused", "message": refusal.message})
    except Mp4Error as error:
        reason = f"flusso della telecamera non leggibile: {error}"
        await socket.send_json({"type": "refused", "message": reason})
    except TimeoutError:
        reason = "telecamera muta"
    finally:
        if publisher:
            publisher.end(reason)
        await socket.close()
    return socket


def _close_soon(socket: web.WebSocketResponse, loop: asyncio.AbstractEventLoop) -> None:
    task = loop.create_task(socket.close())
    CLOSING.add(task)  # the loop itself keeps no reference
    task.add_done_callback(CLOSING.discard)


async def _key(socket: web.WebSocketResponse) -> str:
    message = await asyncio.wait_for(socket.receive(), FIRST_WORD_S)
    if message.type is not WSMsgType.TEXT:
        raise Refused("bad-hello", "Il primo messaggio deve essere la chiave.")
    try:
        return str(json.loads(message.data)["key"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("bad-hello", "Il primo messaggio deve essere la chiave.") from error


async def _relay(socket: web.WebSocketResponse, publisher: Publisher) -> None:
    reader = Mp4Reader()
    while True:
        message = await asyncio.wait_for(socket.receive(), SILENCE_S)
        if message.type is not WSMsgType.BINARY:
            return
        if events := reader.feed(message.data):
            publisher.feed(events)
