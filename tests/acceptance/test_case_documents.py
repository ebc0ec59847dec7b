"""The sittings of the case suite have their documents, strictly valid, with every vote told."""

from __future__ import annotations

import pytest
from case_sittings import case_journals

from arengo.council.akn_schema import validate
from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.record.akn import ROOTS, akoma_ntoso
from arengo.council.engine.record.document import votes_of
from arengo.council.engine.record.documents import all_documents
from arengo.council.engine.tests.record.made import told
from arengo.record.engine.templates import worded
from arengo.record.template_texts import own_template

JOURNALS = dict(case_journals())


@pytest.mark.parametrize("entries", JOURNALS.values(), ids=list(JOURNALS))
def test_the_sitting_of_a_case_is_told_whole_and_valid(entries: list[Entry]) -> None:
    account = told(entries)
    opened = sum(isinstance(one.event, e.BallotOpened) for one in entries)
    for document in all_documents(account):
        assert worded(account, document, own_template(document.kind)).document == document
        if document.kind in ROOTS:
            assert validate(akoma_ntoso(account, document)) == ()
        if document.kind == "verbale":
            assert len(votes_of(document)) == opened


def test_most_of_the_cases_have_a_vote_that_is_proclaimed() -> None:
    proclaimed = [
        name
        for name, entries in JOURNALS.items()
        if any(isinstance(one.event, e.Proclaimed) for one in entries)
    ]
    assert len(proclaimed) >= 15
