"""What the studio serves: playlists, segments, captions, events, cameras.

Everything immutable is named by its number and may be kept for ever; everything that
changes may be kept for a second. A low-latency playlist asked for by number and part
never changes either, so that a cache keyed on the whole address carries the viewers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import re
from collections.abc import AsyncIterator
from http import HTTPStatus

from aiohttp import web

from arengo.kernel.tokens import TokenRefused, verify
from arengo.live.engine import subtitles
from arengo.live.engine.playlist import (
    Variant,
    Window,
    live_playlist,
    master_playlist,
    plain_playlist,
    subtitle_playlist,
)
from arengo.live.engine.wall import anchors
from arengo.live.studio.ballot_box import Boxes
from arengo.live.studio.ballot_http import add_routes
from arengo.live.studio.camera import take_camera
from arengo.live.studio.channel import Channel
from arengo.live.studio.studio import Studio

FOREVER = "public, max-age=31536000, immutable"
SECRET_WAIT_S = 0.5
SETTLED_S = 60.0  # what is younger may still be withdrawn: kept for a second only
SETTLED = "private, max-age=600"  # no cache but the viewer's own may hold what can be omitted
A_MOMENT = "public, max-age=1"
BLOCKED = "public, max-age=4"
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
PART_TARGET_S = 0.25
WHOLE_EVERY_S = 5.0
SEGMENT = re.compile(r"(\d{1,9})\.m4s")
PART = re.compile(r"(\d{1,9})\.(\d{1,4})\.m4s")
BLACK = re.compile(r"\d{1,9}\.black\.m4s|black-\d{1,6}\.mp4")
CAPTIONS = re.compile(r"(\d{1,9})\.vtt")
INIT = re.compile(r"init-(\d{1,6})\.mp4")
STUDIO = web.AppKey("studio", Studio)


def application(studio: Studio) -> web.Application:
    """Return the studio's HTTP application."""
    app = web.Application(client_max_size=1 << 16)
    app[STUDIO] = studio
    add_routes(app, Boxes(), studio.secret, studio.now)
    app.router.add_get("/studio/health", _health)
    app.router.add_get("/events/{uid}", _events)
    app.router.add_get("/camera/{uid}", _camera)
    app.router.add_get("/media/{uid}/{name}", _media)
    return app


async def _health(request: web.Request) -> web.Response:
    return web.json_response(request.app[STUDIO].health(), headers={"Cache-Control": "no-store"})


async def _camera(request: web.Request) -> web.StreamResponse:
    studio = request.app[STUDIO]
    return await take_camera(request, studio.admit)


async def _channel(request: web.Request) -> Channel:
    channel = await request.app[STUDIO].channel(request.match_info["uid"])
    if channel is None:
        raise web.HTTPNotFound(text="Seduta inesistente.", headers={"Cache-Control": A_MOMENT})
    return channel


# --- events ---------------------------------------------------------------------------


async def _events(request: web.Request) -> web.StreamResponse:
    channel = await _channel(request)
    is_regia = _is_regia(request)
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    channel.tell()  # so that the first thing said is how it stands now
    last = request.headers.get("Last-Event-ID", "0")
    reader = channel.hub.subscribe(
        is_regia=is_regia,
        last_event_id=int(last) if last.isdigit() else 0,
        speakers=channel.speakers_frame(),
    )
    try:
        await response.write(b"retry: 2000\n\n")
        while not reader.is_lost:
            data = await reader.next()
            async with asyncio.timeout(10):  # `wait_for` would cost a task for each reader
                await response.write(data)
    except (ConnectionError, TimeoutError):
        pass  # the reader left, or never reads: it comes back by itself
    finally:
        channel.hub.unsubscribe(reader)
    return response


def _is_regia(request: web.Request) -> bool:
    token = request.query.get("token")
    if token is None:
        return False
    studio = request.app[STUDIO]
    try:
        subject = verify(studio.secret, token, purpose="regia", now=int(studio.now().timestamp()))
    except TokenRefused as error:
        raise web.HTTPForbidden(text="Accesso scaduto: ricaricare la pagina.") from error
    if subject != request.match_info["uid"]:
        raise web.HTTPForbidden(text="Accesso non valido per questa seduta.")
    return True


# --- media ----------------------------------------------------------------------------


