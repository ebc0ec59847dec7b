"""The life of a delibera after the vote: albo pretorio, enforceability, what remains.

Days in, days and sentences out. Instants never enter: `local_day` makes a day of one, and from then
on a change of hour cannot matter. What the law says comes from data (`PublicationLaw`); what the
Comune chose from `PublicationRules`. Both readings of the term of enforceability are always
reckoned, and what is custom rather than law is said to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.holidays import holiday_name
from arengo.council.engine.publication_terms import (
    Customs,
    Ground,
    PublicationLaw,
    PublicationRules,
    Reading,
    Signature,
    in_force,
    on_day,
)
from arengo.council.engine.words import counted, joined

PersonalData = Literal["none", "ordinary", "health"]
Text = Literal["full", "omissis", "none"]
ONE_DAY = timedelta(days=1)


# ---- The calendar


@dataclass(frozen=True, slots=True)
class Enforceability:
    """When a delibera is enforceable under one reading: the day after `last_day` of the term."""

    reading: Reading
    last_day: date
    enforceable_date: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every date of a publication, and why.

    The act is on the albo from `first_date` to `last_date`, both included, and must have left it on
    `removal_date`. `from_start` and `from_end` are the two readings; `enforceable_date` is the one
    in force: the chosen reading's, or the day of adoption of an act declared immediately
    enforceable. `article` is its rule, `reading` and `counting` how days were counted.
    """

    adopted_date: date
    first_date: date
    last_date: date
    from_start: Enforceability
    from_end: Enforceability
    chosen: Reading
    is_immediate: bool
    enforceable_date: date
    article: str
    albo_article: str
    reading: Ground
    counting: tuple[Ground, ...]

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Return why the dates are these; an act enforceable at once needs no reading."""
        return self.counting if self.is_immediate else (self.reading, *self.counting)

    @property
    def removal_date(self) -> date:
        """Return the first day on which the act is no longer on the albo."""
        return self.last_date + ONE_DAY

    @property
    def days(self) -> tuple[date, ...]:
        """Return every day on the albo."""
        length = (self.last_date - self.first_date).days + 1
        return tuple(self.first_date + ONE_DAY * one for one in range(length))

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say both dates and how the days were counted, in Italian."""
        return (
            *_date_sentences(self),
            *(f"{_capital(g.words)} ({g.source})." for g in self.grounds),
        )


def calendar(
    law: PublicationLaw,
    rules: PublicationRules,
    *,
    adopted_date: date,
    published_date: date,
    is_immediate: bool = False,
) -> Calendar:
    """Reckon a publication.

    Parameters
    ----------
    adopted_date : the day of the proclamation.
    published_date : the day on which it appears on the albo, in the Comune's own time.
    is_immediate : declared immediately enforceable by its own vote (TUEL art. 134 c. 4).

    Raises
    ------
    RuleBroken
        It would be published before it is adopted, or in a time whose law is not known here.
    """
    albo = in_force(law.albo, published_date)
    term = in_force(law.enforceability, published_date)
    if published_date < adopted_date:
        raise RuleBroken(
            f"La delibera è {on_day(adopted_date, 'del')}: non può essere pubblicata prima. "
            "Correggi il giorno di pubblicazione",
            albo.article,
        )
    last = _term_end(rules, published_date, albo.days)
    # law: TUEL art. 134 c. 3, «dopo il decimo giorno dalla loro pubblicazione»; two readings
    start = _enforceability(rules, "start", published_date, term.days)
    end = _enforceability(rules, "end", last, term.days)
    article, enforceable = term.article, (start if rules.reading == "start" else end)
    enforceable_date = enforceable.enforceable_date
    if is_immediate:
        # law: TUEL art. 134 c. 4
        article, enforceable_date = in_force(law.immediate, adopted_date).article, adopted_date
    return Calendar(
        adopted_date=adopted_date,
        first_date=published_date,
        last_date=last,
        from_start=start,
        from_end=end,
        chosen=rules.reading,
        is_immediate=is_immediate,
        enforceable_date=enforceable_date,
        article=article,
        albo_article=albo.article,
        reading=law.readings.start if rules.reading == "start" else law.readings.end,
        counting=_counting(law.customs, rules),
    )


