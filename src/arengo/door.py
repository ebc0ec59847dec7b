"""The door: one address for pages, video and events when no nginx stands in front.

It passes `/media/`, `/events/`, `/camera/`, `/ballot/` and `/studio/` to the studio and the
rest to the web process, and answers in plain Italian while one of them restarts. A town hall
with a few dozen viewers needs no more; `deploy/nginx.conf` does the same for thousands.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, ItemsView

import uvloop
from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    StreamReader,
    TCPConnector,
    WSMsgType,
    web,
)

from arengo.config import Config, load

STUDIO_PATHS = ("/media/", "/events/", "/camera/", "/ballot/", "/studio/")
HOP_BY_HOP = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
BODY_MAX = 4 << 20
PATIENCE_S = 30.0
CONFIG = web.AppKey("config", Config)
SESSION = web.AppKey("session", ClientSession)
Socket = web.WebSocketResponse | ClientWebSocketResponse

UNAVAILABLE = """<!doctype html><html lang="it"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="3">
<title>Un momento</title></head><body><main><h1>Un momento</h1>
<p>Il servizio si sta riavviando. Questa pagina riprova da sola tra tre secondi.
Una seduta in corso continua a essere registrata.</p></main></body></html>"""


def application(config: Config) -> web.Application:
    """Return the door's HTTP application."""
    app = web.Application(client_max_size=BODY_MAX)
    app[CONFIG] = config
    app.cleanup_ctx.append(_session)
    app.router.add_route("*", "/{path:.*}", _pass)
    return app


async def _session(app: web.Application) -> AsyncIterator[None]:
    timeout = ClientTimeout(total=None, sock_connect=5)
    connector = TCPConnector(limit=0)
    async with ClientSession(
        timeout=timeout, connector=connector, auto_decompress=False
    ) as session:
        app[SESSION] = session
        yield


def _target(request: web.Request) -> str:
    config = request.app[CONFIG]
    is_studio = request.raw_path.startswith(STUDIO_PATHS)
    port = config.studio_port if is_studio else config.web_port
    return f"http://127.0.0.1:{port}{request.raw_path}"


async def _pass(request: web.Request) -> web.StreamResponse:
    if request.headers.get("Upgrade", "").lower() == "websocket":
        return await _pass_socket(request)
    try:
        async with request.app[SESSION].request(
            request.method,
            _target(request),
            headers=_forwarded(request),
            data=await request.read() if request.can_read_body else None,
            allow_redirects=False,
        ) as answer:
            return await _relay(request, answer.status, answer.headers.items(), answer.content)
    except ClientError:
        return _unavailable(request)


def _forwarded(request: web.Request) -> list[tuple[str, str]]:
    kept = [(k, v) for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP]
    kept = [(k, v) for k, v in kept if not k.lower().startswith("x-forwarded-")]
    kept.append(("X-Forwarded-For", request.remote or ""))
    kept.append(("X-Forwarded-Proto", request.scheme))
    return kept


async def _relay(
    request: web.Request,
    status: int,
    headers: ItemsView[str, str],
    content: StreamReader,
) -> web.StreamResponse:
    response = web.StreamResponse(status=status)
    for key, value in headers:
        if key.lower() not in HOP_BY_HOP:
            response.headers.add(key, value)
    await response.prepare(request)
    try:
        async for piece in content.iter_any():
            await asyncio.wait_for(response.write(piece), PATIENCE_S)
        await response.write_eof()
    except (ClientError, ConnectionError, TimeoutError):
        if request.transport:
            request.transport.abort()  # half a body must not pass for a whole one
    return response


def _unavailable(request: web.Request) -> web.Response:
    headers = {"Retry-After": "3", "Cache-Control": "no-store"}
    if "text/html" in request.headers.get("Accept", ""):
        return web.Response(status=503, text=UNAVAILABLE, content_type="text/html", headers=headers)
    return web.Response(status=503, text="Riavvio in corso, riprovare.", headers=headers)


async def _pass_socket(request: web.Request) -> web.WebSocketResponse:
    inner = web.WebSocketResponse(max_msg_size=8 << 20, compress=False)
    await inner.prepare(request)
    try:
        async with request.app[SESSION].ws_connect(_target(request), max_msg_size=8 << 20) as outer:
            await _both_ways(inner, outer)
    except ClientError:
        await inner.close(code=1013, message=b"riavvio in corso")
    return inner


async def _both_ways(inner: web.WebSocketResponse, outer: ClientWebSocketResponse) -> None:
    tasks = {
        asyncio.ensure_future(_one_way(inner, outer)),
        asyncio.ensure_future(_one_way(outer, inner)),
    }
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await inner.close()
    await outer.close()


async def _one_way(source: Socket, sink: Socket) -> None:
    with contextlib.suppress(ConnectionError):
        async for message in source:
            if message.type is WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            elif message.type is WSMsgType.TEXT:
                await sink.send_str(message.data)


async def main() -> int:
    """Open the door and keep it open until SIGTERM; 1 when its port is taken."""
    config = load()
    runner = web.AppRunner(application(config), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.door_port).start()
    except OSError:
        print(
            f"La porta {config.door_port} è occupata: chiudere l'altro programma"
            " o scegliere un'altra porta con ARENGO_PORT.",
            file=sys.stderr,
        )
        return 1
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
    await runner.cleanup()
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s door %(levelname)s %(message)s")
    sys.exit(uvloop.run(main()))
