"""Work on other processes and nodes: what dies is done again, and nothing is lost or done twice."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import ray_nodes
import ray_work

from arengo.kernel.executor import ExecutorUnknown, WorkerLost, executor
from arengo.record import listening
from arengo.record.listening import Piece, listen

pytestmark = [pytest.mark.processes, pytest.mark.slow]
UNITS = 12


@pytest.mark.parametrize("kind", ["here", "processes"])
def test_what_a_unit_raises_comes_with_it_and_stops_no_other(kind: str) -> None:
    with executor(kind, 2) as working:
        found = {one.name: one for one in working.map(ray_work.refusing, _units("a", "b", "c"))}
    assert [found[name].error is None for name in "abc"] == [True, False, True]
    with pytest.raises(ValueError, match="b"):
        found["b"].result()


def _units(*names: str) -> Iterator[tuple[str, tuple[str]]]:
    return ((name, (name,)) for name in names)


def test_a_process_that_dies_has_its_unit_done_again(tmp_path: Path) -> None:
    units = [(name, (str(tmp_path), name)) for name in ("a", "b")]
    with executor("processes", 1) as working:
        found = [one.result() for one in working.map(ray_work.dying_once, units)]
    assert sorted(found) == ["a", "b"]


def test_a_unit_that_kills_every_process_is_told_at_fault() -> None:
    with executor("processes", 1) as working:
        (one,) = working.map(ray_work.always_dying, _units("a"))
    assert isinstance(one.error, WorkerLost)


def test_a_way_of_working_that_is_not_there_is_told() -> None:
    with pytest.raises(ExecutorUnknown, match="scegli tra"), executor("kubernetes"):
        pass


@pytest.fixture
def ray_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose name leaves room for Ray's sockets: a path has 107 characters."""
    return tmp_path_factory.mktemp("r")


@pytest.mark.skipif(
    "RAY_NODES" not in os.environ,
    reason="nodes told dead after three seconds do not always join on a busy machine: make test-ray",
)
def test_a_node_killed_midway_loses_no_segment_and_none_is_done_twice(
    ray_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = np.zeros(16_000, np.int16)
    pieces = [Piece(f"{n:05d}", float(n), sound) for n in range(UNITS)]
    monkeypatch.setattr(listening, "pieces", lambda _: iter(pieces))
    monkeypatch.setattr(listening, "hear", ray_work.noted)
    work, results = tmp_path / "work", tmp_path / "results"
    work.mkdir()
    with ray_nodes.nodes(ray_folder, 2) as cluster:
        for name, value in cluster.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("RAY_ADDRESS", cluster.address)
        with executor("ray", 2) as working:
            cluster.wait_for_processors(2)

            def told(seconds: float) -> None:
                if round(seconds) == ray_work.FREE:
                    _wait_until_two_are_held(work)
                    cluster.kill(1)
                    (work / "gate").touch()

            words = listen(tmp_path, results, working, work, told)
    assert [word.text for word in words] == [f"parola{n:03d}" for n in range(UNITS)]
    ended = Counter(path.name[:3] for path in work.glob("*.ended.*"))
    assert ended == {f"{n:03d}": 1 for n in range(UNITS)}
    assert len(list(work.glob("*.began.*"))) == UNITS + 1  # the one that the dead node held
    assert len(list(results.glob("*.words"))) == UNITS


def _wait_until_two_are_held(work: Path) -> None:
    """Wait until both nodes hold a unit that cannot end."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        held = [path for path in work.glob("*.began.*") if int(path.name[:3]) >= ray_work.FREE]
        if len(held) >= 2:
            return
        time.sleep(0.05)
    raise TimeoutError("the nodes hold nothing")
