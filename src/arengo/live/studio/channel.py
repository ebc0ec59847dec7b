"""One sitting on air: what comes in is recorded, published, heard and told, in that order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any, Literal, cast

from arengo.live.engine.media import AudioConfig, VideoConfig
from arengo.live.engine.playlist import Part
from arengo.live.engine.timeline import Notice
from arengo.live.studio import floor
from arengo.live.studio.attribution import Attribution, attributed
from arengo.live.studio.black import black_numbers
from arengo.live.studio.board import Board, read_board
from arengo.live.studio.cues import CueSheet
from arengo.live.studio.cut import Carried, Cut, Cuts, Short, carry_out, read_cuts, settle
from arengo.live.studio.ears import Ears
from arengo.live.studio.ledger import ledger_of
from arengo.live.studio.omitted import Stretch, closed_numbers, read_omitted
from arengo.live.studio.push import Hub, frame
from arengo.live.studio.recorder import (
    BALLAST_BYTES,
    Recorder,
    SegmentRecord,
    TakeRecord,
    chained,
    read_lines,
    read_takes,
)
from arengo.live.studio.rtmp import Refused
from arengo.live.studio.shelf import Shelf
from arengo.live.studio.spec import SittingSpec
from arengo.live.studio.take import Take
from arengo.live.studio.tally import (
    disk_warning,
    keyframe_warning,
    lost_warning,
    silence_warning,
)

log = logging.getLogger(__name__)

Signal = Literal["waiting", "live", "lost", "secret", "closed"]

SILENT_SOURCE_S = 5.0  # after this long without data, a second publisher may take over
LOST_S = 1.5
PHRASE_S = 3.0
LEAST_HOLD_BACK_S = 5.0
MOST_HOLD_BACK_S = 12.0
CAPTIONS_WAIT_S = 20.0  # how far caption playlists may lag; less than the window they share
NOTES = 20
DARK = "Seduta segreta: ogni uscita è interrotta."
LIGHT_AGAIN = "Fine della seduta segreta: riprende la trasmissione."
CUT_S = 10.0  # how long a disk may take before the regia is told
HANDED_S = 30.0  # a slow line may still be reading what it was given so long ago
OF_A_SECRET = frozenset(["secret", "secret-end", "closed", "key-revoked"])  # all that is noted
HEARING_MODEL = "whisper-base"


NO_CUTS = Cuts()


@dataclass(frozen=True, slots=True)
class Past:
    """What a sitting's folder holds, read outside the event loop: six hours take a second."""

    records: list[SegmentRecord]
    takes: list[TakeRecord]
    cues: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    board: Board | None = None
    cuts: Cuts = NO_CUTS
    attribution: Attribution | None = None
    omitted: tuple[Stretch, ...] = ()
    closed: frozenset[int] = frozenset()
    black: Mapping[int, int] = field(default_factory=dict)


def read_past(folder: Path, spec: SittingSpec) -> Past:
    """Mend and read a sitting's folder, without what was secret of it."""
    past = Past(
        settle(folder, secret_moments(spec)),
        read_takes(folder),
        read_lines(folder / "cues.jsonl"),
        read_lines(folder / "events.jsonl")[-NOTES:],
        read_board(folder),
        read_cuts(folder),
    )
    omitted = read_omitted(folder)
    closed = closed_numbers(folder, ledger_of(past.records).recorded(), omitted)
    return replace(
        past,
        attribution=_attributed(folder, spec, past),
        omitted=omitted,
        closed=frozenset(closed),
        black=black_numbers(folder, closed),
    )


def _attributed(folder: Path, spec: SittingSpec, past: Past) -> Attribution:
    """Return who spoke, as far as the folder tells."""
    segments = ledger_of(past.records).recorded()
    found = attributed(folder, segments, past.cues, past.cuts.sinces, past.board)
    if spec.state == "closed":
        last = past.records[-1] if past.records else None
        found.settle(last.start + last.duration if last else 0.0)
    return found


def secret_moments(spec: SittingSpec) -> set[datetime]:
    """Return each instant at which the sitting became secret."""
    return {*spec.secret_past, *([spec.secret_since] if spec.secret_since else [])}


