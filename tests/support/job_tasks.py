"""Tasks that tests give to workers, theirs and real ones in other processes."""

from __future__ import annotations

import threading
from pathlib import Path

from django_tasks import task

from arengo.council.models import Sitting
from arengo.kernel.errors import NotFound
from arengo.kernel.jobs import NotYet
from arengo.kernel.models import Comune
from arengo.kernel.scope import current_istat_code

journal: list[str] = []


@task
def note(*, comune: Comune, word: str) -> None:
    """Say in which scope it runs."""
    Sitting.objects.count()  # raises out of a scope
    journal.append(f"{current_istat_code()} {word}")


@task
def break_down(*, comune: Comune) -> None:
    """Fail in a way that may pass."""
    message = "broken"
    raise OSError(message)


@task
def wait(*, comune: Comune) -> None:
    """Find that what it needs is not there yet."""
    message = "words"
    raise NotYet(message)


@task
def refuse(*, comune: Comune) -> None:
    """Fail in a way that will not pass."""
    raise NotFound


@task
def append_line(*, comune: Comune, path: str) -> None:
    """Leave one line a run."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("run\n")


@task
def hang_the_first_time(*, comune: Comune, started: str, done: str) -> None:
    """Block at the first run, until killed; end at the second. `started` is a FIFO."""
    mark = Path(f"{started}.mark")
    if mark.exists():
        Path(done).write_text("done", encoding="utf-8")
        return
    mark.touch()
    Path(started).write_text("started\n", encoding="utf-8")  # waits for the test to read it
    threading.Event().wait()
