"""What nobody said is refused; what somebody said, however odd, is kept."""

from __future__ import annotations

import pytest

from arengo.live.engine.guard import Stretch, judge
from arengo.live.engine.words import Word

VOICE: list[Stretch] = [(0.0, 60.0)]


def said(text: str, word_s: float = 0.4, start: float = 0.0) -> list[Word]:
    """Return a text as words of even length."""
    return [
        Word(start + word_s * k, start + word_s * (k + 1), token)
        for k, token in enumerate(text.split())
    ]


def kept(words: list[Word], voiced: list[Stretch] = VOICE) -> str:
    """Return the text that is left."""
    return " ".join(word.text for word in judge(words, voiced).words)


@pytest.mark.parametrize(
    "text",
    [
        "Sottotitoli creati dalla comunità Amara.org",
        "Sottotitoli e revisione a cura di QTSS",
        "Sottotitoli a cura di QTSS.",
        "Grazie per aver guardato il video!",
        "Iscriviti al canale.",
        "Iscrivetevi al nostro canale",
        "[Musica]",
        "(applausi)",
        "♪ ♪",
    ],
)
def test_lines_that_whisper_invents_are_refused(text: str) -> None:
    judgement = judge(said(text), VOICE)
    assert judgement.words == ()
    assert judgement.refused


@pytest.mark.parametrize(
    "text",
    [
        "Iscriviti al canale WhatsApp del Comune per gli avvisi di protezione civile.",
        "Grazie a tutti per l'attenzione.",
        "Il video della seduta avrà i sottotitoli di legge.",
        "Al prossimo consiglio porteremo il regolamento.",
    ],
)
def test_sentences_that_only_resemble_them_are_kept(text: str) -> None:
    assert kept(said(text)) == text


def test_an_invented_sentence_goes_and_the_real_one_beside_it_stays() -> None:
    words = said("La seduta è chiusa. Grazie per aver guardato il video.")
    assert kept(words) == "La seduta è chiusa."


def test_words_where_no_voice_is_are_refused() -> None:
    words = said("Buonasera a tutti")
    assert kept(words, voiced=[(30.0, 40.0)]) == ""


def test_words_are_cut_to_the_voice_they_lie_on() -> None:
    judgement = judge([Word(1.0, 4.0, "Presente.")], [(1.2, 1.8), (3.9, 6.0)])
    assert [(w.start, w.end) for w in judgement.words] == [(1.2, 4.0)]
    judgement = judge([Word(1.0, 3.0, "Presente.")], [(1.2, 1.8), (3.9, 6.0)])
    assert [(w.start, w.end) for w in judgement.words] == [(1.2, 1.8)]


def test_more_words_than_can_be_spoken_are_refused() -> None:
    words = said("questa frase non può essere stata detta in mezzo secondo", word_s=0.05)
    assert kept(words, voiced=[(0.0, 0.5)]) == ""


def test_a_loop_keeps_one_turn() -> None:
    words = said("e poi e poi e poi e poi e poi e poi e poi basta", word_s=0.11)
    assert kept(words) == "e poi basta"


def test_councillors_who_all_say_the_same_word_are_kept() -> None:
    words = said("Favorevole. " * 12, word_s=0.9)
    assert kept(words) == ("Favorevole. " * 12).strip()


def test_when_the_model_itself_doubts_that_anyone_speaks_nothing_is_shown() -> None:
    assert judge(said("Grazie."), VOICE, no_speech=0.9, log_probability=-1.2).words == ()
    assert judge(said("Grazie."), VOICE, no_speech=0.9, log_probability=-0.3).words != ()
    assert judge(said("Grazie."), VOICE, no_speech=0.1, log_probability=-2.5).words == ()


def test_every_refusal_says_what_and_why() -> None:
    (reason,) = judge(said("Iscriviti al canale."), VOICE).refused
    assert reason == "frase inventata dal riconoscitore: «Iscriviti al canale.»"
