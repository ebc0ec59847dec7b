"""What the record does later: a sitting that was closed enters the archive, and again corrected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django_tasks import task

from arengo.council.events import sitting_closed
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune
from arengo.record.archive import index_sitting
from arengo.record.events import transcript_changed
from arengo.record.models import StepState, Target
from arengo.record.omissions import mark_all, write_closed
from arengo.record.passages import passages_of
from arengo.record.recut import recut_captions, recut_media
from arengo.record.transcripts import is_being_heard, is_edited

EVERY_S = 60  # who corrects words has the archive written anew no more often than this


@task
def index_closed(*, comune: Comune, uid: str) -> None:
    """Put a closed sitting in the archive; again a little later while its words still come.

    Raises
    ------
    NotYet
        What there is has been put in the archive, and more may come.
    """
    sitting = get_sitting(comune=comune, uid=uid)
    write_closed(comune=comune, sitting=sitting)  # the process that should have may be dead
    is_hearing = is_being_heard(sitting)
    index_sitting(
        comune=comune, sitting=sitting, passages=passages_of(comune=comune, sitting=sitting)
    )
    mark_all(comune=comune, sitting=sitting, target=Target.SEARCH, state=StepState.DONE)
    if is_hearing:
        raise jobs.NotYet(f"{uid} is still being heard")


@task
def index_corrected(*, comune: Comune, uid: str, after: int) -> None:
    """Put a sitting in the archive as it was corrected up to an instant (Unix time).

    Raises
    ------
    NotYet
        That instant has not come: somebody may still be correcting.
    """
    if clock.now() < datetime.fromtimestamp(after, UTC):
        raise jobs.NotYet(f"{uid} is still being corrected")
    sitting = get_sitting(comune=comune, uid=uid)
    passages = passages_of(comune=comune, sitting=sitting)
    index_sitting(comune=comune, sitting=sitting, passages=passages)


def index_later(*, comune: Comune, uid: str, reason: str = "closed") -> None:
    """Have a worker put a closed sitting in the archive, once for each reason."""
    jobs.enqueue(index_closed, comune=comune, key=f"archive {uid} {reason}", uid=uid)


@task
def recut_omitted(*, comune: Comune, uid: str) -> None:
    """Seal the originals of what is omitted from a sitting and put black in their place.

    Raises
    ------
    NotYet
        Captions still come: their file is not touched before they have all come.
    OSError
        The disk does not take it: it stays closed, and is done again.
    """
    sitting = get_sitting(comune=comune, uid=uid)
    write_closed(comune=comune, sitting=sitting)
    with _followed(comune, sitting, Target.VIDEO):
        recut_media(comune=comune, sitting=sitting)
        write_closed(comune=comune, sitting=sitting)  # what is there now can be shown
    if is_being_heard(sitting):
        raise jobs.NotYet(f"{uid} is still being heard")
    with _followed(comune, sitting, Target.CAPTIONS):
        recut_captions(comune=comune, sitting=sitting)
    left = _("Le correzioni fatte prima restano nel registro delle correzioni, chiuse a chi legge.")
    note = left if is_edited(sitting) else ""
    target = Target.TRANSCRIPT
    mark_all(comune=comune, sitting=sitting, target=target, state=StepState.DONE, note=note)


@contextmanager
def _followed(comune: Comune, sitting: Sitting, target: Target) -> Iterator[None]:
    """Mark a place done when the block ends well, and to be tried again when it does not."""
    try:
        yield
    except Exception as error:
        state, why = StepState.FAILED, str(error)
        mark_all(comune=comune, sitting=sitting, target=target, state=state, note=why)
        raise
    mark_all(comune=comune, sitting=sitting, target=target, state=StepState.DONE)


def recut_later(*, comune: Comune, uid: str, reason: str) -> None:
    """Have a worker carry the omissions of a sitting out, once for each reason."""
    jobs.enqueue(recut_omitted, comune=comune, key=f"recut {uid} {reason}", uid=uid)


def connect() -> None:
    """Listen to the council."""
    sitting_closed.connect(_follow, dispatch_uid="record.archive")
    transcript_changed.connect(_follow_editors, dispatch_uid="record.archive.edits")


def _follow(*, comune: Comune, uid: str, **signal: Any) -> None:
    """Ask for the job in the transaction that closes the sitting: it rolls back with it."""
    index_later(comune=comune, uid=uid)


def _follow_editors(*, comune: Comune, sitting: Sitting, **signal: Any) -> None:
    """Ask for one job a minute, which runs when the minute is over."""
    after = (int(clock.now().timestamp()) // EVERY_S + 1) * EVERY_S
    key = f"archive {sitting.uid} edits {after}"
    jobs.enqueue(index_corrected, comune=comune, key=key, uid=sitting.uid, after=after)
