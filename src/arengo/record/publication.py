"""A delibera on the albo pretorio: published, ended, and what may be read of it on a day.

What is shown is reckoned from the day, never from a job having run: on the sixteenth day the file
is not there, whether or not anybody was at work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, cast

from django.db import transaction

from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.publication import Calendar, PersonalData, Text, calendar, copies
from arengo.council.engine.publication_terms import PublicationRules, Reading, on_day
from arengo.council.publication_law import publication_law
from arengo.council.queries.people import today
from arengo.kernel import audit, clock, jobs
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record.errors import (
    AlreadyPublished,
    CopyMissing,
    FirstDayPast,
    NotSigned,
    PublicationOver,
    ReasonMissing,
    SignedWithoutNumber,
    TermsUnknown,
)
from arengo.record.events import act_published
from arengo.record.models import (
    Act,
    ActState,
    ActVersion,
    AlboRules,
    Publication,
    PublicationEnd,
    Redaction,
    RegisterLine,
    VersionCause,
)
from arengo.record.register import hold_comune

READY = (ActState.SIGNED, ActState.PUBLISHED)


# --- the rules of the Comune ----------------------------------------------------------------


@query
def albo_rules(*, comune: Comune) -> AlboRules:
    """Return how the Comune counts days now: what was saved last, or the usual counting."""
    return AlboRules.objects.order_by("-id").first() or AlboRules(comune=comune)


@operation
def save_albo_rules(*, comune: Comune, by: User | None, **chosen: Any) -> AlboRules:
    """Keep new rules; publications under way keep the days that they were told with."""
    made = AlboRules.objects.create(comune=comune, by=by, **chosen)
    audit.record(
        "record.save_albo_rules",
        comune=comune,
        by=by,
        subject=f"albo rules {made.pk}",
        reading=made.reading,
    )
    return made


def snapshot(rules: AlboRules) -> dict[str, Any]:
    """Return rules as a publication keeps them."""
    return {
        "reading": rules.reading,
        "counts_first_day": rules.counts_first_day,
        "moves_from_holidays": rules.moves_from_holidays,
        "local_holidays": list(rules.local_holidays),
        "article": rules.article,
        "report_signer": rules.report_signer,
        "certificate_signer": rules.certificate_signer,
    }


def _engine_rules(kept: dict[str, Any]) -> PublicationRules:
    days = (str(one).split("-") for one in kept["local_holidays"])
    return PublicationRules(
        reading=cast("Reading", kept["reading"]),
        counts_first_day=kept["counts_first_day"],
        moves_from_holidays=kept["moves_from_holidays"],
        local_holidays=frozenset((int(month), int(day)) for month, day in days),
        article=kept["article"],
    )


# --- dates ----------------------------------------------------------------------------------


def calendar_of(publication: Publication) -> Calendar:
    """Return every date of a publication and why, as they were when it was published."""
    line = publication.line
    return _reckoned(
        _engine_rules(publication.rules), line, publication.first_date, publication.is_immediate
    )


@query
def preview(*, comune: Comune, line: RegisterLine, first_date: date) -> Calendar:
    """Return the dates that a publication would have if it began on a day.

    Raises
    ------
    FirstDayPast
        It is before today.
    TermsUnknown
        The law of that day is not known here.
    """
    if first_date < today():
        raise FirstDayPast(day=on_day(today(), "il"))
    rules = _engine_rules(snapshot(albo_rules(comune=comune)))
    return _reckoned(rules, line, first_date, line.is_immediate)


def _reckoned(
    rules: PublicationRules, line: RegisterLine, first_date: date, is_immediate: bool
) -> Calendar:
    try:
        return calendar(
            publication_law(),
            rules,
            adopted_date=line.adopted_date,
            published_date=first_date,
            is_immediate=is_immediate,
        )
    except RuleBroken as refusal:
        raise TermsUnknown(why=str(refusal).rstrip(".")) from refusal


# --- what may be read -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """Which text everyone may read on a day, on the albo and in the register; and why."""

    albo: Text
    archive: Text
    why: str


def shown(publication: Publication, day: date) -> Shown:
    """Say what of a publication everyone may read on a day.

    A reserved delibera is never shown but with omissis; one that was ended is not on the albo.
    """
    data = cast("PersonalData", publication.personal_data)
    found = copies(publication_law(), calendar_of(publication), data, day)
    is_up = publication.is_on_albo(day)
    is_whole = found.albo == "full" and not publication.line.is_reserved
    albo: Text = "none" if not is_up else "full" if is_whole else "omissis"
    if day < publication.first_date or publication.end == PublicationEnd.ANNULLED:
        archive: Text = "none"
    else:
        archive = "omissis" if publication.line.is_reserved else found.archive
    return Shown(albo, archive, f"{found.words} ({found.article})")


@query
def redaction_of(*, comune: Comune, act: Act) -> Redaction | None:
    """Return the copy with omissis that holds, None while there is none."""
    return Redaction.objects.filter(act=act).order_by("-id").first()


@query
def act_of(*, comune: Comune, line: RegisterLine) -> Act | None:
    """Return the act of a delibera, None while nobody has shared it."""
    return Act.objects.filter(sitting_id=line.sitting_id, name=line.name).first()


@query
def publications_of(*, comune: Comune, line: RegisterLine) -> tuple[Publication, ...]:
    """Return the publications of a delibera, the standing one or the latest first."""
    rows = Publication.objects.filter(line=line).select_related(
        "line__sitting", "act", "version", "by", "ended_by"
    )
    return tuple(rows.order_by("-id"))


@query
def signed_version(*, comune: Comune, act: Act) -> ActVersion | None:
    """Return the last signed file of an act."""
    signed = ActVersion.objects.filter(act=act, cause=VersionCause.SIGNED)
    return signed.order_by("-number").first()


# --- publishing -----------------------------------------------------------------------------


@operation
def publish(
    *,
    comune: Comune,
    line: RegisterLine,
    first_date: date,
    personal_data: PersonalData,
    by: User | None,
) -> Publication:
    """Put a signed delibera on the albo from a day on.

    Raises
    ------
    NotSigned, SignedWithoutNumber, CopyMissing
        It is not ready to be published.
    AlreadyPublished
        It is, or was: terms begin anew only with `rectify`.
    FirstDayPast, TermsUnknown
        As `preview`.
    """
    hold_comune(comune)
    earlier = Publication.objects.filter(line=line).order_by("-id").first()
    if earlier is not None and earlier.ended_at is None:
        raise AlreadyPublished(number=line.written)
    return _publish(comune, line, first_date, personal_data, by)


def _publish(
    comune: Comune, line: RegisterLine, first_date: date, data: PersonalData, by: User | None
) -> Publication:
    act, version = _ready(comune, line)
    dates = preview(comune=comune, line=line, first_date=first_date)
    must_omit = data == "health" or line.is_reserved
    if must_omit and redaction_of(comune=comune, act=act) is None:
        raise CopyMissing
    made = Publication.objects.create(
        comune=comune,
        line=line,
        act=act,
        version=version,
        is_demo=line.is_demo,
        year=first_date.year,
        number=_next_number(line.is_demo, first_date.year),
        first_date=dates.first_date,
        last_date=dates.last_date,
        from_start_date=dates.from_start.enforceable_date,
        from_end_date=dates.from_end.enforceable_date,
        enforceable_date=dates.enforceable_date,
        is_immediate=line.is_immediate,
        rules=snapshot(albo_rules(comune=comune)),
        personal_data=data,
        by=by,
    )
    audit.record(
        "record.publish",
        comune=comune,
        by=by,
        subject=line.sitting.uid,
        delibera=line.written,
        albo=str(made),
        first_date=first_date.isoformat(),
    )
    transaction.on_commit(partial(_do_later, comune, made.pk))
    return made


def _do_later(comune: Comune, publication_id: int) -> None:
    """Have a worker do what is due at once: say that it is published, certify what is immediate."""
    from arengo.record.albo_tasks import albo_day

    day = today().isoformat()
    jobs.enqueue(albo_day, comune=comune, key=f"albo {day} {publication_id}", day=day)


def _ready(comune: Comune, line: RegisterLine) -> tuple[Act, ActVersion]:
    act = act_of(comune=comune, line=line)
    version = signed_version(comune=comune, act=act) if act else None
    if act is None or version is None or act.state not in READY:
        raise NotSigned(number=line.written)
    shared = ActVersion.objects.filter(act=act, cause=VersionCause.SHARED).order_by("-number")
    frozen = shared.first()
    if frozen is not None and frozen.at < line.at:
        raise SignedWithoutNumber(number=line.written)
    return act, version


def _next_number(is_demo: bool, year: int) -> int:
    """Return the next number of the albo's own register; the caller holds the Comune."""
    last = Publication.objects.filter(is_demo=is_demo, year=year).order_by("-number").first()
    return last.number + 1 if last else 1


