"""Publication: properties against a count day by day, the calendar's corners, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.council.engine.errors import ProfileUnusable, RuleBroken
from arengo.council.engine.holidays import holiday_name
from arengo.council.engine.publication import (
    Calendar,
    calendar,
    copies,
    enforceability_certificate,
    local_day,
    publication_report,
)
from arengo.council.engine.publication_terms import PublicationRules, on_day, read_law
from arengo.council.publication_law import publication_law

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure
ROME = ZoneInfo("Europe/Rome")
LAW = publication_law()
USUAL = PublicationRules()
ONE_DAY = timedelta(days=1)

days = st.dates(date(2001, 1, 1), date(2060, 12, 31))
rules = st.builds(
    PublicationRules,
    reading=st.sampled_from(["start", "end"]),
    counts_first_day=st.booleans(),
    moves_from_holidays=st.booleans(),
    local_holidays=st.sampled_from([frozenset(), frozenset({(12, 7)})]),
)


def published(
    day: date, wanted: PublicationRules = USUAL, *, is_immediate: bool = False
) -> Calendar:
    return calendar(LAW, wanted, adopted_date=day, published_date=day, is_immediate=is_immediate)


def nth_day(first: date, number: int, *, counts_first: bool, moves: PublicationRules) -> date:
    """Walk the calendar one day at a time until the nth, and past holidays if the rules say so."""
    day, counted = first, int(counts_first)
    while counted < number:
        day += ONE_DAY
        counted += 1
    while moves.moves_from_holidays and holiday_name(day, moves.local_holidays):
        day += ONE_DAY
    return day


@UNHURRIED
@given(day=days, wanted=rules)
def test_every_date_is_the_one_found_walking_day_by_day(
    day: date, wanted: PublicationRules
) -> None:
    found = published(day, wanted)
    first = wanted.counts_first_day
    assert found.last_date == nth_day(day, 15, counts_first=first, moves=wanted)
    assert found.from_start.last_day == nth_day(day, 10, counts_first=first, moves=wanted)
    end = nth_day(found.last_date, 10, counts_first=False, moves=wanted)
    assert found.from_end.last_day == end


@UNHURRIED
@given(day=days, wanted=rules, is_immediate=st.booleans())
def test_both_readings_are_always_there_and_the_chosen_one_is_in_force(
    day: date, wanted: PublicationRules, is_immediate: bool
) -> None:
    found = published(day, wanted, is_immediate=is_immediate)
    chosen = {"start": found.from_start, "end": found.from_end}[wanted.reading]
    assert found.enforceable_date == (day if is_immediate else chosen.enforceable_date)
    assert found.from_start.enforceable_date < found.from_end.enforceable_date
    both = found.sentences[1]
    assert on_day(found.from_start.enforceable_date, "dal") in both
    assert on_day(found.from_end.enforceable_date, "dal") in both


@UNHURRIED
@given(day=days, wanted=rules)
def test_it_is_never_enforceable_before_or_on_the_tenth_day(
    day: date, wanted: PublicationRules
) -> None:
    """Art. 134 c. 3 says after it, and the day of publication is at most the first."""
    found = published(day, wanted)
    tenth = day + ONE_DAY * (10 - wanted.counts_first_day)
    assert found.from_start.enforceable_date > tenth
    assert found.from_end.enforceable_date > found.last_date + ONE_DAY * 10


@UNHURRIED
@given(day=days, wanted=rules)
def test_the_days_on_the_albo_are_consecutive_and_at_least_fifteen(
    day: date, wanted: PublicationRules
) -> None:
    found = published(day, wanted)
    assert len(found.days) >= 15
    assert all(b - a == ONE_DAY for a, b in zip(found.days, found.days[1:], strict=False))
    assert (found.days[0], found.days[-1]) == (day, found.last_date)
    assert found.removal_date == found.last_date + ONE_DAY


@UNHURRIED
@given(day=days, wanted=rules)
def test_a_term_moved_from_a_holiday_never_ends_on_one(day: date, wanted: PublicationRules) -> None:
    moved = published(day, replace(wanted, moves_from_holidays=True))
    plain = published(day, replace(wanted, moves_from_holidays=False))
    for last in (moved.last_date, moved.from_start.last_day, moved.from_end.last_day):
        assert not holiday_name(last, wanted.local_holidays)
    assert moved.last_date >= plain.last_date
    assert moved.from_start.last_day >= plain.from_start.last_day


@pytest.mark.parametrize(
    ("day", "last", "start", "end"),
    [
        (date(2026, 12, 4), date(2026, 12, 19), date(2026, 12, 15), date(2026, 12, 30)),
        (date(2026, 12, 20), date(2027, 1, 4), date(2026, 12, 31), date(2027, 1, 15)),  # year end
        (date(2028, 2, 20), date(2028, 3, 6), date(2028, 3, 2), date(2028, 3, 17)),  # leap
        (date(2027, 2, 20), date(2027, 3, 7), date(2027, 3, 3), date(2027, 3, 18)),  # not leap
        (
            date(2026, 3, 25),
            date(2026, 4, 9),
            date(2026, 4, 5),
            date(2026, 4, 20),
        ),  # change of hour
    ],
)
def test_dates_reckoned_by_hand(day: date, last: date, start: date, end: date) -> None:
    found = published(day)
    assert found.last_date == last
    assert found.from_start.enforceable_date == start
    assert found.from_end.enforceable_date == end


def test_a_tenth_day_at_christmas_waits_for_sunday_too_only_where_the_rules_say_so() -> None:
    christmas = date(2026, 12, 15)  # tenth day Friday 25th, then St Stephen, then a Sunday
    moved = published(christmas, PublicationRules(moves_from_holidays=True))
    assert moved.from_start.last_day == date(2026, 12, 28)
    assert published(christmas).from_start.last_day == date(2026, 12, 25)


def test_the_patron_is_a_holiday_of_that_comune_alone() -> None:
    ambrose = frozenset({(12, 7)})
    moved = PublicationRules(moves_from_holidays=True, local_holidays=ambrose)
    elsewhere = PublicationRules(moves_from_holidays=True)
    monday = date(2026, 11, 27)  # tenth day Monday 7 December, before the Immaculate Conception
    assert published(monday, moved).from_start.last_day == date(2026, 12, 9)
    assert published(monday, elsewhere).from_start.last_day == date(2026, 12, 7)


@UNHURRIED
@given(at=st.datetimes(datetime(2001, 1, 1), datetime(2060, 12, 31)))
def test_the_change_of_hour_changes_no_date(at: datetime) -> None:
    """The same local day gives the same dates, whatever the offset of its instant."""
    instant = at.replace(tzinfo=UTC)
    day = local_day(instant, ROME)
    assert day in (at.date(), at.date() + ONE_DAY)
    hours = {
        local_day(datetime(day.year, day.month, day.day, h, tzinfo=ROME), ROME) for h in range(24)
    }
    assert hours == {day}


def test_late_in_the_evening_utc_is_tomorrow_in_rome() -> None:
    assert local_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), ROME) == date(2027, 1, 1)
    assert local_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), ROME) == date(2026, 7, 2)
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 7, 1, 22, 30), ROME)


def test_an_immediately_enforceable_act_is_so_from_the_vote_and_published_all_the_same() -> None:
    found = calendar(
        LAW,
        USUAL,
        adopted_date=date(2026, 11, 30),
        published_date=date(2026, 12, 4),
        is_immediate=True,
    )
    assert found.enforceable_date == date(2026, 11, 30)
    assert found.article == "TUEL art. 134 c. 4"
    assert found.last_date == date(2026, 12, 19)
    assert found.sentences[2] == (
        "È immediatamente eseguibile dal 30 novembre 2026 (TUEL art. 134 c. 4)."
    )


def test_what_is_custom_is_never_told_as_law() -> None:
    found = published(date(2026, 12, 4))
    assert [one.is_law for one in found.grounds] == [False, False, False]
    assert all("verificare" in one.source or "lettura" in one.source for one in found.grounds)
    own = published(date(2026, 12, 4), PublicationRules(article="art. 40 del regolamento"))
    assert {one.source for one in own.counting} == {"art. 40 del regolamento"}
    assert not own.reading.is_law  # a regulation does not settle how the law is read


def test_it_is_not_published_before_it_is_adopted_nor_under_an_unknown_law() -> None:
    with pytest.raises(RuleBroken, match=r"è del 4 dicembre 2026: non può essere pubblicata prima"):
        calendar(LAW, USUAL, adopted_date=date(2026, 12, 4), published_date=date(2026, 12, 3))
    with pytest.raises(RuleBroken, match=r"Non sono note le regole di pubblicazione dell’8 maggio"):
        published(date(1999, 5, 8))


@UNHURRIED
@given(
    day=days,
    wanted=rules,
    data=st.sampled_from(["none", "ordinary", "health"]),
    after=st.integers(-3, 400),
)
def test_personal_data_leaves_with_the_albo(
    day: date, wanted: PublicationRules, data: str, after: int
) -> None:
    found = published(day + ONE_DAY * 7000, wanted)  # when every duty of the law holds
    today = found.first_date + ONE_DAY * after
    shown = copies(LAW, found, data, today)  # type: ignore[arg-type]  # a literal
    is_on = found.first_date <= today <= found.last_date
    assert (shown.albo == "none") is not is_on
    assert shown.archive == ("full" if data == "none" else "omissis")
    assert not (data == "health" and "full" in (shown.albo, shown.archive))


def test_the_last_day_is_still_on_the_albo_and_the_next_is_not() -> None:
    found = published(date(2026, 12, 4))
    assert copies(LAW, found, "ordinary", date(2026, 12, 19)).albo == "full"
    assert copies(LAW, found, "ordinary", date(2026, 12, 20)).albo == "none"
    assert "Veronella" in copies(LAW, found, "ordinary", date(2026, 12, 20)).article


def test_the_referto_waits_for_the_end_and_says_the_days() -> None:
    found = published(date(2026, 12, 4))
    with pytest.raises(RuleBroken, match="il referto si fa dal 20 dicembre 2026"):
        publication_report(LAW, found, delibera="12/2026", today=date(2026, 12, 19))
    report = publication_report(LAW, found, delibera="12/2026", today=date(2026, 12, 20))
    assert report.sentence == (
        "La delibera n. 12/2026 è stata pubblicata all’albo pretorio per 15 giorni consecutivi, "
        "dal 4 dicembre 2026 al 19 dicembre 2026 (TUEL art. 124 c. 1)."
    )
    assert any("firma" in one for one in report.to_verify)
    assert not any("lettura" in one for one in report.to_verify)


def test_a_publication_with_a_hole_has_no_referto() -> None:
    found = published(date(2026, 12, 4))
    today = date(2027, 1, 7)
    with pytest.raises(RuleBroken, match="non era leggibile all’albo l’8 dicembre 2026"):
        publication_report(
            LAW, found, delibera="1/2026", today=today, missing_days=[date(2026, 12, 8)]
        )
    outside = [date(2026, 12, 3), date(2026, 12, 20)]
    publication_report(LAW, found, delibera="1/2026", today=today, missing_days=outside)


@UNHURRIED
@given(day=days, wanted=rules, is_immediate=st.booleans(), after=st.integers(0, 40))
def test_the_certificate_is_never_given_a_day_too_early(
    day: date, wanted: PublicationRules, is_immediate: bool, after: int
) -> None:
    found = published(day, wanted, is_immediate=is_immediate)
    today = day + ONE_DAY * after
    if today < found.enforceable_date:
        with pytest.raises(RuleBroken, match="il certificato si fa da quel giorno"):
            enforceability_certificate(LAW, found, delibera="1/2026", today=today)
        return
    given_ = enforceability_certificate(LAW, found, delibera="1/2026", today=today)
    assert given_.from_start_date == found.from_start.enforceable_date
    assert given_.from_end_date == found.from_end.enforceable_date
    assert given_.article == f"TUEL art. 134 c. {4 if is_immediate else 3}"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 8), ("l’8 dicembre 2026", "dall’8 dicembre 2026", "all’8 dicembre 2026")),
        (date(2026, 5, 11), ("l’11 maggio 2026", "dall’11 maggio 2026", "all’11 maggio 2026")),
        (date(2027, 1, 1), ("il 1° gennaio 2027", "dal 1° gennaio 2027", "al 1° gennaio 2027")),
    ],
)
def test_days_are_written_with_their_article(day: date, words: tuple[str, str, str]) -> None:
    assert (on_day(day), on_day(day, "dal"), on_day(day, "al")) == words


def test_a_malformed_law_is_refused_where_it_is_wrong() -> None:
    with pytest.raises(ProfileUnusable, match="albo"):
        read_law({"albo": [{"days": "quindici", "valid_from": date(2000, 10, 13), "article": "x"}]})
