"""What the nodes of a test do: each unit is noted where it was begun, and where it ended."""

from __future__ import annotations

import os
import time
from pathlib import Path


def noted(folder: str, name: str, seconds: float) -> str:
    """Work for some seconds; two files tell who began it and who ended it."""
    Path(folder, f"{name}.began.{os.getpid()}").touch()
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    Path(folder, f"{name}.ended.{os.getpid()}").touch()
    return name


def nothing(name: str) -> str:
    """Return at once: what is left is the cost of asking."""
    return name


def node(folder: str) -> tuple[str, int]:
    """Return which node this is, and its process."""
    import ray

    time.sleep(0.2)
    return ray.get_runtime_context().get_node_id(), os.getpid()
