"""Compares what a case expects with what the rules gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from arengo.council.engine.case_facts import BallotFacts, CaseUnusable

TEXTS = frozenset({"formula", "article", "follows", "sentence", "rule", "majority"})
PARTS = ("quorum", "tally", "outcome", "election", "refused")


def differences(
    quorum: object,
    ballots: Sequence[BallotFacts],
    quorums: Sequence[Mapping[str, Any]],
    records: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Return, in words, whatever is not as the case expects; what it does not name is free."""
    found = _of_quorum(quorum, quorums)
    by_time = {(one["at"], one["title"]): one for one in records}
    for ballot in ballots:
        record = by_time[(ballot.at, ballot.title)]
        if ballot.expected is not None:
            found += _of_ballot(ballot, record)
    return found


def _of_quorum(expected: object, quorums: Sequence[Mapping[str, Any]]) -> list[str]:
    if expected is None:
        return []
    if not isinstance(expected, Mapping):
        raise CaseUnusable("expected_quorum", "scrivi per ogni ora che cosa ci si attende.")
    by_time = {one["at"]: one for one in quorums}
    found: list[str] = []
    for at, part in expected.items():
        if at not in by_time:
            raise CaseUnusable("expected_quorum", f"alle {at} non cambia nulla: togli la voce.")
        found += _compare(part, by_time[at], f"quorum {at}")
    return found


def _of_ballot(ballot: BallotFacts, record: Mapping[str, Any]) -> list[str]:
    where = f"{ballot.at} {ballot.title}"
    expected = ballot.expected
    if not isinstance(expected, Mapping) or not set(expected) <= set(PARTS):
        raise CaseUnusable("ballots.expected", f"si può scrivere {', '.join(PARTS)}.")
    found = _compare(expected, record, where)
    if "refused" in record and "refused" not in expected:
        found.append(f"{where}: rifiutata, «{record['refused']['sentence']}»")
    return found


def _compare(expected: object, found: object, where: str) -> list[str]:
    """Compare part by part; a text named in `TEXTS` need only contain what is expected."""
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            return [f"{where}: manca"]
        return [
            difference
            for key, part in expected.items()
            for difference in _compare_key(key, part, found, f"{where}.{key}")
        ]
    wanted = list(expected) if isinstance(expected, tuple | list) else expected
    given = list(found) if isinstance(found, tuple | list) else found
    return [] if wanted == given else [f"{where}: atteso {wanted!r}, trovato {given!r}"]


def _compare_key(key: str, part: object, found: Mapping[str, Any], where: str) -> list[str]:
    if key not in found:
        return [f"{where}: manca"]
    if key in TEXTS:
        wanted = part if isinstance(part, list) else [part]
        return [
            f"{where}: «{found[key]}» non contiene «{one}»"
            for one in wanted
            if str(one) not in str(found[key])
        ]
    return _compare(part, found[key], where)
