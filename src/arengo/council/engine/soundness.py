"""Refuses a rule profile that contradicts itself or the law, naming the key to correct."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from arengo.council.engine.errors import ProfileUnusable
from arengo.council.engine.law import LEGAL_MAJORITIES, LegalMajority, overlap
from arengo.council.engine.majorities import BASE_WORDS, Majority, at_least, share, votes_needed
from arengo.council.engine.quorum import floors, present_needed

if TYPE_CHECKING:
    from arengo.council.engine.profile import Profile, QuorumRule, SpeakingRule

HALF = "1/2"


def check_profile(profile: Profile) -> None:
    """Refuse a profile whose parts cannot all hold.

    Raises
    ------
    ProfileUnusable
        `where` is the key, `sentence` says what to correct.
    """
    _check_head(profile)
    _check_quorums(profile)
    _check_majorities(profile)
    _check_speaking(profile)
    _check_the_rest(profile)


def _check_head(profile: Profile) -> None:
    if not profile.name.strip():
        raise ProfileUnusable("name", "manca il nome del regolamento.")
    if profile.valid_until is not None and profile.valid_until < profile.valid_from:
        raise ProfileUnusable(
            "valid_until", "la fine precede l'inizio: correggi una delle due date."
        )
    if profile.assigned == 0:
        raise ProfileUnusable("assigned", "serve almeno un consigliere assegnato.")
    people = profile.population
    if people and people.up_to is not None and people.up_to <= people.over:
        raise ProfileUnusable("population.up_to", "deve superare «over».")


# ---- quorum


def _check_quorums(profile: Profile) -> None:
    first, second = profile.quorum.first, profile.quorum.second
    _check_quorum(profile, first, "quorum.first")
    if second is None:
        return
    _check_quorum(profile, second, "quorum.second")
    if present_needed(second, profile.assigned) > present_needed(first, profile.assigned):
        raise ProfileUnusable(
            "quorum.second", "chiede più presenti della prima convocazione: abbassalo."
        )


def _check_quorum(profile: Profile, rule: QuorumRule, where: str) -> None:
    _check_measure(rule, where)
    _check_floor(profile, rule, where)
    most = profile.assigned + int(rule.counts_mayor)
    needed = present_needed(rule, profile.assigned)
    if needed > most:
        raise ProfileUnusable(where, f"chiede {needed} presenti, ma il Consiglio ne ha {most}.")


def _check_measure(rule: QuorumRule, where: str) -> None:
    if (rule.measure == "fraction") != bool(rule.fraction):
        raise ProfileUnusable(
            f"{where}.fraction", "serve con «fraction» e solo con quello, per esempio 1/2."
        )
    if rule.fraction and share(rule.fraction) is None:
        raise ProfileUnusable(
            f"{where}.fraction", f"«{rule.fraction}» non è una frazione fra 0 e 1: scrivi 1/2."
        )
    if (rule.measure == "number") != bool(rule.number):
        raise ProfileUnusable(f"{where}.number", "serve con «number» e solo con quello.")
    if rule.base == "members" and not rule.counts_mayor:
        raise ProfileUnusable(
            f"{where}.counts_mayor",
            "il Sindaco è nella base («members») ma non si conta fra i presenti: "
            "scrivi true, o usa la base «assigned».",
        )


def _check_floor(profile: Profile, rule: QuorumRule, where: str) -> None:
    """Hold the law's third whoever is counted.

    Where the mayor counts among those present, the councillors may be one fewer: that too must
    not fall below it. Source: TUEL art. 38 c. 2; DAIT 13254 and 14494.
    """
    needed = present_needed(rule, profile.assigned)
    for floor in floors(profile.valid_from, profile.valid_until):
        least = at_least(floor.fraction, profile.assigned)
        if needed < least:
            raise ProfileUnusable(
                where,
                f"{needed} presenti sono meno di un terzo dei {profile.assigned} consiglieri "
                f"assegnati, Sindaco escluso: ne servono almeno {least} ({floor.source}).",
            )
        if rule.counts_mayor and needed - 1 < least:
            raise ProfileUnusable(
                f"{where}.counts_mayor",
                f"contando il Sindaco basterebbero {needed - 1} consiglieri, meno del minimo di "
                f"{least}: scrivi false ({floor.source}).",
            )


# ---- majorities


def _check_majorities(profile: Profile) -> None:
    named = dict(profile.majorities)
    for subject in ("general", *_subjects_of_law(profile)):
        if subject not in named:
            raise ProfileUnusable(f"majorities.{subject}", "manca: ogni profilo deve indicarla.")
    for subject, majority in profile.majorities:
        _check_majority(profile, subject, majority)
    for legal in _laws(profile):
        _check_law(profile, legal)


def _laws(profile: Profile) -> Iterator[LegalMajority]:
    for legal in LEGAL_MAJORITIES:
        if overlap(legal.valid_from, legal.valid_until, profile.valid_from, profile.valid_until):
            yield legal


def _subjects_of_law(profile: Profile) -> tuple[str, ...]:
    return tuple(legal.subject for legal in _laws(profile))


def _check_majority(profile: Profile, subject: str, majority: Majority) -> None:
    where = f"majorities.{subject}"
    if (majority.rule == "fraction") != bool(majority.fraction):
        raise ProfileUnusable(
            f"{where}.fraction", "serve con «fraction» e solo con quello, per esempio 2/3."
        )
    if majority.fraction:
        _check_fraction(majority, where)
    if majority.rule in ("simple", "plurality") and majority.base != "voters":
        raise ProfileUnusable(
            f"{where}.base", "questa maggioranza si calcola fra i votanti: scrivi «voters»."
        )
    if majority.rule == "plurality" and not subject.startswith("election"):
        raise ProfileUnusable(
            f"{where}.rule", "la maggioranza relativa vale solo nelle elezioni («election…»)."
        )


def _check_fraction(majority: Majority, where: str) -> None:
    part, half = share(majority.fraction), share(HALF)
    if part is None:
        raise ProfileUnusable(
            f"{where}.fraction",
            f"«{majority.fraction}» non è una frazione fra 0 e 1: scrivi per esempio 2/3.",
        )
    if half is not None and part <= half:
        raise ProfileUnusable(
            f"{where}.fraction",
            "non supera la metà, quindi approverebbe anche la parità: "
            "per «più della metà» scrivi rule = «absolute».",
        )


def _check_law(profile: Profile, legal: LegalMajority) -> None:
    """Refuse a majority laxer than the law's, or reckoned on another base."""
    majority, least = profile.majority(legal.subject), legal.least
    where = f"majorities.{legal.subject}"
    if majority.base not in legal.bases:
        raise ProfileUnusable(
            f"{where}.base",
            f"la maggioranza si calcola sul numero {BASE_WORDS[legal.bases[0]]}: "
            f"scrivi «{legal.bases[0]}» ({least.article}).",
        )
    base = profile.members if majority.base == "members" else profile.assigned
    needed, lawful = (votes_needed(one, base) for one in (majority, least))
    if needed < lawful:
        raise ProfileUnusable(
            where, f"bastano {needed} voti, ma la legge ne chiede {lawful} ({least.article})."
        )
    if least.method != "open" and majority.method != least.method:
        raise ProfileUnusable(
            f"{where}.method", f"la legge vuole «{least.method}» ({least.article})."
        )


