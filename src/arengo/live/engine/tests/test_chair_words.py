"""What the chair says gives the floor, takes it back, and never gives it by mistake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from arengo.live.engine.chair_phrases import mended
from arengo.live.engine.speakers import Evidence, attribute
from arengo.live.engine.tests.chamber_talk import HALL, spoken, voices, who

SPEECH = "I lavori sui marciapiedi sono partiti con due mesi di ritardo."
OPENS = "Dichiaro aperta la seduta."

HANDOVERS = [
    ("Ha la parola la consigliera Rossi.", "rossi"),
    ("La parola al consigliere Bianchi.", "bianchi"),
    ("La parola alla sindaca Valtorta per la replica.", "sind"),
    ("La parola alla sindaca per la replica.", "sind"),
    ("Prego, consigliera Rossi.", "rossi"),
    ("Consigliera Rossi, prego.", "rossi"),
    ("Relaziona l'assessore Pozzoli.", "ass"),
    ("Relaziona l'assessore al bilancio Pozzoli.", "ass"),
    ("Ha chiesto la parola il consigliere Bianchi.", "bianchi"),
    ("Per dichiarazione di voto la consigliera Rossi.", "rossi"),
    ("Per dichiarazione di voto ha la parola la consigliera De Santis.", "santis"),
    ("La consigliera Rossi interroga sulla raccolta dei rifiuti.", "rossi"),
    ("Do la parola alla segretaria, dottoressa Ripamonti.", "segr"),
    ("Do la parola a Luca Bianchi.", "bianchi"),
    ("Consigliera Rossi, è soddisfatta della risposta?", "rossi"),
    ("Ha la parola la consigliera Ida Neri.", "neri2"),
    ("Chiede di intervenire la consigliera Rossi.", "rossi"),
    ("Il consigliere Bianchi ha chiesto la parola.", "bianchi"),
    ("Per la replica, il consigliere Bianchi.", "bianchi"),
    ("Consigliera Rossi.", "rossi"),
    ("Sindaca, vuole rispondere?", "sind"),
    ("Do la parola per dichiarazione di voto al consigliere Bianchi.", "bianchi"),
    # as recognisers write them
    ("Per dichiarazione di voto alla parola la consigli era Rossi.", "rossi"),
    ("alla parola la consigliera Rossi.", "rossi"),
    ("A la parola la consigliera Rossi.", "rossi"),
    ("La consigliera Rossi interloga sulla raccolta.", "rossi"),
    ("Relazione all'assessore Pozzoli.", "ass"),
    ("Ha la parola il consigliere Biancki.", "bianchi"),
    ("Ha la parola il consigliere Bian chi.", "bianchi"),
    ("Prego consigliera Rosi.", "rossi"),
]


@pytest.mark.parametrize(("announcement", "member"), HANDOVERS)
def test_an_announcement_is_the_chairs_and_what_follows_is_the_persons(
    announcement: str, member: str
) -> None:
    assert voices(OPENS, announcement, SPEECH) == ["pres", "pres", member]


@pytest.mark.parametrize(
    "announcement",
    [
        "Ha la parola il consigliere Tommasini.",
        "Ha la parola il consigliere.",
        "Ha la parola il consigliere Neri.",  # two of them
        "Prego, consigliera Xanthopulos.",
    ],
)
def test_a_name_that_is_not_understood_hands_over_to_somebody_unknown(announcement: str) -> None:
    assert voices(OPENS, announcement, SPEECH) == ["pres", "pres", None]


@pytest.mark.parametrize(
    "speech",
    [
        "Rispondo alla consigliera Rossi sui lavori.",
        "Al consigliere Bianchi dico che sono partiti.",
        "Dopo che ha preso la parola la consigliera Rossi abbiamo capito.",
        "La consigliera Rossi illustra bene questo punto.",
        "La consigliera Rossi e il consigliere Bianchi sono contrari.",
        "Passiamo alla seconda parte di questa relazione.",
        "Presidente, il metodo è sbagliato.",
        "Grazie, consigliera Rossi, per la domanda.",
        "Manterremo la parola data al consigliere Bianchi.",
        "Nella dichiarazione di voto ho citato la consigliera Rossi.",
        "Avevate dato la parola ai cittadini e anche la consigliera Rossi lo sa.",
        "Consigliera Rossi.",
        "I contrari a questa scelta sono tanti.",
    ],
)
def test_who_has_the_floor_may_speak_of_others_and_keeps_it(speech: str) -> None:
    said = voices(OPENS, "La parola alla sindaca Valtorta.", SPEECH, speech, SPEECH)
    assert said == ["pres", "pres", "sind", "sind", "sind"]


def test_thanks_to_the_speaker_are_the_chairs() -> None:
    said = voices(OPENS, "Ha la parola la consigliera Rossi.", SPEECH, "Grazie, consigliera Rossi.")
    assert said == ["pres", "pres", "rossi", "pres"]


def test_thanks_from_who_was_asked_are_an_answer() -> None:
    """The assessore thanks the asker without any announcement; the chair thanks and goes on."""
    asked = [OPENS, "La consigliera Rossi interroga sui rifiuti.", "Chiedo all'assessore Pozzoli."]
    assert voices(*asked, "Grazie, consigliera Rossi.", SPEECH)[3:] == ["ass", "ass"]
    chaired = voices(*asked, "Grazie, consigliera Rossi.", "La parola al consigliere Bianchi.")
    assert chaired[3:] == ["pres", "pres"]


def test_who_thanks_the_president_without_being_named_is_unknown() -> None:
    said = voices(OPENS, "Primo punto all'ordine del giorno.", "Grazie, presidente.", SPEECH)
    assert said == ["pres", "pres", None, None]


def test_prego_after_the_name_still_belongs_to_the_chair() -> None:
    said = voices(OPENS, "Ha chiesto la parola la consigliera Rossi.", "Prego, ha cinque minuti.", SPEECH)  # fmt: skip
    assert said == ["pres", "pres", "pres", "rossi"]


def test_the_chair_resumes_with_what_only_a_chair_says() -> None:
    for resumes in (
        "Metto in votazione il punto.",
        "Proclamo l'esito della votazione.",
        "Secondo punto all'ordine del giorno.",
        "Non essendoci altri interventi, votiamo.",
        "Chi è favorevole alzi la mano.",
    ):
        said = voices(OPENS, "Ha la parola la consigliera Rossi.", SPEECH, resumes)
        assert said == ["pres", "pres", "rossi", "pres"], resumes


def test_what_comes_before_the_opening_is_unknown_until_the_chair_is_recognised() -> None:
    assert voices("Buonasera a tutti.", SPEECH) == [None, None]
    assert voices("Buonasera a tutti.", OPENS) == ["pres", "pres"]


def test_a_chair_who_says_nothing_of_a_chair_for_long_is_not_taken_for_granted() -> None:
    said = voices(OPENS, *[SPEECH] * 12)
    assert said[1] == "pres"
    assert said[-1] is None


def test_a_handover_counts_from_the_end_of_the_announcement() -> None:
    words = spoken(OPENS, "Ha la parola la consigliera Rossi.", SPEECH)
    last = next(word for word in words if word.text == "Rossi.")
    spans = attribute(HALL, Evidence(words=words), 0, words[-1].end)
    assert who(spans, last.end - 0.01) == "pres"
    assert who(spans, last.end + 0.01) == "rossi"


def test_a_lost_full_stop_does_not_give_the_speech_to_the_chair() -> None:
    words = spoken(OPENS, "Ha la parola la consigliera Rossi " + SPEECH)
    spans = attribute(HALL, Evidence(words=words), 0, words[-1].end)
    assert who(spans, words[-1].start) == "rossi"


def test_after_a_hole_in_the_captions_the_member_is_unknown() -> None:
    """An announcement may be lost in it; the vote's silences leave the chair where he was."""
    before = spoken(OPENS, "Ha la parola la consigliera Rossi.", SPEECH)
    after = spoken(SPEECH, start_s=before[-1].end + 6)
    spans = attribute(HALL, Evidence(words=before + after), 0, after[-1].end)
    assert who(spans, before[-1].start) == "rossi"
    assert who(spans, after[0].start) is None
    near = spoken(SPEECH, start_s=before[-1].end + 4)
    spans = attribute(HALL, Evidence(words=before + near), 0, near[-1].end)
    assert who(spans, near[0].start) == "rossi"
    vote = spoken("Metto in votazione il punto.")
    after = spoken("Allora il punto.", start_s=vote[-1].end + 20)
    spans = attribute(HALL, Evidence(words=vote + after), 0, after[-1].end)
    assert who(spans, after[0].start) == "pres"