# --- ending ---------------------------------------------------------------------------------


@operation
def annul(*, comune: Comune, publication: Publication, reason: str, by: User | None) -> Publication:
    """Take a publication off the albo for good, at once; number and reason stay in the register.

    Raises
    ------
    PublicationOver, ReasonMissing
    """
    return _end(comune, publication, PublicationEnd.ANNULLED, reason, by)


@operation
def rectify(
    *,
    comune: Comune,
    publication: Publication,
    reason: str,
    first_date: date,
    personal_data: PersonalData,
    by: User | None,
) -> Publication:
    """End a publication and begin another of the same act: every term starts anew.

    Raises
    ------
    PublicationOver, ReasonMissing, and what `publish` refuses
    """
    hold_comune(comune)
    ended = _end(comune, publication, PublicationEnd.RECTIFIED, reason, by)
    return _publish(comune, ended.line, first_date, personal_data, by)


def _end(
    comune: Comune, publication: Publication, end: PublicationEnd, reason: str, by: User | None
) -> Publication:
    why = " ".join(reason.split())
    if not why:
        raise ReasonMissing
    rows = Publication.objects.select_for_update().filter(pk=publication.pk)
    held = rows.first()
    if held is None:
        raise NotFound
    if held.ended_at is not None:
        raise PublicationOver
    held.ended_at, held.ended_by, held.end, held.end_reason = clock.now(), by, end, why
    held.save(update_fields=["ended_at", "ended_by", "end", "end_reason"])
    audit.record(
        "record.end_publication",
        comune=comune,
        by=by,
        subject=held.line.sitting.uid,
        delibera=held.line.written,
        end=str(end),
        reason=why[:500],
    )
    return held


def announce(*, comune: Comune, publication: Publication) -> None:
    """Tell the house that an act is for everyone, on its first day; inside a transaction."""
    line = publication.line
    publication.announced_at = clock.now()
    publication.save(update_fields=["announced_at"])
    act = publication.act
    if act.state != ActState.PUBLISHED:
        act.state = ActState.PUBLISHED
        act.save(update_fields=["state"])
    audit.record(
        "record.act_published",
        comune=comune,
        by=None,
        subject=line.sitting.uid,
        delibera=line.written,
    )
    act_published.send(Publication, comune=comune, act=act)
