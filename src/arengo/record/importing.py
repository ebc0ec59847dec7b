"""Old recordings brought into the archive: a folder of files becomes closed sittings.

Each recording is made ready in a draft folder, heard unless captions came with it, then moved
whole to where sittings are: until then nobody sees anything of it. Whatever stops the work, the
same command goes on: what is done is known by its fingerprint, what was heard is kept.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import av

from arengo import config
from arengo.council.models import Sitting
from arengo.council.queries.people import ROME
from arengo.kernel import clock
from arengo.kernel.errors import DomainError
from arengo.kernel.executor import Executor, WorkerLost
from arengo.kernel.models import Comune
from arengo.live.engine.captions import Captioner
from arengo.live.hearing.messages import cue_message
from arengo.live.hearing.recogniser import HearingError
from arengo.live.sitting_file import write_sitting_file
from arengo.live.studio.recorder import sync_folder, write_atomically
from arengo.record import past_sittings as notes
from arengo.record.archive import index_sitting
from arengo.record.engine.old_captions import CaptionsUnreadable, old_captions
from arengo.record.engine.past import CAPTIONS, MEDIA, Manifest, Told, read_manifest, told_by_name
from arengo.record.errors import ImportRunning, NothingToImport, RoomMissing
from arengo.record.listening import best_model, listen
from arengo.record.models import ImportRun, PastRecording, PastState
from arengo.record.passages import passages_of
from arengo.record.repackaging import Kept, Placement, RecordingUnusable, probe, repackage

RESERVE_BYTES = 1_000_000_000  # left free for the sittings that are on
VIDEO_BYTES_S, SOUND_BYTES_S = 400_000, 15_000  # what is encoded anew, at most
SAMPLE_BYTES = 1 << 20
NOTED_EACH_S = 2.0
MANIFESTS = ("elenco.csv", "manifest.csv")
KEPT, CUES = "recording.json", "cues.jsonl"

Progress = Callable[[PastRecording], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to bring in and what is known of it."""

    path: Path
    told: Told
    captions: Path | None
    needs_bytes: int
    problem: str = ""  # why it cannot be brought in


@dataclass(frozen=True, slots=True)
class Survey:
    """What a folder holds: what will be brought in, and what is wrong with the rest."""

    candidates: tuple[Candidate, ...]
    problems: tuple[str, ...]

    @property
    def needs_bytes(self) -> int:
        """Return how much disk all of it takes."""
        return sum(one.needs_bytes for one in self.candidates)


@dataclass(slots=True)
class Result:
    """How an import ended."""

    done: list[PastRecording] = field(default_factory=list)
    known: list[PastRecording] = field(default_factory=list)
    failed: list[PastRecording] = field(default_factory=list)
    problems: tuple[str, ...] = ()


# --- what there is -----------------------------------------------------------------------


def survey(folder: Path, manifest: Path | None = None) -> Survey:
    """Look at a folder, every file of it opened once.

    Raises
    ------
    NothingToImport
        It is no folder, or has no recordings.
    """
    if not folder.is_dir():
        raise NothingToImport(folder=str(folder))
    media = sorted(path for path in folder.iterdir() if path.suffix.lower() in MEDIA)
    if not media:
        raise NothingToImport(folder=str(folder))
    listed = _listed(folder, manifest, [path.name for path in media])
    problems = list(listed.problems)
    found: list[Candidate] = []
    for path in media:
        told = listed.rows.get(path.name) or told_by_name(path.stem)
        if told is None:
            problems.append(
                f"«{path.name}» non ha una data nel nome: scrivila (AAAA-MM-GG) o mettila nell'elenco."
            )
        elif _held_at(told) > clock.now():
            problems.append(f"«{path.name}» ha una data che deve ancora venire: correggila.")
        else:
            found.append(_candidate(path, told))
    return Survey(tuple(found), tuple(problems))


def _listed(folder: Path, manifest: Path | None, names: Sequence[str]) -> Manifest:
    path = manifest or next((folder / n for n in MANIFESTS if (folder / n).exists()), None)
    if path is None:
        return Manifest({}, ())
    try:
        return read_manifest(_text(path), names)
    except OSError as error:
        return Manifest({}, (f"L'elenco {path} non si legge: {error.strerror}.",))


