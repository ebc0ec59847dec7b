"""When the files of open data are made again: after whatever changes what is public."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_tasks import task

from arengo.council.events import sitting_closed
from arengo.kernel import jobs
from arengo.kernel.models import Comune
from arengo.record import bulk
from arengo.record.events import act_published, omission_made, transcript_changed


@task
def build_year(*, comune: Comune, year: int) -> None:
    """Make the file of a year.

    Raises
    ------
    NotYet
        Something changed meanwhile.
    """
    if not bulk.build(comune=comune, year=year):
        raise jobs.NotYet(f"the data of {year} changed while they were written")


def build_later(*, comune: Comune, year: int) -> None:
    """Have a worker make the file of a year, once for each state of the data."""
    key = f"open data {year} {bulk.generation(comune)} {bulk.path_of(comune, year).stem}"
    jobs.enqueue(build_year, comune=comune, key=key, year=year)


def connect() -> None:
    """Listen to the council and to the record."""
    for signal in (sitting_closed, transcript_changed, omission_made, act_published):
        signal.connect(_follow, dispatch_uid="record.open_data")


def _follow(*, comune: Comune, **signal: Any) -> None:
    """Take the files away now, and again when the change is written.

    A file begun in between was made of what there was before: the second time takes it too.
    """
    bulk.forget(comune)
    transaction.on_commit(lambda: bulk.forget(comune))
