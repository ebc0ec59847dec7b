"""Numbers of delibere: after the sitting, in order, without holes, each town and demo its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from signed_delibera import another, held_and_closed
from spoken_sitting import hold

from arengo.council.engine.record.document import words_of
from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import AuditEntry, Comune
from arengo.record.drafts import account_of, find
from arengo.record.errors import EarlierWithoutNumbers, NothingToNumber, SittingNotOver
from arengo.record.models import RegisterLine
from arengo.record.register import line_numbered, number_delibere, sittings_to_number

Make = Callable[..., Sitting]


def test_a_closed_sitting_gets_its_numbers_once(pero: Comune, make_sitting: Make) -> None:
    sitting = held_and_closed(pero, make_sitting)
    assert sittings_to_number(comune=pero) == (sitting,)
    [line] = number_delibere(comune=pero, sitting=sitting, by=None)
    assert (line.number, line.year) == (1, clock.now().year)
    assert line.subject == "Variazione al bilancio per la raccolta dei rifiuti"
    assert number_delibere(comune=pero, sitting=sitting, by=None) == (line,)
    assert sittings_to_number(comune=pero) == ()
    assert AuditEntry.across.filter(action="record.number_delibera").count() == 1


def test_the_number_is_in_the_document(pero: Comune, make_sitting: Make) -> None:
    sitting = held_and_closed(pero, make_sitting)
    [line] = number_delibere(comune=pero, sitting=sitting, by=None)
    document = find(account_of(comune=pero, sitting=sitting), line.name).document
    assert document.number == 1
    assert f"di {pero.name} n. 1 del" in words_of(document)


def test_numbers_follow_the_items_and_the_sittings(pero: Comune, make_sitting: Make) -> None:
    first = held_and_closed(pero, make_sitting)
    second = another(pero, make_sitting, hours_ago=0.5, items=2)
    with pytest.raises(EarlierWithoutNumbers, match="numera prima"):
        number_delibere(comune=pero, sitting=second, by=None)
    number_delibere(comune=pero, sitting=first, by=None)
    given = number_delibere(comune=pero, sitting=second, by=None)
    assert [line.number for line in given] == [2, 3]
    assert [line.subject for line in given] == [
        "Variazione al bilancio per la raccolta dei rifiuti",
        "Regolamento per l'uso delle sale civiche",
    ]


def test_a_demonstration_uses_no_number_of_the_register(pero: Comune, make_sitting: Make) -> None:
    real = held_and_closed(pero, make_sitting)
    demo = another(pero, make_sitting, hours_ago=2, is_demo=True)
    [invented] = number_delibere(comune=pero, sitting=demo, by=None)
    [line] = number_delibere(comune=pero, sitting=real, by=None)
    assert (line.number, line.code) == (1, "1")
    assert (invented.number, invented.code) == (1, "prova-1")
    assert line_numbered(comune=pero, year=line.year, code="prova-1") == invented


@pytest.mark.parametrize("code", ["0", "01", "2", "prova-1", "x", "١", "9" * 40])
def test_a_number_that_is_not_there_is_not_found(
    code: str, pero: Comune, make_sitting: Make
) -> None:
    sitting = held_and_closed(pero, make_sitting)
    [line] = number_delibere(comune=pero, sitting=sitting, by=None)
    with pytest.raises(NotFound):
        line_numbered(comune=pero, year=line.year, code=code)


def test_what_is_still_going_on_gets_no_number(pero: Comune, make_sitting: Make) -> None:
    with pytest.raises(SittingNotOver):
        number_delibere(comune=pero, sitting=hold(pero, make_sitting), by=None)


def test_a_sitting_that_decided_nothing_is_refused(pero: Comune, make_sitting: Make) -> None:
    held_and_closed(pero, make_sitting)
    silent = another(pero, make_sitting, hours_ago=5, items=0)
    with pytest.raises(NothingToNumber):
        number_delibere(comune=pero, sitting=silent, by=None)
    assert RegisterLine.across.count() == 0


def test_a_sitting_of_the_next_town_is_not_found(
    rho: Comune, pero: Comune, make_sitting: Make
) -> None:
    with pytest.raises(NotFound):
        number_delibere(comune=rho, sitting=held_and_closed(pero, make_sitting), by=None)
