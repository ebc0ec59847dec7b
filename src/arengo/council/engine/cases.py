"""Tries the rules on a case: a sitting with entries, exits and votes, and what is expected of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from arengo.council.engine.case_facts import (
    BallotFacts,
    Case,
    CaseUnusable,
    Change,
    councillors_of,
    moment,
    read_case,
    spelled_out,
)
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.expectations import differences
from arengo.council.engine.profile import Profile
from arengo.council.engine.rules import Presence, Quorum, Tally, elect, outcome, quorum

__all__ = ["CaseUnusable", "evaluate_case"]

HERE = ("present", "remote")


@dataclass(slots=True)
class Hall:
    """Who is in the hall, and since when each of the others is not."""

    case: Case
    status: dict[str, str]
    since: dict[str, str] = field(default_factory=dict)

    def here(self) -> list[str]:
        """Return who is in the hall, or connected."""
        return [name for name, status in self.status.items() if status in HERE]


def evaluate_case(profile: Profile, case: Mapping[str, Any]) -> dict[str, Any]:
    """Return the quorum at each change, each vote's outcome or refusal, and what differs.

    Raises
    ------
    CaseUnusable
        The case cannot be read: which key, and what to write.
    """
    read = read_case(case)
    names = councillors_of(read)
    if len(names) > profile.assigned:
        raise CaseUnusable(
            "councillors",
            f"sono {len(names)}, ma il profilo ne assegna {profile.assigned}: usa un altro profilo.",
        )
    here = set(spelled_out(read.present))
    everyone = [*names, read.mayor] if read.mayor else list(names)
    hall = Hall(read, {name: "present" if name in here else "absent" for name in everyone})
    quorums, ballots = _play(profile, hall)
    found = differences(read.expected_quorum, read.ballots, quorums, ballots)
    refused = any("refused" in one for one in [*quorums, *ballots])
    return {
        "profile": profile.name,
        "case": read.title,
        "source": read.source,
        "call": read.call,
        "quorum": quorums,
        "ballots": ballots,
        "is_refused": refused,
        "is_as_expected": not found,
        "differences": found,
    }


def _play(profile: Profile, hall: Hall) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Go through the case in order of time; at the same time, entries and exits come first."""
    case = hall.case
    steps: list[tuple[Any, int, Change | BallotFacts]] = [
        *((moment(one.at), 0, one) for one in case.presence),
        *((moment(one.at), 1, one) for one in case.ballots),
    ]
    quorums = [_opening(profile, hall)]
    ballots: list[dict[str, Any]] = []
    for _, _, step in sorted(steps, key=lambda one: one[:2]):
        if isinstance(step, Change):
            quorums.append(_change(profile, hall, step))
        else:
            ballots.append(_ballot(profile, hall, step))
    return quorums, ballots


def _refusal(error: RuleBroken) -> dict[str, Any]:
    return {"refused": {"sentence": error.sentence, "rule": error.rule}}


def _opening(profile: Profile, hall: Hall) -> dict[str, Any]:
    try:
        return {"at": hall.case.opens_at, **asdict(_quorum_now(profile, hall))}
    except RuleBroken as error:
        return {"at": hall.case.opens_at, **_refusal(error)}


def _change(profile: Profile, hall: Hall, change: Change) -> dict[str, Any]:
    try:
        _move(profile, hall, change)
        return {"at": change.at, **asdict(_quorum_now(profile, hall))}
    except RuleBroken as error:
        return {"at": change.at, **_refusal(error)}


def _move(profile: Profile, hall: Hall, change: Change) -> None:
    if change.status == "remote" and not profile.remote.is_allowed:
        raise RuleBroken("Non è ammesso partecipare da remoto.", profile.remote.article)
    for name in spelled_out(change.members):
        hall.status[name] = change.status
        hall.since[name] = change.at


