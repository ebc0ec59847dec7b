"""What the record does later: a sitting that was closed enters the archive."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django_tasks import task

from arengo import config
from arengo.council.events import sitting_closed
from arengo.council.queries import get_sitting
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune
from arengo.record.archive import index_sitting
from arengo.record.passages import passages_of

QUIET_S = 20.0  # captions that came later than this before now may not be the last


@task
def index_closed(*, comune: Comune, uid: str) -> None:
    """Put a closed sitting in the archive; again a little later while its words still come.

    Raises
    ------
    NotYet
        What there is has been put in the archive, and more may come.
    """
    sitting = get_sitting(comune=comune, uid=uid)
    folder = config.load().sitting_folder(comune.pk, uid)
    is_hearing = _is_written(folder / "cues.jsonl")
    index_sitting(
        comune=comune, sitting=sitting, passages=passages_of(comune=comune, sitting=sitting)
    )
    if is_hearing:
        raise jobs.NotYet(f"{uid} is still being heard")


def _is_written(path: Path) -> bool:
    """Tell whether a file has grown a moment ago."""
    if not path.exists():
        return False
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return (clock.now() - written_at).total_seconds() < QUIET_S


def index_later(*, comune: Comune, uid: str, reason: str = "closed") -> None:
    """Have a worker put a closed sitting in the archive, once for each reason."""
    jobs.enqueue(index_closed, comune=comune, key=f"archive {uid} {reason}", uid=uid)


def connect() -> None:
    """Listen to the council."""
    sitting_closed.connect(_follow, dispatch_uid="record.archive")


def _follow(*, comune: Comune, uid: str, **signal: Any) -> None:
    """Ask for the job in the transaction that closes the sitting: it rolls back with it."""
    index_later(comune=comune, uid=uid)
