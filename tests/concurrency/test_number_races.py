"""Many clerks give numbers at once: each delibera has one, and no number is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from signed_delibera import another, put_up, sign

from arengo.council.models import Sitting
from arengo.council.operations import convene_sitting
from arengo.council.queries.people import today
from arengo.kernel.access import get_comune
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Comune
from arengo.record.models import Publication, RegisterLine
from arengo.record.register import number_delibere

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _together(*acts: Callable[[], object]) -> list[str]:
    """Do everything at the same moment; return what each got, by name."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            gate.wait(timeout=10)
            return type(act()).__name__
        except DomainError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def town() -> Comune:
    """Return Pero, with a council, in a database that every thread sees."""
    from chamber import seat_council

    comune = get_comune("pero")
    seat_council(comune)
    return comune


def make(comune: Comune, **over: object) -> Sitting:
    given = {"title": "Consiglio", "by": None, **over}
    return convene_sitting(comune=comune, **given)  # type: ignore[arg-type]  # the fixture's own


def test_numbers_given_by_many_at_once_have_no_hole(town: Comune) -> None:
    made = [another(town, make, hours_ago=2, items=2) for _ in range(3)]
    # None of them comes before another: any may take its numbers first.
    Sitting.across.update(opened_at=made[0].opened_at)
    sittings = list(Sitting.across.order_by("id"))

    def numbering(sitting: Sitting) -> Callable[[], object]:
        return lambda: number_delibere(comune=town, sitting=sitting, by=None)

    got = _together(*(numbering(one) for one in [*sittings, *sittings]))
    assert got == ["tuple"] * 6
    assert sorted(RegisterLine.across.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_delibera_published_by_many_is_published_once(town: Comune) -> None:
    [line] = number_delibere(comune=town, sitting=another(town, make, hours_ago=2), by=None)
    sign(town, line)
    got = _together(*[lambda: put_up(town, line, today())] * 4)
    assert sorted(got) == ["AlreadyPublished"] * 3 + ["Publication"]
    assert [one.number for one in Publication.across.all()] == [1]
