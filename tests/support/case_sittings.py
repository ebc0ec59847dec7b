"""The journals of the sittings that the case suite describes, so that their documents can be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from arengo.council.commands import read_case_file
from arengo.council.engine import events as e
from arengo.council.engine.case_facts import (
    BallotFacts,
    Case,
    Change,
    councillors_of,
    moment,
    read_case,
    spelled_out,
)
from arengo.council.engine.chain import Entry
from arengo.council.engine.errors import ProfileUnusable, RuleBroken
from arengo.council.engine.fold import fold
from arengo.council.engine.intents import intended
from arengo.council.engine.presence import quorum_at
from arengo.council.engine.profile import profile_facts
from arengo.council.profiles import profile_of_case

CASES = Path(__file__).parents[1] / "acceptance" / "cases"
START = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
Timed = tuple[datetime, e.Event]


def case_journals() -> Iterator[tuple[str, list[Entry]]]:
    """Yield each case that has a usable profile with the journal of its sitting.

    A sitting whose quorum the rules refuse to tell (a call that they do not have) cannot be held.
    """
    for path in sorted(CASES.glob("*.json")):
        facts = read_case_file(path)
        try:
            profile = profile_facts(profile_of_case(facts))
        except ProfileUnusable:
            continue
        entries = journal_of(read_case(facts), profile)
        if _can_be_held(entries):
            yield path.stem, entries


def _can_be_held(entries: list[Entry]) -> bool:
    try:
        quorum_at(fold(entries), START)
    except RuleBroken:
        return False
    return True


def journal_of(case: Case, profile: Mapping[str, Any]) -> list[Entry]:
    """Return the journal of a case: its roll, entries and exits, conflicts and votes, in order."""
    entries: list[Entry] = []
    for at, event in _opening(case, profile):
        _write(entries, at, event)
    steps: list[tuple[Any, int, Change | BallotFacts]] = [
        *((moment(one.at), 0, one) for one in case.presence),
        *((moment(one.at), 1, one) for one in case.ballots),
    ]
    began = moment(case.opens_at)
    for number, (when, _, step) in enumerate(sorted(steps, key=lambda one: one[:2])):
        at = START + max(when - began, timedelta()) + timedelta(seconds=number)
        if isinstance(step, Change):
            for name in spelled_out(step.members):
                _write(entries, at, e.PresenceSet(name, step.status, "entry"))
        else:
            _vote(entries, at, f"b{number}", case, step)
    _write(entries, entries[-1].at, e.SittingEnded("done"))
    return entries


def _write(entries: list[Entry], at: datetime, event: e.Event) -> None:
    at = max(at, entries[-1].at) if entries else at
    entries.append(Entry(len(entries) + 1, at, event))


def _opening(case: Case, profile: Mapping[str, Any]) -> Iterator[Timed]:
    names = [*councillors_of(case), *([case.mayor] if case.mayor else [])]
    here = set(spelled_out(case.present))
    members = tuple(e.Member(one, one, one, is_mayor=one == case.mayor) for one in names)
    keys = sorted({_item(one) for one in case.ballots} | {one.item for one in case.conflicts})
    items = tuple(e.Item(key, key, f"Argomento {key}") for key in keys)
    title = case.title or "Consiglio comunale"
    yield (
        START,
        e.SittingConstituted(
            title, case.call, "in_person", profile, members, items, names[0], "Segretario"
        ),
    )
    yield START, e.RollCallBegan()
    for name in names:
        yield START, e.PresenceSet(name, "present" if name in here else "absent")
    yield from ((START, e.RollCallEnded()), (START, e.SittingOpened()))
    for conflict in case.conflicts:
        yield START, e.ConflictDeclared(conflict.member, conflict.item, leaves=False)


def _item(ballot: BallotFacts) -> str:
    return ballot.item or "1"


def _vote(entries: list[Entry], at: datetime, key: str, case: Case, step: BallotFacts) -> None:
    """Write a vote; one that the rules would refuse is left without its proclamation."""
    item = _item(step)
    state = fold(entries)
    if state.item != item:
        _write(entries, at, e.ItemCalled(item))
    here = tuple(name for name in state.members if state.is_here(name, at))
    names = tuple(name for name, _ in step.election.votes) if step.election else ()
    seats = step.election.seats if step.election else 0
    method = "secret_papers" if step.is_secret or step.election else "roll_call"
    opened = e.BallotOpened(
        key, item, step.subject, step.title, method, here, choices=names, seats=seats
    )
    _write(entries, at, opened)
    for event in _cast(key, step, here, is_secret=method == "secret_papers"):
        _write(entries, at, event)
    _write(entries, at, e.BallotClosed(key))
    try:
        proclaimed = intended(fold(entries), "proclaimed", {"ballot": key}, at)
    except RuleBroken:
        return
    _write(entries, at, proclaimed)


def _cast(
    key: str, step: BallotFacts, here: tuple[str, ...], *, is_secret: bool
) -> Iterator[e.Event]:
    chosen = {name: choice for choice, names in step.votes for name in spelled_out(names)}
    if step.others:
        chosen = dict.fromkeys(here, step.others) | chosen
    counts = dict(step.counts)
    if step.election:
        found = step.election
        counts = {**dict(found.votes), "blank": found.blank, "null": found.null}  # type: ignore[dict-item]  # names are choices too
    if is_secret:
        totals = counts or {one: [*chosen.values()].count(one) for one in set(chosen.values())}
        part = here[: sum(totals.values())]
        yield e.SecretCounted(key, part, tuple(sorted(totals.items())))
        return
    free = iter(name for name in here if name not in chosen)
    for choice, count in counts.items():
        chosen |= {name: choice for name, _ in zip(free, range(count), strict=False)}
    for name, choice in chosen.items():
        yield e.VoteCast(key, name, choice)
