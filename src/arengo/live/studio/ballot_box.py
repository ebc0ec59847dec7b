"""The box of a secret ballot: who voted, and how many votes each choice has, never together.

Choices live here and nowhere else until they are counted: no file, no database, no log, no
backup ever holds one beside a person, or in the order they came in. What the box is made of is a
set of people and one number a choice, so nothing that could join them exists at any instant
after the request that cast the vote. A studio that restarts loses its open boxes; the vote is
then repeated: a box that could survive could be read.

    BoxRefused
    ├── BallotNotOpen     404  never opened here, cancelled, or lost with a restart
    ├── BallotOpen        409  a box of that name is open already
    ├── VotedAlready      409  one person, one vote
    ├── BallotCounted     410  counted and forgotten
    └── BallotUnreadable  400  no such choice, choices that are none, not JSON
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

Name = tuple[str, str]  # sitting uid, ballot

CHOICES = 200


class BoxRefused(Exception):
    """Refuse a request; `message` is for the person who made it."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "ballot_refused"
    message: ClassVar[str] = "La richiesta non può essere eseguita."


class BallotNotOpen(BoxRefused):
    """There is no such box now."""

    status = 404
    code = "ballot_not_open"
    message = "La votazione non è aperta. Se era in corso, va ripetuta."


class BallotOpen(BoxRefused):
    """The box is open already."""

    status = 409
    code = "ballot_open"
    message = "La votazione è già aperta."


class VotedAlready(BoxRefused):
    """The person has voted."""

    status = 409
    code = "voted_already"
    message = "Hai già votato in questa votazione."


class BallotCounted(BoxRefused):
    """The box was counted, and is empty for ever."""

    status = 410
    code = "ballot_counted"
    message = "La votazione è già stata scrutinata."


class BallotUnreadable(BoxRefused):
    """What was sent is no vote."""

    code = "ballot_unreadable"
    message = "Voto non leggibile: ricarica la pagina e riprova."


class _Box:
    """One open box. Every choice is there from the start, so that their order tells nothing."""

    __slots__ = ("totals", "voters")

    def __init__(self, choices: Sequence[str]) -> None:
        self.voters: set[str] = set()
        self.totals = dict.fromkeys(sorted(choices), 0)


class Boxes:
    """All the boxes of this studio."""

    def __init__(self) -> None:
        self._open: dict[Name, _Box] = {}
        self._counted: set[Name] = set()

    def open(self, name: Name, choices: Sequence[str]) -> None:
        """Open a box with the choices that a vote may be; each person has one vote."""
        if name in self._counted:
            raise BallotCounted
        if name in self._open:
            raise BallotOpen
        if not 1 <= len(choices) <= CHOICES or len(set(choices)) != len(choices):
            raise BallotUnreadable
        self._open[name] = _Box(choices)

    def cast(self, name: Name, voter: str, choice: str) -> None:
        """Put a person's vote in."""
        box = self._box(name)
        if choice not in box.totals:
            raise BallotUnreadable
        if voter in box.voters:
            raise VotedAlready
        box.voters.add(voter)
        box.totals[choice] += 1

    def progress(self, name: Name) -> int:
        """Return how many have voted."""
        return len(self._box(name).voters)

    def count(self, name: Name) -> tuple[list[str], dict[str, int]]:
        """Return who took part and the votes of each choice, both sorted, and forget them."""
        box = self._box(name)
        del self._open[name]
        self._counted.add(name)
        return sorted(box.voters), box.totals

    def cancel(self, name: Name) -> None:
        """Throw a box away uncounted; it may be opened again, empty."""
        self._box(name)
        del self._open[name]

    def _box(self, name: Name) -> _Box:
        if name in self._counted:
            raise BallotCounted
        if name not in self._open:
            raise BallotNotOpen
        return self._open[name]
