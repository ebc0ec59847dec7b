"""Who is elected by a ballot of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.majorities import Majority, rule_words, votes_needed
from arengo.council.engine.profile import Profile
from arengo.council.engine.words import counted, joined

TIE_WORDS = {
    "eldest": "il regolamento preferisce il più anziano d'età",
    "most_voted": "il regolamento preferisce chi ha la cifra individuale più alta",
    "repeat": "il regolamento vuole che si ripeta la votazione fra loro",
}


@dataclass(frozen=True, slots=True)
class Election:
    """The elected, most voted first; `tied` are those who have equal votes for the seats left.

    `threshold` is how many votes were needed out of `denominator` voters; `formula` says it all
    in Italian, the tie and what the regulation makes of it included.
    """

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    seats: int
    threshold: int
    denominator: int
    majority: str
    formula: str
    article: str


def elect(
    profile: Profile,
    *,
    votes: Mapping[str, int],
    blank: int,
    null: int,
    present: int,
    seats: int,
    subject: str = "election",
    taking_part: int | None = None,
) -> Election:
    """Return who is elected to `seats`.

    `taking_part` is how many cast a ballot. Where it is not given, it is the ballots found for
    one seat, and for more seats (when a paper may bear several names) everyone present.

    Raises
    ------
    RuleBroken
        Negative numbers, more votes than papers can bear, no seat.
    """
    cast = _cast(votes, blank, null, present, seats, taking_part)
    _check(votes, blank, null, present, seats, cast)
    majority = profile.majority(subject)
    base = _base(profile, majority, present, cast, blank, null)
    needed = votes_needed(majority, base)
    elected, tied = _ranked({n: v for n, v in votes.items() if v >= needed}, seats)
    return Election(
        elected,
        tied,
        seats,
        needed,
        base,
        majority.name,
        _formula(profile, majority, votes, elected, tied, (seats, base, needed)),
        "; ".join(dict.fromkeys([majority.article, profile.elections.article])),
    )


def _cast(
    votes: Mapping[str, int], blank: int, null: int, present: int, seats: int, given: int | None
) -> int:
    if given is not None:
        return given
    return sum(votes.values()) + blank + null if seats == 1 else present


def _check(
    votes: Mapping[str, int], blank: int, null: int, present: int, seats: int, cast: int
) -> None:
    rule = "conteggio dello scrutinio"
    if seats < 1:
        raise RuleBroken("Indica quante persone si eleggono.", rule)
    if min([blank, null, present, cast, *votes.values()]) < 0:
        raise RuleBroken("Un conteggio dei voti non può essere negativo.", rule)
    valid = cast - blank - null
    if cast > present or valid < 0:
        raise RuleBroken(
            f"Risultano più schede che votanti: {counted(cast, 'scheda', 'schede')}, di cui "
            f"{blank + null} bianche o nulle, con {counted(present, 'presente', 'presenti')}.",
            rule,
        )
    if sum(votes.values()) > valid * seats or max([0, *votes.values()]) > valid:
        raise RuleBroken(
            f"I voti ai nomi superano quelli che {counted(valid, 'scheda valida', 'schede valide')}"
            " possono portare: ricontate.",
            rule,
        )


def _base(
    profile: Profile, majority: Majority, present: int, cast: int, blank: int, null: int
) -> int:
    match majority.base:
        case "voters":
            counting = profile.counting
            return cast - blank * (not counting.blank_vote) - null * (not counting.null_vote)
        case "present":
            return present
        case "assigned":
            return profile.assigned
    return profile.members


def _ranked(votes: Mapping[str, int], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the elected, and those with equal votes for the seats that are left."""
    order = sorted(votes, key=lambda name: (-votes[name], name))
    if len(order) <= seats:
        return tuple(order), ()
    last = votes[order[seats - 1]]
    if votes[order[seats]] < last:
        return tuple(order[:seats]), ()
    sure = tuple(name for name in order if votes[name] > last)
    return sure, tuple(name for name in order if votes[name] == last)


def _formula(
    profile: Profile,
    majority: Majority,
    votes: Mapping[str, int],
    elected: tuple[str, ...],
    tied: tuple[str, ...],
    numbers: tuple[int, int, int],
) -> str:
    seats, base, needed = numbers
    said = [
        f"{counted(seats, 'eletto', 'eletti')} da scegliere, {base} nel computo: "
        f"{'serve' if needed == 1 else 'servono'} {counted(needed, 'voto', 'voti')} "
        f"({rule_words(majority)})"
    ]
    if elected:
        said.append("eletti " + joined([f"{name} con {votes[name]}" for name in elected]))
    if tied:
        said.append(
            f"parità fra {joined(tied)} con {counted(votes[tied[0]], 'voto', 'voti')}: "
            + TIE_WORDS[profile.elections.tie]
        )
    if not elected and not tied:
        said.append("nessuno ha i voti necessari: la votazione si ripete")
    return "; ".join(said)
