"""Who had the floor, as the boards told it one after the other: what speakers are known from.

A board holds the last speeches only, and whether the chair speaks when nobody else does only for
now. What each board changes is one line of `floor.jsonl`, so that the whole is there afterwards:

    {"began_at", "ended_at", "member", "name"}   a speech, begun or ended
    {"began_at", "undone"}                       a speech that the clerk took back
    {"at", "chair"}                              from now on the chair speaks between speeches, or not
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

NAME = "floor.jsonl"
CALLED_OUT = "roll_call"  # a vote in which many speak, a word each

Row = dict[str, Any]
Kind = Literal["given", "taken", "chair"]


@dataclass(frozen=True, slots=True)
class Speech:
    """Who was given the floor and when; `member` is empty for a guest named `name`."""

    began: datetime
    ended: datetime | None
    member: str
    name: str


class FloorKey(NamedTuple):
    """A fact of the console by the hour: `taken` is that it no longer says who speaks."""

    at: datetime
    kind: Kind
    member: str = ""


class Floor:
    """The speeches so far, and when the chair speaks between them."""

    def __init__(self) -> None:
        self._speeches: dict[datetime, Speech] = {}
        self._rests: list[tuple[datetime, bool]] = []
        self._rest_hours: list[datetime] = []

    def take(self, row: Row) -> None:
        """Take a line of `floor.jsonl`."""
        if "began_at" not in row:
            self._rests.append((datetime.fromisoformat(row["at"]), bool(row["chair"])))
            self._rest_hours.append(self._rests[-1][0])
        elif row.get("undone"):
            self._speeches.pop(datetime.fromisoformat(row["began_at"]), None)
        else:
            speech = _speech(row)
            self._speeches[speech.began] = speech

    def follow(self, board: Mapping[str, Any]) -> list[Row]:
        """Take in what a board tells, and return what it changed as lines to be written."""
        rows = [*self._rested(board), *self._spoken(board)]
        for row in rows:
            self.take(row)
        return rows

    def _rested(self, board: Mapping[str, Any]) -> Iterator[Row]:
        rests = _chair_rests(board)
        if board.get("at") and rests != (self._rests[-1][1] if self._rests else False):
            yield {"at": board["at"], "chair": rests}

    def _spoken(self, board: Mapping[str, Any]) -> Iterator[Row]:
        """Yield the speeches that are new or changed; a secret board tells of none."""
        if secret_since := board.get("secret_since"):
            ended = datetime.fromisoformat(secret_since)
            yield from (_row(replace(one, ended=ended)) for one in self._going_on())
            return
        told = [_speech(turn) for turn in (*board.get("turns", ()), board.get("turn")) if turn]
        begans = {one.began for one in told}
        yield from ({"began_at": at.isoformat(), "undone": True} for at in self._undone(begans))
        yield from (_row(one) for one in told if self._speeches.get(one.began) != one)

    def _going_on(self) -> list[Speech]:
        return [one for one in self._speeches.values() if one.ended is None]

    def _undone(self, told: set[datetime]) -> list[datetime]:
        """Return which speeches a board should tell of, and does not."""
        oldest = min(told, default=None)
        return [
            one.began
            for one in self._speeches.values()
            if one.began not in told
            and (one.ended is None or (oldest is not None and one.began > oldest))
        ]

    def keys(self) -> list[FloorKey]:
        """Return what the console says of who speaks, in order of time."""
        found = {
            one.began: FloorKey(one.began, "given", one.member) for one in self._speeches.values()
        }
        for one in self._speeches.values():
            if one.ended and one.ended not in found:
                found[one.ended] = self._rest(one.ended)
        begans = sorted(self._speeches)
        for at, _ in self._rests:
            k = bisect_right(begans, at) - 1
            if k < 0 or (self._speeches[begans[k]].ended or at) < at:
                found.setdefault(at, self._rest(at))
        return sorted(found.values(), key=lambda key: key.at)

    def _rest(self, at: datetime) -> FloorKey:
        k = bisect_right(self._rest_hours, at)
        return FloorKey(at, "chair" if k and self._rests[k - 1][1] else "taken")

    def guests(self) -> list[Speech]:
        """Return the speeches of who is not of the council, in order of time."""
        found = [one for one in self._speeches.values() if not one.member and one.name]
        return sorted(found, key=lambda one: one.began)


def _chair_rests(board: Mapping[str, Any]) -> bool:
    """Tell whether the chair speaks when nobody has the floor."""
    ballot = board.get("ballot") or {}
    is_called = bool(board.get("roll_call")) or ballot.get("method") == CALLED_OUT
    return board.get("phase") == "open" and not is_called and not board.get("secret_since")


def _speech(facts: Mapping[str, Any]) -> Speech:
    ended = facts.get("ended_at")
    return Speech(
        datetime.fromisoformat(facts["began_at"]),
        datetime.fromisoformat(ended) if ended else None,
        str(facts["member"]),
        str(facts.get("name", "")),
    )


def _row(one: Speech) -> Row:
    return {
        "began_at": one.began.isoformat(),
        "ended_at": one.ended.isoformat() if one.ended else None,
        "member": one.member,
        "name": one.name,
    }
