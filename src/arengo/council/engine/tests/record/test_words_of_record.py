"""Italian of the record: numbers, dates, people by the gender of their office, sentences chosen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.council.engine.events import Member
from arengo.council.engine.record import italian
from arengo.council.engine.record.account import Heard
from arengo.council.engine.record.people import agreed, called
from arengo.council.engine.record.quotes import MAIN_POINTS, extracted, weigh
from arengo.council.engine.record.sentences import sentences
from arengo.council.engine.state import State
from arengo.council.engine.tests.record.made import said
from arengo.council.engine.tests.sittings import START


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"), (1, "uno"), (3, "tre"), (17, "diciassette"), (21, "ventuno"), (23, "ventitré"),
        (28, "ventotto"), (81, "ottantuno"), (100, "cento"), (103, "centotré"), (108, "centootto"),
        (1000, "mille"), (2026, "duemilaventisei"), (23_000, "ventitremila"),
        (412_000, "quattrocentododicimila"), (1_000_000, "1000000"), (-3, "-3"),
    ],
)  # fmt: skip
def test_numbers_in_words(number: int, words: str) -> None:
    assert italian.in_words(number) == words


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_different_numbers_have_different_words(one: int, other: int) -> None:
    assert (italian.in_words(one) == italian.in_words(other)) == (one == other)


def test_days_and_hours() -> None:
    assert italian.day(date(2026, 12, 1)) == "1° dicembre 2026"
    assert (
        italian.day_in_words(date(2026, 12, 1))
        == "L'anno duemilaventisei, il giorno primo del mese di dicembre"
    )
    assert italian.hour_in_words(datetime(2026, 1, 1, 21, 0)) == "ore ventuno"
    assert italian.hour_in_words(datetime(2026, 1, 1, 9, 23)) == "ore nove e minuti ventitré"


@pytest.mark.parametrize(
    ("office", "preposition", "words"),
    [
        ("Consigliera", "", "la consigliera Lea Bo"),
        ("Consigliere", "di", "del consigliere Lea Bo"),
        ("Assessora all'Ambiente", "", "l'assessora all'Ambiente Lea Bo"),
        ("Assessore al Bilancio", "da", "dall'assessore al Bilancio Lea Bo"),
        ("Presidente del Consiglio", "di", "di Lea Bo (Presidente del Consiglio)"),
        ("", "", "Lea Bo"),
    ],
)
def test_people_are_called_by_their_own_office(office: str, preposition: str, words: str) -> None:
    assert called(Member("m", "Lea Bo", office=office), preposition) == words


def test_words_agree_with_people() -> None:
    forms = ("astenuto", "astenuta", "astenuti", "astenute")
    offices = {"a": "Consigliera", "b": "Sindaca", "c": "Consigliere", "d": ""}
    state = State(members={key: Member(key, key, office=one) for key, one in offices.items()})
    assert agreed(state, ["a"], forms) == "astenuta"
    assert agreed(state, ["a", "b"], forms) == "astenute"
    assert agreed(state, ["a", "c"], forms) == "astenuti"
    assert agreed(state, ["d"], forms) == "astenuto"


# --- sentences --------------------------------------------------------------------------------


def heard(text: str, index: int = 0) -> Heard:
    one = said(START, "m1", text)
    return Heard(index, one, START + timedelta(seconds=5), sentences(one, index))


def test_sentences_are_cut_where_they_end_not_at_abbreviations() -> None:
    text = "Ai sensi dell'art. 49 e del D.Lgs. 267 voto no. Il dott. Rossi lo sa! E lei? Via G. Verdi è chiusa."
    assert [one.text for one in heard(text).sentences] == [
        "Ai sensi dell'art. 49 e del D.Lgs. 267 voto no.",
        "Il dott. Rossi lo sa!",
        "E lei?",
        "Via G. Verdi è chiusa.",
    ]


@given(st.text(max_size=200))
def test_cutting_loses_no_letter(text: str) -> None:
    joined = "".join(one.text for one in heard(text).sentences)
    assert "".join(joined.split()) == "".join(text.split())


def test_figures_and_stances_are_kept_courtesies_are_not() -> None:
    text = (
        "Grazie, presidente. Oggi è una bella serata per tutti noi. Il cantiere costa 285.000 euro. "
        "Abbiamo molto parlato di questo tema qui. Chiedo quando partirà il cantiere di via Sempione."
    )
    one = heard(text)
    kept = [p.text for p in extracted([one], weigh([one]), MAIN_POINTS)]
    assert kept == [
        "Il cantiere costa 285.000 euro.",
        "Chiedo quando partirà il cantiere di via Sempione.",
    ]


def test_a_denial_keeps_what_is_meant_instead() -> None:
    one = heard(
        "Noi non siamo contrari ai 12 marciapiedi di Pero. Ma al metodo. "
        "Chiedo quando partono i 120 giorni di lavori. Bene così. Ecco qui."
    )
    kept = [p.text for p in extracted([one], weigh([one]), MAIN_POINTS)]
    assert kept == [
        "Noi non siamo contrari ai 12 marciapiedi di Pero.",
        "Ma al metodo.",
        "Chiedo quando partono i 120 giorni di lavori.",
    ]


def test_a_long_speech_without_stops_is_cut_in_no_time() -> None:
    one = heard("parola " * 40_000 + "A. " * 20_000)
    assert len(one.sentences) >= 1