# ---- speaking times, and the rest


def _check_speaking(profile: Profile) -> None:
    if "other" not in dict(profile.speaking_times):
        raise ProfileUnusable(
            "speaking_times.other", "manca: è la regola di ogni intervento non previsto."
        )
    for kind, rule in profile.speaking_times:
        _check_time(rule, f"speaking_times.{kind}")


def _check_time(rule: SpeakingRule, where: str) -> None:
    if rule.limit_s and rule.warn_s >= rule.limit_s:
        raise ProfileUnusable(
            f"{where}.warn_s", "l'avviso dura quanto tutto l'intervento: abbrevialo."
        )


def _check_the_rest(profile: Profile) -> None:
    if not profile.chair.order:
        raise ProfileUnusable("chair.order", "indica almeno chi presiede.")
    if set(profile.amendments.order) != {"suppress", "replace", "add"}:
        raise ProfileUnusable(
            "amendments.order", "elenca una volta ciascuno: suppress, replace, add."
        )
    notice = profile.notice
    if notice.extraordinary_days > notice.ordinary_days:
        raise ProfileUnusable(
            "notice.extraordinary_days", "supera il termine delle sedute ordinarie."
        )
    if notice.urgent_hours > notice.extraordinary_days * 24:
        raise ProfileUnusable(
            "notice.urgent_hours", "supera il termine delle sedute straordinarie."
        )
