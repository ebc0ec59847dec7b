"""Terms of a notice: properties against a count day by day, and the cases of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.council.engine.convocation import (
    USUAL_RULES,
    TermRule,
    Terms,
    check_in_time,
    terms,
)
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.holidays import day_words, easter, holiday_name

ROME = ZoneInfo("Europe/Rome")
ARTICLE = "art. 12 del regolamento"

days = st.dates(date(2020, 1, 1), date(2045, 12, 31))
moments = st.datetimes(datetime(2020, 1, 10), datetime(2045, 12, 31)).map(
    lambda at: at.replace(tzinfo=ROME)
)
day_rules = st.builds(
    TermRule,
    kind=st.just("ordinary"),
    amount=st.integers(0, 20),
    unit=st.sampled_from(["free_days", "days"]),
    article=st.just(ARTICLE),
    skips_holidays=st.booleans(),
    moves_earlier=st.booleans(),
)


def rule(amount: int, unit: str = "free_days", **over: bool) -> TermRule:
    return TermRule("ordinary", amount, unit, ARTICLE, **over)  # type: ignore[arg-type]  # a literal


def counted(found: TermRule, sitting_at: datetime) -> Terms:
    return terms(found, sitting_at=sitting_at, at=sitting_at - timedelta(days=90))


def whole_days_between(first: date, last: date, wanted: TermRule) -> int:
    """Count the days strictly between two, one at a time, holidays left out if the rule says so."""
    day, found = first + timedelta(days=1), 0
    while day < last:
        is_left_out = wanted.skips_holidays and holiday_name(day)
        found += not is_left_out
        day += timedelta(days=1)
    return found


@given(wanted=day_rules, sitting_at=moments)
def test_last_day_leaves_all_the_days_that_the_rule_wants(
    wanted: TermRule, sitting_at: datetime
) -> None:
    last = counted(wanted, sitting_at).last_day
    assert last is not None
    between = whole_days_between(last, sitting_at.date(), wanted)
    extra = wanted.unit == "days" and wanted.amount > 0
    assert between + extra >= wanted.amount


@given(sitting_at=moments, amount=st.integers(1, 20), skips=st.booleans())
def test_a_day_later_would_leave_too_few(sitting_at: datetime, amount: int, skips: bool) -> None:
    wanted = rule(amount, skips_holidays=skips)
    last = counted(wanted, sitting_at).last_day
    assert last is not None
    too_late = last + timedelta(days=1)
    assert whole_days_between(too_late, sitting_at.date(), wanted) < amount


@given(wanted=day_rules, sitting_at=moments, before=st.integers(0, 60), hour=st.integers(0, 23))
def test_a_notice_is_in_time_until_its_last_day_and_never_after(
    wanted: TermRule, sitting_at: datetime, before: int, hour: int
) -> None:
    day = sitting_at.date() - timedelta(days=before)
    at = datetime(day.year, day.month, day.day, hour, 30, tzinfo=ROME)
    found = terms(wanted, sitting_at=sitting_at, at=at)
    assert found.last_day is not None
    assert found.is_in_time == (day <= found.last_day and at < sitting_at)


@given(sitting_at=moments, wanted=day_rules)
def test_holidays_only_ever_ask_for_an_earlier_notice(
    sitting_at: datetime, wanted: TermRule
) -> None:
    plain = TermRule("ordinary", wanted.amount, wanted.unit, ARTICLE)
    assert counted(wanted, sitting_at).deadline <= counted(plain, sitting_at).deadline


@given(sitting_at=moments, amount=st.integers(0, 20))
def test_one_more_day_is_never_later(sitting_at: datetime, amount: int) -> None:
    assert (
        counted(rule(amount + 1), sitting_at).deadline < counted(rule(amount), sitting_at).deadline
    )


@given(sitting_at=moments, hours=st.integers(1, 96))
def test_hours_are_hours_even_when_the_clock_changes(sitting_at: datetime, hours: int) -> None:
    found = counted(rule(hours, "hours"), sitting_at)
    assert sitting_at.astimezone(UTC) - found.deadline.astimezone(UTC) == timedelta(hours=hours)


@given(day=days)
def test_moved_earlier_is_never_a_holiday(day: date) -> None:
    at = datetime(day.year, day.month, day.day, 20, 30, tzinfo=ROME)
    last = counted(rule(5, moves_earlier=True), at).last_day
    assert last is not None
    assert holiday_name(last) == ""


def test_five_free_days_before_a_monday() -> None:
    """Monday 30 November 2026: the days from 25 to 29 are free, delivery is by the 24th."""
    found = counted(USUAL_RULES["ordinary"], datetime(2026, 11, 30, 20, 30, tzinfo=ROME))
    assert found.last_day == date(2026, 11, 24)
    assert [day.day for day in found.counted] == [25, 26, 27, 28, 29]
    assert "5 giorni liberi prima di lunedì 30 novembre 2026" in found.sentence
    assert "l’ultimo giorno utile per la consegna è martedì 24 novembre 2026" in found.sentence


def test_holidays_that_are_not_counted_are_named() -> None:
    """Three free days before 28 December 2026, without Sunday, Saint Stephen's and Christmas."""
    found = counted(rule(3, skips_holidays=True), datetime(2026, 12, 28, 18, tzinfo=ROME))
    assert [day.day for day in found.counted] == [22, 23, 24]
    assert [name for _, name in found.skipped] == ["Natale", "Santo Stefano", "domenica"]
    assert found.last_day == date(2026, 12, 21)


