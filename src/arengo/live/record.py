"""The chamber as the citizens' page writes it once, for who has no JavaScript: agenda and votes.

Everything is read from the public board, so it tells what the scripts tell and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arengo.council.engine.board import public_board
from arengo.council.models import Sitting
from arengo.council.queries.journal import state_of
from arengo.council.wording import record_sentences
from arengo.kernel import clock
from arengo.kernel.models import Comune

ASIDE = ("amendment", "immediate", "procedural", "secret_sitting")  # not the decision on an item
CHOICES = ("favour", "against", "abstained", "not_voting", "blank", "null")

Board = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A point of the agenda and how it stands: `state` is a key of the sentences."""

    number: str
    title: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Caster:
    """How one member voted, in words."""

    name: str
    group: str
    choice: str


@dataclass(frozen=True, slots=True)
class VoteLine:
    """A proclaimed vote; `casters` is empty where the vote was secret."""

    id: str
    title: str
    result: str
    words: str
    at: datetime
    method: str
    present: int
    totals: tuple[tuple[str, int], ...]
    formula: str
    article: str
    elected: tuple[str, ...]
    casters: tuple[Caster, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What the page says of the chamber; `quorum` is a sentence, empty when there is none."""

    phase: str
    words: str
    here: int
    members: int
    quorum: str
    is_quorate: bool
    items: tuple[ItemLine, ...]
    votes: tuple[VoteLine, ...]


def record_of(*, comune: Comune, sitting: Sitting) -> Record | None:
    """Return the public record of a sitting; None when it has no journal."""
    board = public_board(state_of(comune=comune, sitting=sitting), clock.now())
    if board["phase"] == "absent":
        return None
    words = record_sentences()
    voters = [one for one in board["members"] if one["votes"]]
    latest = sorted(enumerate(board["votes"]), key=_when, reverse=True)
    return Record(
        phase=board["phase"],
        words=words["secret"] if board["secret_since"] else words[f"phase.{board['phase']}"],
        here=sum(one["is_here"] for one in voters),
        members=len(voters),
        quorum=_quorum(board, words),
        is_quorate=bool(board["quorum"] and board["quorum"]["is_met"]),
        items=tuple(_item(board, one, words) for one in board["items"]),
        votes=tuple(_vote(board, one, words) for _, one in latest),
    )


def _when(numbered: tuple[int, Mapping[str, Any]]) -> tuple[str, int]:
    number, vote = numbered
    return vote["proclaimed_at"], number


def _quorum(board: Board, words: Mapping[str, str]) -> str:
    found = board["quorum"]
    if not found or board["secret_since"] or board["phase"] in ("prepared", "ended"):
        return ""
    sentence = words["quorum.met" if found["is_met"] else "quorum.missing"]
    return sentence.format(counted=found["counted"], needed=found["needed"])


def _item(board: Board, item: Mapping[str, Any], words: Mapping[str, str]) -> ItemLine:
    state = _item_state(board, item)
    return ItemLine(item["number"], item["title"], state, words[state])


def _item_state(board: Board, item: Mapping[str, Any]) -> str:
    if item["id"] == board["item"]:
        return "agenda.now"
    decisive = [
        one for one in board["votes"] if one["item"] == item["id"] and one["subject"] not in ASIDE
    ]
    if item["result"] == "decided" and decisive:
        return f"result.{decisive[-1]['result']}"
    if item["result"]:
        return f"item.{item['result']}"
    return "agenda.called" if item["called_at"] else "agenda.waiting"


def _vote(board: Board, vote: Mapping[str, Any], words: Mapping[str, str]) -> VoteLine:
    return VoteLine(
        id=vote["id"],
        title=vote["title"],
        result=vote["result"],
        words=words[f"result.{vote['result']}"],
        at=datetime.fromisoformat(vote["proclaimed_at"]),
        method=words[f"method.{vote['method']}"],
        present=vote["present"],
        totals=_totals(vote["totals"], words),
        formula=vote["formula"],
        article=vote["article"],
        elected=tuple(vote["elected"]),
        casters=tuple(_casters(board, vote["names"], words)),
    )


def _totals(totals: Mapping[str, int], words: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    people = [(name, n) for name, n in totals.items() if name not in (*CHOICES, "took_part")]
    if people:
        spoilt = [(words[f"choice.{c}"], totals[c]) for c in ("blank", "null") if totals.get(c)]
        return (*sorted(people, key=lambda one: -one[1]), *spoilt)
    return tuple((words[f"choice.{c}"], totals[c]) for c in CHOICES if c in totals)


def _casters(
    board: Board, names: Mapping[str, list[str]], words: Mapping[str, str]
) -> list[Caster]:
    choice = {member: c for c, members in names.items() for member in members}
    return [
        Caster(one["name"], one["group"], words[f"cast.{choice[one['id']]}"])
        for one in sorted(board["members"], key=lambda one: (one["group"], one["surname"]))
        if one["id"] in choice
    ]
