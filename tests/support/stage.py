"""One origin with everything behind it: the real pages, and a studio that does as it is told.

The real studio is tried elsewhere; here each state of the pages must be reached at
will. This one speaks the same contract: HLS under `/media/`, events under `/events/`.
"""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import threading
from collections.abc import Awaitable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import ClientSession, DummyCookieJar, web
from playwright.sync_api import Page

from arengo import config
from arengo.kernel import clock
from arengo.live.studio.ballot_box import Boxes
from arengo.live.studio.ballot_http import add_routes

T = TypeVar("T")
SEGMENT_S = 1
CLIP_S = 40
WORDS = """Buonasera a tutti, sono le ore venti e trenta.|Dichiaro aperta la seduta del Consiglio comunale.
Prego la segretaria di procedere con l’appello.|Grazie Presidente, procedo con l’appello nominale.
Aceti: presente.|Bonfanti: presente.
Cavalleri: assente giustificato.|Dell’Orto: presente. Il numero legale è raggiunto.
Passiamo al primo punto all’ordine del giorno:|la variazione di bilancio per la raccolta dei rifiuti.
Illustra l’assessora Bonfanti, ne ha facoltà.|La spesa prevista è di 48.500 euro per il 2027."""


def cue(number: int, start: float, *lines: str, rev: int = 0, final: bool = True) -> dict[str, Any]:
    """Return a cue as the studio sends it."""
    return {
        "id": f"t1.{number}",
        "rev": rev,
        "start": start,
        "end": start + 2.5,
        "lines": list(lines),
        "final": final,
    }


