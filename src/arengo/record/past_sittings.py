"""What is written down of an import: the run, its recordings, and the sitting that each becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from arengo.council import operations as council
from arengo.council.models import Sitting
from arengo.council.models.sitting import new_uid
from arengo.kernel import audit, clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record.models import ImportRun, PastRecording, PastState


@operation
def begin_import(
    *, comune: Comune, folder: str, problems: Sequence[str], by: User | None
) -> ImportRun:
    """Note that a folder is being brought in."""
    now = clock.now()
    run = ImportRun.objects.create(
        comune=comune,
        folder=folder[-500:],
        started_at=now,
        seen_at=now,
        problems=list(problems),
    )
    audit.record("record.begin_import", comune=comune, by=by, subject=str(run.pk))
    return run


@operation
def enlist(
    *,
    comune: Comune,
    run: ImportRun,
    fingerprint: str,
    name: str,
    title: str,
    held_at: datetime,
    size_bytes: int,
) -> PastRecording:
    """Note a recording to bring in; one that was brought in before stays as it is."""
    facts = {"name": name[-500:], "title": title, "held_at": held_at, "size_bytes": size_bytes}
    found, is_new = PastRecording.objects.get_or_create(
        comune=comune,
        fingerprint=fingerprint,
        defaults={**facts, "run": run, "uid": new_uid()},
    )
    if not is_new and found.state != PastState.DONE:
        told = facts if found.sitting_id is None else {}
        _set(found, **told, run=run, state=PastState.WAITING, problem="")
    return found


@operation
def note_progress(
    *, comune: Comune, recording: PastRecording, state: PastState, done_s: float, duration_s: float
) -> None:
    """Note how far a recording has come, and that the run is alive."""
    _set(recording, state=state, done_s=done_s, duration_s=duration_s)
    ImportRun.objects.filter(pk=recording.run_id).update(seen_at=clock.now())


@operation
def note_failure(*, comune: Comune, recording: PastRecording, problem: str) -> None:
    """Note why a recording could not be brought in."""
    _set(recording, state=PastState.FAILED, problem=problem)


@operation
def note_sitting(
    *, comune: Comune, recording: PastRecording, duration_s: float, by: User | None
) -> Sitting:
    """Make the sitting of a recording whose folder is in its place."""
    sitting = council.record_past_sitting(
        comune=comune,
        uid=recording.uid,
        title=recording.title,
        opened_at=recording.held_at,
        closed_at=recording.held_at + timedelta(seconds=duration_s),
        by=by,
    )
    _set(recording, sitting=sitting, duration_s=duration_s)
    return sitting


@operation
def note_done(*, comune: Comune, recording: PastRecording, remark: str) -> None:
    """Note that a recording is in the archive; `remark` is what went less than well."""
    _set(recording, state=PastState.DONE, done_s=recording.duration_s, problem=remark)


@operation
def finish_import(*, comune: Comune, run: ImportRun) -> None:
    """Note that the run came to its end."""
    now = clock.now()
    ImportRun.objects.filter(pk=run.pk).update(seen_at=now, finished_at=now)


@query
def recordings_of(*, comune: Comune, run: ImportRun) -> tuple[PastRecording, ...]:
    """Return the recordings of a run, the oldest sitting first."""
    return tuple(PastRecording.objects.filter(run=run).order_by("held_at", "id"))


def _set(recording: PastRecording, **facts: object) -> None:
    for name, value in facts.items():
        setattr(recording, name, value)
    recording.save(update_fields=list(facts))