async def _media(request: web.Request) -> web.StreamResponse:
    channel = await _channel(request)
    name = request.match_info["name"]
    if found := PART.fullmatch(name):
        return await _part(request, channel, int(found[1]), int(found[2]))
    if found := SEGMENT.fullmatch(name):
        return _segment(request, channel, int(found[1]))
    if BLACK.fullmatch(name):
        return _black(channel, name)
    if found := CAPTIONS.fullmatch(name):
        return _captions(channel, int(found[1]))
    if found := INIT.fullmatch(name):
        return _init(channel, int(found[1]))
    if name in PLAYLISTS:
        return await _playlist(request, channel, name)
    if name in DOWNLOADS:
        return _download(channel, name)
    if answer := FACTS.get(name):
        return answer(channel)
    if name == "recording.mp4":
        return await _recording(request, channel)
    raise _absent()


def _absent() -> web.HTTPNotFound:
    return web.HTTPNotFound(text="Non c'è (ancora, o più).", headers={"Cache-Control": A_MOMENT})


def _bytes(data: bytes, content_type: str, headers: dict[str, str]) -> web.Response:
    return web.Response(body=data, content_type=content_type, headers=headers)


def _keep(channel: Channel, number: int, *, is_settled: bool) -> dict[str, str]:
    """Say how long a segment's file may be kept: five seconds by nginx, ten minutes by who saw it.

    One that may still be withdrawn for a secret is kept for a second.

    `X-Accel-Expires` is for nginx, whose seconds of `max-age` may last two: not after this one.
    """
    segment = channel.shelf.ledger.get(number)
    now = channel.now().timestamp()
    ended = segment.wall.timestamp() + segment.duration_s if segment else now
    if is_settled and (channel.spec.state == "closed" or now - ended > SETTLED_S):
        return {"Cache-Control": SETTLED, "X-Accel-Expires": "5"}
    return {"Cache-Control": A_MOMENT, "X-Accel-Expires": f"@{int(now)}"}


def _wall(channel: Channel) -> web.Response:
    """Tell at what hour each stretch of the sitting was recorded, reckoned at most each five s."""
    key = (int(channel.clock() / WHOLE_EVERY_S), 0.0, channel.spec.state == "closed")
    known = channel.rendered.get("clock.json")
    if known is None or known[0] != key:
        found = anchors(channel.shelf.ledger)
        rows = [{"start_s": one.start_s, "wall": one.wall.isoformat()} for one in found]
        known = channel.rendered["clock.json"] = (key, json.dumps(rows))
    headers = {"Cache-Control": A_MOMENT}
    return web.Response(text=known[1], content_type="application/json", headers=headers)


def _board(channel: Channel) -> web.Response:
    """Answer with the chamber's state, for programs and for pages whose events do not come."""
    if channel.board is None:
        raise _absent()
    return web.Response(
        body=channel.board.text,
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": A_MOMENT},
    )


def _speakers(channel: Channel) -> web.Response:
    """Answer with who spoke in the whole sitting; with nobody where there is no chamber."""
    text = json.dumps(channel.attribution.whole(), ensure_ascii=False)
    headers = {"Cache-Control": A_MOMENT}
    return web.Response(text=text, content_type="application/json", headers=headers)


FACTS = {"board.json": _board, "clock.json": _wall, "speakers.json": _speakers}


async def _part(request: web.Request, channel: Channel, number: int, part: int) -> web.Response:
    shelf = channel.shelf
    opened = shelf.open
    is_next = number == shelf.next_number or (
        opened is not None and number == opened.number and part == len(opened.parts)
    )
    if is_next and not channel.is_secret:  # the preload hint: answered when it exists
        await _until(channel, number, part)
    data = shelf.in_memory(number, part)
    if data is None:
        raise _absent()
    channel.hand(request.transport, number)
    return _bytes(data, "video/mp4", {"Cache-Control": A_MOMENT})


def _segment(request: web.Request, channel: Channel, number: int) -> web.StreamResponse:
    data = channel.shelf.in_memory(number)
    is_recorded = channel.shelf.ledger.bytes_of(number) > 0
    headers = _keep(channel, number, is_settled=is_recorded)
    if data is None and not is_recorded:
        raise _absent()
    channel.hand(request.transport, number)
    if data is not None:
        return _bytes(data, "video/mp4", headers)
    path = channel.folder / "media" / f"{number}.m4s"
    return web.FileResponse(path, headers={**headers, "Content-Type": "video/mp4"})


