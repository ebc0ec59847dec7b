"""What the public pages do later: a closed sitting's decisions are told, and told anew."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from arengo.council.events import sitting_closed, sitting_convened
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune
from arengo.record import alerting, clip_making, subscriptions
from arengo.record.clips import forget_clips
from arengo.record.decisions import keep_decisions
from arengo.record.events import omission_made, transcript_changed
from arengo.record.models import Subscription


@task
def tell_decisions(*, comune: Comune, uid: str) -> None:
    """Keep the decisions of a closed sitting for the public pages."""
    keep_decisions(comune=comune, sitting=get_sitting(comune=comune, uid=uid))
    tell_subscribers(comune, uid, "after", "closed")


@task
def ask_confirmation(*, comune: Comune, subscription_id: int) -> None:
    """Ask an address whether it wants the alerts, unless it said so or stopped meanwhile."""
    to = Subscription.objects.filter(pk=subscription_id, confirmed_at=None).first()
    if to is not None:
        subscriptions.confirmation(comune, to).send()


@task
def send_alert(*, comune: Comune, uid: str, when: alerting.When, subscription_id: int) -> None:
    """Write to one subscriber about a sitting."""
    sitting = get_sitting(comune=comune, uid=uid)
    alerting.tell(comune=comune, sitting=sitting, when=when, subscription_id=subscription_id)


def tell_subscribers(comune: Comune, uid: str, when: alerting.When, reason: str) -> None:
    """Have each subscriber written to about a sitting, once for each reason."""
    for one in alerting.confirmed(comune=comune):
        key = f"alert {one} {uid} {when} {reason}"
        jobs.enqueue(send_alert, comune=comune, key=key, uid=uid, when=when, subscription_id=one)


@task
def make_clip_file(*, comune: Comune, clip_id: int) -> None:
    """Make the file of a clip that somebody asked for."""
    clip_making.make(comune=comune, clip_id=clip_id)


def connect() -> None:
    """Listen to the council and to what is taken away from the public."""
    sitting_closed.connect(_closed, dispatch_uid="record.public")
    sitting_convened.connect(_convened, dispatch_uid="record.public")
    omission_made.connect(_omitted, dispatch_uid="record.public")
    transcript_changed.connect(_corrected, dispatch_uid="record.public")


def _convened(*, comune: Comune, uid: str, convocation_id: int, **signal: Any) -> None:
    tell_subscribers(comune, uid, "before", str(convocation_id))


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
