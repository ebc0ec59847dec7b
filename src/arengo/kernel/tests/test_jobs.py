"""A job runs once; again when it fails or its worker dies; and not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import job_tasks
import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune, Job, JobState

LATER = jobs.LEASE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _quiet_journal() -> None:
    job_tasks.journal.clear()


def _job() -> Job:
    return Job.across.get()


def _waiting_calls() -> list[DBTaskResult[..., None]]:
    return list(DBTaskResult.objects.filter(status="READY").order_by("enqueued_at", "id"))


def _run_next() -> None:
    """Do what the worker does with the next call, whenever it is due."""
    call = _waiting_calls()[0]
    call.claim("w")
    jobs.run_job.call(*call.args_kwargs["args"])
    call.set_successful(None)


def test_a_job_runs_in_the_scope_of_its_comune(pero: Comune) -> None:
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="sì")
    _run_next()
    assert job_tasks.journal == ["015170 sì"]
    assert _job().state == JobState.DONE


def test_the_same_key_is_one_job(pero: Comune) -> None:
    first = jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    assert jobs.enqueue(job_tasks.note, comune=pero, key="k", word="b") == first
    assert len(_waiting_calls()) == 1


def test_the_same_key_in_another_comune_is_another_job(pero: Comune, rho: Comune) -> None:
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    jobs.enqueue(job_tasks.note, comune=rho, key="k", word="a")
    assert Job.across.count() == 2


def test_a_job_rolls_back_with_who_asked_for_it(pero: Comune) -> None:
    with transaction.atomic():
        jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
        transaction.set_rollback(True)
    assert not Job.across.exists()
    assert not _waiting_calls()


def test_a_job_that_raises_waits_longer_each_time_then_fails(
    pero: Comune, frozen_now: datetime
) -> None:
    jobs.enqueue(job_tasks.break_down, comune=pero, key="k")
    waits = []
    for _ in range(jobs.MAX_ATTEMPTS):
        _run_next()
        waits += [(call.run_after - frozen_now).total_seconds() for call in _waiting_calls()]
    assert waits == [30, 60, 120, 240]
    assert (_job().state, _job().attempts) == (JobState.FAILED, 5)
    assert "broken" in _job().last_error


def test_a_job_that_waits_is_tried_again_and_is_no_error(
    pero: Comune, frozen_now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    jobs.enqueue(job_tasks.wait, comune=pero, key="k")
    _run_next()
    assert [(call.run_after - frozen_now).total_seconds() for call in _waiting_calls()] == [30]
    assert (_job().state, _job().last_error) == (JobState.WAITING, "words")
    assert not [line for line in caplog.records if line.levelname in ("WARNING", "ERROR")]


def test_a_refused_job_is_not_tried_again(pero: Comune) -> None:
    jobs.enqueue(job_tasks.refuse, comune=pero, key="k")
    _run_next()
    assert _job().state == JobState.FAILED
    assert not _waiting_calls()


def test_the_job_of_a_dead_worker_is_given_to_another(pero: Comune) -> None:
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    dead = _waiting_calls()[0]
    dead.claim("dead")
    jobs._take(*dead.args_kwargs["args"])
    assert jobs.sweep() == 0
    with clock.frozen(clock.now() + LATER):
        assert jobs.sweep() == 1
        assert jobs.sweep() == 0
    _run_next()
    assert job_tasks.journal == ["015170 a"]
    assert (_job().state, _job().attempts) == (JobState.DONE, 2)


def test_a_worker_dead_before_it_took_the_job_loses_nothing(pero: Comune) -> None:
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    _waiting_calls()[0].claim("dead")
    with clock.frozen(clock.now() + LATER):
        assert jobs.sweep() == 1
    _run_next()
    assert (_job().state, _job().attempts) == (JobState.DONE, 1)


def test_a_job_still_renewed_is_left_alone(pero: Comune) -> None:
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    call = _waiting_calls()[0]
    call.claim("slow")
    job = jobs._take(*call.args_kwargs["args"])
    assert job is not None
    with clock.frozen(clock.now() + LATER), jobs._held(job):
        jobs.renew_leases()
        assert jobs.sweep() == 0


def test_a_worker_thought_dead_cannot_settle_the_job(pero: Comune) -> None:
    """The second attempt is running: the first one's result comes too late."""
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    call = _waiting_calls()[0]
    call.claim("slow")
    first = jobs._take(*call.args_kwargs["args"])
    with clock.frozen(clock.now() + LATER):
        jobs.sweep()
    jobs._take(_job().pk, 1)
    assert first is not None
    assert not jobs._settle(first, JobState.DONE)
    assert _job().state == JobState.RUNNING


def test_a_job_whose_workers_all_die_fails_in_the_end(pero: Comune) -> None:
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    for _ in range(jobs.MAX_ATTEMPTS):
        call = _waiting_calls()[0]
        call.claim("dead")
        jobs._take(*call.args_kwargs["args"])
        with clock.frozen(clock.now() + LATER):
            jobs.sweep()
    assert (_job().state, _job().last_error) == (JobState.FAILED, "the worker died")
    assert not _waiting_calls()


def test_old_work_is_forgotten_and_recent_work_kept(pero: Comune, rho: Comune) -> None:
    jobs.enqueue(job_tasks.note, comune=pero, key="k", word="a")
    _run_next()
    assert jobs.purge() == 0
    with clock.frozen(clock.now() + jobs.KEPT + LATER):
        jobs.enqueue(job_tasks.note, comune=rho, key="k", word="a")
        assert jobs.purge() == 1
    assert _job().comune_id == rho.pk
    assert DBTaskResult.objects.count() == 1
