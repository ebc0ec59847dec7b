"""What the public pages do later: a closed sitting's decisions are told, and told anew."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from arengo.council.events import sitting_closed
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune
from arengo.record import clip_making
from arengo.record.clips import forget_clips
from arengo.record.decisions import keep_decisions
from arengo.record.events import omission_made, transcript_changed


@task
def tell_decisions(*, comune: Comune, uid: str) -> None:
    """Keep the decisions of a closed sitting for the public pages."""
    keep_decisions(comune=comune, sitting=get_sitting(comune=comune, uid=uid))


@task
def make_clip_file(*, comune: Comune, clip_id: int) -> None:
    """Make the file of a clip that somebody asked for."""
    clip_making.make(comune=comune, clip_id=clip_id)


def connect() -> None:
    """Listen to the council and to what is taken away from the public."""
    sitting_closed.connect(_closed, dispatch_uid="record.public")
    omission_made.connect(_omitted, dispatch_uid="record.public")
    transcript_changed.connect(_corrected, dispatch_uid="record.public")


def _closed(*, comune: Comune, uid: str, **signal: Any) -> None:
    jobs.enqueue(tell_decisions, comune=comune, key=f"decisions {uid} closed", uid=uid)


def _omitted(*, comune: Comune, sitting: Sitting, **signal: Any) -> None:
    """Make it anew: the second of a vote may have moved with what was cut."""
    forget_clips(comune=comune, sitting=sitting)
    key = f"decisions {sitting.uid} {clock.now().isoformat()}"
    jobs.enqueue(tell_decisions, comune=comune, key=key, uid=sitting.uid)


def _corrected(*, comune: Comune, sitting: Sitting, **signal: Any) -> None:
    """Forget the clips: their captions hold the words as they were."""
    forget_clips(comune=comune, sitting=sitting)
