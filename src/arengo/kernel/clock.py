"""The one clock of the pages, which tests can stop.

Nothing else reads the time of day: ruff bans `datetime.now` and Django's
`timezone.now` outside this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """Return the present instant, zone-aware, in UTC."""
    return _source()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold `now()` at `at` (zone-aware) for every thread, until the block ends."""
    global _source
    if at.tzinfo is None:
        message = "a frozen clock needs a zone-aware datetime"
        raise ValueError(message)
    before, _source = _source, lambda: at
    try:
        yield
    finally:
        _source = before
