"""What the demo clip says and when, for tests, benches and the demo itself.

`pero.json` is written together with `pero.mp4` by `scripts/demo_clip`; times are seconds from the
clip's first frame, on the clip's own timeline (25 frames a second, frame `n` shown from `n / 25`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CLIP = FOLDER / "pero.mp4"
REFERENCE = FOLDER / "pero.json"
SITTING = FOLDER / "sitting.toml"
ROLL = FOLDER / "roll.csv"


@dataclass(frozen=True, slots=True)
class Word:
    """One written word (or figure) and when it is spoken; `spoken` differs only for figures."""

    word: str
    spoken: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One person speaking without a break; `start` and `end` are those of the first/last word."""

    speaker: str
    voice: str
    scene: str
    start: float
    end: float
    text: str
    spoken: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Barcode:
    """Where each frame's number is drawn: `bits` white (1) or black (0) blocks between guards.

    Blocks stand side by side from (`x`, `y`) in pixels of a `width` × `height` picture, in this
    order: `guard`, the number (most significant bit first), one even-parity bit, `guard` again.
    """

    x: int
    y: int
    block_w: int
    block_h: int
    bits: int
    guard: str
    width: int
    height: int

    def blocks(self, number: int) -> str:
        """The row of blocks that stands for `number`, as a string of 0 and 1."""
        payload = format(number % (1 << self.bits), f"0{self.bits}b")
        return self.guard + payload + str(payload.count("1") % 2) + self.guard

    def read(self, luma_at: Callable[[float, float], float]) -> int | None:
        """The frame number of a picture, or None where no whole bar code is seen.

        `luma_at(x, y)` gives the brightness (0–255) at a place given as fractions (0–1) of the
        picture's width and height, so that a picture of any size can be read.
        """
        count = self.bits + 1 + 2 * len(self.guard)
        row = (self.y + self.block_h / 2) / self.height
        seen = "".join(
            "1" if luma_at((self.x + (i + 0.5) * self.block_w) / self.width, row) > 127 else "0"
            for i in range(count)
        )
        number = int(seen[len(self.guard) :][: self.bits], 2)
        return number if seen == self.blocks(number) else None


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference transcript of the clip: `roster` holds the full names, council first."""

    title: str
    roster: tuple[str, ...]
    fps: int
    duration: float
    barcode: Barcode
    turns: tuple[Turn, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """All words of the sitting in order."""
        return tuple(word for turn in self.turns for word in turn.words)

    @property
    def surnames(self) -> tuple[str, ...]:
        """The surnames of the roster."""
        return tuple(name.rsplit(" ", 1)[-1] for name in self.roster)


@cache
def load_reference() -> Reference:
    """Read `pero.json`."""
    return parse_reference(json.loads(REFERENCE.read_text(encoding="utf-8")))


def parse_reference(data: dict[str, Any]) -> Reference:
    """Make a Reference of the decoded JSON."""
    return Reference(
        title=data["title"],
        roster=tuple(data["roster"]),
        fps=data["fps"],
        duration=data["duration"],
        barcode=Barcode(**data["barcode"]),
        turns=tuple(
            Turn(**{**turn, "words": tuple(Word(**word) for word in turn["words"])})
            for turn in data["turns"]
        ),
    )
