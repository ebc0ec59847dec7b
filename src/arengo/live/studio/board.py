"""The board: the chamber's state as the pages published it, passed on to every screen.

It is the pages' to fill and the screens' to draw. The studio reads `seq`, and who has the floor.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arengo.live.studio.push import frame

NAME = "board.json"


@dataclass(frozen=True, slots=True)
class Board:
    """One state of the chamber; `text` is its JSON, `frame` the event, made once for all readers."""

    seq: int
    text: bytes
    frame: bytes
    facts: dict[str, Any] = field(default_factory=dict, compare=False)


def read_board(folder: Path) -> Board | None:
    """Read a sitting's board; None when there is none, or a power cut left half of one."""
    try:
        facts = json.loads((folder / NAME).read_bytes())
        seq = facts["seq"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(seq, int):
        return None
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return Board(seq, text, frame("board", facts), facts)
