from __future__ import annotations

from arengo.record.engine.editing import apply, open_offers
from arengo.record.engine.edits import MachineAccepted
from arengo.record.engine.proposal import differences, proposed
from arengo.record.engine.tests.spoken import ANNA, confirming, fixed, named, row, spoken
from arengo.record.engine.transcript import Heard, Row, Transcript, base, lines
from arengo.record.engine.words import MACHINE

HALL = spoken("la parola al consigliere Rosi", "grazie presidente")


def heard(*texts: str, late_s: float = 0.1) -> list[Heard]:
    """Return a second hearing of `spoken(*texts)`, a little later."""
    return [
        one for k, text in enumerate(texts, 1) for one in row("", "", text, 10.0 * k + late_s).words
    ]


def told(transcript: Transcript, words: list[Heard]) -> list[tuple[str, str]]:
    return [(one.old, one.new) for one in differences(transcript, words)]


def test_the_same_words_with_other_capitals_and_commas_are_no_difference() -> None:
    assert told(HALL, heard("La parola al consigliere Rosi,", "Grazie presidente.")) == []


def test_another_word_is_a_difference_of_that_word() -> None:
    (one,) = differences(HALL, heard("la parola al consigliere Rossi", "grazie presidente"))
    assert (one.words, one.old, one.new, one.start_s) == (("c1.4",), "Rosi", "Rossi", 12.0)


def test_a_word_too_many_is_offered_away_and_a_missing_one_with_its_neighbour() -> None:
    found = heard("la parola al Rosi", "grazie signor presidente")
    assert told(HALL, found) == [("consigliere", ""), ("presidente", "signor presidente")]


def test_where_a_person_wrote_the_machine_is_silent() -> None:
    again = heard("la parola al consigliere Rossi", "ecco grazie presidente")
    assert len(told(HALL, again)) == 2
    now = apply(HALL, fixed(named(HALL, "Rosi"), "Russo"), seq=1, by=ANNA)
    now = apply(now, confirming(named(now, "grazie")), seq=2, by=ANNA)
    assert told(now, again) == []


def test_a_sitting_heard_again_in_part_lacks_nothing_elsewhere() -> None:
    again = heard("la parola al consigliere Rosi")
    assert told(HALL, again) == []
    assert told(HALL, []) == []


def test_a_repeated_sentence_is_not_taken_for_its_twin() -> None:
    twice = spoken("chi è favorevole", "chi è contrario", "chi è favorevole")
    found = differences(twice, heard("chi è favorevole", "chi è favorevole", "chi è favorevole"))
    assert [(one.words, one.new) for one in found] == [(("c2.2",), "favorevole")]


def test_a_difference_over_two_speeches_is_told_in_each() -> None:
    near = base([row("c1", "m1", "bene alfa"), row("c2", "m2", "beta grazie", 1.0)])
    found = differences(near, list(row("", "", "bene gamma delta grazie").words))
    assert [(one.words, one.new) for one in found] == [(("c1.1",), "gamma"), (("c2.0",), "delta")]


def test_what_is_missing_on_both_sides_of_a_word_is_one_difference() -> None:
    again: list[Heard] = [("sì", 10.0, 10.1, 1.0), ("ecco", 10.4, 10.5, 1.0)]
    again += [("bene", 10.5, 11.0, 1.0), ("dunque", 11.0, 11.1, 1.0), ("poi", 12.5, 13.0, 1.0)]
    start = base(
        [Row("c1", "m1", [("sì", 10, 10.1, 1), ("bene", 10.5, 11, 1), ("poi", 12.5, 13, 1)])]
    )
    assert told(start, again) == [("bene", "ecco bene dunque")]


def test_a_speech_that_was_missed_whole_stands_beside_the_nearest_word() -> None:
    again = heard("la parola al consigliere Rosi", "grazie presidente", "", "ho finito")
    assert told(HALL, again) == [("presidente", "presidente ho finito")]
    assert told(base([]), again) == []


def test_differences_accepted_make_the_text_of_the_second_hearing() -> None:
    texts = ("la parola al Rossi", "ecco grazie signor presidente")
    found = differences(HALL, heard(*texts))
    now = apply(HALL, proposed(found), seq=1, by=MACHINE)
    chosen = tuple(offer.id for offer in open_offers(now))
    assert len(chosen) == len(found)
    assert lines(apply(now, MachineAccepted(chosen), seq=2, by=ANNA)) == texts
