"""Two at once: one wins, the other is told, nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import job_tasks
import pytest
from django.db import connection

from arengo.council.errors import SittingAlreadyOpen
from arengo.council.models import Sitting
from arengo.council.operations import convene_sitting, open_sitting
from arengo.kernel import jobs
from arengo.kernel.access import get_comune
from arengo.kernel.clock import now
from arengo.kernel.errors import DomainError
from arengo.kernel.models import AuditEntry, Comune, Job
from arengo.live.errors import StreamKeyRevoked
from arengo.live.operations import issue_stream_key, revoke_stream_key

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RACERS = 6


def _race(act: Callable[[], object]) -> list[str]:
    """Do `act` in several threads at the same moment; return what each got, by name."""
    gate = threading.Barrier(RACERS)

    def run(_: int) -> str:
        try:
            gate.wait(timeout=10)
            return type(act()).__name__
        except DomainError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(RACERS) as pool:
        return sorted(pool.map(run, range(RACERS)))


@pytest.fixture
def town() -> Comune:
    """Return Pero, in a database that every thread sees."""
    return get_comune("pero")


@pytest.fixture
def prepared(town: Comune) -> Sitting:
    """Return a prepared sitting that every thread sees."""
    return convene_sitting(comune=town, title="Consiglio", scheduled_at=now(), by=None)


def test_a_sitting_opened_by_many_opens_once(town: Comune, prepared: Sitting) -> None:
    def act() -> Sitting:
        return open_sitting(comune=town, sitting=Sitting.across.get(pk=prepared.pk), by=None)

    assert _race(act) == ["Sitting"] + [SittingAlreadyOpen.__name__] * (RACERS - 1)
    assert AuditEntry.across.filter(action="council.open_sitting").count() == 1


def test_a_key_revoked_by_many_is_revoked_once(town: Comune, prepared: Sitting) -> None:
    key, _ = issue_stream_key(comune=town, sitting=prepared, label="Regia", by=None)

    def act() -> object:
        return revoke_stream_key(comune=town, key_id=key.key_id, by=None)

    assert _race(act) == ["StreamKey"] + [StreamKeyRevoked.__name__] * (RACERS - 1)


def test_a_job_asked_for_by_many_is_one(town: Comune) -> None:
    def act() -> Job:
        return jobs.enqueue(job_tasks.note, comune=town, key="k", word="a")

    assert _race(act) == ["Job"] * RACERS
    assert Job.across.count() == 1
