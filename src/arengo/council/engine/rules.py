"""Quorum and outcome of a vote, by the rules of one Comune: with numbers, words and article.

Nothing here is stored or remembered: the same profile and numbers always give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

from arengo.council.engine.elections import Election, elect
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.majorities import Majority, rule_words, votes_needed
from arengo.council.engine.profile import Profile
from arengo.council.engine.quorum import present_needed, quorum_words
from arengo.council.engine.words import counted, joined

__all__ = [
    "Election",
    "Outcome",
    "Presence",
    "Quorum",
    "Tally",
    "amendments_in_order",
    "check_tally",
    "elect",
    "majority_of",
    "outcome",
    "quorum",
    "voters",
]

ARITHMETIC = "conteggio dei voti"
TIE_WORDS = {
    "rejected": "A parità di voti la proposta non è approvata.",
    "repeat": "A parità di voti la proposta non è approvata: la votazione si ripete nella stessa "
    "seduta.",
    "next_sitting": "A parità di voti la proposta non è approvata: si può rimettere ai voti in una "
    "seduta successiva.",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """Who counts now: already without those who must abstain, or have left."""

    councillors: int
    mayor: bool


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough are present: how many are needed and counted, in words, and by which rule."""

    needed: int
    counted: int
    is_met: bool
    formula: str
    article: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers of one vote. `present` is everyone in the hall who may vote, voting or not."""

    present: int
    favour: int
    against: int
    abstained: int = 0
    not_voting: int = 0
    blank: int = 0
    null: int = 0
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a vote: `numerator` in favour out of `denominator`, `threshold` needed.

    `formula` is the reckoning in Italian, `follows` what happens next when it was not approved.
    """

    result: Literal["approved", "rejected", "tie"]
    numerator: int
    denominator: int
    threshold: int
    majority: str
    formula: str
    article: str
    follows: str = ""


# ---- quorum


def quorum(profile: Profile, *, call: int, presence: Presence) -> Quorum:
    """Return whether the sitting is valid at this moment.

    Raises
    ------
    RuleBroken
        The regulation has no such call, or the presence cannot be.
    """
    rule = profile.quorum_rule(call)
    if rule is None:
        raise RuleBroken(
            f"Il regolamento non prevede la convocazione numero {call}.", profile.quorum.article
        )
    _check_presence(profile, presence)
    needed = present_needed(rule, profile.assigned)
    counts = presence.councillors + int(presence.mayor and rule.counts_mayor)
    return Quorum(
        needed,
        counts,
        counts >= needed,
        f"{_presence_words(presence, counts_mayor=rule.counts_mayor)}: "
        f"{_serve(needed)} ({quorum_words(rule, profile.assigned)})",
        rule.article,
    )


def _check_presence(profile: Profile, presence: Presence) -> None:
    if not 0 <= presence.councillors <= profile.assigned:
        raise RuleBroken(
            f"Risultano presenti {presence.councillors} consiglieri, ma ne sono assegnati "
            f"{profile.assigned}: controlla l'appello.",
            profile.article,
        )


def _presence_words(presence: Presence, *, counts_mayor: bool) -> str:
    words = counted(presence.councillors, "consigliere presente", "consiglieri presenti")
    if not presence.mayor:
        return words
    return f"{words} e il Sindaco" if counts_mayor else f"{words}, il Sindaco non si computa"


def _serve(needed: int) -> str:
    return f"ne serve {needed}" if needed == 1 else f"ne servono {needed}"


# ---- the outcome of a vote


def check_tally(tally: Tally, profile: Profile | None = None) -> None:
    """Refuse numbers that no vote can have; with the profile, also those its rules exclude.

    Raises
    ------
    RuleBroken
        A negative number, more votes than people present, blank or null votes in an open vote,
        abstentions in a secret ballot where the regulation does not record them.
    """
    for field in fields(Tally):
        if getattr(tally, field.name) < 0:
            raise RuleBroken("Un conteggio dei voti non può essere negativo.", ARITHMETIC)
    cast = sum(_parts(tally))
    if cast > tally.present:
        raise RuleBroken(
            f"Risultano {counted(cast, 'voto', 'voti')} ma "
            f"{counted(tally.present, 'presente', 'presenti')} con diritto di voto: ricontate.",
            ARITHMETIC,
        )
    if not tally.is_secret and tally.blank + tally.null:
        raise RuleBroken(
            "In una votazione palese non ci sono schede bianche o nulle: "
            "segna chi si è astenuto o non ha votato.",
            ARITHMETIC,
        )
    if profile and tally.is_secret and tally.abstained and not profile.counting.secret_abstention:
        raise RuleBroken(
            "In questo scrutinio segreto non si registrano astenuti: sono schede bianche, "
            "oppure non votanti.",
            profile.counting.article,
        )


def _parts(tally: Tally) -> tuple[int, ...]:
    return (
        tally.favour,
        tally.against,
        tally.abstained,
        tally.not_voting,
        tally.blank,
        tally.null,
    )


def majority_of(profile: Profile, subject: str) -> Majority:
    """Return how a subject is decided; an unknown subject has the general rule."""
    return profile.majority(subject)


def voters(profile: Profile, tally: Tally) -> int:
    """Return how many count as voters: abstentions, blank and null votes by the profile's rule."""
    counting = profile.counting
    return (
        tally.favour
        + tally.against
        + tally.abstained * counting.abstained_vote
        + tally.blank * counting.blank_vote
        + tally.null * counting.null_vote
    )


