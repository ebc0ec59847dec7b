"""What is asked about the recordings that were or are being brought in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from arengo.kernel import clock
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.models import ImportRun, PastRecording, PastState

ALIVE = timedelta(minutes=10)  # a stretch of five minutes heard on a slow machine
MOST_RUNS = 20


@dataclass(frozen=True, slots=True)
class RunLine:
    """An import as its page tells it: `state` is running, stopped or finished."""

    run: ImportRun
    state: str
    recordings: tuple[PastRecording, ...]
    done: int
    failed: int


@query
def runs_of(*, comune: Comune) -> tuple[RunLine, ...]:
    """Return the latest imports with what came of each recording, the latest first."""
    runs = list(ImportRun.objects.order_by("-started_at", "-id")[:MOST_RUNS])
    found = PastRecording.objects.filter(run__in=runs).order_by("held_at", "id")
    by_run: dict[int, list[PastRecording]] = {run.pk: [] for run in runs}
    for one in found:
        by_run[one.run_id].append(one)
    return tuple(_line(run, tuple(by_run[run.pk])) for run in runs)


def _line(run: ImportRun, recordings: tuple[PastRecording, ...]) -> RunLine:
    states = [one.state for one in recordings]
    is_alive = clock.now() - run.seen_at < ALIVE
    state = "finished" if run.finished_at else "running" if is_alive else "stopped"
    return RunLine(
        run, state, recordings, states.count(PastState.DONE), states.count(PastState.FAILED)
    )