APPEAL = (OPENS, "Do la parola alla segretaria Ripamonti per l'appello.", "Grazie, presidente.")


def test_the_roll_call_alternates_the_secretary_and_who_is_called() -> None:
    said = voices(*APPEAL, "Rossi.", "Presente.", "Bianchi.", "Sì, presente.", "De Santis.", "Presente.")  # fmt: skip
    assert said[2:] == ["segr", "segr", "rossi", "segr", "bianchi", "segr", "santis"]


def test_the_roll_call_begins_although_the_announcement_was_not_understood() -> None:
    for announcement in (
        "Dolaparola alla segretaria dottoressari pamunti per l'appello.",
        "Cedo alla segretaria dottoressari pamunti per l'appello.",
    ):
        said = voices(OPENS, announcement, "Rossi.", "Presente.")
        assert said == ["pres", "pres", "segr", "rossi"]
    lost = voices(OPENS, "Grazie, presidente.", "Procedo con l'appello nominale.", "Rossi.", "Presente.")  # fmt: skip
    assert lost == ["pres", None, "segr", "segr", "rossi"]


def test_who_is_absent_does_not_answer() -> None:
    said = voices(*APPEAL, "Rossi.", "Assente giustificata.", "Bianchi.", "Presente.")
    assert said[3:] == ["segr", "segr", "segr", "bianchi"]


