"""Where long work runs: here, in processes of this machine, or on a Ray cluster.

    with executor("processes") as found:
        for outcome in found.map(transcribe, units):   # (name, arguments) each, lazily
            keep(outcome.name, outcome.result())

A unit is a name and the arguments of a function of a module: it depends on nothing else, so that
it may be done again when a worker dies. Nothing here schedules: `concurrent.futures` or Ray does.
Few units are handed over at once, so that a long archive is never in memory, and each comes back
once, in whatever order. What a unit raises comes back with it and stops no other.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
Unit = tuple[str, tuple[Any, ...]]
NICE = 10  # a sitting that is on comes first
ATTEMPTS = 3  # a unit whose process dies this often is at fault itself
KINDS = ("processes", "here", "ray")


class ExecutorUnknown(Exception):
    """The setting names no way of working, or one that is not installed."""


class WorkerLost(Exception):
    """The process that did a unit died, however often it was tried."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of a unit: a value, or the error that it raised."""

    name: str
    value: T | None = None
    error: Exception | None = None

    def result(self) -> T:
        """Return the value; raise the unit's error."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # without an error there is a value


class Executor(Protocol):
    """Runs functions of modules somewhere; `workers` is how many at once."""

    workers: int

    def submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have `work` done; its result comes with the future."""

    def map(self, work: Callable[..., T], units: Iterable[Unit]) -> Iterator[Outcome[T]]:
        """Yield the outcome of each unit as it comes; units are taken as workers get free."""


class Here:
    """Does the work at once, in this process."""

    workers = 1

    def submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        """Do it now."""
        future: Future[T] = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(self, work: Callable[..., T], units: Iterable[Unit]) -> Iterator[Outcome[T]]:
        """Do them one after the other."""
        for name, arguments in units:
            yield _outcome(name, self.submit(work, *arguments))


class Processes:
    """A pool of processes; one that dies is replaced, and its unit done again."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # Not forked: libraries with threads of their own do not survive that.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=os.nice, initargs=(NICE,)
        )

    def submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        """Hand it to the pool."""
        try:
            return self._pool.submit(work, *arguments)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = self._new_pool()
            return self._pool.submit(work, *arguments)

    def map(self, work: Callable[..., T], units: Iterable[Unit]) -> Iterator[Outcome[T]]:
        """Yield outcomes; a dead process breaks the pool, so what it held is begun again."""
        return _mapped(self, work, units, lost=BrokenProcessPool)

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)


class OnRay:
    """Tasks of a Ray cluster that runs already; a task of a node that dies is Ray's to do again."""

    def __init__(self, address: str, workers: int = 0) -> None:
        import ray

        self._ray = ray
        ray.init(address=address, log_to_driver=False, logging_level=logging.WARNING)
        there = ray.cluster_resources().get("CPU", 1)  # type: ignore[no-untyped-call]  # a dict
        self.workers = workers or max(1, int(there))

    def submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        """Hand it to the cluster: one processor each, begun again whenever its node dies."""
        task = self._ray.remote(num_cpus=1, max_retries=-1)(work)
        future: Future[T] = task.remote(*arguments).future()
        return future

    def map(self, work: Callable[..., T], units: Iterable[Unit]) -> Iterator[Outcome[T]]:
        """Yield outcomes; so much at once that no node waits for the next unit."""
        return _mapped(self, work, units, lost=self._ray.exceptions.WorkerCrashedError)

    def close(self) -> None:
        """Leave the cluster as it is."""
        self._ray.shutdown()


@contextmanager
def executor(kind: str = "", workers: int = 0) -> Iterator[Executor]:
    """Give the executor of the settings `ARENGO_EXECUTOR` and `ARENGO_EXECUTOR_WORKERS`.

    Raises
    ------
    ExecutorUnknown
        There is no such kind, or Ray is not installed.
    """
    kind = kind or os.environ.get("ARENGO_EXECUTOR", "processes")
    workers = workers or _workers()
    if kind == "here":
        yield Here()
        return
    found = _opened(kind, workers)
    try:
        yield found
    finally:
        found.close()


def _opened(kind: str, workers: int) -> Processes | OnRay:
    if kind == "processes":
        return Processes(workers or os.cpu_count() or 1)
    if kind != "ray":
        known = ", ".join(KINDS)
        raise ExecutorUnknown(f"ARENGO_EXECUTOR={kind!r} non esiste: scegli tra {known}.")
    try:
        return OnRay(os.environ.get("RAY_ADDRESS", "auto"), workers)
    except ImportError as error:
        raise ExecutorUnknown(
            "ARENGO_EXECUTOR=ray vuole il pacchetto di Ray: installa arengo[cluster]."
        ) from error
    except ConnectionError as error:
        raise ExecutorUnknown(
            f"Nessun cluster Ray risponde ({error}): avvialo, o togli ARENGO_EXECUTOR."
        ) from error


def _workers() -> int:
    text = os.environ.get("ARENGO_EXECUTOR_WORKERS", "0")
    if not text.isdigit():
        raise ExecutorUnknown(f"ARENGO_EXECUTOR_WORKERS={text!r} non è un numero.")
    return int(text)


def _mapped(
    found: Executor, work: Callable[..., T], units: Iterable[Unit], *, lost: type[Exception]
) -> Iterator[Outcome[T]]:
    """Keep each worker busy with one more unit at hand; try again what a dead worker held."""
    rest = iter(units)
    running: dict[Future[T], Unit] = {}
    tried: dict[str, int] = {}
    while True:
        for unit in islice(rest, max(0, found.workers + 1 - len(running))):
            running[found.submit(work, *unit[1])] = unit
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            unit = running.pop(future)
            outcome = _outcome(unit[0], future)
            if not isinstance(outcome.error, lost):
                yield outcome
                continue
            tried[unit[0]] = tried.get(unit[0], 0) + 1
            if tried[unit[0]] < ATTEMPTS:
                running[found.submit(work, *unit[1])] = unit
            else:
                yield Outcome(unit[0], error=WorkerLost(unit[0]))


def _outcome(name: str, future: Future[T]) -> Outcome[T]:
    error = future.exception()
    if error is None:
        return Outcome(name, future.result())
    if isinstance(error, Exception):
        return Outcome(name, error=error)
    raise error
