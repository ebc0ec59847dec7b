"""The clock goes, and stops when told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from arengo.kernel import clock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_now_is_zone_aware() -> None:
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_and_goes_on_after() -> None:
    with clock.frozen(NOON):
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="zone-aware"), clock.frozen(datetime(2026, 1, 1)):
        pass
