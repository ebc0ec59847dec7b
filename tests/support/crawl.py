"""Everything an installation gives to anyone: asked for address by address, and searched."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import Request, urlopen

import av
import numpy as np

HREF = re.compile(rb"""(?:href|src|action|data-[a-z-]+)=["']([^"'<> ]+)["']""")
URI = re.compile(rb'URI="([^"]+)"')
IN_JSON = re.compile(rb'"(https?://127[^"]+|/[^"\\ ]+)"')
QUERIES = 6  # addresses of one path that differ only in what is asked
MOST = 600
TONE_HZ = 1000
RATE = 48_000


@dataclass
class Crawl:
    """What came from each address that answered."""

    origin: str
    bodies: dict[str, bytes] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    paths: Counter[str] = field(default_factory=Counter)

    def walk(self, first: Iterable[str]) -> None:
        """Ask for these addresses and for every one that their answers name."""
        waiting = deque(urljoin(self.origin, one) for one in first)
        while waiting and len(self.seen) < MOST:
            url = urldefrag(waiting.popleft())[0]
            if not self._is_new(url):
                continue
            kind, body = fetch(url)
            if body is None:
                continue
            self.bodies[url.removeprefix(self.origin)] = body
            waiting += [urljoin(url, one) for one in _named(kind, body)]

    def _is_new(self, url: str) -> bool:
        path = urlsplit(url).path
        is_new = url.startswith(self.origin) and url not in self.seen
        if not is_new or path.startswith(("/static/", "/esci", "/events", "/camera")):
            return False
        self.seen.add(url)
        self.paths[path] += 1
        return self.paths[path] <= QUERIES


def fetch(url: str) -> tuple[str, bytes | None]:
    """Return content type and body of an address; None when it is refused."""
    try:
        with urlopen(Request(url), timeout=60) as answer:
            return answer.headers.get_content_type(), answer.read()
    except (HTTPError, OSError):
        return "", None


def _named(kind: str, body: bytes) -> Iterator[str]:
    if kind in ("text/html", "application/atom+xml", "application/xml"):
        yield from (unescape(one.decode("utf-8", "replace")) for one in HREF.findall(body))
    elif kind == "application/vnd.apple.mpegurl":
        yield from (one.decode() for one in URI.findall(body))
        yield from (one for one in body.decode().splitlines() if one and not one.startswith("#"))
    elif kind.endswith("json"):
        yield from (one.decode("utf-8", "replace") for one in IN_JSON.findall(body))


# --- what is searched for -----------------------------------------------------------------


def unpacked(body: bytes) -> Iterator[bytes]:
    """Yield a body, and what is in it when it is a ZIP."""
    yield body
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as found:
            for name in found.namelist():
                yield from unpacked(found.read(name))


def texts_in(bodies: dict[str, bytes], marks: Iterable[bytes]) -> list[str]:
    """Return at which addresses any of these bytes stand."""
    wanted = list(marks)
    return [
        name
        for name, body in bodies.items()
        if any(mark in piece for piece in unpacked(body) for mark in wanted)
    ]


def seen_or_heard(bodies: dict[str, bytes]) -> list[str]:
    """Return at which addresses of media there is a red picture or a tone of 1 kHz."""
    inits = [body for name, body in bodies.items() if name.endswith(".mp4") and b"moov" in body]
    heads = [one for one in inits if b"moof" not in one]
    found = []
    for name, body in bodies.items():
        if b"moof" not in body[:4096]:
            continue
        whole = [body] if b"moov" in body[:4096] else [head + body for head in heads]
        if any(shows_it(one) for one in whole):
            found.append(name)
    return found


def shows_it(data: bytes) -> bool:
    """Tell whether a movie has a red picture, or the tone."""
    try:
        with av.open(io.BytesIO(data), "r", format="mp4") as movie:
            return any(_is_it(frame) for frame in movie.decode())
    except av.error.FFmpegError:
        return False


def _is_it(frame: object) -> bool:
    if isinstance(frame, av.VideoFrame):
        red, green, _ = frame.to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0)
        return bool(red > 100 and red > 3 * green)
    if isinstance(frame, av.AudioFrame):
        sound = frame.to_ndarray().astype(np.float64)[0]
        tone = np.exp(-2j * np.pi * TONE_HZ * np.arange(len(sound)) / RATE)
        return bool(abs(np.dot(sound, tone)) / max(1, len(sound)) > 0.01)
    return False


def files_with(folder: Path, marks: Iterable[bytes]) -> list[str]:
    """Return in which files outside the seal any of these bytes stand."""
    wanted = list(marks)
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "sealed" not in path.parts and path.name != "ballast":
            data = path.read_bytes()
            if any(mark in data for mark in wanted):
                found.append(str(path.relative_to(folder)))
    return found


# --- the sitting ---------------------------------------------------------------------------


def make_marked_clip(path: Path, *, since_s: float, until_s: float, seconds: int = 14) -> Path:
    """Make a grey and silent clip that is red and sounds 1 kHz for a stretch."""
    within = f"between(t,{since_s},{until_s})"
    picture = f"testsrc2=size=320x180:rate=25:duration={seconds},hue=s=0"
    red = f"drawbox=color=red:t=fill:enable='{within}'"
    sound = f"aevalsrc='0.5*sin(2*PI*{TONE_HZ}*t)*{within}':s={RATE}:d={seconds}"
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-loglevel", "error", "-y"),
            *("-f", "lavfi", "-i", f"{picture},{red}", "-f", "lavfi", "-i", sound),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0"),
            *("-g", "25", "-keyint_min", "25", "-sc_threshold", "0"),
            *("-c:a", "aac", "-b:a", "96k", str(path)),
        ],
        check=True,
    )
    return path
