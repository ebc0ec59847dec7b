"""The few ways a transcript can change, each with its exact inverse.

Every edit is compiled to steps when it is applied, and undoing it is performing their inverses:
a step says all of what it found and of what it left, so neither can write over a third hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from arengo.record.engine.words import Voice, Word


@dataclass(frozen=True, slots=True)
class Offer:
    """Other words that a second hearing gives for some: `seen` are the texts it would replace.

    An empty `text` would strike them. `id` is empty until the offer stands in a transcript.
    """

    words: tuple[str, ...]
    seen: tuple[str, ...]
    text: str
    start_s: float
    end_s: float
    id: str = ""


@dataclass(frozen=True, slots=True)
class Swap:
    """A run of words of one speech gives place to others."""

    before: tuple[Word, ...]
    after: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Speech `first` ends before the word `at`, where `second` begins; each with its voice."""

    first: str
    second: str
    at: str
    voices: tuple[Voice, Voice]


@dataclass(frozen=True, slots=True)
class Merge:
    """Speech `first` takes the words of its neighbour `second`, which began with `at`."""

    first: str
    second: str
    at: str
    voices: tuple[Voice, Voice]


@dataclass(frozen=True, slots=True)
class Speak:
    """A speech passes from one voice to another."""

    segment: str
    before: Voice
    after: Voice


@dataclass(frozen=True, slots=True)
class Offering:
    """Offers are laid down or taken away."""

    added: tuple[Offer, ...] = ()
    removed: tuple[Offer, ...] = ()


Step: TypeAlias = Swap | Split | Merge | Speak | Offering


@dataclass(frozen=True, slots=True)
class Done:
    """What an edit did: its steps in order, and which other edit it undid, if it did that."""

    seq: int
    by: str
    steps: tuple[Step, ...]
    undoes: int | None = None


def inverse(step: Step) -> Step:
    """Return the step that takes this one back."""
    match step:
        case Swap(before, after):
            return Swap(after, before)
        case Split(first, second, at, voices):
            return Merge(first, second, at, voices)
        case Merge(first, second, at, voices):
            return Split(first, second, at, voices)
        case Speak(segment, before, after):
            return Speak(segment, after, before)
        case Offering(added, removed):
            return Offering(removed, added)
