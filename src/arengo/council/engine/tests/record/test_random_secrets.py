"""Random sittings that are secret now and then: nothing of it is in a document for everyone."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from random_sittings import Sitting

from arengo.council.akn_schema import validate
from arengo.council.engine import events as e
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.guards import check_undo
from arengo.council.engine.record.account import Account, cut_intervals
from arengo.council.engine.record.akn import ROOTS, akoma_ntoso
from arengo.council.engine.record.document import votes_of, words_of
from arengo.council.engine.record.minutes import separate_part, verbale
from arengo.council.engine.record.tables import voters_csv, votes_csv
from arengo.council.engine.tests.record.made import every_document, said, told


def secret(sitting: Sitting) -> None:
    if sitting.state.secret_since:
        sitting.attempt(e.SecretEnded())
    else:
        sitting.attempt(e.SecretBegan("chiedente-riservato", "motivo-riservato"))


def note(sitting: Sitting) -> None:
    where = "riservata" if sitting.state.secret_since else "pubblica"
    sitting.attempt(e.Noted(f"nota-{where}-{len(sitting.entries)}."))


def verbatim(sitting: Sitting) -> None:
    where = "riservato" if sitting.state.secret_since else "pubblico"
    sitting.attempt(e.VerbatimAsked(sitting.someone(), f"testo-{where}-{len(sitting.entries)}."))


def conflict(sitting: Sitting) -> None:
    why = "parentela-riservata" if sitting.state.secret_since else "parentela"
    item = sitting.rng.choice(list(sitting.state.items))
    sitting.attempt(e.ConflictDeclared(sitting.someone(), item, why, leaves=False))


def amend(sitting: Sitting) -> None:
    number = f"e{len(sitting.entries)}"
    title = "Titolo-riservato" if sitting.state.secret_since else "Titolo"
    item = sitting.rng.choice(list(sitting.state.items))
    sitting.attempt(e.AmendmentFiled(item, number, title, "m1", text=f"{title}."))
    sitting.attempt(e.AmendmentWithdrawn(item, number))


def pause(sitting: Sitting) -> None:
    sitting.attempt(e.SittingResumed() if sitting.state.suspended_at else e.SittingSuspended("x"))


ACTS = (*Sitting.ACTS, secret, secret, note, note, verbatim, conflict, amend, pause)


def held(seed: int) -> Sitting:
    """Return a random sitting with secret parts, notes, suspensions and texts «a verbale»."""
    sitting = Sitting(random.Random(seed), ACTS=ACTS)
    sitting.begin()
    for _ in range(40):
        sitting.step()
    return sitting


def with_whispers(sitting: Sitting) -> Account:
    """Return its account; something is said at every entry, in secret «bisbiglio»."""
    silent = told(sitting.entries)
    cuts = cut_intervals(silent.moments)
    heard = []
    for moment in silent.moments[1:]:
        at = moment.at + timedelta(milliseconds=1)
        is_cut = any(a <= at and (b is None or at < b) for a, b in cuts)
        text = "Questo è un bisbiglio riservato." if is_cut else "Questo è detto a tutti."
        heard.append(said(at, sitting.rng.choice(list(sitting.state.members)), text, 0.002))
    return told(sitting.entries, heard)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(3))
def test_nothing_secret_is_in_a_document_for_everyone(block: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(block * 20, block * 20 + 20):
        sitting = held(seed)
        found = with_whispers(sitting)
        for document in every_document(found):
            text = words_of(document)
            seen["whispered"] += "bisbiglio" in text
            if not document.is_reserved:
                assert "riservat" not in text, seed
            if document.kind in ROOTS:
                assert validate(akoma_ntoso(found, document)) == (), seed
        assert "bisbiglio" not in votes_csv(found) + voters_csv(found)
        both(found, sitting, seen)
    assert seen["whispered"] == 0
    assert seen["secret notes"]
    assert seen["public notes"]
    assert seen["secret votes"]
    assert seen["public votes"]


def both(found: Account, sitting: Sitting, seen: Counter[str]) -> None:
    """Every note and vote that stands is in the verbale or in its separate part, once."""
    public, apart = verbale(found), separate_part(found)
    texts = (words_of(public), words_of(apart) if apart else "")
    for moment in found.moments:
        if isinstance(moment.event, e.Noted):
            is_secret = "riservata" in moment.event.text
            assert [one.count(moment.event.text) for one in texts] == [not is_secret, is_secret]
            seen["secret notes" if is_secret else "public notes"] += 1
    votes = [one.ballot for one in (*votes_of(public), *(votes_of(apart) if apart else ()))]
    assert sorted(votes) == sorted(found.end.ballots)
    seen["public votes"] += len(votes_of(public))
    seen["secret votes"] += len(votes) - len(votes_of(public))


def test_a_secret_part_cannot_be_undone_into_the_open() -> None:
    """The separation above rests on this guard."""
    sitting = held(1)
    began = next((one for one in sitting.entries if isinstance(one.event, e.SecretBegan)), None)
    assert began is not None
    with pytest.raises(RuleBroken):
        check_undo(sitting.entries, e.Undone(began.seq))