def _black(channel: Channel, name: str) -> web.StreamResponse:
    """Answer with what stands in the place of what was omitted: nothing of it is in there."""
    path = channel.folder / "media" / name
    if not path.exists():
        raise _absent()
    headers = {"Cache-Control": SETTLED, "X-Accel-Expires": "5", "Content-Type": "video/mp4"}
    return web.FileResponse(path, headers=headers)


def _init(channel: Channel, take: int) -> web.StreamResponse:
    data = channel.inits.get(take)
    path = channel.folder / "media" / f"init-{take}.mp4"
    if data is not None:
        keep = FOREVER if path.exists() else A_MOMENT  # a crash may undo it
        return _bytes(data, "video/mp4", {"Cache-Control": keep})
    if not path.exists():
        raise _absent()
    return web.FileResponse(path, headers={"Cache-Control": FOREVER, "Content-Type": "video/mp4"})


def _captions(channel: Channel, number: int) -> web.Response:
    segment = channel.shelf.ledger.get(number)
    if segment is None or segment.end_s > channel.captions_until():
        raise _absent()
    text = subtitles.segment_vtt(channel.cues.all(), segment.start_s, segment.end_s)
    is_settled = segment.end_s <= channel.cues.final_until
    return web.Response(
        text=text,
        content_type="text/vtt",
        charset="utf-8",
        headers=_keep(channel, number, is_settled=is_settled),
    )


# --- playlists ------------------------------------------------------------------------

PLAYLISTS = frozenset(
    [
        "master.m3u8",
        "live.m3u8",
        "subs.m3u8",
        "plain.m3u8",
        "plain-video.m3u8",
        "recording.m3u8",
        "recording-video.m3u8",
        "recording-subs.m3u8",
    ]
)


async def _playlist(request: web.Request, channel: Channel, name: str) -> web.Response:
    is_blocked = name == "live.m3u8" and "_HLS_msn" in request.query
    is_there = await _block(request, channel) if is_blocked else False
    if not channel.shelf.next_number:
        raise _absent()
    is_over = channel.spec.state == "closed"
    text = _rendered(channel, name, is_over=is_over)
    return web.Response(
        text=text,
        content_type=PLAYLIST_TYPE,
        headers={"Cache-Control": BLOCKED if is_there else A_MOMENT},
    )


async def _block(request: web.Request, channel: Channel) -> bool:
    """Hold the answer until the asked part exists (RFC 8216bis §6.2.5.2); False when it does not."""
    try:
        number = int(request.query["_HLS_msn"])
        part = int(request.query["_HLS_part"]) if "_HLS_part" in request.query else None
    except ValueError as error:
        raise web.HTTPBadRequest(text="_HLS_msn e _HLS_part sono numeri.") from error
    if number > channel.shelf.next_number + 1:
        raise web.HTTPBadRequest(text="Segmento troppo lontano nel futuro.")
    return await _until(channel, number, part)


async def _until(channel: Channel, number: int, part: int | None) -> bool:
    """Wait for a part, three target durations at most; the old playlist is an answer too.

    A secret cut ends every wait: the part that was to come never will. Who asks later waits a
    little, so as not to ask at once again.
    """
    cuts = channel.cuts
    patience_s = SECRET_WAIT_S if channel.is_secret else 3 * channel.shelf.window.target_s
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while not channel.shelf.has(number, part):
                if channel.spec.state == "closed" or channel.cuts != cuts:
                    return False
                await channel.shelf.change()
            return True
    return False


def _rendered(channel: Channel, name: str, *, is_over: bool) -> str:
    """Render a playlist once for all who ask; a long recording's, every five seconds at most."""
    version = channel.shelf.version
    if name.startswith("recording") and not is_over:
        version = int(channel.clock() / WHOLE_EVERY_S)
    key = (version, channel.captions_until(), is_over)
    known = channel.rendered.get(name)
    if known is None or known[0] != key:
        known = channel.rendered[name] = (key, _render(channel, name, is_over=is_over))
    return known[1]


