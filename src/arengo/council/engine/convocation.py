"""The terms of a notice: by when it must be delivered, and whether it still is in time.

The law leaves terms to the Comune's regulation (TUEL art. 38 c. 2): they are data. Two
instants and a rule in, the count in words out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.holidays import day_words, holiday_name
from arengo.council.engine.profile import NoticeRule

Unit = Literal["free_days", "days", "hours"]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TermRule:
    """How long before a sitting its notice must be delivered.

    `unit` "free_days" counts neither the day of delivery nor the sitting's (giorni liberi),
    "days" does not count the day of delivery only. `skips_holidays`: Sundays and holidays are
    not counted. `moves_earlier`: a last day that is a holiday becomes the working day before.
    """

    kind: str  # "ordinary", "extraordinary", "urgent", "supplement"
    amount: int
    unit: Unit
    article: str
    skips_holidays: bool = False
    moves_earlier: bool = False
    local_holidays: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise RuleBroken("Il termine di convocazione non può essere negativo.", self.article)


# Terms seen in many regulations, to be replaced by the Comune's own.
TO_VERIFY = "TUEL art. 38 c. 2, che rinvia al regolamento; termine d’uso, da verificare"
USUAL_RULES = {
    "ordinary": TermRule("ordinary", 5, "free_days", TO_VERIFY),
    "extraordinary": TermRule("extraordinary", 3, "free_days", TO_VERIFY),
    "urgent": TermRule("urgent", 24, "hours", TO_VERIFY),
    "supplement": TermRule("supplement", 24, "hours", TO_VERIFY),
}


def rules_from(notice: NoticeRule) -> dict[str, TermRule]:
    """Return the terms of a rule profile, by kind; its days are free days (da verificare)."""
    article = notice.article
    return {
        "ordinary": TermRule("ordinary", notice.ordinary_days, "free_days", article),
        "extraordinary": TermRule("extraordinary", notice.extraordinary_days, "free_days", article),
        "urgent": TermRule("urgent", notice.urgent_hours, "hours", article),
        "supplement": TermRule("supplement", notice.supplementary_hours, "hours", article),
    }


@dataclass(frozen=True, slots=True)
class Terms:
    """A term as counted.

    `last_day` is the last day on which delivery is in time, None for a term in hours;
    `deadline` the instant after which it is late; `counted` the days that were counted,
    `skipped` the holidays that were not, with their names.
    """

    rule: TermRule
    sitting_at: datetime
    deadline: datetime
    is_in_time: bool
    sentence: str
    last_day: date | None = None
    counted: tuple[date, ...] = ()
    skipped: tuple[tuple[date, str], ...] = ()

    @property
    def article(self) -> str:
        """Name the article that gives the term."""
        return self.rule.article


def terms(rule: TermRule, *, sitting_at: datetime, at: datetime) -> Terms:
    """Count the term of a notice delivered `at` for a sitting.

    Parameters
    ----------
    sitting_at : zone-aware, in the Comune's own time zone, whose days are counted.
    at : zone-aware.
    """
    if rule.unit == "hours":
        return _in_hours(rule, sitting_at, at)
    return _in_days(rule, sitting_at, at)


def check_in_time(found: Terms) -> None:
    """Refuse a late notice, naming the article.

    Raises
    ------
    RuleBroken
    """
    if found.is_in_time:
        return
    remedy = {
        "supplement": "Rinvia i punti alla prossima seduta.",
        "urgent": "Sposta la seduta.",
    }.get(found.rule.kind, "Sposta la seduta, oppure convocala d’urgenza scrivendone il motivo.")
    message = f"L’avviso è fuori termine: {found.sentence} {remedy}"
    raise RuleBroken(message, found.article)


def _in_hours(rule: TermRule, sitting_at: datetime, at: datetime) -> Terms:
    # Instants are subtracted in UTC: a day with a change of hour has 23 or 25 of them.
    deadline = (sitting_at.astimezone(UTC) - timedelta(hours=rule.amount)).astimezone(
        sitting_at.tzinfo
    )
    sentence = (
        f"almeno {rule.amount} ore prima della seduta, cioè entro le ore {deadline:%H:%M} "
        f"di {day_words(deadline.date())}."
    )
    return Terms(rule, sitting_at, deadline, at <= deadline, sentence)


def _in_days(rule: TermRule, sitting_at: datetime, at: datetime) -> Terms:
    day = sitting_at.date()
    counted, skipped = _count_back(rule, day)
    first = min(counted, default=day)
    last = first - ONE_DAY if rule.unit == "free_days" else first
    if rule.moves_earlier:
        last, moved = _before_holidays(last, rule.local_holidays)
        skipped = (*moved, *skipped)
    deadline = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=sitting_at.tzinfo)
    is_in_time = at.astimezone(sitting_at.tzinfo).date() <= last and at < sitting_at
    return Terms(
        rule,
        sitting_at,
        min(deadline, sitting_at),
        is_in_time,
        _sentence(rule, day, last, skipped),
        last,
        counted,
        skipped,
    )


def _count_back(rule: TermRule, day: date) -> tuple[tuple[date, ...], tuple[tuple[date, str], ...]]:
    counted: list[date] = []
    skipped: list[tuple[date, str]] = []
    while len(counted) < rule.amount:
        day -= ONE_DAY
        name = holiday_name(day, rule.local_holidays) if rule.skips_holidays else ""
        if name:
            skipped.append((day, name))
        else:
            counted.append(day)
    return tuple(reversed(counted)), tuple(reversed(skipped))


def _before_holidays(
    day: date, local: frozenset[tuple[int, int]]
) -> tuple[date, tuple[tuple[date, str], ...]]:
    passed: list[tuple[date, str]] = []
    while name := holiday_name(day, local):
        passed.append((day, name))
        day -= ONE_DAY
    return day, tuple(reversed(passed))


def _sentence(rule: TermRule, day: date, last: date, skipped: tuple[tuple[date, str], ...]) -> str:
    free = rule.unit == "free_days"
    unit = ("giorno libero" if rule.amount == 1 else "giorni liberi") if free else "giorni"
    not_counted = (
        "non contano né il giorno della consegna né quello della seduta"
        if free
        else "non conta il giorno della consegna"
    )
    holidays = "".join(f", né {day_words(one)} ({name})" for one, name in skipped)
    return (
        f"{rule.amount} {unit} prima di {day_words(day)} ({not_counted}{holidays}): "
        f"l’ultimo giorno utile per la consegna è {day_words(last)}."
    )
