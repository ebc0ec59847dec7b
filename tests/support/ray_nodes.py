"""Ray nodes of this machine for a test: started one by one, each ended by its own process group."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

READY_S = 240.0
QUICK = {  # a dead node is known to be dead after about three seconds
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "1000",
    "RAY_health_check_failure_threshold": "3",
}


@dataclass
class Nodes:
    """A head without processors of its own and the workers, in the order of their start."""

    address: str
    environment: dict[str, str]
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add(self) -> None:
        """Start a node with one processor, in a group of its own."""
        command = [
            *("--address", self.address, "--num-cpus", "1", "--node-ip-address", "127.0.0.1"),
            *("--object-store-memory", "150000000"),
        ]
        self.workers.append(_start(command, self.environment))

    def wait_for_processors(self, count: int) -> None:
        """Wait until so many processors have joined; the cluster is the one this process is in."""
        import ray

        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            if ray.cluster_resources().get("CPU", 0) >= count:  # type: ignore[no-untyped-call]
                return
            time.sleep(0.2)
        raise TimeoutError("the nodes do not join")

    def kill(self, number: int) -> None:
        """Kill a node with all its processes, as a power cut would."""
        _kill(self.workers[number])


@contextmanager
def nodes(folder: Path, count: int) -> Iterator[Nodes]:
    """Give a cluster of `count` workers, and end it."""
    port = _free_port()
    token = folder / "token"
    token.write_text(os.urandom(32).hex())
    environment = {
        **os.environ,
        **QUICK,
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(token),
        "RAY_USAGE_STATS_ENABLED": "0",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    head = _start(
        [
            *("--head", "--port", str(port), "--num-cpus", "0", "--node-ip-address", "127.0.0.1"),
            *("--include-dashboard=false", "--object-store-memory", "150000000"),
            *("--temp-dir", str(folder)),
        ],
        environment,
    )
    found = Nodes(f"127.0.0.1:{port}", environment, folder)
    try:
        _wait_for(port)
        for _ in range(count):
            found.add()
        yield found
    finally:
        for one in [*found.workers, head]:
            _kill(one)


def _kill(one: subprocess.Popen[bytes]) -> None:
    """Kill a node and every process that it started: those are in groups of their own."""
    for pid in [one.pid, *_descendants(one.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    one.wait()


def _descendants(pid: int) -> list[int]:
    """Return the processes started by one, and by those."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found[1:]


def _start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    ray = Path(sys.executable).parent / "ray"
    return subprocess.Popen(
        [ray, "start", *arguments, "--disable-usage-stats", "--block"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _free_port() -> int:
    """Return a port above those that Ray gives to its workers (10002 to 19999)."""
    for port in range(20379 + os.getpid() % 5000, 32000):
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def _wait_for(port: int) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError("Ray's head does not answer")
