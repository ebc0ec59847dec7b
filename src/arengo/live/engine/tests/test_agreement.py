"""Two hypotheses that agree commit a word; what is committed never changes or repeats."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.agreement import Agreement, agreement, continuation, restored
from arengo.live.engine.words import Word


def said(text: str, shift: float = 0.0) -> list[Word]:
    """Return a text as words of 0.4 s each."""
    return [
        Word(0.5 * k + shift, 0.5 * k + 0.4 + shift, token) for k, token in enumerate(text.split())
    ]


def texts(words: list[Word]) -> str:
    """Return the running text."""
    return " ".join(word.text for word in words)


def test_a_word_is_committed_when_two_hypotheses_agree() -> None:
    heard = Agreement()
    assert heard.insert(said("la seduta e"), 1.5) == []
    assert texts(heard.insert(said("la seduta è aperta"), 2.0)) == "la seduta è"
    assert texts(list(heard.tail)) == "aperta"


def test_case_and_punctuation_do_not_matter() -> None:
    assert agreement(said("Grazie, presidente"), said("grazie Presidente.")) == 2


def test_a_rewritten_past_is_neither_repeated_nor_lost() -> None:
    heard = Agreement()
    heard.insert(said("il con siglio approva"), 2.0)
    heard.insert(said("il con siglio approva la"), 2.5)
    again = said("il consiglio approva la proposta", shift=0.1)
    assert texts(heard.insert(again, 3.0)) == "la"


def test_an_old_word_is_committed_without_agreement() -> None:
    heard = Agreement(oldest_s=4.0)
    assert texts(heard.insert(said("uno due tre"), now=5.0)) == "uno due"


def test_a_pause_commits_everything() -> None:
    heard = Agreement()
    heard.insert(said("a voi la parola"), 2.0)
    assert texts(heard.commit_all()) == "a voi la parola"
    assert heard.tail == ()


def test_what_the_final_pass_replaced_is_forgotten() -> None:
    heard = Agreement()
    heard.insert(said("uno due tre quattro"), 2.0)
    heard.insert(said("uno due tre quattro"), 2.5)
    heard.forget(1.0)
    assert texts(list(heard.committed)) == "tre quattro"


def test_repeated_words_are_told_apart_by_their_times() -> None:
    """Twelve councillors say the same word: the third is not taken for the first."""
    committed = said("presente presente")
    assert continuation(committed, said("presente presente presente presente")) == 2


WORDS = st.lists(st.sampled_from(["la", "seduta", "è", "aperta", "grazie", "no"]), max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=8), st.floats(-0.2, 0.2))
def test_commitments_only_grow_and_their_times_never_go_back(
    hypotheses: list[list[str]], shift: float
) -> None:
    heard = Agreement()
    before: tuple[Word, ...] = ()
    for k, tokens in enumerate(hypotheses):
        new = heard.insert(said(" ".join(tokens), shift * (k % 2)), 0.5 * len(tokens))
        assert heard.committed == (*before, *new)
        before = heard.committed
    for one, two in itertools.pairwise(before):
        assert one.start <= one.end <= two.start


def test_what_the_final_pass_skipped_is_taken_from_the_drafts() -> None:
    drafts = said("Radaelli presente Mantegaza presente Beretta")
    assert texts(restored(said("Radaelli, presente, Beretta."), drafts)) == (
        "Radaelli, presente, Mantegaza presente Beretta."
    )


def test_what_the_final_pass_only_wrote_better_is_left_to_it() -> None:
    drafts = said("il consigliere mante gazza dice che la sessore sbaglia")
    final = said("il consigliere Mantegazza dice che l'assessore sbaglia")
    assert texts(restored(final, drafts)) == texts(final)


def test_a_final_pass_that_ended_early_gets_the_rest_and_the_right_times() -> None:
    drafts = said("presente giustificato Benali presente Cannizzaro presente")
    final = [drafts[0], Word(0.5, 3.0, "giustificato")]
    words = restored(final, drafts)
    assert [(w.text, w.start) for w in words] == [(w.text, w.start) for w in drafts]


@given(WORDS, WORDS)
def test_restored_words_keep_their_order_in_time(one: list[str], two: list[str]) -> None:
    words = restored(said(" ".join(one)), said(" ".join(two), shift=0.2))
    for a, b in itertools.pairwise(words):
        assert a.start <= a.end <= b.start
