"""Real workers, killed for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import job_tasks
import pytest

from arengo.kernel import clock, jobs
from arengo.kernel.access import get_comune
from arengo.kernel.models import Job, JobState

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.processes]


@contextmanager
def _worker(database_url: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "ARENGO_DATABASE_URL": database_url,
        "PYTHONPATH": str(ROOT / "tests" / "support"),
    }
    command = [sys.executable, "manage.py", "worker", "--batch", *options]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_job_of_a_killed_worker_is_done_by_another(database_url: str, tmp_path: Path) -> None:
    """Kill -9 in the middle of a job: a minute later the sweeper gives it to the next worker."""
    started, done = tmp_path / "started", tmp_path / "done"
    os.mkfifo(started)
    pero = get_comune("pero")
    jobs.enqueue(
        job_tasks.hang_the_first_time, comune=pero, key="k", started=str(started), done=str(done)
    )
    with _worker(database_url) as victim:
        assert started.read_text(encoding="utf-8") == "started\n"
        victim.send_signal(signal.SIGKILL)
        victim.wait(timeout=10)
    assert Job.across.get().state == JobState.RUNNING
    with clock.frozen(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.sweep() == 1
    with _worker(database_url) as second:
        assert second.wait(timeout=30) == 0
    assert done.read_text(encoding="utf-8") == "done"
    job = Job.across.get()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_two_workers_do_each_job_once(database_url: str, tmp_path: Path) -> None:
    pero = get_comune("pero")
    papers = [tmp_path / f"{number}" for number in range(20)]
    for paper in papers:
        jobs.enqueue(job_tasks.append_line, comune=pero, key=paper.name, path=str(paper))
    with _worker(database_url) as one, _worker(database_url) as other:
        assert [worker.wait(timeout=60) for worker in (one, other)] == [0, 0]
    assert [paper.read_text(encoding="utf-8") for paper in papers] == ["run\n"] * 20
    assert set(Job.across.values_list("state", flat=True)) == {JobState.DONE}
