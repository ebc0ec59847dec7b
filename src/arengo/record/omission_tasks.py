"""What an omission asks of the acts: closed with the order, made again a moment later."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel import jobs
from arengo.kernel.models import Comune
from arengo.record.acts_omitted import finish, withdraw
from arengo.record.errors import VersionsUnwritten
from arengo.record.events import omission_made
from arengo.record.models import Omission


@task
def copy_acts(*, comune: Comune, uid: str) -> None:
    """Write the copies with omissis of a sitting's acts, and put the originals away.

    Raises
    ------
    NotYet
        The disk is full: all stays closed meanwhile.
    """
    try:
        finish(comune=comune, sitting=get_sitting(comune=comune, uid=uid))
    except VersionsUnwritten as error:
        raise jobs.NotYet(str(error)) from error


def connect() -> None:
    """Listen to omissions."""
    omission_made.connect(_close, dispatch_uid="record.acts_omitted")


def _close(*, comune: Comune, sitting: Sitting, **signal: Any) -> None:
    """Close the files in the order's own transaction; leave the rest to a worker."""
    if not withdraw(comune=comune, sitting=sitting):
        return
    number = Omission.objects.filter(sitting=sitting).count()
    key = f"acts {sitting.uid} omissis {number}"
    jobs.enqueue(copy_acts, comune=comune, key=key, uid=sitting.uid)
