"""From the hour in the hall to sitting time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from arengo.live.engine.playlist import Segment
from arengo.live.engine.wall import Anchor, Hours, anchors, sitting_time

EVENING = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)


def segment(
    number: int, at_s: float, *, late_s: float = 0.0, take: int = 1, is_gap: bool = False
) -> Segment:
    wall = EVENING + timedelta(seconds=at_s + late_s)
    return Segment(number, take, at_s, 2.0, wall, is_gap=is_gap)


def test_one_take_on_time_has_one_anchor() -> None:
    found = anchors(segment(n, 2.0 * n, late_s=0.1 * (n % 2)) for n in range(50))
    assert found == [Anchor(0.0, EVENING)]


def test_a_new_take_has_its_own_hour() -> None:
    """The encoder was gone for ten minutes; sitting time goes on without a hole."""
    later = [segment(n, 2.0 * n, late_s=600, take=2) for n in (2, 3)]
    found = anchors([segment(0, 0), segment(1, 2.0), *later])
    assert found == [Anchor(0.0, EVENING), Anchor(4.0, EVENING + timedelta(seconds=604))]


def test_drift_is_followed_before_anyone_sees_it() -> None:
    """A clock that loses one millisecond in a hundred: nowhere is the hour off by more than that."""
    segments = [segment(n, 2.0 * n, late_s=0.02 * n) for n in range(200)]
    found = anchors(segments)
    assert len(found) == 8
    for one in segments:
        last = [anchor for anchor in found if anchor.start_s <= one.start_s][-1]
        hour = last.wall + timedelta(seconds=one.start_s - last.start_s)
        assert abs((hour - one.wall).total_seconds()) <= 0.5


def test_what_is_not_recorded_is_no_place_to_go() -> None:
    found = anchors([segment(0, 0, is_gap=True), segment(1, 2.0), segment(2, 4.0, is_gap=True)])
    assert found == [Anchor(2.0, EVENING + timedelta(seconds=2))]


def test_an_hour_without_pictures_is_the_next_picture() -> None:
    later = EVENING + timedelta(seconds=600)
    found = [Anchor(0.0, EVENING), Anchor(20.0, later)]
    hours = [EVENING - timedelta(seconds=5), EVENING + timedelta(seconds=7)]
    hours += [EVENING + timedelta(seconds=300), later, later + timedelta(seconds=3)]
    assert [sitting_time(found, hour) for hour in hours] == [-5.0, 7.0, 20.0, 20.0, 23.0]


def test_what_was_withdrawn_is_no_place_to_go() -> None:
    hours = Hours()
    assert [hours.add(segment(n, 2.0 * n)) for n in range(3)] == [True, False, False]
    hours.cut(2.0)
    assert hours.add(segment(7, 2.0, late_s=3600.0))
    assert [anchor.start_s for anchor in hours.anchors] == [0.0, 2.0]