def _candidate(path: Path, told: Told) -> Candidate:
    size = path.stat().st_size
    try:
        found = probe(path)
    except RecordingUnusable as error:
        return Candidate(path, told, None, 0, str(error))
    if found.is_copied:
        needs = size + size // 20
    else:  # twice: what is encoded lies beside its segments until they are all there
        needs = 2 * int(
            found.duration_s * (VIDEO_BYTES_S * found.has_video + SOUND_BYTES_S * found.has_audio)
        )
    captions = next(
        (
            one
            for one in sorted(path.parent.glob(f"{_escaped(path.stem)}*"))
            if _goes_with(one, path)
        ),
        None,
    )
    return Candidate(path, told, captions, needs)


def _escaped(stem: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in stem)


def _goes_with(captions: Path, media: Path) -> bool:
    """Tell whether captions are of a recording: the same name, perhaps with a language."""
    name = captions.name.lower()
    if not name.endswith(CAPTIONS):
        return False
    rest = name[len(media.stem) :].rpartition(".")[0]
    return rest == "" or (rest[0] == "." and 2 <= len(rest[1:].partition("-")[0]) <= 3)


def _held_at(told: Told) -> datetime:
    return datetime.combine(told.on, told.at, tzinfo=ROME)


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def fingerprint(path: Path) -> str:
    """Return what tells a file from every other, from its size and three samples of it."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for at in (0, size // 2, max(0, size - SAMPLE_BYTES)):
            file.seek(at)
            digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


# --- bringing in --------------------------------------------------------------------------


def bring_in(
    *,
    comune: Comune,
    folder: Path,
    found: Survey,
    executor: Executor,
    on_progress: Progress = lambda _: None,
) -> Result:
    """Bring in what a survey found; what cannot be read is told and stops nothing.

    Raises
    ------
    RoomMissing
        The disk cannot hold it, before anything is written or while it is: nothing is half done.
    ImportRunning
        Another import of this Comune is going on.
    """
    drafts = config.load().data / "imports" / comune.pk
    drafts.mkdir(parents=True, exist_ok=True)
    with _alone(drafts):
        _refuse_full(drafts, found.needs_bytes)
        run = notes.begin_import(
            comune=comune, folder=str(folder.resolve()), problems=found.problems, by=None
        )
        result = Result(problems=found.problems)
        for one, recording in _enlisted(comune, run, found.candidates):
            if recording.state == PastState.DONE:
                result.known.append(recording)
                continue
            on_progress(recording)
            is_in = _bring_one(comune, one, recording, drafts, executor, on_progress)
            (result.done if is_in else result.failed).append(recording)
            on_progress(recording)
        notes.finish_import(comune=comune, run=run)
    return result


def _enlisted(
    comune: Comune, run: ImportRun, candidates: Sequence[Candidate]
) -> list[tuple[Candidate, PastRecording]]:
    return [
        (
            one,
            notes.enlist(
                comune=comune,
                run=run,
                fingerprint=fingerprint(one.path),
                name=one.path.name,
                title=one.told.title,
                held_at=_held_at(one.told),
                size_bytes=one.path.stat().st_size,
            ),
        )
        for one in candidates
    ]


def _bring_one(
    comune: Comune,
    one: Candidate,
    recording: PastRecording,
    drafts: Path,
    executor: Executor,
    on_progress: Progress,
) -> bool:
    """Bring in a file; False where it could not be, which is noted with the reason."""
    if one.problem:
        notes.note_failure(comune=comune, recording=recording, problem=one.problem)
        return False
    try:
        remark = _prepare(comune, one, recording, drafts, executor, on_progress)
        _publish(comune, recording, drafts / recording.uid)
        notes.note_done(comune=comune, recording=recording, remark=remark)
    except OSError as error:
        notes.note_failure(comune=comune, recording=recording, problem=_unwritten(error))
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = shutil.disk_usage(drafts).free
            needed = one.needs_bytes + RESERVE_BYTES
            raise RoomMissing(needed=_gb(needed), free=_gb(free)) from error
        return False
    except (
        RecordingUnusable, HearingError, WorkerLost, DomainError, ValueError, av.error.FFmpegError
    ) as error:  # fmt: skip
        notes.note_failure(comune=comune, recording=recording, problem=str(error))
        return False
    return True


def _prepare(
    comune: Comune,
    one: Candidate,
    recording: PastRecording,
    drafts: Path,
    executor: Executor,
    on_progress: Progress,
) -> str:
    """Make the draft folder of a recording; return what went less than well."""
    draft = drafts / recording.uid
    if _final(recording).exists():
        return ""
    note = _Noting(comune, recording, on_progress)
    note.state = PastState.COPYING
    kept = _kept(draft) or _copied(one, draft, recording, note)
    if (draft / CUES).exists():
        return ""
    rows, remark = _captions(one, kept)
    if not rows:
        note.state = PastState.HEARING
        model = best_model(config.load().models)
        words = listen(draft, draft / f"heard-{model.name}", executor, model, note.told)
        cues = Captioner().settle(words, kept.duration_s, is_pause=True)
        rows = [cue_message(cue) for cue in cues]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_atomically(draft / CUES, text.encode())
    return remark


def _copied(one: Candidate, draft: Path, recording: PastRecording, note: _Noting) -> Kept:
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    note.duration_s = probe(one.path).duration_s
    _refuse_full(draft, one.needs_bytes)
    try:
        kept = repackage(one.path, draft, began_at=recording.held_at, on_progress=note.told)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    facts = {
        "duration_s": kept.duration_s,
        "placements": [[at.source_s, at.sitting_s] for at in kept.placements],
    }
    write_atomically(draft / KEPT, json.dumps(facts).encode())
    note.duration_s = kept.duration_s
    return kept


def _kept(draft: Path) -> Kept | None:
    """Return what an earlier run has made ready."""
    try:
        facts = json.loads((draft / KEPT).read_bytes())
    except FileNotFoundError:
        return None
    return Kept(facts["duration_s"], tuple(Placement(*at) for at in facts["placements"]))


def _captions(one: Candidate, kept: Kept) -> tuple[list[dict[str, object]], str]:
    """Return the captions that came with a recording as the studio writes its own."""
    if one.captions is None:
        return [], ""
    try:
        found = old_captions(_text(one.captions))
    except CaptionsUnreadable as error:
        return [], f"{one.captions.name}: {error} La registrazione è stata trascritta."
    rows: list[dict[str, object]] = []
    for n, cue in enumerate(found):
        if cue.start_s < kept.duration_s:
            words = [[kept.moved(a), kept.moved(b), text, 1.0, True] for a, b, text in cue.words]
            times = {"start": kept.moved(cue.start_s), "end": kept.moved(cue.end_s)}
            named = {"id": f"c{round(cue.start_s * 1000)}-{n}", "rev": 0, **times}
            rows.append({**named, "lines": list(cue.lines), "final": True, "words": words})
    return rows, ""


def _publish(comune: Comune, recording: PastRecording, draft: Path) -> None:
    """Move a recording to its place, make its sitting, and put it in the archive.

    Each step may find itself done: whatever stopped the last time, the next one ends it.
    """
    final = _final(recording)
    if not final.exists():
        for heard in draft.glob("heard-*"):
            shutil.rmtree(heard)
        os.sync()
        final.parent.mkdir(parents=True, exist_ok=True)
        draft.rename(final)
        sync_folder(final.parent)
    kept = _kept(final)
    assert kept
    sitting = notes.note_sitting(
        comune=comune, recording=recording, duration_s=kept.duration_s, by=None
    )
    write_sitting_file(comune=comune, uid=sitting.uid)
    _index(comune, sitting)


def _index(comune: Comune, sitting: Sitting) -> None:
    pieces = passages_of(comune=comune, sitting=sitting)
    index_sitting(comune=comune, sitting=sitting, passages=pieces)


def _final(recording: PastRecording) -> Path:
    return config.load().sitting_folder(recording.comune_id, recording.uid)


class _Noting:
    """Notes how far a recording has come, not oftener than anybody looks."""

    def __init__(self, comune: Comune, recording: PastRecording, on_progress: Progress) -> None:
        self._comune, self._recording, self._on_progress = comune, recording, on_progress
        self._noted_at: datetime | None = None
        self._of: PastState | None = None
        self.state = PastState.COPYING
        self.duration_s = recording.duration_s

    def told(self, done_s: float) -> None:
        """Take the seconds of the recording that are done."""
        now = clock.now()
        is_soon = self._noted_at and (now - self._noted_at).total_seconds() < NOTED_EACH_S
        if is_soon and self._of == self.state:
            return
        self._noted_at, self._of = now, self.state
        notes.note_progress(
            comune=self._comune,
            recording=self._recording,
            state=self.state,
            done_s=done_s,
            duration_s=self.duration_s,
        )
        self._on_progress(self._recording)


@contextmanager
def _alone(drafts: Path) -> Iterator[None]:
    with (drafts / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ImportRunning from error
        yield


def _refuse_full(where: Path, needed: int) -> None:
    free = shutil.disk_usage(where).free
    if needed + RESERVE_BYTES > free:
        raise RoomMissing(needed=_gb(needed + RESERVE_BYTES), free=_gb(free))


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB".replace(".", ",")


def _unwritten(error: OSError) -> str:
    return f"Non si riesce a scrivere {error.filename or 'il file'}: {error.strerror or error}."