class Channel:
    """One sitting: its source, its recording, its playlists, its captions, its readers."""

    def __init__(
        self,
        folder: Path,
        spec: SittingSpec,
        past: Past,
        *,
        models: Path,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        ballast_bytes: int = BALLAST_BYTES,
        hears: bool = True,
    ) -> None:
        self.folder = folder
        self.spec = spec
        self.now = now
        self.clock = clock
        self.hub = Hub()
        self.shelf = Shelf(past.records, past.cuts.next_number)
        self._last_link = chained(past.records[-1]) if past.records else ""
        self.takes = {take.take: take for take in past.takes}
        self.cues = CueSheet(past.cues)
        self.hub.load(past.cues, after=past.cuts.events)
        self.attribution = past.attribution or Attribution(folder)
        self._speakers = b""
        self.board: Board | None = None
        if past.board:
            self.show(past.board)
        self.inits: dict[int, bytes] = {}
        self.rendered: dict[str, tuple[tuple[int, float, bool], str]] = {}
        self.take: Take | None = None
        self.notes: deque[dict[str, str]] = deque(past.notes, NOTES)
        self.hold_back_s = 5.5
        self._models = models
        self._hears = hears
        self._ballast_bytes = ballast_bytes
        self._recorder: Recorder | None = None
        self._ears: Ears | None = None
        self._generation = 1 + max((_generation_of(row) for row in past.cues), default=-1)
        self._metric: dict[str, Any] = {}
        self._model = ""
        self._last_data_s = clock() - SILENT_SOURCE_S
        self._cautions: dict[str, Notice] = {}
        self._listed_until = 0.0
        self.cuts = 0  # how many fell while this studio was there
        self._known_secrets = set(past.cuts.sinces)
        self._cutting: int | None = None  # numbers from here on are being withdrawn on disk
        self._handed: dict[asyncio.BaseTransport, tuple[int, float]] = {}
        self._reaping: set[asyncio.Task[None]] = set()
        self._is_over = spec.state == "closed"  # nothing is written any more
        self.omitted: tuple[Stretch, ...] = ()
        self.black: Mapping[int, int] = {}
        self.omit(past.omitted, past.closed, past.black)
        self._loop = asyncio.get_running_loop()

    # --- the source -----------------------------------------------------------------

    def admit(self, source: str, label: str, hang_up: Callable[[], None]) -> Take:
        """Let a source in; raises `Refused` when another one is sending, or the sitting is over."""
        if self.spec.state == "closed":
            raise Refused("closed", "La seduta è chiusa.")
        if self.take and self.clock() - self._last_data_s < SILENT_SOURCE_S:
            self.note(
                "second-source", f"Rifiutata una seconda sorgente ({label}): una è già attiva."
            )
            raise Refused("busy", "Un'altra sorgente sta già trasmettendo questa seduta.")
        if self.take:
            old, self.take = self.take, None
            old.leave("sostituita da un'altra sorgente")
        self.take = Take(self, source, label, hang_up)
        self.note("connected", f"Sorgente collegata: {label} ({source.upper()}).")
        self.tell()
        return self.take

    def left(self, take: Take, reason: str) -> None:
        """Take note that a source is gone; the sitting goes on."""
        if self.take is take:
            self.take = None
            self.note("disconnected", f"Sorgente scollegata: {reason}.")
            self.tell()

    def heard_from(self) -> None:
        """Remember that the source has just sent something."""
        was_lost = self.signal() == "lost"
        self._last_data_s = self.clock()
        if was_lost:
            self.tell()

    def signal(self) -> Signal:
        """Return how the signal stands."""
        if self.spec.state == "closed":
            return "closed"
        if self.is_secret:
            return "secret"
        if self.take and self.clock() - self._last_data_s < LOST_S:
            return "live" if self.spec.state == "open" else "waiting"
        return "lost" if self.shelf.next_number else "waiting"

    # --- what a take brings ----------------------------------------------------------

    def begin_take(
        self, source: str, video: VideoConfig | None, audio: AudioConfig | None, init: bytes
    ) -> TakeRecord:
        """Open a take at the end of the timeline and return its record."""
        self.seal()
        number = max(self.takes, default=0) + 1
        take = TakeRecord(number, source, self.shelf.end_s, video, audio)
        self.takes[number] = take
        self.inits[number] = init
        self.recorder.init(take, init)
        self.ears_on()
        if self._ears:
            self._ears.gap(round(take.start * 1e6))
        return take

    def add_part(
        self,
        take: TakeRecord,
        data: bytes,
        part: Part,
        start_s: float,
        wall: datetime,
        *,
        opens: bool,
    ) -> None:
        """Record and publish one part; `opens` when it begins a segment."""
        if self.is_secret:
            return
        if opens or self.shelf.open is None:
            self.seal()
            self.attribution.record(self.shelf.begin(take.take, start_s, wall).listed())
        assert self.shelf.open
        self.recorder.part(self.shelf.open.number, data)
        received = max(self.now(), wall + timedelta(seconds=part.duration_s))
        self.shelf.add(data, part, received.timestamp())

    def seal(self) -> None:
        """Close the open segment, in memory and on disk."""
        if segment := self.shelf.seal():
            self.recorder.seal(
                segment.number,
                take=segment.take,
                start=segment.start_s,
                duration=segment.duration_s,
                wall=segment.wall.astimezone(UTC).isoformat(timespec="milliseconds"),
            )

    def hear(self, time_us: int, pcm: bytes) -> None:
        """Give sound to the recogniser."""
        if self._ears and not self.is_secret:
            self._ears.hear(time_us, pcm)

    # --- recording -------------------------------------------------------------------

    @property
    def recorder(self) -> Recorder:
        """Return the recorder, started at first need."""
        if self._recorder is None:
            self._recorder = Recorder(
                self.folder,
                last_link=self._last_link,
                on_state=self._recording_changed,
                on_sealed=self._sealed,
                ballast_bytes=self._ballast_bytes,
            )
        return self._recorder

    def _recording_changed(self, is_writing: bool, message: str) -> None:
        code = "recording" if is_writing else "recording-stopped"
        self._loop.call_soon_threadsafe(self.note, code, message[:1].upper() + message[1:] + ".")

    def _sealed(self, record: SegmentRecord) -> None:
        self._last_link = chained(record)
        self._loop.call_soon_threadsafe(self._safe, record)

    def _safe(self, record: SegmentRecord) -> None:
        if self._cutting is None or record.n < self._cutting:
            self.shelf.sealed_on_disk(record)

    def note(self, code: str, message: str) -> None:
        """Write a line in the studio's journal of this sitting and show it in the regia."""
        entry = {"at": self.now().isoformat(timespec="seconds"), "code": code, "message": message}
        self.notes.append(entry)
        if self.is_secret and code not in OF_A_SECRET:
            return  # the regia sees it; nothing of a secret sitting is written
        if self._recorder or not self._is_over:
            self.recorder.line("events.jsonl", dict(entry))
        log.info("%s %s: %s", self.spec.uid, code, message)

    def _note_once(self, code: str, message: str) -> None:
        """Write a line unless one of the last two says the same: what fails again and again."""
        if all(note["message"] != message for note in list(self.notes)[-2:]):
            self.note(code, message)

    # --- hearing ---------------------------------------------------------------------

    def ears_on(self) -> None:
        """Start the hearing process of this sitting, once."""
        if self._ears is None and self._hears and not self.is_secret:
            config = {
                "roster": list(self.spec.roster),
                "model": HEARING_MODEL,
                "models": str(self._models),
            }
            self._ears = Ears(config, on_message=self._said, on_death=self._deaf)

    def _said(self, message: dict[str, Any]) -> None:
        if self.is_secret:
            return
        match message.get("type"):
            case "cue":
                self._cue(message)
            case "partial":
                self.hub.partial({k: message[k] for k in ("start", "end", "text")})
            case "committed":
                self._committed(float(message["until"]))
            case "metric":
                self._measure(message)
            case "ready":
                self._model = str(message["model"])
                self.note("hearing-ready", f"Sottotitoli attivi ({self._model}).")
            case "notice":
                self._note_once(str(message["code"]), str(message["message"]))

    def _cue(self, message: dict[str, Any]) -> None:
        row = {k: message[k] for k in ("rev", "start", "end", "lines", "final")}
        row["id"] = f"{self._generation}.{message['id']}"
        self._publish_cue(row, words=message.get("words", []))

    def _publish_cue(self, row: dict[str, Any], words: list[Any]) -> None:
        self.cues.add(row)
        self.hub.cue(row)
        self.recorder.line("cues.jsonl", {**row, "words": words})
        self.attribution.hear(row, words)

    def _committed(self, until_s: float) -> None:
        self.cues.final_until = max(self.cues.final_until, until_s)
        if self._ears:
            self._ears.forget_before(round((until_s - 1) * 1e6))
        self.shelf.wake()

    def _measure(self, message: dict[str, Any]) -> None:
        self._metric = message
        wanted = float(message.get("delay_p95_s") or 0) + PHRASE_S + 0.5
        wanted = min(MOST_HOLD_BACK_S, max(LEAST_HOLD_BACK_S, wanted))
        if wanted > self.hold_back_s:  # at once when captions get later, little by little back
            self.hold_back_s = round(wanted * 2 + 0.49) / 2
        elif wanted < self.hold_back_s - 1:
            self.hold_back_s -= 0.5
        self.tell()

    def _deaf(self, status: int) -> None:
        """Mark the hearing process dead: what it had not settled is withdrawn, then said again."""
        lost = f"Sottotitoli interrotti (uscita {status}): ripartono da soli."
        self._note_once("hearing-lost", lost)
        for cue in self.cues.all():
            if not cue.is_final and cue.start >= self.cues.final_until - 1:
                self._publish_cue(
                    {
                        "id": cue.id,
                        "rev": cue.rev + 1,
                        "start": cue.start,
                        "end": cue.end,
                        "lines": [],
                        "final": True,
                    },
                    words=[],
                )
        self._generation += 1

    @property
    def hears(self) -> bool:
        """Return whether a recogniser is at work."""
        return self._ears is not None and self._ears.is_alive

    @property
    def hearing_pid(self) -> int | None:
        """Return the hearing process's id."""
        return self._ears.pid if self._ears else None

    def captions_until(self) -> float:
        """Return the sitting time up to which caption segments may be listed; it only grows.

        Captions that are long in coming, or never come, hold no playlist up: their segments are
        listed all the same, and may change until `final_until`.
        """
        if self.spec.state == "closed" and self._ears is None:
            return inf
        self._listed_until = max(
            self._listed_until, self.cues.final_until, self.shelf.end_s - CAPTIONS_WAIT_S
        )
        return self._listed_until

    # --- the secret cut --------------------------------------------------------------

    @property
    def is_secret(self) -> bool:
        """Return whether nothing of the sitting may go out, or be kept, now."""
        return self.spec.secret_since is not None

    def hand(self, transport: asyncio.BaseTransport | None, number: int) -> None:
        """Remember that a line is being given media of a segment, in case it must be cut."""
        if transport and self.spec.state != "closed":
            self._handed[transport] = (number, self.clock())

    def _cut(self, since: datetime) -> asyncio.Future[Carried]:
        """Withdraw at once what came at or after an instant; the future ends with the disk's part.

        In this order: nothing more comes in, nothing more goes out, then what is kept.
        """
        if self.take:
            self.take.go_dark()
        gone = self.shelf.withdraw(min(since, self.now()).timestamp())
        self.cuts += 1
        self.rendered.clear()
        self._hang_up_on(gone.affected)
        self._deafen(gone.at_s)
        self._unname(since, gone.at_s)
        short = gone.short
        kept = b"".join(short.data) if short else b""
        wall = short.wall.astimezone(UTC).isoformat(timespec="milliseconds") if short else ""
        cut = Cut(
            since.isoformat(),
            gone.at_s,
            gone.first,
            self.shelf.next_number,
            Short(short.number, wall, len(kept)) if short else None,
            self.hub.last_event_id,
        )
        return self._cut_on_disk(cut, kept)

    def _cut_on_disk(self, cut: Cut, kept: bytes) -> asyncio.Future[Carried]:
        done: asyncio.Future[Carried] = self._loop.create_future()
        self._cutting = cut.affected

        def withdraw() -> str:
            carried = carry_out(self.folder, cut, kept, is_new=True)
            self._last_link = carried.link
            self._loop.call_soon_threadsafe(self._carried, done, carried)
            return carried.link

        self.recorder.cut(cut.affected, cut.at, withdraw)
        return done

    def _carried(self, done: asyncio.Future[Carried], carried: Carried) -> None:
        self._cutting = None
        if carried.record:
            self.shelf.sealed_on_disk(carried.record)
        self.caution("cut", None)
        if not done.done():
            done.set_result(carried)

    def _hang_up_on(self, affected: int) -> None:
        """Cut the lines that were given what is withdrawn: some of it may not have left yet."""
        handed, self._handed = self._handed, {}
        for transport, (number, _) in handed.items():
            if number >= affected:
                _reset(cast(asyncio.Transport, transport))  # uvloop's is one without saying so

    def _deafen(self, at_s: float) -> None:
        """End hearing with all it holds, and take back every word said after a sitting time."""
        ears, self._ears = self._ears, None
        if ears:
            ears.kill()
            task = asyncio.create_task(ears.stop())
            self._reaping.add(task)
            task.add_done_callback(self._reaping.discard)
            self._generation += 1
        self.cues.withdraw(at_s)
        self._listed_until = min(self._listed_until, at_s)
        self.hub.withdraw(at_s)

    def _unname(self, since: datetime, at_s: float) -> None:
        """Take back who spoke after a sitting time."""
        told = self.attribution.withdraw(since, at_s)
        self._speakers = b""
        if self.attribution.is_known:
            self.hub.speakers(told)

    async def _finish_cut(self, done: asyncio.Future[Carried]) -> None:
        try:
            await asyncio.wait_for(asyncio.shield(done), CUT_S)
        except TimeoutError:
            log.error("sitting %s: the disk does not carry the cut out", self.spec.uid)  # noqa: TRY400
            message = "Seduta segreta: il disco non risponde, il taglio non è completo."
            remedy = "Non spegnere: si completa da solo, al più tardi al prossimo avvio."
            self.caution("cut", Notice("cut", "error", message, remedy))

    def _follow_secret(self, before: SittingSpec) -> asyncio.Future[Carried] | None:
        """Cut when the sitting has become secret since the last look, if only for an instant."""
        news = secret_moments(self.spec) - self._known_secrets
        done = self._cut(min(news)) if news else None
        self._known_secrets |= news
        if news:
            self.note("secret", DARK)
        if (news or before.secret_since) and not self.is_secret:
            self.note("secret-end", LIGHT_AGAIN)
        return done

    def catch_up(self) -> None:
        """Note that a secret began, or ended, while no studio was there."""
        codes = [note["code"] for note in self.notes if note["code"] in ("secret", "secret-end")]
        if self.is_secret and codes[-1:] != ["secret"]:
            self.note("secret", DARK)
        elif not self.is_secret and codes[-1:] == ["secret"]:
            self.note("secret-end", LIGHT_AGAIN)

    # --- omissions -------------------------------------------------------------------

    def omit(
        self, stretches: tuple[Stretch, ...], numbers: Iterable[int], black: Mapping[int, int]
    ) -> None:
        """Close stretches of a sitting that is over to everyone, and whatever holds them.

        `black` says for which segments there is something to show instead, and its size.
        """
        if (stretches, black) == (self.omitted, self.black):
            return
        self.omitted, self.black = stretches, black
        self.cuts += 1  # downloads that are under way break off
        self.shelf.omit(set(numbers), black)
        self.cues.omit(stretches)
        self.hub.omit(stretches)
        self.rendered.clear()

    # --- telling ---------------------------------------------------------------------

    def show(self, board: Board) -> None:
        """Put a board on every screen, unless it is not newer than the one that is there."""
        if self.board is None or board.seq > self.board.seq:
            self.board = board
            self.hub.board(board.frame)
            self.attribution.follow(board.facts)

    def tell_speakers(self) -> None:
        """Twice a second: tell every page who speaks, if that changed; nothing in secret."""
        for line in self.attribution.take_lines():
            self.recorder.line(floor.NAME, line)
        if self.is_secret:
            return
        self.attribution.listen()
        if news := self.attribution.news(self.shelf.end_s):
            self._speakers = b""
            self.hub.speakers(news)

    def speakers_frame(self) -> bytes:
        """Return the event that tells a new reader who spoke so far; empty without a chamber."""
        if not self._speakers and self.attribution.is_known:
            self._speakers = frame("speakers", {"from": 0, **self.attribution.whole()})
        return self._speakers

    def tell(self) -> None:
        """Tell every page how the sitting stands."""
        self.hub.state(
            {
                "sitting": self.spec.state,
                "signal": self.signal(),
                "secret": self.is_secret and self.spec.state != "closed",
                "take": self.shelf.take,
                "hold_back_s": self.hold_back_s,
                "segments": self.shelf.next_number,
                "end": round(self.shelf.end_s, 3),
            }
        )

    def tick(self) -> None:
        """Once a second: tell the pages and the regia."""
        self.tell()
        old = self.clock() - HANDED_S
        self._handed = {line: given for line, given in self._handed.items() if given[1] > old}
        if self.hub.has_regia:
            self.hub.status(self.status())

    def status(self) -> dict[str, Any]:
        """Return everything the regia shows."""
        take = self.take
        level = take.level() if take else None
        shown = None if self.is_secret else take  # of a secret source only that it is there
        free, left_s = self._disk()
        return {
            "signal": self.signal(),
            "sitting": self.spec.state,
            "source": take.source if take else None,
            "video": shown.video_facts() if shown else None,
            "audio": shown.audio_facts() if shown else None,
            "captions": {
                "alive": self.hears,
                "model": self._model,
                "delay_mean_s": self._metric.get("delay_mean_s"),
                "delay_p95_s": self._metric.get("delay_p95_s"),
                "backlog_s": self._metric.get("backlog_s"),
                "last_word_end": max((c.end for c in self.cues.all()[-3:]), default=None),
            },
            "recording": {
                "duration_s": round(self.shelf.end_s, 1),
                "bytes": self.shelf.ledger.bytes_total,
                "disk_free_bytes": free,
                "disk_left_s": left_s,
                "is_writing": self._recorder.is_writing if self._recorder else True,
            },
            "hold_back_s": self.hold_back_s,
            "viewers": self.hub.viewers,
            "warnings": [
                asdict(w) for w in self._warnings(left_s, level.silent_s if level else 0.0)
            ],
            "events": list(self.notes),
        }

    def caution(self, code: str, caution: Notice | None) -> None:
        """Set or clear a warning that a take has found."""
        if caution:
            self._cautions[code] = caution
        else:
            self._cautions.pop(code, None)

    def _disk(self) -> tuple[int, float]:
        free = shutil.disk_usage(self.folder).free
        kbps = self.take.tally.kbps() if self.take else 0
        return free, free / ((kbps or 2_600) * 125)

    def _warnings(self, left_s: float, silent_s: float) -> list[Notice]:
        take = self.take
        found: list[Notice | None] = list(self._cautions.values())
        if take and take.has_started:
            found += take.warnings() or [keyframe_warning(take.tally.keyframe_wait_s())]
            found.append(silence_warning(silent_s, has_audio=take.audio is not None))
        if self.signal() == "lost":
            found.append(lost_warning(self.clock() - self._last_data_s, grace_s=self.spec.grace_s))
        writing = self._recorder.is_writing if self._recorder else True
        found.append(disk_warning(left_s, is_writing=writing))
        return [caution for caution in found if caution]

    # --- the end ---------------------------------------------------------------------

    async def apply(self, spec: SittingSpec) -> None:
        """Follow what the web side now wants of this sitting."""
        before, self.spec = self.spec, spec
        cut = self._follow_secret(before)
        if self.take and self.take.is_revoked(spec):
            self.note("key-revoked", "Chiave revocata: sorgente scollegata.")
            self.take.hang_up()
        if before.state != "closed" and spec.state == "closed":
            await self.close()
        elif before.state != spec.state:
            self.note(spec.state, "Seduta aperta." if spec.state == "open" else "Seduta preparata.")
        self.tell()
        if cut:
            await self._finish_cut(cut)

    async def close(self) -> None:
        """End the sitting: last part, last words, then it is the video on demand."""
        if self.take:
            take, self.take = self.take, None
            take.leave("seduta chiusa")
        self.seal()
        self.note("closed", "Seduta chiusa.")
        self.tell()
        if self._ears:
            await self._ears.end()
            self._ears = None
        self.cues.final_until = inf
        self.tell_speakers()
        self.attribution.settle(self.shelf.end_s)
        await self.stop()
        self.shelf.wake()
        self.tell()

    async def stop(self) -> None:
        """Let go of everything, leaving the folder whole."""
        if self.take:
            take, self.take = self.take, None
            take.leave("studio in chiusura")
        self.seal()
        if self._ears:
            await self._ears.stop()
            self._ears = None
        self._is_over = True
        if self._recorder:
            recorder, self._recorder = self._recorder, None
            await asyncio.to_thread(recorder.close)
            if self.spec.state == "closed":
                recorder.release_ballast()

    def wall_of(self, arrival_s: float) -> datetime:
        """Return the wall time of a moment of the monotonic clock."""
        return self.now() - timedelta(seconds=self.clock() - arrival_s)


def _reset(transport: asyncio.Transport) -> None:
    """End a line at once, with what the kernel has not sent yet: no time to linger."""
    if found := transport.get_extra_info("socket"):
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(found.fileno())) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _generation_of(row: dict[str, Any]) -> int:
    head = str(row["id"]).partition(".")[0]
    return int(head) if head.isdigit() else 0
