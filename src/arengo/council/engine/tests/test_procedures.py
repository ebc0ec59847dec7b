"""Each type of item has its procedure, and the opinions that the law wants of it."""

from __future__ import annotations

import pytest

from arengo.council.engine.procedures import PROCEDURES, Procedure, opinions_due, procedure_of

STAGES = ["presentation", "discussion", "replies", "declarations", "vote"]


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda one: one.type)
def test_stages_come_in_order_and_end_with_a_vote_where_there_is_one(
    procedure: Procedure,
) -> None:
    stages = [step.stage for step in procedure.steps]
    assert stages == sorted(stages, key=STAGES.index)
    assert (stages[-1] == "vote") == procedure.is_voted == bool(procedure.subject)
    assert procedure.article
    assert procedure.explains


@pytest.mark.parametrize("type_", ["question", "interpellation"])
def test_a_question_is_answered_and_replied_to_but_not_voted(type_: str) -> None:
    asked = procedure_of(type_)
    speeches = [kind for step in asked.steps for kind in step.speeches if kind != "point_of_order"]
    assert speeches == ["question", "answer", "rejoinder"]
    assert (asked.is_voted, asked.answer_within_days) == (False, 30)


@pytest.mark.parametrize(
    ("type_", "spends", "due"),
    [
        ("proposal", False, ("technical",)),
        ("proposal", True, ("technical", "accounting")),
        ("motion", True, ()),
        ("order_of_day", False, ()),
        ("question", False, ()),
    ],
)
def test_opinions_are_due_on_proposals_that_are_not_mere_direction(
    type_: str, spends: bool, due: tuple[str, ...]
) -> None:
    assert opinions_due(type_, affects_spending=spends) == due


def test_an_unknown_type_has_no_procedure() -> None:
    with pytest.raises(KeyError):
        procedure_of("petition")
