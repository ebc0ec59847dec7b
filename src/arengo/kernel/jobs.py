"""Work done later by a worker, once, and again when it fails.

A thin layer over Django's Tasks API with its database backend, which is
transactional but knows neither retry nor a worker that was killed:

- `enqueue` twice with one `key` is one job, and rolls back with its caller;
- a job that raises is tried again after 30 s, 60 s, 120 s …, at most five times, and so is
  one that says `NotYet`, which is no fault;
  one that is refused (`DomainError`) is not, since it would be refused again;
- a running job is leased for a minute, renewed by its worker: `sweep` gives the
  jobs of dead workers to others. So a job may run twice: it must bear that.

A task takes the keyword `comune`, in whose scope it runs, and JSON values.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from arengo.kernel import clock
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Comune, Job, JobState
from arengo.kernel.scope import scope

MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)


class NotYet(Exception):
    """Raised by a job to be tried again later, having done what could be done."""


log = logging.getLogger(__name__)
tended = Signal()  # sent by a worker three times a lease: whoever has daily work asks for it then
_running: dict[int, int] = {}  # job id → attempt, of this process


def enqueue(task: Task[..., Any], *, comune: Comune, key: str, **arguments: Any) -> Job:
    """Have `task` run with `arguments` for `comune`, once for all times it is asked with `key`."""
    with scope(comune), transaction.atomic():
        job, is_new = Job.objects.get_or_create(
            comune=comune, key=key, defaults={"task": task.module_path, "arguments": arguments}
        )
        if is_new:
            _hand_over(job.pk, attempt=0)
        return job


def wait_before(attempt: int) -> timedelta:
    """Return how long to wait after `attempt` (from 1) failed."""
    return timedelta(seconds=FIRST_WAIT.total_seconds() * 2 ** (attempt - 1))


def _hand_over(job_id: int, *, attempt: int, after: datetime | None = None) -> None:
    run_job.using(run_after=after).enqueue(job_id, attempt)


@task
def run_job(job_id: int, attempt: int) -> None:
    """Run a job, unless this hand-over is an old one; `attempt` counts from 0."""
    job = _take(job_id, attempt)
    if job is None:
        return
    try:
        with _held(job), scope(job.comune):
            import_string(job.task).call(comune=job.comune, **job.arguments)
    except DomainError as refusal:
        log.warning("job %s refused: %s", job.pk, refusal)
        _settle(job, JobState.FAILED, str(refusal))
    except NotYet as wait:
        log.info("job %s waits: %s", job.pk, wait)
        _give_back(job, str(wait), wait=wait_before(job.attempts))
    except Exception as error:
        log.exception("job %s failed at attempt %s", job.pk, job.attempts)
        _give_back(job, repr(error), wait=wait_before(job.attempts))
    else:
        _settle(job, JobState.DONE)


def _take(job_id: int, attempt: int) -> Job | None:
    taken = Job.across.filter(pk=job_id, state=JobState.WAITING, attempts=attempt).update(
        state=JobState.RUNNING, attempts=attempt + 1, leased_until=clock.now() + LEASE
    )
    return Job.across.select_related("comune").get(pk=job_id) if taken else None


@contextmanager
def _held(job: Job) -> Iterator[None]:
    _running[job.pk] = job.attempts
    try:
        yield
    finally:
        del _running[job.pk]


def _settle(job: Job, state: JobState, error: str = "") -> bool:
    """End this attempt; False when it was not ours any more."""
    finished_at = None if state == JobState.WAITING else clock.now()
    mine = Job.across.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    return bool(
        mine.update(state=state, leased_until=None, last_error=error, finished_at=finished_at)
    )


def _give_back(job: Job, error: str, *, wait: timedelta | None = None) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        _settle(job, JobState.FAILED, error)
        return
    with transaction.atomic():
        if _settle(job, JobState.WAITING, error):
            after = clock.now() + wait if wait else None
            _hand_over(job.pk, attempt=job.attempts, after=after)


def renew_leases() -> None:
    """Say that the jobs of this process are alive; the worker calls it three times a lease."""
    for job_id, attempt in list(_running.items()):
        mine = Job.across.filter(pk=job_id, state=JobState.RUNNING, attempts=attempt)
        mine.update(leased_until=clock.now() + LEASE)


def sweep() -> int:
    """Give the jobs of killed workers to others, and return how many they were."""
    started_before = clock.now() - LEASE
    claimed = DBTaskResult.objects.running().filter(
        task_path=run_job.module_path, started_at__lt=started_before
    )
    return sum(_rescue(result) for result in claimed.order_by("started_at", "id"))


def _rescue(result: DBTaskResult[..., Any]) -> bool:
    job_id, attempt = result.args_kwargs["args"]
    job = Job.across.filter(pk=job_id).first()
    if job is not None and _is_alive(job, attempt):
        return False
    with transaction.atomic():
        if not _mark_lost(result) or job is None:
            return False
        if (job.state, job.attempts) == (JobState.WAITING, attempt):
            _hand_over(job.pk, attempt=attempt)  # killed between claiming and taking
        elif (job.state, job.attempts) == (JobState.RUNNING, attempt + 1):
            _give_back(job, "the worker died")
        else:
            return False
    return True


def _is_alive(job: Job, attempt: int) -> bool:
    return job.attempts == attempt + 1 and bool(job.leased_until and job.leased_until > clock.now())


def _mark_lost(result: DBTaskResult[..., Any]) -> bool:
    """Mark the claim failed; False when another sweeper did."""
    claim = DBTaskResult.objects.running().filter(pk=result.pk)
    return bool(claim.update(status=TaskResultStatus.FAILED, finished_at=clock.now()))


def purge() -> int:
    """Forget what ended more than thirty days ago; a key forgotten may be used anew."""
    before = clock.now() - KEPT
    DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    count, _ = Job.across.filter(finished_at__lt=before).delete()
    return count
