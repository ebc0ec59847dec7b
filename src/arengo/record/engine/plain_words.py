"""What a council decided, in plain words: by rule from the journal, without weighing anything.

Nothing secret is told: no secret item, no vote taken in secret, and of a secret ballot its totals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from arengo.council.engine.record.account import is_reserved_ballot
from arengo.council.engine.record.delibere import ASIDE
from arengo.council.engine.record.italian import sentence
from arengo.council.engine.record.people import listed
from arengo.council.engine.record.votes import what_is_voted
from arengo.council.engine.state import Ballot, ItemState, State
from arengo.council.engine.words import counted, joined

DELIBERE = ("proposal", "minutes", "election", "substitution")  # what becomes a delibera
OPEN = (
    ("favour", "favorevole", "favorevoli"),
    ("against", "contrario", "contrari"),
    ("abstained", "astenuto", "astenuti"),
    ("not_voting", "presente che non ha votato", "presenti che non hanno votato"),
)
SECRET = (
    ("favour", "voto favorevole", "voti favorevoli"),
    ("against", "voto contrario", "voti contrari"),
)
SPOILT = (
    ("blank", "scheda bianca", "schede bianche"),
    ("null", "scheda nulla", "schede nulle"),
)
NAMED = ("against", "abstained", "not_voting")  # with names in the sentence; the rest in the table
OPINIONS = {"technical": "di regolarità tecnica", "accounting": "di regolarità contabile"}
VERDICTS = {"favourable": "favorevole", "contrary": "contrario"}
# law: TUEL (d.lgs. 267/2000) art. 134 c. 3 and 4
AT_ONCE = (
    "Vale da subito: con un voto a parte il Consiglio l'ha dichiarata immediatamente eseguibile "
    "(art. 134, comma 4, del TUEL)"
)
LATER = (
    "Non vale da subito: diventa esecutiva dopo il decimo giorno dalla pubblicazione all'albo "
    "pretorio (art. 134, comma 3, del TUEL)"
)
UNKNOWN = "Il voto era segreto: si conoscono i totali, non chi ha votato come"


@dataclass(frozen=True, slots=True)
class PlainDecision:
    """A decision as a citizen may read it; `cast` is how each voted, empty for a secret ballot."""

    item: str
    number: str
    title: str
    ballot: str
    result: str
    decided_at: datetime
    sentences: tuple[str, ...]
    cast: Mapping[str, str] = field(default_factory=dict)


def plain_decisions(state: State) -> tuple[PlainDecision, ...]:
    """Return what was decided and everyone may know, in the order of the agenda."""
    return tuple(
        _decision(state, item, ballot)
        for item in state.items.values()
        if not item.item.is_secret and (ballot := _deciding(state, item))
    )


def _deciding(state: State, item: ItemState) -> Ballot | None:
    """Return the last vote on the item itself; None where it was not for everyone."""
    found = [one for one in _votes(state, item) if one.subject not in ASIDE]
    return None if not found or is_reserved_ballot(state, found[-1]) else found[-1]


def _votes(state: State, item: ItemState) -> list[Ballot]:
    ballots = [state.ballots[one] for one in item.ballots]
    return [one for one in ballots if one.stage == "proclaimed"]


def _decision(state: State, item: ItemState, ballot: Ballot) -> PlainDecision:
    assert ballot.proclaimed_at is not None  # only proclaimed votes decide
    return PlainDecision(
        item.item.id,
        item.item.number,
        item.item.title,
        ballot.id,
        ballot.result,
        ballot.proclaimed_at,
        tuple(sentence(text) for text in _sentences(state, item, ballot)),
        {} if ballot.is_secret else dict(ballot.votes),
    )


def _sentences(state: State, item: ItemState, ballot: Ballot) -> Iterator[str]:
    yield _outcome(state, ballot)
    yield _numbers(state, ballot)
    if ballot.is_secret:
        yield UNKNOWN
    yield from _amendments(item)
    yield from _opinions(item)
    if "accounting" in item.item.opinions_due:
        yield "Riguarda i conti del Comune: per questo serviva anche il parere contabile"
    yield from _force(state, item, ballot)


def _outcome(state: State, ballot: Ballot) -> str:
    if ballot.result == "elected":
        return f"Il Consiglio ha eletto {listed(state, ballot.elected)}"
    if ballot.choices:
        return "Nessuno è stato eletto: mancavano i voti necessari"
    what, _ = what_is_voted(state, ballot)
    if ballot.result == "approved":
        return f"Il Consiglio ha approvato {what}"
    tie = ": i voti favorevoli e contrari erano pari" if ballot.result == "tie" else ""
    return f"Il Consiglio non ha approvato {what}{tie}"


def _numbers(state: State, ballot: Ballot) -> str:
    """Say how many voted how; of who was against or abstained the names too."""
    if ballot.choices:
        return _election(state, ballot)
    if ballot.is_secret:
        return joined([counted(ballot.totals.get(key, 0), *words) for key, *words in SECRET] + list(_spoilt(ballot)))  # fmt: skip
    counts = Counter(ballot.votes.values())
    kept = [one for one in OPEN if counts[one[0]] or one[0] in ("favour", "against")]
    return joined([_group(state, ballot, counts, *one) for one in kept])


def _group(
    state: State, ballot: Ballot, counts: Mapping[str, int], choice: str, one: str, many: str
) -> str:
    head = counted(counts[choice], one, many) if counts[choice] else f"nessun {one}"
    who = [member for member in state.members if ballot.votes.get(member) == choice]
    return f"{head} ({listed(state, who)})" if who and choice in NAMED else head


def _election(state: State, ballot: Ballot) -> str:
    votes = [(ballot.totals.get(name, 0), name) for name in ballot.choices]
    ranked = sorted(votes, key=lambda one: -one[0])
    told = [f"{listed(state, [name])}: {counted(count, 'voto', 'voti')}" for count, name in ranked]
    return "; ".join([*told, *_spoilt(ballot)])


def _spoilt(ballot: Ballot) -> Iterator[str]:
    for key, one, many in SPOILT:
        if ballot.totals.get(key):
            yield counted(ballot.totals[key], one, many)


def _amendments(item: ItemState) -> Iterator[str]:
    for fate, one, many in (
        ("approved", "È stato accolto l'emendamento", "Sono stati accolti gli emendamenti"),
        ("rejected", "È stato respinto l'emendamento", "Sono stati respinti gli emendamenti"),
    ):
        titles = [f"«{a.filed.title}»" for a in item.amendments.values() if a.fate == fate]
        if titles:
            yield f"{one if len(titles) == 1 else many} {joined(titles)}"


def _opinions(item: ItemState) -> Iterator[str]:
    """Tell the opinions of TUEL art. 49 on the item itself."""
    for verdict, words in VERDICTS.items():
        kinds = [kind for kind in OPINIONS if item.opinions.get(("", kind)) == verdict]
        if kinds:
            yield f"Gli uffici hanno dato parere {words} {_of_kinds(kinds)}"


def _of_kinds(kinds: Sequence[str]) -> str:
    return joined([OPINIONS[kind] for kind in kinds])


def _force(state: State, item: ItemState, ballot: Ballot) -> Iterator[str]:
    """Say from when a delibera counts."""
    if item.item.type not in DELIBERE or ballot.result not in ("approved", "elected"):
        return
    immediate = [one for one in _votes(state, item) if one.subject == "immediate"]
    is_at_once = bool(immediate) and immediate[-1].result == "approved"
    yield AT_ONCE if is_at_once else LATER
