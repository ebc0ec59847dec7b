"""The daily work of the albo: asked for once a day for each Comune that has something there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django_tasks import task

from arengo.council.queries.people import today
from arengo.kernel import jobs
from arengo.kernel.models import Comune
from arengo.record.due import do_due
from arengo.record.models import Attestation, AttestationKind, Publication

_asked: list[date] = []  # the last day for which this process asked


@task
def albo_day(*, comune: Comune, day: str) -> None:
    """Do what is due by a day, for a Comune."""
    do_due(comune=comune, day=date.fromisoformat(day))


def connect() -> None:
    """Follow the worker, which tends jobs three times a minute."""
    jobs.tended.connect(_follow, dispatch_uid="record.albo")


def _follow(**signal: Any) -> None:
    day = today()
    if _asked != [day]:
        ask_for(day)
        _asked[:] = [day]


def ask_for(day: date) -> int:
    """Ask for the day's work of every Comune with something to do; return how many they are.

    A publication is done with when it has its referto: days on which nobody worked are made up.
    """
    done = Attestation.across.filter(kind=AttestationKind.REPORT).values("publication_id")
    pending = Publication.across.filter(ended_at=None, first_date__lte=day).exclude(pk__in=done)
    comuni = Comune.objects.filter(pk__in=set(pending.values_list("comune_id", flat=True)))
    for comune in comuni:
        jobs.enqueue(albo_day, comune=comune, key=f"albo {day}", day=day.isoformat())
    return len(comuni)