def test_last_day_on_a_holiday_goes_to_the_working_day_before() -> None:
    """Last day 8 December, a holiday: the 7th."""
    at = datetime(2026, 12, 12, 18, tzinfo=ROME)
    assert counted(rule(3), at).last_day == date(2026, 12, 8)
    assert counted(rule(3, moves_earlier=True), at).last_day == date(2026, 12, 7)


def test_patron_saint_is_a_holiday_of_that_comune_alone() -> None:
    assert holiday_name(date(2026, 12, 7)) == ""
    assert holiday_name(date(2026, 12, 7), frozenset({(12, 7)})) == "festa patronale"


def test_24_hours_across_the_end_of_summer_time() -> None:
    """Sunday 25 October 2026 has 25 hours: 24 hours before 20:30 it is 20:30 of Saturday, plus one."""
    found = counted(rule(24, "hours"), datetime(2026, 10, 25, 20, 30, tzinfo=ROME))
    assert (found.deadline.day, found.deadline.hour) == (24, 21)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_is_where_the_calendars_put_it(year: int, day: date) -> None:
    assert easter(year) == day
    assert holiday_name(day + timedelta(days=1)) == "lunedì dell’Angelo"


def test_a_holiday_holds_from_its_first_year() -> None:
    """4 October 2025 was a working Saturday; in 2027 it is a Monday and a holiday."""
    assert holiday_name(date(2025, 10, 4)) == ""
    assert holiday_name(date(2027, 10, 4)) == "San Francesco d’Assisi"


def test_days_are_written_as_italians_write_them() -> None:
    assert day_words(date(2026, 12, 1)) == "martedì 1° dicembre 2026"


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [("ordinary", "d’urgenza"), ("urgent", "Sposta"), ("supplement", "Rinvia i punti")],
)
def test_a_late_notice_is_refused_with_its_article_and_a_remedy(kind: str, remedy: str) -> None:
    at = datetime(2026, 11, 30, 20, 30, tzinfo=ROME)
    found = terms(USUAL_RULES[kind], sitting_at=at, at=at - timedelta(hours=2))
    with pytest.raises(RuleBroken, match=remedy) as refused:
        check_in_time(found)
    assert "TUEL art. 38 c. 2" in refused.value.rule


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(RuleBroken, match="negativo"):
        rule(-1)
