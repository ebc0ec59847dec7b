"""Publication: what hangs on the albo on a day, what is made on its day, what stays after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from signed_delibera import put_up, signed_delibera

from arengo.council.models import Sitting
from arengo.council.queries.people import today
from arengo.kernel import clock, jobs
from arengo.kernel.models import AuditEntry, Comune, Job
from arengo.record.act_file import act_path
from arengo.record.albo_tasks import ask_for
from arengo.record.due import RESERVED, deadlines, do_due, needs_copy, public_subject
from arengo.record.errors import (
    AlreadyPublished,
    CopyMissing,
    FirstDayPast,
    NothingToLeaveOut,
    NotSigned,
    PublicationOver,
    ReasonMissing,
    WordsNotFound,
)
from arengo.record.events import act_published
from arengo.record.models import (
    Act,
    Attestation,
    AttestationKind,
    Publication,
    PublicationEnd,
    RegisterLine,
)
from arengo.record.publication import (
    act_of,
    annul,
    calendar_of,
    preview,
    rectify,
    save_albo_rules,
    shown,
)
from arengo.record.redaction import leave_out

DAY = timedelta(days=1)
Make = Callable[..., Sitting]


@pytest.fixture
def line(pero: Comune, make_sitting: Make) -> RegisterLine:
    """Return the line of a signed delibera."""
    return signed_delibera(pero, make_sitting)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Stop the clock at noon of a day."""
    with clock.frozen(datetime(day.year, day.month, day.day, 11, tzinfo=UTC)):
        yield


def fresh(publication: Publication) -> Publication:
    """Return a publication as the database has it."""
    return Publication.across.select_related("line", "act").get(pk=publication.pk)


def test_it_hangs_for_its_days_and_not_one_more(pero: Comune, line: RegisterLine) -> None:
    made = put_up(pero, line, today())
    assert (made.last_date - made.first_date).days == 15  # the first day is not counted
    for day in (made.first_date, made.last_date):
        assert shown(made, day).albo == "full"
    for day in (made.first_date - DAY, made.last_date + DAY):
        assert shown(made, day).albo == "none"
    assert shown(made, made.last_date + DAY * 400).archive == "full"


def test_both_readings_are_reckoned_and_the_rules_of_the_day_are_kept(
    pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today())
    assert made.enforceable_date == made.from_start_date == made.first_date + DAY * 11
    assert made.from_end_date == made.last_date + DAY * 11
    save_albo_rules(comune=pero, by=None, reading="end", article="reg. art. 3")
    assert calendar_of(fresh(made)).enforceable_date == made.from_start_date
    assert (
        preview(comune=pero, line=line, first_date=today()).enforceable_date == made.from_end_date
    )


def test_a_local_holiday_moves_the_end_where_the_rules_say_so(
    pero: Comune, line: RegisterLine
) -> None:
    usual = preview(comune=pero, line=line, first_date=today()).last_date
    feast = f"{usual:%m-%d}"
    save_albo_rules(comune=pero, by=None, moves_from_holidays=True, local_holidays=[feast])
    assert preview(comune=pero, line=line, first_date=today()).last_date > usual


def test_what_is_not_signed_is_not_published(pero: Comune, line: RegisterLine) -> None:
    Act.across.filter(pk=act_of(comune=pero, line=line).pk).update(state="shared")  # type: ignore[union-attr]  # it was signed
    with pytest.raises(NotSigned, match="1/"):
        put_up(pero, line, today())
    assert not Publication.across.exists()


def test_it_is_published_once_and_never_in_the_past(pero: Comune, line: RegisterLine) -> None:
    with pytest.raises(FirstDayPast):
        put_up(pero, line, today() - DAY)
    put_up(pero, line, today())
    with pytest.raises(AlreadyPublished):
        put_up(pero, line, today())


def test_an_annulled_one_leaves_at_once_and_keeps_number_and_reason(
    pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today())
    with pytest.raises(ReasonMissing):
        annul(comune=pero, publication=made, reason=" ", by=None)
    ended = annul(comune=pero, publication=made, reason="file sbagliato", by=None)
    assert shown(ended, today()).albo == shown(ended, today()).archive == "none"
    assert (ended.end, ended.end_reason) == (PublicationEnd.ANNULLED, "file sbagliato")
    with pytest.raises(PublicationOver):
        annul(comune=pero, publication=made, reason="ancora", by=None)
    assert put_up(pero, line, today()).number == 2


def test_a_rectified_one_starts_every_term_anew(pero: Comune, line: RegisterLine) -> None:
    made = put_up(pero, line, today())
    later = today() + DAY * 5
    with on(later):
        anew = rectify(
            comune=pero,
            publication=made,
            reason="allegato mancante",
            first_date=later,
            personal_data="none",
            by=None,
        )
    assert fresh(made).end == PublicationEnd.RECTIFIED
    assert anew.last_date == made.last_date + DAY * 5
    assert anew.enforceable_date == made.enforceable_date + DAY * 5


