"""Record first: parts go to disk as they come, a segment is fsynced and journalled when whole.

The recorder is a thread with a bounded queue of its own, so that a slow or full disk
stops neither the live stream nor the captions, and nothing of theirs stops it.
The files it leaves are the recording, the video on demand and the proof:

    media/init-<take>.mp4   media/<n>.m4s   segments.jsonl (one line a segment, chained by sha256)
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import logging
import os
import queue
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arengo.live.engine.fmp4 import VIDEO_TIMESCALE, fragment_times, whole_length
from arengo.live.engine.media import AudioConfig, VideoConfig

log = logging.getLogger(__name__)

BALLAST_BYTES = 200_000_000
JOURNALS = ("segments.jsonl", "takes.jsonl", "cues.jsonl", "events.jsonl", "floor.jsonl")
QUEUE_ITEMS = 4_000  # at four parts a second, a quarter of an hour of a stuck disk


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """One line of `segments.jsonl`; times in seconds of the sitting, `wall` in ISO 8601 UTC."""

    n: int
    take: int
    start: float
    duration: float
    wall: str
    bytes: int
    sha256: str
    previous: str


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """One line of `takes.jsonl`: what a source sent, from which sitting time on."""

    take: int
    source: str
    start: float
    video: VideoConfig | None
    audio: AudioConfig | None

    def facts(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        video, audio = self.video, self.audio
        return {
            "take": self.take,
            "source": self.source,
            "start": self.start,
            "video": video and [video.avcc.hex(), video.width, video.height],
            "audio": audio and [audio.kind, audio.extra.hex(), audio.sample_rate, audio.channels],
        }


def read_takes(folder: Path) -> list[TakeRecord]:
    """Read `takes.jsonl`."""
    return [_take(row) for row in read_lines(folder / "takes.jsonl")]


def _take(row: dict[str, Any]) -> TakeRecord:
    video, audio = row["video"], row["audio"]
    return TakeRecord(
        row["take"],
        row["source"],
        row["start"],
        video and VideoConfig(bytes.fromhex(video[0]), *video[1:]),
        audio and AudioConfig(audio[0], bytes.fromhex(audio[1]), *audio[2:]),
    )


def chained(record: SegmentRecord) -> str:
    """Return the link of the chain: the sha256 of a journal line without its newline."""
    return hashlib.sha256(line_of(record)).hexdigest()


def line_of(record: SegmentRecord) -> bytes:
    """Return a segment's line in the journal, without its newline."""
    return json.dumps(asdict(record), separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _Init:
    take: TakeRecord
    data: bytes


@dataclass(frozen=True, slots=True)
class _Part:
    n: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Seal:
    n: int
    take: int
    start: float
    duration: float
    wall: str


@dataclass(frozen=True, slots=True)
class _Line:
    file: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Cut:
    """`carry_out` withdraws segments from `affected` on and returns the chain's new end."""

    affected: int
    carry_out: Callable[[], str]


_Item = _Init | _Part | _Seal | _Line | _Cut


@dataclass(slots=True)
class _OpenSegment:
    n: int
    fd: int
    bytes: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)  # noqa: UP037 - not at runtime
    is_broken: bool = False


