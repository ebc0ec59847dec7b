"""What editors do to a transcript: typed, frozen facts, appended to a log and never changed.

Every edit tells what its author saw (`seen`): if that is no longer so, it is refused, and no
one's work is lost. Fields are what JSON can hold (tuples are lists there); `kind` is the name
in the log. Who did it and in which place of the log stands beside the edit, not in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

from arengo.record.engine.errors import EditUnreadable
from arengo.record.engine.steps import Offer

KINDS: dict[str, type[Edit]] = {}
E = TypeVar("E", bound="type[Edit]")


class Edit:
    """Base of all edits."""

    __slots__ = ()
    kind: ClassVar[str] = ""


def edit(kind: str) -> Callable[[E], E]:
    """Give an edit its name in the log."""

    def register(cls: E) -> E:
        cls.kind = kind
        KINDS[kind] = cls
        return cls

    return register


@edit("text_fixed")
@dataclass(frozen=True, slots=True)
class TextFixed(Edit):
    """A run of words of one speech is rewritten."""

    words: tuple[str, ...]
    seen: tuple[str, ...]
    text: str


@edit("words_struck")
@dataclass(frozen=True, slots=True)
class WordsStruck(Edit):
    """A run of words was not said; its time stays, without text."""

    words: tuple[str, ...]
    seen: tuple[str, ...]


@edit("words_confirmed")
@dataclass(frozen=True, slots=True)
class WordsConfirmed(Edit):
    """Somebody heard these words again and answers for them; they may be anywhere."""

    words: tuple[str, ...]
    seen: tuple[str, ...]


@edit("segment_split")
@dataclass(frozen=True, slots=True)
class SegmentSplit(Edit):
    """Another speech begins with this word, with the same voice until somebody says whose."""

    before: str


@edit("segments_merged")
@dataclass(frozen=True, slots=True)
class SegmentsMerged(Edit):
    """Two neighbouring speeches are one, the first one's voice; `seen` are the two speakers."""

    first: str
    second: str
    seen: tuple[str, ...]


@edit("speaker_set")
@dataclass(frozen=True, slots=True)
class SpeakerSet(Edit):
    """A speech is somebody's; `seen` is whose it was said to be."""

    segment: str
    speaker: str
    seen: str


@edit("replaced")
@dataclass(frozen=True, slots=True)
class Replaced(Edit):
    """A text is replaced wherever it stood in the sitting: one decision, many corrections."""

    find: str
    text: str
    fixes: tuple[TextFixed, ...]


@edit("undone")
@dataclass(frozen=True, slots=True)
class Undone(Edit):
    """An edit is taken back; undoing an undoing does it again."""

    seq: int


@edit("machine_proposed")
@dataclass(frozen=True, slots=True)
class MachineProposed(Edit):
    """A second hearing offers other words; nothing changes until somebody accepts."""

    offers: tuple[Offer, ...]


@edit("machine_accepted")
@dataclass(frozen=True, slots=True)
class MachineAccepted(Edit):
    """Offers are taken: who accepts them answers for the words."""

    offers: tuple[str, ...]


@edit("machine_rejected")
@dataclass(frozen=True, slots=True)
class MachineRejected(Edit):
    """Offers are put away; the words stay as they are."""

    offers: tuple[str, ...]


def facts_of(one: Edit) -> dict[str, Any]:
    """Return an edit's fields as JSON will hold them."""
    assert is_dataclass(one)
    return asdict(one)


def edit_of(kind: str, facts: Mapping[str, Any]) -> Edit:
    """Return the edit of a decoded line of the log, or of a request.

    Raises
    ------
    EditUnreadable
        The kind or a field is unknown, a field is missing or has another type.
    """
    cls = KINDS.get(kind)
    if cls is None:
        raise EditUnreadable(why=f"il tipo «{kind[:40]}» non esiste")
    made = _read(cls, facts, kind)
    assert isinstance(made, Edit)
    return made


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {one.name: hints[one.name] for one in fields(cls)}


def _read(hint: Any, value: Any, where: str) -> Any:
    """Return a value of JSON as the type that the field wants."""
    if is_dataclass(hint):
        return _read_object(hint, value, where)
    if get_origin(hint) is tuple and isinstance(value, list | tuple):
        return tuple(_read(get_args(hint)[0], one, where) for one in value)
    if hint is float and type(value) in {int, float} and math.isfinite(value):
        return float(value)
    if hint in {str, int} and type(value) is hint and _is_writable(value):
        return value
    raise EditUnreadable(why=f"«{where}» ha un valore di un altro tipo")


def _read_object(cls: Any, value: Any, where: str) -> Any:
    hints = _hints(cls)
    if not isinstance(value, Mapping) or set(value) != set(hints):
        raise EditUnreadable(why=f"«{where}» non ha i campi {', '.join(hints)}")
    return cls(**{name: _read(hint, value[name], name) for name, hint in hints.items()})


def _is_writable(value: str | int) -> bool:
    """Tell whether UTF-8 can hold it: half a surrogate pair cannot be hashed nor stored."""
    return isinstance(value, int) or not any("\ud800" <= c <= "\udfff" for c in value)
