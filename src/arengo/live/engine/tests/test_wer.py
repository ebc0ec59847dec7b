"""The word error rate counts what was misheard, not how a number or an accent is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.wer import errors, folded, spelled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("412.000 euro", "quattrocentododicimila euro"),
        ("412 mila euro", "quattrocento dodicimila euro"),
        ("il 65%", "il sessantacinque per cento"),
        ("74,3 per cento", "settantaquattro virgola tre per cento"),
        ("nel 2026", "nel duemila ventisei"),
        ("L'assessore è qui.", "l’ assessore e qui"),
        ("È così, perché sì!", "e cosi perche si"),
        ("1.250.000", "un milione duecentocinquantamila"),
    ],
)
def test_the_same_words_written_otherwise_are_no_error(one: str, other: str) -> None:
    assert errors(one, other).edits == 0


def test_each_wrong_missing_or_added_word_is_one_error() -> None:
    found = errors("la seduta è aperta", "la seduta aperta ora")
    assert (found.words, found.edits, found.rate) == (4, 2, 50.0)


def test_different_numbers_are_an_error() -> None:
    assert errors("sono 12", "sono tredici").edits == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (21, "ventuno"),
        (28, "ventotto"),
        (108, "centotto"),
        (180, "centottanta"),
        (1000, "mille"),
        (2026, "duemilaventisei"),
        (285_000, "duecentottantacinquemila"),
    ],
)
def test_numbers_are_spelled_as_in_italian(number: int, words: str) -> None:
    assert spelled(number) == words


@given(st.integers(0, 999_999))
def test_a_number_and_its_words_are_the_same(number: int) -> None:
    assert folded(str(number)) == folded(spelled(number)) == [spelled(number)]


@given(st.text(max_size=80))
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    assert errors(text, text).edits == 0
