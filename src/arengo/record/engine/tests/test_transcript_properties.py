from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arengo.record.engine.editing import apply, fold, open_offers
from arengo.record.engine.edits import MachineAccepted, Undone
from arengo.record.engine.glossary import find, replacing
from arengo.record.engine.proposal import differences, proposed
from arengo.record.engine.tests.spoken import (
    ANNA,
    BRUNO,
    Made,
    edits,
    fixed,
    runs,
    transcripts,
    word_edits,
)
from arengo.record.engine.transcript import Row, Transcript, base, is_in_order, lines
from arengo.record.engine.words import MACHINE

UNHURRIED = settings(deadline=None, max_examples=25)  # a busy machine is not a failure


def _span(transcript: Transcript) -> tuple[float, float]:
    words = list(transcript.words())
    return words[0].start_s, words[-1].end_s


@pytest.mark.slow
@UNHURRIED
@given(transcripts(), st.data())
def test_edits_keep_the_time_and_fold_alike_and_undo_in_reverse(
    start: Transcript, data: st.DataObject
) -> None:
    now, log = start, []
    for seq in range(1, data.draw(st.integers(1, 5)) + 1):
        made = Made(seq, ANNA, data.draw(edits(now)))
        after = apply(now, made.edit, seq=seq, by=ANNA)
        assert is_in_order(after)
        assert _span(after) == _span(start)
        undone = apply(after, Undone(seq), seq=seq + 1, by=BRUNO)
        assert (undone, lines(undone)) == (now, lines(now))
        now = after
        log.append(made)
    assert fold(start, log) == now == fold(start, log)
    back = [Made(len(log) + made.seq, ANNA, Undone(len(log) + 1 - made.seq)) for made in log]
    assert fold(start, [*log, *back]) == start


@pytest.mark.slow
@UNHURRIED
@given(transcripts(), st.data())
def test_edits_of_two_editors_on_other_words_give_the_same_in_either_order(
    start: Transcript, data: st.DataObject
) -> None:
    mine, yours = data.draw(runs(start)), data.draw(runs(start))
    assume({word.id for word in mine}.isdisjoint(word.id for word in yours))
    one, other = data.draw(word_edits(mine)), data.draw(word_edits(yours))
    there = apply(apply(start, one, seq=1, by=ANNA), other, seq=2, by=BRUNO)
    back = apply(apply(start, other, seq=2, by=BRUNO), one, seq=1, by=ANNA)
    assert there == back


@pytest.mark.slow
@UNHURRIED
@given(transcripts(), transcripts())
def test_all_differences_accepted_make_the_text_of_the_second_hearing(
    start: Transcript, again: Transcript
) -> None:
    first_s, last_s = _span(start)
    heard = [(w.text, w.start_s, w.end_s, 1.0) for w in again.words()]
    heard = [
        ("prima", first_s - 2, first_s - 1, 1.0),
        *heard,
        ("dopo", last_s + 1, last_s + 2, 1.0),
    ]
    offered = apply(start, proposed(differences(start, heard)), seq=1, by=MACHINE)
    chosen = tuple(offer.id for offer in open_offers(offered))
    after = apply(offered, MachineAccepted(chosen), seq=2, by=ANNA)
    told = " ".join(" ".join(lines(after)).split())
    assert told == " ".join(one[0] for one in sorted(heard, key=lambda one: one[1:3]))


@pytest.mark.slow
@UNHURRIED
@given(transcripts(), st.sampled_from(["rossi", "bilancio", "odg", "il Rossi", "sì. il"]))
def test_what_was_replaced_is_found_no_more(start: Transcript, text: str) -> None:
    edit = replacing(start, text, "altro")
    assert (edit is None) == (not find(start, text))
    if edit:
        assert find(apply(start, edit, seq=1, by=ANNA), text) == ()


@pytest.mark.slow
def test_a_long_sitting_with_a_thousand_edits_folds() -> None:
    words = [(f"parola{k}", k / 2, k / 2 + 0.4, 0.9) for k in range(30_000)]
    start = base(Row(f"c{k}", f"m{k // 10 % 7}", words[k * 10 : k * 10 + 10]) for k in range(3_000))
    chosen = random.Random(1).sample(list(start.words()), 1_000)
    log = [Made(seq, ANNA, fixed([word], "due parole")) for seq, word in enumerate(chosen, 1)]
    after = fold(start, log)
    assert sum(word.is_touched for word in after.words()) == 2_000
    assert len(lines(after)) == len(lines(start))
