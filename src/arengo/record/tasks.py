"""What the record does later: a sitting that was closed enters the archive, and again corrected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django_tasks import task

from arengo.council.events import sitting_closed
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune
from arengo.record.archive import index_sitting
from arengo.record.events import transcript_changed
from arengo.record.omissions import write_closed
from arengo.record.passages import passages_of
from arengo.record.transcripts import is_being_heard

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
