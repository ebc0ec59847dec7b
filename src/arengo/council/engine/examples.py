"""What the rules of a profile do to ordinary situations, told in Italian."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.council.engine.profile import Profile
from arengo.council.engine.quorum import present_needed
from arengo.council.engine.rules import Presence, Tally, outcome, quorum

RESULTS = {"approved": "approvata", "rejected": "non approvata", "tie": "non approvata, a parità"}


@dataclass(frozen=True, slots=True)
class Example:
    """A situation, what the rules make of it (`sentence`), in a word (`result`), and the article."""

    title: str
    sentence: str
    result: str
    article: str


def examples(profile: Profile) -> tuple[Example, ...]:
    """Return the effect of the rules on a council of this size, for the one who writes them."""
    return (
        _quorum(profile, 1, "Prima convocazione"),
        *([_quorum(profile, 2, "Seconda convocazione")] if profile.allows_second_call else []),
        *_votes(profile),
    )


def _quorum(profile: Profile, call: int, title: str) -> Example:
    """Show the call one councillor short: the case where the rule decides."""
    rule = profile.quorum_rule(call)
    needed = present_needed(rule, profile.assigned) if rule else 0
    short = quorum(profile, call=call, presence=Presence(needed - 1, True))
    word = "c'è" if short.is_met else "manca"
    return Example(
        f"{title}, un consigliere in meno del necessario, col Sindaco",
        f"{short.formula}: il numero legale {word}.",
        "seduta valida" if short.is_met else "seduta non valida",
        short.article,
    )


def _votes(profile: Profile) -> tuple[Example, ...]:
    """Show votes with everyone present, in numbers that grow with the council."""
    present, half = profile.members, profile.members // 2
    few = present // 4
    some = (present - few) // 2
    blank, null = min(1, present - half), min(1, max(0, present - half - 1))
    abstaining = Tally(present, some, few, present - some - few)
    even = Tally(present, half, half, present - 2 * half)
    rest = present - half - blank - null
    secret = Tally(present, half, rest, blank=blank, null=null, is_secret=True)
    return (
        _vote(profile, "proposal", "Proposta con molti astenuti", abstaining),
        _vote(profile, "proposal", "Parità di voti", even),
        _vote(
            profile,
            "immediate",
            "Immediata eseguibilità con metà del Consiglio",
            Tally(half, half, 0),
        ),
        _vote(
            profile,
            "immediate",
            "Immediata eseguibilità con un voto in più",
            Tally(half + 1, half + 1, 0),
        ),
        _vote(profile, "proposal", "Scrutinio segreto con schede bianche e nulle", secret),
    )


def _vote(profile: Profile, subject: str, title: str, tally: Tally) -> Example:
    found = outcome(profile, subject=subject, tally=tally)
    sentence = f"{found.formula}. Esito: {RESULTS[found.result]}."
    if found.follows:
        sentence = f"{sentence} {found.follows}"
    return Example(title, sentence, RESULTS[found.result], found.article)