def outcome(profile: Profile, *, subject: str, tally: Tally) -> Outcome:
    """Return the outcome of a vote, with the formula and the article.

    An equal number of votes is a `tie` where votes are compared with those cast (voters or
    present); where a fixed number is needed, fewer votes are simply not enough.

    Raises
    ------
    RuleBroken
        The tally cannot be (`check_tally`).
    """
    check_tally(tally, profile)
    majority = majority_of(profile, subject)
    base = _base(profile, majority, tally)
    needed = votes_needed(majority, base, tally.against)
    result = _result(majority, tally, needed)
    return Outcome(
        result,
        tally.favour,
        base,
        needed,
        majority.name,
        _formula(profile, majority, tally, base, needed),
        _article(profile, majority, tally, result),
        _follows(profile, majority, result),
    )


def _base(profile: Profile, majority: Majority, tally: Tally) -> int:
    """Return the denominator; a simple majority weighs favour against contrary alone."""
    if majority.rule == "simple":
        return tally.favour + tally.against
    match majority.base:
        case "voters":
            return voters(profile, tally)
        case "present":
            return tally.present
        case "assigned":
            return profile.assigned
    return profile.members


def _result(
    majority: Majority, tally: Tally, needed: int
) -> Literal["approved", "rejected", "tie"]:
    """Return the result; equal votes never approve, even where they reach the number.

    They can where an odd number is assigned, the mayor is not in the base, and votes.
    """
    is_equal = tally.favour == tally.against > 0
    if tally.favour >= needed:
        return "tie" if is_equal else "approved"
    is_compared = majority.rule in ("simple", "absolute") and not majority.is_fixed
    return "tie" if is_equal and is_compared else "rejected"


def _follows(profile: Profile, majority: Majority, result: str) -> str:
    if result == "approved":
        return ""
    return TIE_WORDS[profile.ties.follows] if result == "tie" else majority.follows


def _article(profile: Profile, majority: Majority, tally: Tally, result: str) -> str:
    """Cite the majority's article, and those on counting and ties where they mattered."""
    cited = [majority.article]
    if majority.base == "voters" and tally.abstained + tally.blank + tally.null:
        cited.append(profile.counting.article)
    if result == "tie":
        cited.append(profile.ties.article)
    return "; ".join(dict.fromkeys(cited))


# ---- the formula in words


def _formula(profile: Profile, majority: Majority, tally: Tally, base: int, needed: int) -> str:
    favour = counted(tally.favour, "favorevole", "favorevoli")
    why = "; ".join([rule_words(majority), *_counting_words(profile, majority, tally)])
    return f"{favour} {_base_words(majority, tally, base)}: {_serve(needed)} ({why})"


def _base_words(majority: Majority, tally: Tally, base: int) -> str:
    if majority.rule == "simple":
        return f"e {counted(tally.against, 'contrario', 'contrari')}"
    one, many = {
        "voters": ("votante", "votanti"),
        "present": ("presente", "presenti"),
        "assigned": ("consigliere assegnato", "consiglieri assegnati"),
        "members": ("componente", "componenti"),
    }[majority.base]
    return f"su {counted(base, one, many)}"


def _counting_words(profile: Profile, majority: Majority, tally: Tally) -> list[str]:
    """Say which of the others were counted, and which were not."""
    if majority.base != "voters":
        return []
    rule, compares = profile.counting, majority.rule == "simple"
    others = (
        (tally.abstained, "astenuto", "astenuti", "o", "i", rule.abstained_vote),
        (tally.blank, "scheda bianca", "schede bianche", "a", "e", rule.blank_vote),
        (tally.null, "scheda nulla", "schede nulle", "a", "e", rule.null_vote),
        (tally.not_voting, "non votante", "non votanti", "o", "i", False),
    )
    kept: list[tuple[str, str]] = []
    left: list[tuple[str, str]] = []
    for count, one, many, ending, endings, votes in others:
        if count:
            words = counted(count, one, many)
            end = ending if count == 1 else endings
            (kept if votes and not compares else left).append((words, end))
    return [*_listed(kept, "contat{}"), *_listed(left, "non contat{}")]


def _listed(words: list[tuple[str, str]], verb: str) -> list[str]:
    if not words:
        return []
    same = {end for _, end in words}
    end = same.pop() if len(words) == 1 else "e" if same <= {"a", "e"} else "i"
    return [f"{joined([w for w, _ in words])} {verb.format(end)}"]


# ---- amendments


def amendments_in_order(profile: Profile, effects: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the amendments in the order in which the regulation puts them to the vote.

    `effects` are pairs (id, "suppress" | "replace" | "add") in the order they were filed; those
    with the same effect keep it.

    Raises
    ------
    RuleBroken
        An effect is none of the three.
    """
    order = profile.amendments.order
    filed = list(effects)
    for _, effect in filed:
        if effect not in order:
            raise RuleBroken(
                f"L'effetto «{effect}» di un emendamento non è previsto: scegli soppressivo, "
                "sostitutivo o aggiuntivo.",
                profile.amendments.article,
            )
    ranks = {str(effect): rank for rank, effect in enumerate(order)}
    return tuple(name for name, effect in sorted(filed, key=lambda one: ranks[one[1]]))
