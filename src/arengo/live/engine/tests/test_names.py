"""Names of the roll are repaired from what they sound like; right words are never touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.names import Person, Roll, person, sound
from arengo.live.engine.words import Word
from arengo.live.hearing.roll import lexicon

NAMES = str.split(
    "Loredana Ripamonti|Ambrogio Colnaghi|Marta Valtorta|Giorgio Pozzoli|Elena Sangalli|"
    "Lucia Brambilla|Davide Cattaneo|Silvia Fumagalli|Paolo Casiraghi|Chiara Galbiati|"
    "Matteo Radaelli|Teresa Ronchi|Andrea Mantegazza|Federica Beretta|Roberto Tagliabue|"
    "Nadia Benali|Salvatore Cannizzaro|Giulia Pirovano|Anna De Santis|Piero D'Angelo",
    "|",
)
ROLL = Roll(NAMES, lexicon())
SENTENCES = (
    (Path(__file__).parent / "data" / "sentences_without_names.txt").read_text().splitlines()
)


def said(text: str, probability: float = 0.6) -> list[Word]:
    """Return a text as a recogniser would give it."""
    return [
        Word(0.4 * k, 0.4 * k + 0.35, token, probability) for k, token in enumerate(text.split())
    ]


def repaired(text: str, before: str = "", probability: float = 0.6) -> str:
    """Return a text after repair."""
    return " ".join(w.text for w in ROLL.repair(said(text, probability), said(before)))


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        ("la consigliera Prambilla chiede", "la consigliera Brambilla chiede"),
        ("il consigliere Mandegazza,", "il consigliere Mantegazza,"),
        ("il consigliere mante gazza ha ragione", "il consigliere Mantegazza ha ragione"),
        ("dell'assessore Pozoli.", "dell'assessore Pozzoli."),
        ("la parola a Ribamonti", "la parola a Ripamonti"),
        (
            "Contrari: Mantigazza, Canizzaro e Pirovano.",
            "Contrari: Mantegazza, Cannizzaro e Pirovano.",
        ),
        ("Casiragi.", "Casiraghi."),
        ("Colnagi,", "Colnaghi,"),
        ("il consigliere vadaelli", "il consigliere Radaelli"),
        ("la consigliera Penali", "la consigliera Benali"),
        ("il collega Catanio", "il collega Cattaneo"),
        ("la consigliera de sanctis", "la consigliera De Santis"),
        ("il consigliere Dangelo", "il consigliere D'Angelo"),
        ("alla Sinda Cavaltorta per la replica", "alla Sindaca Valtorta per la replica"),
        ("la consigli arabenali.", "la consigliera Benali."),
        ("il consigliere valtorta", "il consigliere Valtorta"),
    ],
)
def test_a_misheard_name_is_written_as_on_the_roll(heard: str, right: str) -> None:
    assert repaired(heard) == right


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("probability", [0.2, 0.95])
def test_a_sentence_without_names_is_left_alone(sentence: str, probability: float) -> None:
    """However little the recogniser trusted its own words."""
    assert repaired(sentence, probability=probability) == sentence


def test_there_are_sentences_enough() -> None:
    assert len(SENTENCES) >= 200


@pytest.mark.parametrize(
    "text",
    [
        "quali penali siano applicate",
        "le penali previste",
        "il signor Galli ha scritto",
        "la consigliera ha chiesto la parola",
        "il consigliere Bianchi, della Lista Ponte,",
        "la famiglia Colombo e la ditta Ferrari",
        "la ditta Brambati di Milano",
        "i comuni di Pero, Rho e Cantù",
    ],
)
def test_other_people_and_things_keep_their_names(text: str) -> None:
    assert repaired(text, probability=0.9) == text


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        ("Grazie, a sessore Pozzoli", "Grazie, assessore Pozzoli"),
        ("la sessore Pozzoli", "l'assessore Pozzoli"),
        ("chiedo alla sessora Sangalli", "chiedo all'assessora Sangalli"),
        ("Proclamo lesito.", "Proclamo l'esito."),
        ("la consiglera Galbiati", "la consigliera Galbiati"),
        ("procedo con la pello nominale", "procedo con l'appello nominale"),
        ("la sessualità", "la sessualità"),
    ],
)
def test_a_council_s_words_are_mended_only_when_the_sound_is_theirs(heard: str, right: str) -> None:
    assert repaired(heard) == right


def test_a_title_spoken_just_before_counts_as_evidence() -> None:
    assert repaired("Penali.", before="ha la parola la consigliera") == "Benali."
    assert repaired("penali.", before="sono state applicate delle") == "penali."


def test_names_are_repaired_with_their_times_and_punctuation() -> None:
    words = ROLL.repair(said("il consigliere Mante gazza, prego"))
    assert words[2].text == "Mantegazza,"
    assert (words[2].start, words[2].end) == pytest.approx((0.8, 1.55))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Anna De Santis", Person("Anna", "De Santis")),
        ("DE SANTIS Anna", Person("Anna", "De Santis")),
        ("De Santis, Anna", Person("Anna", "De Santis")),
        ("Maria Grazia Rossi", Person("Maria Grazia", "Rossi")),
        ("Rossi", Person("", "Rossi")),
    ],
)
def test_full_names_are_read_in_any_order(written: str, expected: Person) -> None:
    assert person(written) == expected


@given(st.sampled_from(NAMES))
def test_a_right_name_stays_right(name: str) -> None:
    assert repaired(f"la parola a {name}, prego") == f"la parola a {name}, prego"


def test_double_consonants_and_spellings_of_one_sound_are_the_same() -> None:
    assert sound("Mattegazza") == sound("Mategaza")
    assert sound("Chiesa") == sound("Kiesa")
    assert sound("Cecchi") != sound("Cheki")


def test_a_name_between_two_silences_is_one_of_the_roll_call() -> None:
    words = [Word(0.0, 0.6, "bronchi", 0.6), Word(1.0, 1.6, "presente"), Word(2.0, 2.6, "tagliavo")]
    assert [w.text for w in ROLL.repair(words)] == ["Ronchi", "presente", "tagliavo"]


def test_the_pass_that_was_told_the_names_lends_them() -> None:
    plain_pass = [Word(0.0, 0.6, "elli"), Word(1.0, 1.6, "assente"), Word(2.0, 2.6, "tagliavo.")]
    hinted = [Word(0.0, 0.6, "Radaelli,"), Word(2.0, 2.6, "Tagliabue,")]
    assert [w.text for w in ROLL.adopt(plain_pass, hinted)] == ["Radaelli", "assente", "Tagliabue."]


def test_a_hinted_name_fills_a_hole_and_never_replaces_ordinary_words_in_a_sentence() -> None:
    words = [Word(0.0, 0.6, "presente"), Word(3.0, 3.6, "presente")]
    name = Word(1.5, 2.1, "Cannizzaro,", 0.9)
    assert [w.text for w in ROLL.adopt(words, [name])] == ["presente", "Cannizzaro,", "presente"]
    sentence = said("quali penali siano state applicate")
    hinted = said("quali Benali siano state applicate")
    assert ROLL.adopt(sentence, hinted) == sentence


def test_a_hinted_name_already_there_is_not_written_twice() -> None:
    words = said("il consigliere Mantegazza dice")
    assert ROLL.adopt(words, said("il consigliere Mantegazza, dice")) == words