def local_day(at: datetime, zone: tzinfo) -> date:
    """Return the Comune's day of an instant; half past eleven in UTC is tomorrow in Rome.

    Raises
    ------
    ValueError
        The instant has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone has no day")
    return at.astimezone(zone).date()


def _term_end(rules: PublicationRules, first: date, days: int) -> date:
    last = first + ONE_DAY * (days - rules.counts_first_day)
    while rules.moves_from_holidays and holiday_name(last, rules.local_holidays):
        last += ONE_DAY
    return last


def _enforceability(rules: PublicationRules, of: Reading, first: date, days: int) -> Enforceability:
    if of == "end":  # the last day of publication is over, never the first of the term
        rules = replace(rules, counts_first_day=False)
    last = _term_end(rules, first, days)
    return Enforceability(of, last, last + ONE_DAY)


def _counting(customs: Customs, rules: PublicationRules) -> tuple[Ground, ...]:
    first = customs.first_day_counted if rules.counts_first_day else customs.first_day
    holidays = customs.holidays_move if rules.moves_from_holidays else customs.holidays
    if not rules.article:
        return first, holidays
    # The Comune's own rule stands before the custom.
    return tuple(Ground(one.words, rules.article, is_law=True) for one in (first, holidays))


def _date_sentences(found: Calendar) -> tuple[str, ...]:
    albo = (
        f"All’albo pretorio {on_day(found.first_date, 'dal')} {on_day(found.last_date, 'al')} compreso "
        f"({found.albo_article}); esce {on_day(found.removal_date)}."
    )
    both = (
        "Contando il termine dall’inizio della pubblicazione è esecutiva "
        f"{on_day(found.from_start.enforceable_date, 'dal')}; contandolo dalla fine, "
        f"{on_day(found.from_end.enforceable_date, 'dal')}."
    )
    return albo, both, f"{_capital(_in_force_words(found))} ({found.article})."


def _in_force_words(found: Calendar) -> str:
    if found.is_immediate:
        return f"è immediatamente eseguibile {on_day(found.enforceable_date, 'dal')}"
    return f"è esecutiva {on_day(found.enforceable_date, 'dal')}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- What may be read, and until when


@dataclass(frozen=True, slots=True)
class Copies:
    """Which text is shown on a day: on the albo, and in the permanent archive; "none" is nothing."""

    albo: Text
    archive: Text
    words: str
    article: str


def copies(law: PublicationLaw, found: Calendar, data: PersonalData, day: date) -> Copies:
    """Say what of an act may be public on a day.

    Personal data leaves with the albo; data on health is never public, even within the term. The
    archive keeps a copy with omissis.

    Raises
    ------
    RuleBroken
        The day comes before the law that is known here.
    """
    duty = in_force((law.health if data == "health" else law.personal_data,), day)
    on_albo = found.first_date <= day <= found.last_date
    # law: d.lgs. 196/2003 art. 2-septies c. 8; Garante 73/2012 (Veronella)
    albo: Text = "none" if not on_albo else "omissis" if data == "health" else "full"
    archive: Text = "full" if data == "none" else "omissis"
    return Copies(albo, archive, duty.words, duty.article)


# ---- Attestations


@dataclass(frozen=True, slots=True)
class Attestation:
    """What an office attests, as facts for a template and as a sentence.

    `to_verify` are the sources of what is not law, who signs included.
    """

    kind: Literal["publication_report", "enforceability"]
    delibera: str
    first_date: date
    last_date: date
    enforceable_date: date | None
    from_start_date: date | None
    from_end_date: date | None
    article: str
    sentence: str
    signed_by: str
    to_verify: tuple[str, ...]


def publication_report(
    law: PublicationLaw,
    found: Calendar,
    *,
    delibera: str,
    today: date,
    missing_days: Iterable[date] = (),
) -> Attestation:
    """Attest that an act stayed on the albo (referto di pubblicazione).

    Parameters
    ----------
    delibera : its number as written, «12/2026».
    missing_days : days on which it could not be read, known to the office.

    Raises
    ------
    RuleBroken
        Publication is not over, or was not consecutive.
    """
    if today <= found.last_date:
        raise RuleBroken(
            f"La pubblicazione finisce {on_day(found.last_date)}: il referto si fa "
            f"{on_day(found.removal_date, 'dal')}",
            found.albo_article,
        )
    _check_consecutive(found, missing_days)
    sentence = (
        f"La delibera n. {delibera} è stata pubblicata all’albo pretorio per "
        f"{counted(_published(law, found), 'giorno consecutivo', 'giorni consecutivi')}, "
        f"{on_day(found.first_date, 'dal')} {on_day(found.last_date, 'al')} ({found.albo_article})."
    )
    signature = law.signatures.report
    return Attestation(
        kind="publication_report",
        delibera=delibera,
        first_date=found.first_date,
        last_date=found.last_date,
        enforceable_date=None,
        from_start_date=None,
        from_end_date=None,
        article=found.albo_article,
        sentence=sentence,
        signed_by=signature.who,
        to_verify=_to_verify(found.counting, signature),
    )


def enforceability_certificate(
    law: PublicationLaw, found: Calendar, *, delibera: str, today: date
) -> Attestation:
    """Attest that an act is enforceable, with both dates and the reading that was chosen.

    Raises
    ------
    RuleBroken
        It is not enforceable yet.
    """
    if today < found.enforceable_date:
        raise RuleBroken(
            f"La delibera sarà esecutiva {on_day(found.enforceable_date, 'dal')}: "
            "il certificato si fa da quel giorno",
            found.article,
        )
    signature = law.signatures.enforceability
    return Attestation(
        kind="enforceability",
        delibera=delibera,
        first_date=found.first_date,
        last_date=found.last_date,
        enforceable_date=found.enforceable_date,
        from_start_date=found.from_start.enforceable_date,
        from_end_date=found.from_end.enforceable_date,
        article=found.article,
        sentence=f"La delibera n. {delibera} {_in_force_words(found)} ({found.article}).",
        signed_by=signature.who,
        to_verify=_to_verify(found.grounds, signature),
    )


def _published(law: PublicationLaw, found: Calendar) -> int:
    """Return the days that the law wants, not those that counting added."""
    return in_force(law.albo, found.first_date).days


def _check_consecutive(found: Calendar, missing_days: Iterable[date]) -> None:
    # law: TUEL art. 124 c. 1, «per quindici giorni consecutivi»
    missing = sorted(set(missing_days) & set(found.days))
    if missing:
        raise RuleBroken(
            f"L’atto non era leggibile all’albo {joined([on_day(day) for day in missing])}: i giorni "
            "devono essere consecutivi. Pubblicalo di nuovo dall’inizio",
            found.albo_article,
        )


def _to_verify(grounds: Iterable[Ground], signature: Signature) -> tuple[str, ...]:
    said = [f"{one.words}: {one.source}" for one in grounds if not one.is_law]
    return (*said, *([] if signature.is_law else [f"firma {signature.who}: {signature.source}"]))