def speech(until: float = CLIP_S) -> list[dict[str, Any]]:
    """Return the cues of the sitting of the tests, one each three seconds."""
    rows = [line.split("|") for line in WORDS.splitlines()]
    cues = [cue(n, 0.5 + 3 * n, *rows[n % len(rows)]) for n in range(CLIP_S // 3)]
    return [one for one in cues if one["start"] <= until]


def healthy(**over: Any) -> dict[str, Any]:
    """Return the `status` of a sitting where all is well."""
    status: dict[str, Any] = {
        "signal": "live",
        "source": "rtmp",
        "video": {
            **{"codec": "avc1.64001f", "width": 1280, "height": 720},
            **{"fps": 25.0, "bitrate_kbps": 2580, "keyframe_interval_s": 2.0},
        },
        "audio": {"codec": "mp4a.40.2", "level_db": -21.5, "peak_db": -9.2, "silent_s": 0.0},
        "captions": {
            **{"delay_mean_s": 2.4, "delay_p95_s": 3.9, "model": "whisper-base"},
            **{"alive": True, "last_word_end": 12.0},
        },
        "recording": {
            **{"duration_s": 2712.4, "bytes": 884_000_000, "disk_free_bytes": 47_800_000_000},
            **{"disk_left_s": 148_000, "is_writing": True},
        },
        "viewers": 37,
        "warnings": [],
        "events": [
            {"at": "2026-11-23T19:30:02Z", "code": "opened", "message": "Seduta aperta."},
            {"at": "2026-11-23T19:30:09Z", "code": "take", "message": "Sorgente collegata: OBS."},
        ],
    }
    return status | over


def until(page: Page, expression: str, *, within_s: float = 15) -> None:
    """Wait until JavaScript is true of the page.

    Playwright's own `wait_for_function` needs `eval`, which our policy refuses.
    """
    for _ in range(int(within_s / 0.05)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    message = f"never true within {within_s} s: {expression}"
    raise AssertionError(message)


BARS = (
    *("-f", "lavfi", "-i", f"smptebars=size=640x360:rate=25:duration={CLIP_S}"),
    *("-f", "lavfi", "-i", f"sine=frequency=220:duration={CLIP_S}"),
)


def make_clip(folder: Path, picture: Sequence[str] = BARS) -> None:
    """Cut a picture with sound, by default a drawn one, into segments of fragmented MP4.

    `picture` is how FFmpeg is told to find it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "done").exists():
        return
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-y"),
            *picture,
            *("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0"),
            *("-pix_fmt", "yuv420p", "-c:a", "aac", "-af", "volume=0.02"),
            *("-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_list_size", "0"),
            *("-hls_segment_type", "fmp4", "-hls_segment_filename", str(folder / "%d.m4s")),
            *("-hls_fmp4_init_filename", "init-1.mp4", str(folder / "clip.m3u8")),
        ],
        check=True,
    )
    (folder / "done").touch()


@dataclass
class Stage:
    """The door with the fake studio; every method may be called from any thread."""

    pages: str  # address of the Django server
    clip: Path
    window: int = 20  # segments in the live playlist
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    readers: dict[str, set[asyncio.Queue[bytes]]] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    cues: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    boards: dict[str, dict[str, Any]] = field(default_factory=dict)
    clocks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)  # who speaks
    started: dict[str, float] = field(default_factory=dict)
    stopped: dict[str, float] = field(default_factory=dict)
    boxes: Boxes = field(default_factory=Boxes)  # the ballot box is the studio's own
    camera_bytes: int = 0
    camera_hello: dict[str, Any] = field(default_factory=dict)
    is_down: bool = False
    port: int = 0

    @property
    def url(self) -> str:
        """Return the one address of everything."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Stage:
        """Open the door on a free port."""
        ready = threading.Event()

        def run() -> None:
            asyncio.set_event_loop(self.loop)
            self.loop.run_until_complete(self._serve())
            ready.set()
            self.loop.run_forever()
            self._let_go()
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        ready.wait(10)
        return self

    def stop(self) -> None:
        """Close the door."""
        self.drop(is_down=True)
        self._call(self._runner.cleanup())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def _let_go(self) -> None:
        """Drop the lines on which something was still to be written: nobody reads it any more."""
        for transport in list(vars(self.loop).get("_transports", {}).values()):
            transport.abort()
        for _ in range(2):  # a transport closes its socket in the turn after
            self.loop.run_until_complete(asyncio.sleep(0))

    # --- what the studio is told to do ------------------------------------------------

    def state(self, uid: str, sitting: str, signal: str, *, hold_back_s: float = 5.5) -> None:
        """Change how the sitting stands."""
        now = self._now()
        if signal == "live" and uid not in self.started:
            self.started[uid] = now - 12  # twelve seconds of it are already there
        if signal == "live" and uid in self.stopped:
            self.started[uid] += now - self.stopped.pop(uid)
        if signal in ("lost", "closed") and uid in self.started:
            self.stopped.setdefault(uid, now)
        self.states[uid] = {
            **{"sitting": sitting, "signal": signal, "take": 1, "hold_back_s": hold_back_s},
            **{"segments": self._count(uid), "end": self._edge(uid)},
        }
        self._tell(uid, "state", self.states[uid])

    def say(self, uid: str, *cues: dict[str, Any]) -> None:
        """Send cues, new or revised."""
        for one in cues:
            self.cues.setdefault(uid, {})[one["id"]] = one
            self._tell(uid, "cue", one)

    def hear(self, uid: str, text: str) -> None:
        """Send words that may still change."""
        self._tell(uid, "partial", {"start": 0, "end": 1, "text": text})

    def status(self, uid: str, status: dict[str, Any]) -> None:
        """Send what the regia shows."""
        self.statuses[uid] = status
        self._tell(uid, "status", status)

    def board(self, uid: str, board: dict[str, Any]) -> None:
        """Send how the chamber stands."""
        self.boards[uid] = board
        self._tell(uid, "board", board)

    def speakers(
        self,
        uid: str,
        spans: Sequence[Sequence[Any]],
        names: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        """Send who speaks: `spans` whole from the beginning, or `from` a time on."""
        news = {"from": 0, "spans": [list(one) for one in spans], "names": names or {}, **more}
        if news["from"] == 0:
            self.told[uid] = news
        self._tell(uid, "speakers", news)

    def clock(self, uid: str, *anchors: tuple[float, datetime]) -> None:
        """Say at what hour each sitting time was; without it nobody knows."""
        self.clocks[uid] = [{"start_s": s, "wall": wall.isoformat()} for s, wall in anchors]

    def drop(self, *, is_down: bool) -> None:
        """Cut every line and refuse new ones, or accept them again."""
        self.is_down = is_down
        self.loop.call_soon_threadsafe(self._hang_up)

    # --- inside ---------------------------------------------------------------------------

    def _hang_up(self) -> None:
        for queues in self.readers.values():
            for queue in queues:
                queue.put_nowait(b"")

    def _call(self, coroutine: Awaitable[T]) -> T:
        async def wait() -> T:
            return await coroutine

        future: Future[T] = asyncio.run_coroutine_threadsafe(wait(), self.loop)
        return future.result(10)

    def _now(self) -> float:
        return self.loop.time()

    def _edge(self, uid: str) -> float:
        if uid not in self.started:
            return 0.0
        return min(self.stopped.get(uid, self._now()) - self.started[uid], CLIP_S)

    def _count(self, uid: str) -> int:
        return math.floor(self._edge(uid) / SEGMENT_S)

    def _tell(self, uid: str, event: str, payload: dict[str, Any]) -> None:
        data = _frame(event, payload)
        for queue in self.readers.get(uid, set()):
            self.loop.call_soon_threadsafe(queue.put_nowait, data)

    async def _serve(self) -> None:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_get("/events/{uid}", self._events)
        app.router.add_get("/media/{uid}/{name}", self._media)
        app.router.add_get("/camera/{uid}", self._camera)
        add_routes(app, self.boxes, config.load().secret(), clock.now)
        app.router.add_route("*", "/{path:.*}", self._page)
        self._session = ClientSession(auto_decompress=False, cookie_jar=DummyCookieJar())
        app.on_cleanup.append(lambda _: self._session.close())
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return web.Response(status=503)
        uid = request.match_info["uid"]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.readers.setdefault(uid, set()).add(queue)
        first = self.states.get(
            uid, {"sitting": "prepared", "signal": "waiting", "hold_back_s": 5.5}
        )
        await response.write(_frame("state", first))
        if uid in self.boards:
            await response.write(_frame("board", self.boards[uid]))
        if uid in self.told:
            await response.write(_frame("speakers", self.told[uid]))
        for one in self.cues.get(uid, {}).values():
            await response.write(_frame("cue", one))
        if "token" in request.query and uid in self.statuses:
            await response.write(_frame("status", self.statuses[uid]))
        try:
            while data := await queue.get():
                await response.write(data)
        except ConnectionError:
            pass
        finally:
            self.readers[uid].discard(queue)
        return response

    async def _media(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return web.Response(status=503)
        uid, name = request.match_info["uid"], request.match_info["name"]
        if name.endswith(".m3u8"):
            return self._playlist(uid, name)
        if name == "captions.vtt":
            return web.Response(text=_vtt(self.cues.get(uid, {})), content_type="text/vtt")
        if name == "clock.json":
            return web.json_response(self.clocks.get(uid, []))
        if name == "speakers.json":
            return web.json_response(self.told.get(uid, {"spans": [], "names": {}}))
        path = self.clip / name
        if not path.is_file():
            return web.Response(status=404)
        return web.Response(body=path.read_bytes(), content_type="video/mp4")

    def _playlist(self, uid: str, name: str) -> web.Response:
        count = self._count(uid)
        if not count:
            return web.Response(status=404)
        if name in ("master.m3u8", "recording.m3u8"):
            video = "live" if name.startswith("master") else "recording-video"
            text = f"""#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION=640x360
{video}.m3u8
"""
        else:
            text = self._segments(uid, count, is_whole=name.startswith("recording"))
        return web.Response(text=text, content_type="application/vnd.apple.mpegurl")

    def _segments(self, uid: str, count: int, *, is_whole: bool) -> str:
        first = 0 if is_whole else max(0, count - self.window)
        is_over = self.states.get(uid, {}).get("sitting") == "closed"
        lines = [
            *("#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{SEGMENT_S}"),
            *(f"#EXT-X-MEDIA-SEQUENCE:{first}", '#EXT-X-MAP:URI="init-1.mp4"'),
        ]
        for number in range(first, count):
            lines += [f"#EXTINF:{SEGMENT_S:.3f},", f"{number}.m4s"]
        return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if is_over else []), ""])

    async def _camera(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=8 << 20)
        await socket.prepare(request)
        self.camera_hello = json.loads(await socket.receive_str())
        await socket.send_json({"type": "accepted"})
        async for message in socket:
            if isinstance(message.data, bytes):
                self.camera_bytes += len(message.data)
        return socket

    async def _page(self, request: web.Request) -> web.StreamResponse:
        headers = {key: value for key, value in request.headers.items() if key != "Connection"}
        async with self._session.request(
            request.method,
            f"{self.pages}{request.raw_path}",
            headers=headers,
            data=await request.read(),
            allow_redirects=False,
        ) as answer:
            kept = {"Transfer-Encoding", "Content-Length", "Connection"}
            response = web.Response(status=answer.status, body=await answer.read())
            for key, value in answer.headers.items():
                if key not in kept:
                    response.headers.add(key, value) if key == "Set-Cookie" else (
                        response.headers.__setitem__(key, value)
                    )
            return response


def _frame(event: str, payload: dict[str, Any]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(payload)}\n\n".encode()


def _vtt(cues: dict[str, dict[str, Any]]) -> str:
    blocks = [
        f"{one['id']}\n{_clock(one['start'])} --> {_clock(one['end'])}\n" + "\n".join(one["lines"])
        for one in cues.values()
    ]
    return "\n\n".join(["WEBVTT", *blocks, ""])


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{seconds % 60:06.3f}"
