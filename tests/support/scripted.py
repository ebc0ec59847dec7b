"""A recogniser that knows the words: it gives those that lie in the sound it is handed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from arengo.live import hearing
from arengo.live.engine.words import Word
from arengo.live.hearing.recogniser import SAMPLE_RATE, Heard, Pcm
from arengo.live.hearing.sound import chunks

SPEECH = Path(hearing.__file__).parent / "tests" / "data" / "lavori.opus"
TRUTH = (
    "Al 0.45 0.53 consigliere 0.57 1.19 Mantegazza 1.21 1.80 dico 1.85 2.12 che 2.17 2.24 "
    "le 2.27 2.36 spese 2.39 2.71 tecniche 2.76 3.15 comprendono 3.20 3.76 i 3.78 3.81 "
    "rilievi 3.83 4.45 e 4.54 4.59 la 4.64 4.72 direzione 4.74 5.28 dei 5.31 5.40 lavori. 5.43 5.89"
)


def speech() -> Pcm:
    """Return eight seconds: a sentence of the demo sitting (synthetic voice), then silence."""
    return np.concatenate(list(chunks(SPEECH)))


def spoken(at: float = 0.0) -> list[Word]:
    """Return the words of the sentence when it begins at a sitting time."""
    fields = TRUTH.split()
    return [
        Word(at + float(start), at + float(end), text, 0.9)
        for text, start, end in zip(fields[::3], fields[1::3], fields[2::3], strict=True)
    ]


@dataclass
class Scripted:
    """Gives the words that were spoken; a draft mishears its last word."""

    words: list[Word]
    longest_s: float = 12.0
    name: str = "scripted"
    sha256: str = "0" * 64
    asked: list[tuple[float, float, bool]] = field(default_factory=list)

    def hear(
        self, pcm: Pcm, at: float, *, names: Sequence[str] = (), is_final: bool = False
    ) -> Heard:
        """Return the words inside the stretch."""
        end = at + len(pcm) / SAMPLE_RATE
        self.asked.append((at, end, is_final))
        inside = [word for word in self.words if word.start >= at - 0.05 and word.end <= end]
        if inside and not is_final:
            last = inside[-1]
            inside[-1] = Word(last.start, last.end, last.text + f"{len(self.asked)}", 0.3)
        return Heard(tuple(inside))
