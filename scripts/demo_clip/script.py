"""Read `sitting.toml`: the people, and what they say in which order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = re.compile(r"\{([^|}]+)\|([^}]+)\}(\S*)|(\S+)")
PAUSE = re.compile(r"\(pausa ([\d.]+) ?(.*)\)")


@dataclass(frozen=True, slots=True)
class Voice:
    """How a person sounds: an Italian voice, colours blended into its timbre, pitch and pace."""

    base: str
    timbre: tuple[tuple[str, float], ...]
    pitch: float
    speed: float
    gain_db: float


@dataclass(frozen=True, slots=True)
class Look:
    """How a person is drawn."""

    hair: str
    tint: str
    skin: str
    jacket: str
    glasses: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a seat in the hall; the absent have neither voice nor look."""

    id: str
    name: str
    role: str
    group: str
    row: int
    voice: Voice | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """One word as it is written and as it is said (`65%`, `sessantacinque per cento`)."""

    written: str
    said: str


@dataclass(frozen=True, slots=True)
class Speech:
    """One turn: its sentences, each a row of tokens."""

    scene: str
    person: Person
    sentences: tuple[tuple[Token, ...], ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch without speech; `notice` is shown on screen."""

    scene: str
    seconds: float
    notice: str


@dataclass(frozen=True, slots=True)
class Script:
    """The whole sitting."""

    title: str
    comune: str
    notice: str
    people: tuple[Person, ...]
    steps: tuple[Speech | Pause, ...]


def read_script(path: Path) -> Script:
    """Read the sitting; KeyError when a line is given to somebody who is not in the hall."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    people = tuple(_person(row) for row in data["person"])
    by_id = {person.id: person for person in people}
    steps = tuple(
        step for scene in data["scene"] for step in _steps(scene["name"], scene["script"], by_id)
    )
    return Script(data["title"], data["comune"], data["notice"], people, steps)


def _person(row: dict[str, Any]) -> Person:
    plain = {key: row[key] for key in ("id", "name", "role", "group", "row")}
    if row.get("is_absent"):
        return Person(**plain)
    voice: dict[str, Any] = row["voice"]
    timbre = tuple(voice["timbre"].items())
    return Person(**plain, voice=Voice(**{**voice, "timbre": timbre}), look=Look(**row["look"]))


def _steps(scene: str, script: str, people: dict[str, Person]) -> Iterator[Speech | Pause]:
    for line in filter(None, map(str.strip, script.splitlines())):
        pause = PAUSE.fullmatch(line)
        if pause:
            yield Pause(scene, float(pause[1]), pause[2])
        else:
            who, _, words = line.partition(": ")
            yield Speech(scene, people[who], tuple(_sentences(_tokens(words))))


def _tokens(words: str) -> Iterator[Token]:
    for piece in TOKEN.finditer(words):
        written, said, tail, plain = piece.groups(default="")
        yield Token(plain + written + tail, plain + said + tail)


def _sentences(tokens: Iterator[Token]) -> Iterator[tuple[Token, ...]]:
    sentence: list[Token] = []
    for token in tokens:
        sentence.append(token)
        if token.said[-1] in ".?!":
            yield tuple(sentence)
            sentence = []
    if sentence:
        yield tuple(sentence)
