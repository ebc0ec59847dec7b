"""What the nodes of a test do: each unit is noted where it was begun, and where it ended."""

from __future__ import annotations

import os
import time
from pathlib import Path

from arengo.live.engine.words import Word
from arengo.record.listening import packed

FREE = 4  # units from this one on wait for the gate


def noted(folder: str, workers: int, pcm: bytes, start_s: float) -> bytes:
    """Give a word in place of hearing; files tell who began and who ended it.

    From the fifth unit on the gate must open first, so that a test kills a node in the middle.
    """
    name = f"{start_s:03.0f}"
    Path(folder, f"{name}.began.{os.getpid()}").touch()
    while start_s >= FREE and not Path(folder, "gate").exists():
        time.sleep(0.02)
    Path(folder, f"{name}.ended.{os.getpid()}").touch()
    return packed([Word(start_s, start_s + 0.5, f"parola{name}")])


def dying_once(folder: str, name: str) -> str:
    """Die at the first attempt as the out-of-memory killer would have it, then give the name."""
    mark = Path(folder, name)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), 9)
    return name


def always_dying(name: str) -> str:
    """Die."""
    os.kill(os.getpid(), 9)
    return name


def refusing(name: str) -> str:
    """Raise for one unit."""
    if name == "b":
        raise ValueError(name)
    return name


def nothing(payload: bytes) -> int:
    """Return at once: what is left is the cost of asking."""
    return len(payload)