def test_an_answer_to_a_name_that_was_lost_is_nobodys() -> None:
    said = voices(*APPEAL, "Rossi.", "Presente.", "Zzyx.", "Presente.", "Bianchi.", "Presidente.")
    assert said[3:] == ["segr", "rossi", "segr", None, "segr", "bianchi"]


def test_what_the_captions_of_a_roll_call_lost_is_unknown() -> None:
    """Twenty seconds without a word after an answer are nobody's; then the calls go on."""
    before = spoken(*APPEAL, "Rossi.", "Presente.")
    after = spoken("Bianchi.", "Presente.", start_s=before[-1].end + 20)
    spans = attribute(HALL, Evidence(words=before + after), 0, after[-1].end)
    assert who(spans, before[-1].start) == "rossi"
    assert who(spans, before[-1].end + 10) is None
    assert who(spans, after[-1].start) == "bianchi"


def test_two_of_one_surname_called_leave_the_answer_unknown() -> None:
    assert voices(*APPEAL, "Neri.", "Presente.")[3:] == ["segr", None]


def test_the_roll_call_ends_with_the_chair() -> None:
    said = voices(*APPEAL, "Rossi.", "Presente.", "La seduta è valida.", "Primo punto all'ordine del giorno.", "Ha la parola il consigliere Bianchi.", SPEECH)  # fmt: skip
    assert said[5:] == ["segr", "pres", "pres", "bianchi"]


def test_without_a_secretary_the_roll_call_is_unknown_and_answers_are_not_guessed() -> None:
    said = voices(*APPEAL, "Rossi.", hall=replace(HALL, secretary=None))
    assert said[3] != "rossi"


def test_only_what_is_no_italian_word_is_mended() -> None:
    assert mended("interloga") == "interroga"
    assert mended("parole", {"parole"}) == "parole"
    assert mended("marciapiedi") == "marciapiedi"