def _quorum_now(profile: Profile, hall: Hall, conflicted: frozenset[str] = frozenset()) -> Quorum:
    """Reckon the quorum of those here; who must abstain counts only where the rules say so."""
    if profile.conflict.counts_for_quorum:
        conflicted = frozenset()
    counted = {
        name
        for name in hall.here()
        if name not in conflicted
        and (hall.status[name] == "present" or profile.remote.counts_for_quorum)
    }
    mayor = hall.case.mayor
    presence = Presence(len(counted - {mayor}), bool(mayor) and mayor in counted)
    return quorum(profile, call=hall.case.call, presence=presence)


# ---- votes


def _ballot(profile: Profile, hall: Hall, ballot: BallotFacts) -> dict[str, Any]:
    record: dict[str, Any] = {"at": ballot.at, "title": ballot.title, "subject": ballot.subject}
    try:
        conflicted = frozenset(
            one.member for one in hall.case.conflicts if ballot.item and one.item == ballot.item
        )
        found = _quorum_now(profile, hall, conflicted)
        record["quorum"] = asdict(found)
        _check_met(found)
        entitled = [name for name in hall.here() if name not in conflicted]
        record |= _counted(profile, hall, ballot, entitled, conflicted)
    except RuleBroken as error:
        record |= _refusal(error)
    return record


def _check_met(found: Quorum) -> None:
    if not found.is_met:
        raise RuleBroken(f"Manca il numero legale. {found.formula}.", found.article)


def _counted(
    profile: Profile,
    hall: Hall,
    ballot: BallotFacts,
    entitled: list[str],
    conflicted: frozenset[str],
) -> dict[str, Any]:
    if ballot.election:
        one = ballot.election
        elected = elect(
            profile,
            votes=dict(one.votes),
            blank=one.blank,
            null=one.null,
            present=len(entitled),
            seats=one.seats,
            subject=ballot.subject if ballot.subject != "proposal" else "election",
            taking_part=one.taking_part,
        )
        return {"election": asdict(elected)}
    votes = _named(profile, hall, ballot, conflicted)
    tally = _tally(ballot, votes, len(entitled))
    found = outcome(profile, subject=ballot.subject, tally=tally)
    return {"tally": asdict(tally), "outcome": asdict(found)}


def _named(
    profile: Profile, hall: Hall, ballot: BallotFacts, conflicted: frozenset[str]
) -> dict[str, str]:
    """Return who voted what, each once, in the hall and free to vote."""
    votes: dict[str, str] = {}
    for choice, names in ballot.votes:
        for name in spelled_out(names):
            _may_vote(profile, hall, ballot, name, conflicted)
            if name in votes:
                raise RuleBroken(
                    f"{name} risulta aver votato due volte: ciascuno vota una volta sola.",
                    profile.voting.article,
                )
            votes[name] = choice
    return votes


def _may_vote(
    profile: Profile, hall: Hall, ballot: BallotFacts, name: str, conflicted: frozenset[str]
) -> None:
    if ballot.is_secret:
        raise RuleBroken(
            "In uno scrutinio segreto si contano solo i totali, mai il voto di ciascuno.",
            profile.secrecy.article,
        )
    if name in conflicted:
        raise RuleBroken(
            f"{name} deve astenersi da discussione e voto per conflitto d'interessi.",
            profile.conflict.article,
        )
    if hall.status[name] not in HERE:
        left = hall.since.get(name)
        when = f"non è in aula dalle {left}" if left else "è assente dall'inizio"
        raise RuleBroken(
            f"{name} {when}: il suo voto delle {ballot.at} non si può contare.",
            profile.voting.article,
        )


def _tally(ballot: BallotFacts, votes: Mapping[str, str], present: int) -> Tally:
    found = Counter(votes.values())
    for choice, count in ballot.counts:
        found[choice] += count
    if ballot.others:
        found[ballot.others] += max(0, present - sum(found.values()))
    return Tally(
        present,
        found["favour"],
        found["against"],
        found["abstained"],
        found["not_voting"],
        found["blank"],
        found["null"],
        ballot.is_secret,
    )
