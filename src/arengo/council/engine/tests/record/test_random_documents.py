"""A hundred random sittings, with words: every document is built, sound and traceable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from random_sittings import hold

from arengo.council.akn_schema import validate
from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.record.account import Account, standing
from arengo.council.engine.record.akn import ROOTS, akoma_ntoso
from arengo.council.engine.record.document import Document, Section, nodes, votes_of, words_of
from arengo.council.engine.record.tables import attendance_csv, voters_csv, votes_csv
from arengo.council.engine.record.tei import tei
from arengo.council.engine.tests.record.made import every_document, spoken, told


def random_account(seed: int) -> tuple[Sequence[Entry], Account]:
    sitting = hold(seed)
    return sitting.entries, told(sitting.entries, spoken(sitting.entries, seed))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_random_sittings_have_sound_documents(block: int) -> None:
    votes = undone = 0
    for seed in range(block * 10, block * 10 + 10):
        entries, found = random_account(seed)
        documents = every_document(found)
        for document in documents:
            is_traceable(document, entries)
            if document.kind in ROOTS:
                assert validate(akoma_ntoso(found, document)) == (), seed
        votes += has_every_vote_once(found, documents)
        undone += sum(isinstance(one.event, e.Undone) for one in entries)
        assert tei(found, documents[1])
        assert votes_csv(found)
        assert voters_csv(found)
        assert attendance_csv(found)
    assert votes  # the properties above would be empty without
    assert undone


def is_traceable(document: Document, entries: Sequence[Entry]) -> None:
    """Every node names entries that stand, none that was undone, and says where it comes from."""
    stands = {one.seq for one in standing(entries)}
    assert words_of(document)
    for node in nodes(document):
        seqs, spans = set(getattr(node, "seqs", ())), getattr(node, "spans", ())
        assert seqs <= stands
        if not isinstance(node, Section):
            assert seqs or spans or getattr(node, "paragraphs", ()), node


def has_every_vote_once(found: Account, documents: Sequence[Document]) -> int:
    for kind in ("verbale", "votes", "resoconto_integrale", "resoconto_sommario"):
        (document,) = (one for one in documents if one.kind == kind)
        counted = Counter(one.ballot for one in votes_of(document))
        assert counted == Counter(dict.fromkeys(found.end.ballots, 1))
    return len(found.end.ballots)