class Recorder:
    """Write one sitting's folder; every method returns at once.

    `on_state(is_writing, message)` is called from the recorder's thread when writing
    stops or resumes; `on_sealed(n)` when a segment is safe on disk.
    """

    def __init__(
        self,
        folder: Path,
        *,
        last_link: str,
        on_state: Callable[[bool, str], None],
        on_sealed: Callable[[SegmentRecord], None],
        ballast_bytes: int = BALLAST_BYTES,
    ) -> None:
        self.folder = folder
        self.media = folder / "media"
        self.media.mkdir(parents=True, exist_ok=True)
        self._link = last_link
        self._on_state = on_state
        self._on_sealed = on_sealed
        self._ballast = folder / "ballast"
        self._ballast_bytes = ballast_bytes
        self._queue: queue.Queue[_Item | None] = queue.Queue(QUEUE_ITEMS)
        self._open: _OpenSegment | None = None
        self._unwritten: deque[SegmentRecord] = deque()  # safe on disk, not yet in the journal
        self._pending_init: dict[int, _Init] = {}
        self._spoiled: set[int] = set()  # segments a part of which found the queue full
        self.is_writing = True
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def init(self, take: TakeRecord, data: bytes) -> None:
        """Store the initialisation segment of a take and its line in `takes.jsonl`."""
        item = _Init(take, data)
        self._pending_init[take.take] = item  # written at the latest before its first part
        self._put(item)

    def part(self, n: int, data: bytes) -> None:
        """Append a part to segment `n`."""
        self._put(_Part(n, data))

    def seal(self, n: int, *, take: int, start: float, duration: float, wall: str) -> None:
        """Close segment `n`: fsync it, then write its line in the journal."""
        self._put(_Seal(n, take, start, duration, wall))

    def line(self, file: str, facts: dict[str, object]) -> None:
        """Append one JSON line to a file of the folder (`cues.jsonl`, `events.jsonl`)."""
        self._put(_Line(file, facts))

    def cut(self, affected: int, at_s: float, carry_out: Callable[[], str]) -> None:
        """Drop what is queued of segments from `affected` on and of words after `at_s`, then cut.

        `carry_out` runs in the recorder's thread after what is left of the queue, and returns
        the chain's new end. The queue's bound does not hold for it: a cut is never left out.
        """
        with self._queue.mutex:
            kept = [item for item in self._queue.queue if not _is_cut(item, affected, at_s)]
            self._queue.queue.clear()
            self._queue.queue.extend([*kept, _Cut(affected, carry_out)])
            self._queue.not_empty.notify()

    def close(self, timeout_s: float = 10) -> None:
        """Write what is queued, then end the thread."""
        with contextlib.suppress(queue.Full):
            self._queue.put(None, timeout=timeout_s)
        self._thread.join(timeout_s)

    def _put(self, item: _Item) -> None:
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            if isinstance(item, _Part):
                self._spoiled.add(item.n)
            self._say(False, "il disco non tiene il passo: registrazione ferma, diretta attiva")

    def _say(self, is_writing: bool, message: str) -> None:
        if is_writing != self.is_writing:
            self.is_writing = is_writing
            self._on_state(is_writing, message)

    def _run(self) -> None:
        self._raise_ballast()
        while (item := self._queue.get()) is not None:
            try:
                self._do(item)
            except OSError as error:
                self._failed(item, error)
            except Exception:  # whatever it is, the next segment may still be recorded
                log.exception("recorder")
                self._say(False, "errore della registrazione, vedere il registro")
        with contextlib.suppress(OSError):
            self._write_journal()
        if self._open:
            os.close(self._open.fd)

    def _do(self, item: _Item) -> None:
        match item:
            case _Init():
                self._write_inits()
            case _Part():
                self._write_part(item)
            case _Seal():
                self._seal(item)
                self._write_journal()
            case _Cut():
                self._withdraw(item)
            case _Line():
                append(self.folder / item.file, json.dumps(item.facts).encode() + b"\n")

    def _write_inits(self) -> None:
        for take, item in list(self._pending_init.items()):
            write_atomically(self.media / f"init-{take}.mp4", item.data)
            line = json.dumps(item.take.facts()).encode() + b"\n"
            append(self.folder / "takes.jsonl", line, sync=True)
            del self._pending_init[take]

    def _write_part(self, item: _Part) -> None:
        if self._open is None or self._open.n != item.n:
            self._begin(item.n)
        assert self._open is not None
        if self._open.is_broken:
            return
        _write_all(self._open.fd, item.data)
        self._open.bytes += len(item.data)
        self._open.digest.update(item.data)

    def _begin(self, n: int) -> None:
        old, self._open = self._open, None
        if old:
            os.close(old.fd)
        self._write_inits()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        self._open = _OpenSegment(n, os.open(self.media / f"{n}.m4s", flags, 0o644))

    def _seal(self, item: _Seal) -> None:
        opened = self._open
        if opened is None or opened.n != item.n or opened.is_broken or item.n in self._spoiled:
            return
        os.fsync(opened.fd)
        self._open = None
        os.close(opened.fd)
        self._unwritten.append(
            SegmentRecord(
                item.n,
                item.take,
                item.start,
                item.duration,
                item.wall,
                opened.bytes,
                opened.digest.hexdigest(),
                "",
            )
        )

    def _withdraw(self, item: _Cut) -> None:
        if self._open and self._open.n >= item.affected:
            os.close(self._open.fd)
            self._open = None
        self._unwritten = deque(r for r in self._unwritten if r.n < item.affected)
        with contextlib.suppress(OSError):
            self._write_journal()
        self._link = item.carry_out()

    def _write_journal(self) -> None:
        """Give their lines to the segments that are safe on disk, in order."""
        while self._unwritten:
            record = replace(self._unwritten[0], previous=self._link)
            append(self.folder / "segments.jsonl", line_of(record) + b"\n", sync=True)
            self._link = chained(record)
            self._unwritten.popleft()
            self._say(True, "registrazione ripresa")
            self._on_sealed(record)

    def _failed(self, item: object, error: OSError) -> None:
        """Drop the ballast and try once more; then skip to the next segment, live goes on."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT) and self._drop_ballast():
            log.warning("disk full: ballast released")
            self._retry(item)
            return
        if isinstance(item, _Part):
            self._spoiled.add(item.n)
        if self._open and isinstance(item, _Part):
            self._open.is_broken = True
            with contextlib.suppress(OSError):
                os.ftruncate(self._open.fd, self._open.bytes)
        self._say(False, f"registrazione ferma: {os.strerror(error.errno or 0)}")

    def _retry(self, item: object) -> None:
        try:
            if isinstance(item, _Part) and self._open and self._open.n == item.n:
                os.ftruncate(self._open.fd, self._open.bytes)
                os.lseek(self._open.fd, 0, os.SEEK_END)
            self._do(item)  # type: ignore[arg-type]  # what failed is what was queued
        except OSError as error:
            self._failed(item, error)

    def _raise_ballast(self) -> None:
        """Keep some disk aside, so that a full disk still leaves minutes to react."""
        if self._ballast.exists() or not self._ballast_bytes:
            return
        try:
            with self._ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._ballast_bytes)
        except OSError:
            self._ballast.unlink(missing_ok=True)

    def _drop_ballast(self) -> bool:
        try:
            self._ballast.unlink()
        except OSError:
            return False
        return True

    def release_ballast(self) -> None:
        """Give the reserved space back once the sitting is closed."""
        self._drop_ballast()


def _is_cut(item: _Item | None, affected: int, at_s: float) -> bool:
    """Return whether a cut drops what waits to be written."""
    match item:
        case _Part() | _Seal():
            return item.n >= affected
        case _Line(file="cues.jsonl"):
            return float(str(item.facts["end"])) > at_s
        case _:
            return False


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a draft, fsynced, then renamed."""
    draft = path.with_name(f".{path.name}.draft")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        _write_all(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    draft.rename(path)


def sync_folder(path: Path) -> None:
    """Make names given and taken in a folder survive a power cut."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def append(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Append whole or not at all: a torn line is cut off again before the error goes on."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        size = os.fstat(fd).st_size
        try:
            _write_all(fd, data)
        except OSError:
            os.ftruncate(fd, size)
            raise
        if sync:
            os.fsync(fd)
    finally:
        os.close(fd)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines, leaving out a last line that a crash has torn."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return []
    rows: list[dict[str, Any]] = []
    for line in raw.split(b"\n"):
        with contextlib.suppress(ValueError):
            if line:
                rows.append(json.loads(line))
    return rows


def recover(folder: Path) -> list[SegmentRecord]:
    """Return what is recorded, mending what a crash left: torn lines and unsealed segments.

    An unsealed segment is cut after its last whole part and gets its line in the journal,
    so that a killed studio loses no more than the part it had not written. Nothing is deleted:
    what cannot be placed is kept under another name.
    """
    for name in JOURNALS:
        cut_torn_line(folder / name)
    records = journalled(folder)
    last = records[-1].n if records else -1
    takes = read_takes(folder)
    known = {record.n for record in records}
    found = [path for path in (folder / "media").glob("*.m4s") if path.stem.isdigit()]
    for path in sorted(found, key=lambda path: int(path.stem)):
        n = int(path.stem)
        if n in known:
            continue
        record = _mended(path, takes, records) if n > last else None
        if record is None:
            path.rename(path.with_suffix(".incomplete"))
            continue
        append(folder / "segments.jsonl", line_of(record) + b"\n", sync=True)
        records.append(record)
    return records


def journalled(folder: Path) -> list[SegmentRecord]:
    """Read the segments that have a line in the journal."""
    records: list[SegmentRecord] = []
    for row in read_lines(folder / "segments.jsonl"):
        try:
            record = SegmentRecord(**row)
        except TypeError:
            log.warning("%s: a line of segments.jsonl is not one", folder)
            continue
        if not records or record.n > records[-1].n:
            records.append(record)
    return records


def cut_torn_line(journal: Path) -> None:
    """Take off a last line that a crash has torn."""
    if not journal.exists():
        return
    raw = journal.read_bytes()
    keep = raw.rfind(b"\n") + 1
    if keep < len(raw):
        os.truncate(journal, keep)


def _mended(
    path: Path, takes: list[TakeRecord], records: list[SegmentRecord]
) -> SegmentRecord | None:
    """Cut an unsealed segment after its last whole part; None when there is nothing in it."""
    data = path.read_bytes()
    written_at = path.stat().st_mtime
    try:
        whole = data[: whole_length(data)]
        take, start, duration = placed(whole, takes)
    except (ValueError, IndexError, struct.error) as error:
        log.warning("%s cannot be mended: %s", path, error)
        return None
    with path.open("r+b") as file:
        file.truncate(len(whole))
        os.fsync(file.fileno())
    wall = datetime.fromtimestamp(written_at - duration, UTC)
    return SegmentRecord(
        n=int(path.stem),
        take=take,
        start=start,
        duration=duration,
        wall=wall.isoformat(timespec="milliseconds"),
        bytes=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
        previous=chained(records[-1]) if records else "",
    )


def placed(data: bytes, takes: list[TakeRecord]) -> tuple[int, float, float]:
    """Return take, start and duration (s) of whole parts; the take is the last one before them."""
    times = fragment_times(data)
    spans = [span for t in times if (span := t.video or t.audio)]
    for take in reversed(takes):
        rate = take.audio.sample_rate if take.audio else 1
        scale = VIDEO_TIMESCALE if times[0].video else rate
        start = spans[0].base_time / scale
        if take.start <= start + 0.001:
            return take.take, start, sum(span.duration for span in spans) / scale
    message = "no take begins before it"
    raise ValueError(message)
