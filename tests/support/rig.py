"""A real studio on free ports with a sitting of its own, for tests and benches."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from arengo.live.engine.media import Sample
from arengo.live.engine.rtmp import PublishRequested, RtmpServer
from arengo.live.studio.nudge import nudge

ISTAT = "015170"


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_s(pid: int) -> float:
    """Return user and system time of a process, s."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


class Events:
    """What a page was told, each with the monotonic time it came at."""

    def __init__(self, line: socket.socket) -> None:
        self.raw = b""
        self.seen: list[tuple[float, str, Any]] = []
        self._line = line
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def of(self, name: str) -> list[tuple[float, Any]]:
        """Return when each event of a kind came, and its payload."""
        return [(at, payload) for at, event, payload in list(self.seen) if event == name]

    def _read(self) -> None:
        waiting = b""
        while data := self._line.recv(65536):
            self.raw += data
            *whole, waiting = (waiting + data).split(b"\n\n")
            for block in whole:
                self._take(block.decode())

    def _take(self, block: str) -> None:
        pairs = (line.partition(": ") for line in block.split("\n"))
        fields = {key: value for key, _, value in pairs}
        if "event" in fields:
            self.seen.append((time.monotonic(), fields["event"], json.loads(fields["data"])))


@dataclass
class Rig:
    """A data folder, ports, and the processes started on them."""

    data: Path
    hearing: bool = False
    models: Path | None = None
    http_port: int = field(default_factory=free_port)
    rtmp_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    # --- the sitting ------------------------------------------------------------------

    def sitting(self, uid: str = "prova", **over: Any) -> str:
        """Write the file of an open sitting and return its stream key."""
        key = f"{secrets.token_hex(4)}-{secrets.token_hex(16)}"
        facts = {
            "uid": uid,
            "comune": {"istat": ISTAT, "name": "Pero", "slug": "pero"},
            "title": "Consiglio comunale",
            "state": "open",
            "scheduled_at": None,
            "keys": [
                {
                    "id": key[:8],
                    "sha256": hashlib.sha256(key.encode()).hexdigest(),
                    "label": "Sala",
                    "revoked_at": None,
                }
            ],
            "roster": [],
            "sources": [],
            "grace_s": 1800,
            "is_demo": True,
        }
        self.write(uid, {**facts, **over})
        return key

    def folder(self, uid: str = "prova") -> Path:
        """Return the folder of a sitting."""
        return self.data / "sittings" / ISTAT / uid

    def write(self, uid: str, facts: dict[str, Any]) -> None:
        """Write a sitting's file as the web side does."""
        path = self.folder(uid) / "sitting.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(facts))
        draft.rename(path)
        nudge(self.http_port, uid)

    def change(self, uid: str = "prova", **over: Any) -> None:
        """Change something of a sitting."""
        facts = json.loads((self.folder(uid) / "sitting.json").read_text())
        self.write(uid, {**facts, **over})

    def board(self, uid: str = "prova", *, is_told: bool = True, **facts: Any) -> None:
        """Write a sitting's board as the pages do; without a nudge when not `is_told`."""
        path = self.folder(uid) / "board.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(facts))
        draft.rename(path)
        if is_told:
            nudge(self.http_port, uid)

    def rows(self, name: str, uid: str = "prova") -> list[dict[str, Any]]:
        """Read one of the sitting's JSON line files."""
        path = self.folder(uid) / name
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]

    # --- the process ------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """Return the environment of the studio."""
        return {
            **os.environ,
            "ARENGO_DATA": str(self.data),
            "ARENGO_STUDIO_PORT": str(self.http_port),
            "ARENGO_RTMP_PORT": str(self.rtmp_port),
            "ARENGO_HEARING": "on" if self.hearing else "off",
            **({"ARENGO_MODELS": str(self.models)} if self.models else {}),
        }

    def start(self) -> None:
        """Start the studio and wait until it answers."""
        with (self.data / "studio.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "arengo.live.studio"],
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        wait_for(self._answers, "studio does not answer", timeout_s=20)

    def _answers(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            message = (self.data / "studio.log").read_text()
            raise RuntimeError(message)
        return self.get("/studio/health")[0] == 200

    def kill(self) -> None:
        """Kill the studio with no warning."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask the studio to end, and wait."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    # --- its sides --------------------------------------------------------------------

    def url(self, key: str) -> str:
        """Return where an encoder pushes."""
        return f"rtmp://127.0.0.1:{self.rtmp_port}/live/{key}"

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Fetch something from the studio: status and body; status 0 when it does not answer."""
        request = Request(f"http://127.0.0.1:{self.http_port}{path}", headers=headers)
        try:
            with urlopen(request, timeout=20) as answer:
                return int(answer.status), answer.read()
        except HTTPError as error:
            return error.code, error.read()
        except (URLError, OSError):
            return 0, b""

    def text(self, name: str, uid: str = "prova") -> str:
        """Fetch one of the sitting's files that must be there."""
        status, body = self.get(f"/media/{uid}/{name}")
        assert status == 200, (name, status, body)
        return body.decode()

    @contextmanager
    def events(self, uid: str = "prova") -> Iterator[Events]:
        """Read the sitting's events, as a page does, for as long as the block lasts."""
        line = socket.create_connection(("127.0.0.1", self.http_port), timeout=30)
        line.sendall(f"GET /events/{uid} HTTP/1.0\r\n\r\n".encode())
        events = Events(line)
        try:
            yield events
        finally:
            line.shutdown(socket.SHUT_RDWR)
            events.thread.join(5)
            line.close()

    @contextmanager
    def encoder(
        self, clip: Path, key: str, *options: str, relay: Relay | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Push a clip in real time for as long as the block lasts, with Debian's FFmpeg."""
        url = self.url(key)
        if relay:
            url = url.replace(str(self.rtmp_port), str(relay.port))
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", *options, "-i", str(clip)]
        process = subprocess.Popen(
            [*command, "-c", "copy", "-f", "flv", url], stderr=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


class Relay:
    """Stands between an encoder and the studio, and remembers when each sample went by."""

    def __init__(self, rtmp_port: int) -> None:
        self.samples: list[tuple[float, Sample]] = []  # Unix time it was passed on at
        self._rtmp_port = rtmp_port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def after(self, at: float) -> list[bytes]:
        """Return what the samples passed on from a Unix time on can be known by."""
        return self.between(at, inf)

    def between(self, start: float, end: float) -> list[bytes]:
        """Return what the samples passed on in a stretch of Unix time can be known by.

        A test card comes back after some seconds: what was sent outside too tells nothing.
        """
        seen = [(at, _mark(sample)) for at, sample in list(self.samples) if len(sample.data) > 60]
        others = {mark for at, mark in seen if not start <= at < end}
        return [mark for at, mark in seen if start <= at < end and mark not in others]

    def close(self) -> None:
        """Let no encoder through any more."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                encoder, _ = self._door.accept()
                threading.Thread(target=self._pass, args=(encoder,), daemon=True).start()

    def _pass(self, encoder: socket.socket) -> None:
        with encoder, suppress(OSError), socket.socket() as studio:
            studio.connect(("127.0.0.1", self._rtmp_port))
            back = threading.Thread(target=_copy, args=(studio, encoder), daemon=True)
            back.start()
            self._listen(encoder, studio)
            studio.shutdown(socket.SHUT_RDWR)
            back.join()

    def _listen(self, encoder: socket.socket, studio: socket.socket) -> None:
        server = RtmpServer()
        while data := encoder.recv(65536):
            at = time.time()
            for event in server.receive(data):
                if isinstance(event, PublishRequested):
                    server.accept_publish()
                elif isinstance(event, Sample):
                    self.samples.append((at, event))
            server.bytes_to_send()
            studio.sendall(data)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)


def _mark(sample: Sample) -> bytes:
    """Return the end of a sample, by which it is found in any file."""
    return sample.data[-48:]


def wait_for(condition: Any, what: str, *, timeout_s: float = 15) -> Any:
    """Poll until a condition holds and return its value; AssertionError with `what` otherwise."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(what)


def make_clip(
    path: Path,
    *,
    seconds: int = 12,
    gop: int = 25,
    size: str = "320x180",
    sound: str = "sine=frequency=440:sample_rate=48000",
) -> Path:
    """Make a small H.264 and AAC clip: a test card and a tone."""
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-loglevel", "error", "-y"),
            *("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}"),
            *("-f", "lavfi", "-i", f"{sound}:duration={seconds}"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
            *("-g", str(gop), "-keyint_min", str(gop), "-sc_threshold", "0", "-bf", "0"),
            *("-c:a", "aac", "-b:a", "64k", str(path)),
        ],
        check=True,
    )
    return path
