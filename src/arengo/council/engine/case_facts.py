"""A case as it is written in a file: who was there when, and which votes were held.

docs/reference/rules.md describes every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from arengo.council.engine import reading
from arengo.council.engine.errors import ProfileUnusable
from arengo.kernel.errors import Invalid

Status = Literal["present", "remote", "absent", "justified", "mission"]
Choice = Literal["favour", "against", "abstained", "not_voting", "blank", "null"]
OtherChoice = Literal["", "favour", "not_voting"]
RANGE = re.compile(r"^C(\d+)\.\.C(\d+)$")


class CaseUnusable(Invalid):
    """Refuse a case that cannot be read; `where` is the key, `sentence` says what to correct."""

    code = "case_unusable"
    title = "Caso da correggere"
    message = "{where}: {sentence}"

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(where=where, sentence=sentence)


@dataclass(frozen=True, slots=True)
class Change:
    """At a time, these members are now `status`."""

    at: str
    members: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class ConflictFacts:
    """A member who must abstain from an item (TUEL art. 78 c. 2)."""

    member: str
    item: str


@dataclass(frozen=True, slots=True)
class ElectionFacts:
    """The count of a ballot of names."""

    seats: int
    votes: tuple[tuple[str, int], ...]
    blank: int = 0
    null: int = 0
    taking_part: int | None = None


@dataclass(frozen=True, slots=True)
class BallotFacts:
    """A vote: who voted what in `votes`, or how many in `counts`, or an election.

    `others` is what everyone entitled who is not named did ("favour" when hands are raised for
    the contrary and the abstained).
    """

    at: str
    title: str
    subject: str = "proposal"
    item: str = ""
    is_secret: bool = False
    votes: tuple[tuple[Choice, tuple[str, ...]], ...] = ()
    counts: tuple[tuple[Choice, int], ...] = ()
    others: OtherChoice = ""
    election: ElectionFacts | None = None
    expected: object = None


@dataclass(frozen=True, slots=True)
class Case:
    """A sitting, or a piece of one, with what is expected of the rules."""

    source: str
    councillors: object  # how many (then C1, C2, …) or their names
    title: str = ""
    profile: object = None  # read by arengo.council.profiles
    expected_profile: str = ""  # part of the sentence that refuses the profile itself
    mayor: str = "Sindaco"
    call: int = 1
    opens_at: str = "18:00"
    present: tuple[str, ...] = ()
    presence: tuple[Change, ...] = ()
    conflicts: tuple[ConflictFacts, ...] = ()
    ballots: tuple[BallotFacts, ...] = ()
    expected_quorum: object = None  # {time: quorum}


def read_case(facts: Mapping[str, Any]) -> Case:
    """Return the case of a JSON file.

    Raises
    ------
    CaseUnusable
        An unknown or missing key, another type, a time that is not one, a stranger's name.
    """
    try:
        case = reading.read(Case, facts)
    except ProfileUnusable as error:
        raise CaseUnusable(str(error.facts["where"]), str(error.facts["sentence"])) from None
    if not case.source.strip():
        raise CaseUnusable("source", "manca: scrivi da dove viene il caso.")
    _check_times(case)
    _check_names(case)
    return case


def councillors_of(case: Case) -> tuple[str, ...]:
    """Return the councillors' names, the mayor excluded."""
    given = case.councillors
    if isinstance(given, int) and not isinstance(given, bool) and 0 < given <= 100:
        return tuple(f"C{n}" for n in range(1, given + 1))
    if not isinstance(given, list) or not all(isinstance(name, str) and name for name in given):
        raise CaseUnusable("councillors", "scrivi quanti sono, o l'elenco dei loro nomi.")
    if len(set(given)) != len(given) or case.mayor in given:
        raise CaseUnusable("councillors", "un nome è ripetuto: distingui gli omonimi.")
    return tuple(given)


def spelled_out(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names with each range «C1..C9» spelled out."""
    found: list[str] = []
    for name in names:
        match = RANGE.match(name)
        span = range(int(match[1]), min(int(match[2]), 100) + 1) if match else None
        found.extend([name] if span is None else [f"C{n}" for n in span])
    return tuple(found)


def moment(text: str, where: str = "at") -> datetime:
    """Return the moment of «20:05», «20:05:30» or «2024-06-10T20:05»; a bare time has day one."""
    try:
        if "T" in text:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        return datetime.combine(date.min, time.fromisoformat(text)).replace(tzinfo=None)
    except ValueError:
        raise CaseUnusable(
            where, f"«{text}» non è un'ora: scrivi 20:05, oppure 2024-06-10T20:05."
        ) from None


def _check_times(case: Case) -> None:
    times = [("opens_at", case.opens_at)]
    times += [("presence.at", one.at) for one in case.presence]
    times += [("ballots.at", one.at) for one in case.ballots]
    if len({"T" in text for _, text in times}) > 1:
        raise CaseUnusable("at", "scrivi tutte le ore allo stesso modo, con o senza la data.")
    if len({(one.at, one.title) for one in case.ballots}) < len(case.ballots):
        raise CaseUnusable("ballots.title", "due votazioni hanno ora e titolo uguali: distinguile.")
    start = moment(case.opens_at, "opens_at")
    for where, text in times:
        if moment(text, where) < start:
            raise CaseUnusable(
                where, f"{text} precede l'apertura: dopo mezzanotte scrivi anche la data."
            )


def _check_names(case: Case) -> None:
    known = {*councillors_of(case), case.mayor}
    named = [("present", case.present), *(("presence.members", c.members) for c in case.presence)]
    named += [("conflicts.member", (one.member,)) for one in case.conflicts]
    named += [("ballots.votes", names) for b in case.ballots for _, names in b.votes]
    for where, names in named:
        strangers = [name for name in spelled_out(names) if not name or name not in known]
        if strangers:
            raise CaseUnusable(where, f"«{strangers[0]}» non è fra i componenti del Consiglio.")