def test_a_rectification_that_is_refused_leaves_the_first_where_it_was(
    pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today())
    with pytest.raises(FirstDayPast):
        rectify(
            comune=pero,
            publication=made,
            reason="prova",
            first_date=today() - DAY,
            personal_data="none",
            by=None,
        )
    assert fresh(made).ended_at is None


# --- the daily work -------------------------------------------------------------------------


def kinds(publication: Publication) -> list[str]:
    return sorted(Attestation.across.filter(publication=publication).values_list("kind", flat=True))


def test_certificates_are_made_on_their_day_and_once(pero: Comune, line: RegisterLine) -> None:
    made = put_up(pero, line, today())
    do_due(comune=pero, day=made.enforceable_date - DAY)
    assert kinds(made) == []
    do_due(comune=pero, day=made.enforceable_date)
    assert kinds(made) == [AttestationKind.ENFORCEABILITY]
    do_due(comune=pero, day=made.last_date)
    assert kinds(made) == [AttestationKind.ENFORCEABILITY]
    assert do_due(comune=pero, day=made.last_date + DAY) == 1
    assert do_due(comune=pero, day=made.last_date + DAY) == 0
    report = Attestation.across.get(kind=AttestationKind.REPORT)
    assert "15 giorni consecutivi" in report.sentence
    path = act_path(istat_code=pero.pk, uid=line.sitting.uid, sha256=report.sha256)
    assert path.read_bytes().startswith(b"%PDF")


def test_days_on_which_nobody_worked_are_made_up(pero: Comune, line: RegisterLine) -> None:
    made = put_up(pero, line, today())
    assert do_due(comune=pero, day=made.last_date + DAY * 90) == 3
    assert len(kinds(made)) == 2
    assert ask_for(made.last_date + DAY * 91) == 0


def test_the_worker_asks_for_each_day_once(pero: Comune, line: RegisterLine) -> None:
    made = put_up(pero, line, today())
    assert ask_for(made.last_date) == ask_for(made.last_date) == 1
    assert Job.across.filter(key=f"albo {made.last_date}").count() == 1


def test_a_worker_that_tends_its_jobs_asks_for_the_day(
    pero: Comune, line: RegisterLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arengo.record.albo_tasks._asked", [])
    put_up(pero, line, today())
    jobs.tended.send(None)
    jobs.tended.send(None)
    assert Job.across.filter(key=f"albo {today()}").count() == 1


def test_everyone_is_told_on_the_first_day(pero: Comune, line: RegisterLine) -> None:
    told: list[Any] = []

    def hear(**news: Any) -> None:
        told.append(news["act"].pk)

    act_published.connect(hear)
    first = today() + DAY * 3
    made = put_up(pero, line, first)
    do_due(comune=pero, day=first - DAY)
    assert told == []
    do_due(comune=pero, day=first)
    do_due(comune=pero, day=first)
    assert told == [made.act_id]
    assert Act.across.get(pk=made.act_id).state == "published"


# --- personal data --------------------------------------------------------------------------


def redact(comune: Comune, line: RegisterLine, *texts: str) -> None:
    act = act_of(comune=comune, line=line)
    assert act is not None
    leave_out(comune=comune, line=line, act=act, texts=texts, by=None)


def test_personal_data_leave_with_the_albo_and_the_copy_stays(
    pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today(), personal_data="ordinary")
    assert shown(made, made.last_date).albo == "full"
    assert shown(made, today()).archive == "omissis"
    assert public_subject(comune=pero, publication=made) == RESERVED  # no copy: nothing is told
    assert needs_copy(comune=pero, publication=made)
    redact(pero, line, "raccolta dei rifiuti")
    assert not needs_copy(comune=pero, publication=made)
    assert (
        public_subject(comune=pero, publication=made) == "Variazione al bilancio per la «omissis»"
    )


def test_health_is_never_shown_not_even_within_the_term(pero: Comune, line: RegisterLine) -> None:
    with pytest.raises(CopyMissing):
        put_up(pero, line, today(), personal_data="health")
    redact(pero, line, "raccolta dei rifiuti")
    assert shown(put_up(pero, line, today(), personal_data="health"), today()).albo == "omissis"


def test_words_that_are_not_there_are_refused(pero: Comune, line: RegisterLine) -> None:
    with pytest.raises(WordsNotFound, match="Rosssi"):
        redact(pero, line, "bilancio", "Rosssi")
    with pytest.raises(NothingToLeaveOut):
        redact(pero, line, "  ")
    assert not AuditEntry.across.filter(action="record.leave_out").exists()


def test_the_list_says_what_leaves_what_counts_and_what_is_missing(
    pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today(), personal_data="ordinary")
    found = deadlines(comune=pero, day=today(), until=today() + DAY * 30)
    assert {(one.what, one.day) for one in found} >= {
        ("enforceable", made.enforceable_date),
        ("copy_missing", made.last_date),
        ("leaves", made.last_date + DAY),
    }
    redact(pero, line, "rifiuti")
    later = deadlines(comune=pero, day=today())
    assert "copy_missing" not in {one.what for one in later}