def _render(channel: Channel, name: str, *, is_over: bool) -> str:
    shelf = channel.shelf
    whole = name.startswith("recording")
    match name:
        case "master.m3u8":
            return _master(channel, "live.m3u8", "subs.m3u8")
        case "plain.m3u8":
            return _master(channel, "plain-video.m3u8", "subs.m3u8")
        case "recording.m3u8":
            return _master(channel, "recording-video.m3u8", "recording-subs.m3u8")
        case "live.m3u8":
            opened = shelf.open.listed() if shelf.open and shelf.open.parts else None
            return live_playlist(
                shelf.window, part_target_s=PART_TARGET_S, open_segment=opened, is_closed=is_over
            )
        case "plain-video.m3u8" | "recording-video.m3u8":
            window = shelf.everything() if whole else shelf.window
            return plain_playlist(window, is_whole=whole, is_closed=is_over)
        case _:
            window = _captioned(channel, shelf.everything() if whole else shelf.window)
            is_said = is_over and channel.captions_until() == math.inf
            return subtitle_playlist(window, is_whole=whole, is_closed=is_said)


def _captioned(channel: Channel, window: Window) -> Window:
    until = channel.captions_until()
    return Window(
        tuple(segment for segment in window.segments if segment.end_s <= until),
        window.discontinuity_sequence,
        window.target_s,
    )


def _master(channel: Channel, video_uri: str, subtitles_uri: str) -> str:
    take = channel.takes[max(channel.takes)]
    codecs = [config.codec for config in (take.video, take.audio) if config]
    ledger = channel.shelf.ledger
    near = [s for n in range(max(0, len(ledger) - 60), len(ledger)) if (s := ledger.get(n))]
    rates = [ledger.bytes_of(s.number) * 8 / s.duration_s for s in near if s.duration_s > 0.2]
    peak = max(rates, default=0) or 2_600_000
    size = (take.video.width, take.video.height) if take.video else None
    variant = Variant(
        uri=video_uri, bandwidth=round(peak * 1.1) + 1, codecs=tuple(codecs), resolution=size
    )
    return master_playlist([variant], subtitles_uri=subtitles_uri)


# --- downloads ------------------------------------------------------------------------

DOWNLOADS = {
    "captions.vtt": "text/vtt",
    "captions.srt": "application/x-subrip",
    "captions.ttml": "application/ttml+xml",
    "transcript.txt": "text/plain",
}


def _download(channel: Channel, name: str) -> web.Response:
    cues = channel.cues.all()
    match name:
        case "captions.vtt":
            text = subtitles.whole_vtt(cues)
        case "captions.srt":
            text = subtitles.srt(cues)
        case "captions.ttml":
            text = subtitles.ttml(cues, channel.spec.title)
        case _:
            text = subtitles.transcript(cues, channel.attribution.who)
    return web.Response(
        text=text,
        content_type=DOWNLOADS[name],
        charset="utf-8",
        headers={"Cache-Control": A_MOMENT},
    )


async def _recording(request: web.Request, channel: Channel) -> web.StreamResponse:
    """Send the whole recording as one MP4; takes of different codecs cannot be joined so."""
    media = channel.folder / "media"
    recorded = list(channel.shelf.ledger.recorded())
    numbers = [segment.number for segment in recorded]
    used = {segment.take for segment in recorded}
    inits = {(media / f"init-{take}.mp4").read_bytes() for take in used}
    if len(inits) != 1:
        raise web.HTTPConflict(
            text="Le riprese hanno codifiche diverse: scaricarle una per una dalla playlist."
            if inits
            else "Ancora nulla di registrato."
        )
    init = inits.pop()
    size = len(init) + channel.shelf.ledger.bytes_total
    response = web.StreamResponse(
        status=HTTPStatus.OK,
        headers={
            "Content-Type": "video/mp4",
            "Content-Length": str(size),
            "Content-Disposition": f'attachment; filename="seduta-{channel.spec.uid}.mp4"',
            "Cache-Control": A_MOMENT,
        },
    )
    cuts = channel.cuts
    with contextlib.suppress(ConnectionError, FileNotFoundError):  # who asked has gone, or it has
        await response.prepare(request)
        await response.write(init)
        async for number, data in _files(channel, numbers):
            if channel.cuts != cuts:
                break
            channel.hand(request.transport, number)
            await response.write(data)
        else:
            return response
    if request.transport:
        request.transport.close()  # half a body must not pass for a whole one
    return response


async def _files(channel: Channel, numbers: list[int]) -> AsyncIterator[tuple[int, bytes]]:
    media = channel.folder / "media"
    for n in numbers:
        yield n, await asyncio.to_thread((media / f"{n}.m4s").read_bytes)
