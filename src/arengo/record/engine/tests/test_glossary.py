from __future__ import annotations

from arengo.record.engine.editing import apply
from arengo.record.engine.edits import TextFixed, Undone
from arengo.record.engine.glossary import Pair, find, learn, replacing, suggest
from arengo.record.engine.tests.spoken import ANNA, Made, confirming, named, spoken, struck
from arengo.record.engine.transcript import Transcript, lines

HALL = spoken(
    "Il consigliere Rosi, dell'asemblea di San", "san pietro in Rosignano. Rosi rosi l’asemblea"
)


def replaced(transcript: Transcript, text: str, by: str) -> tuple[str, ...]:
    edit = replacing(transcript, text, by)
    assert edit is not None
    return lines(apply(transcript, edit, seq=1, by=ANNA))


def learned(*fixes: tuple[str, str]) -> list[tuple[str, str, int]]:
    log = [
        Made(k, ANNA, TextFixed((), tuple(old.split()), new))
        for k, (old, new) in enumerate(fixes, 1)
    ]
    return [(pair.wrong, pair.right, pair.count) for pair in learn(log)]


def test_whole_words_are_found_beside_punctuation_and_not_inside_others() -> None:
    assert [one.old for one in find(HALL, "rosi")] == ["Rosi,", "Rosi", "rosi"]
    assert [one.old for one in find(HALL, "rosi", is_exact=True)] == ["rosi"]
    assert find(HALL, "  ") == find(HALL, "ros") == ()


def test_words_are_found_after_an_elision_with_either_apostrophe() -> None:
    assert [one.old for one in find(HALL, "asemblea")] == ["dell'asemblea", "l’asemblea"]
    assert [one.old for one in find(HALL, "l'asemblea")] == ["l’asemblea"]


def test_a_text_of_several_words_is_found_in_one_speech_only() -> None:
    assert [one.words for one in find(HALL, "san pietro")] == [("c2.0", "c2.1")]
    assert find(HALL, "San san") == ()


def test_replacing_keeps_punctuation_and_capitals() -> None:
    assert replaced(HALL, "rosi", "rossi") == (
        "Il consigliere Rossi, dell'asemblea di San",
        "san pietro in Rosignano. Rossi rossi l’asemblea",
    )
    assert replaced(HALL, "san pietro", "San Pietro")[1].startswith("San Pietro in")


def test_matches_that_share_words_are_one_correction() -> None:
    assert replaced(spoken("bla-bla ha ha ha"), "bla", "ma") == ("ma-ma ha ha ha",)
    assert replaced(spoken("il sì-sì sì"), "sì sì", "no") == ("il sì-no",)


def test_replacing_what_is_not_there_or_by_itself_is_no_edit() -> None:
    assert replacing(HALL, "Bianchi", "Neri") is None
    assert replacing(HALL, "", "Neri") is None
    assert replacing(HALL, "di", "di") is None


def test_replacing_by_nothing_strikes() -> None:
    assert replaced(spoken("allora ehm dunque"), "ehm", "") == ("allora dunque",)


def test_a_text_is_found_across_what_was_struck() -> None:
    start = spoken("san ehm pietro")
    now = apply(start, struck(named(start, "ehm")), seq=9, by=ANNA)
    assert replaced(now, "san pietro", "San Pietro") == ("San Pietro",)


def test_corrections_teach_their_changed_words_and_how_often() -> None:
    assert learned(
        ("consigliere Rosi,", "consigliere Rossi,"), ("Rosi", "Rossi"), ("san pero", "San Piero")
    ) == [
        ("Rosi", "Rossi", 2),
        ("san pero", "San Piero", 1),
    ]
    assert learned(("dell'asemblea", "dell’assemblea")) == [("asemblea", "assemblea", 1)]
    assert learned(("il pnrr", "il PNRR")) == [("pnrr", "PNRR", 1)]


def test_short_words_rewordings_and_first_capitals_teach_nothing() -> None:
    assert learned(("a", "ha"), ("allora", "Allora"), ("fatto. allora", "fatto. Allora")) == []
    assert learned(("uno due tre quattro", "cinque sei sette otto")) == []
    assert learned(("Bianco", "Bianchi"), ("Bianchi", "Bianco")) == []


def test_an_undone_correction_teaches_nothing_until_done_again() -> None:
    log = [Made(1, ANNA, TextFixed((), ("Rosi",), "Rossi")), Made(2, ANNA, Undone(1))]
    assert learn(log) == ()
    assert learn([*log, Made(3, ANNA, Undone(2))]) == (Pair("Rosi", "Rossi"),)


def test_a_replacement_teaches_as_many_times_as_it_corrected() -> None:
    edit = replacing(HALL, "Rosi", "Rossi")
    assert edit is not None
    assert learn([Made(1, ANNA, edit)]) == (Pair("Rosi", "Rossi", 3),)


def test_what_was_corrected_elsewhere_is_suggested_where_no_person_was() -> None:
    glossary = [Pair("Rosi", "Rossi", 2), Pair("asemblea", "assemblea"), Pair("Rosi", "Rosai", 1)]
    now = apply(HALL, confirming(named(HALL, "Rosi")), seq=1, by=ANNA)
    assert [(one.old, one.new) for one in suggest(now, glossary)] == [
        ("Rosi,", "Rossi,"),
        ("dell'asemblea", "dell'assemblea"),
        ("rosi", "Rossi"),
        ("l’asemblea", "l’assemblea"),
    ]
    assert {one.new for one in suggest(now, glossary, at_least=2)} == {"Rossi,", "Rossi"}
    assert suggest(now, []) == ()


def test_what_is_already_right_is_not_suggested() -> None:
    assert [one.old for one in suggest(spoken("il pnrr e il PNRR"), [Pair("pnrr", "PNRR")])] == [
        "pnrr"
    ]
