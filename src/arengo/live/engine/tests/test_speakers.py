"""Who is speaking, from all sources: order of trust, conflicts, unknowns, and the same live."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.live.engine.open_microphones import Microphone
from arengo.live.engine.speakers import (
    Attribution,
    Evidence,
    Key,
    Span,
    VoiceHint,
    _decide,
    attribute,
)
from arengo.live.engine.tests.chamber_talk import HALL, PEOPLE, spoken
from arengo.live.engine.words import Word

IDS = {person.id for person in PEOPLE}
SPEECH = "I lavori sui marciapiedi sono partiti con due mesi di ritardo."
# From 1 s the chair, who gives the floor to Rossi; she speaks from about 4 s.
ROSSI = spoken("Dichiaro aperta la seduta.", "Ha la parola la consigliera Rossi.", SPEECH)
AT_S = 7.0


def at(evidence: Evidence, at_s: float = AT_S) -> tuple[str | None, float, tuple[str, ...]]:
    """Return who, how surely and why, at one time."""
    (span,) = attribute(HALL, evidence, at_s, at_s + 0.001)
    return span.member, span.confidence, span.sources


def on(seat: str, at_s: float = 0.0) -> Microphone:
    return Microphone(at_s, seat, is_on=True)


def off(seat: str, at_s: float) -> Microphone:
    return Microphone(at_s, seat, is_on=False)


def test_nothing_known_is_unknown() -> None:
    assert attribute(HALL, Evidence(), 0, 60) == (Span(0, 60, None, 0.0, ()),)
    assert attribute(HALL, Evidence(), 60, 60) == ()


def test_the_key_outranks_all() -> None:
    key = Key(2.0, "given", "bianchi")
    assert at(Evidence(keys=(key,), words=ROSSI)) == ("bianchi", 1.0, ("console",))
    contested = Evidence(keys=(key,), words=ROSSI, microphones=(on("3"),))
    assert at(contested) == ("bianchi", 0.9, ("console",))
    agreed = Evidence(keys=(key,), microphones=(on("4"),))
    assert at(agreed) == ("bianchi", 1.0, ("console", "microphones"))


def test_the_keys_follow_one_another() -> None:
    keys = (Key(10, "given", "rossi"), Key(20, "chair"), Key(30, "taken", "rossi"))
    spans = attribute(HALL, Evidence(keys=keys), 0, 40)
    assert [(s.start_s, s.member) for s in spans] == [(0, None), (10, "rossi"), (20, "pres"), (30, None)]  # fmt: skip


def test_a_late_key_counts_from_when_another_source_began_to_agree() -> None:
    def begins(evidence: Evidence) -> float:
        spans = attribute(replace(HALL, late_keys_s=2.5), evidence, 0, 60)
        return next(s.start_s for s in spans if s.member == "rossi" and "console" in s.sources)

    key = Key(6.5, "given", "rossi")
    assert begins(Evidence(keys=(key,))) == 6.5
    assert begins(Evidence(keys=(key,), microphones=(on("3", 5),))) == 5
    assert begins(Evidence(keys=(key,), microphones=(on("3", 6),))) == 6.5  # a prompt key
    surname = next(word for word in ROSSI if word.text == "Rossi.")
    after = Key(surname.end + 2, "given", "rossi")
    assert begins(Evidence(keys=(after,), words=ROSSI)) == surname.end
    assert begins(Evidence(keys=(key,), microphones=(on("4", 5),))) == 6.5
    assert begins(Evidence(keys=(Key(5.2, "chair"), key), microphones=(on("3", 5),))) == 6.5
    assert begins(Evidence(keys=(Key(20, "given", "rossi"),), words=ROSSI)) == 20  # another change
    prompt = Evidence(keys=(key,), microphones=(on("3", 5),))
    assert [s.start_s for s in attribute(HALL, prompt, 0, 60) if "console" in s.sources] == [6.5]


def test_the_floor_taken_away_silences_the_older_announcement() -> None:
    assert at(Evidence(words=ROSSI))[0] == "rossi"
    assert at(Evidence(words=ROSSI, keys=(Key(6, "taken", "rossi"),)))[0] is None
    assert at(Evidence(words=ROSSI, keys=(Key(3, "taken", "rossi"),)))[0] == "rossi"
    assert at(Evidence(words=ROSSI, keys=(Key(6, "taken", "bianchi"),)))[0] == "rossi"


def test_one_open_microphone_is_strong_and_two_say_nothing_alone() -> None:
    assert at(Evidence(microphones=(on("3"),))) == ("rossi", 0.9, ("microphones",))
    assert at(Evidence(microphones=(on("3"), on("4")))) == (None, 0.0, ())
    assert at(Evidence(microphones=(on("3"), on("4"), off("4", 5))))[0] == "rossi"


def test_the_chairs_own_microphone_is_weak_and_weakens_little() -> None:
    assert at(Evidence(microphones=(on("1"),)))[:2] == ("pres", 0.4)
    assert at(Evidence(microphones=(on("1"), on("3"))))[:2] == ("rossi", 0.85)


def test_a_microphone_of_an_unknown_seat_names_nobody_and_makes_others_less_sure() -> None:
    assert at(Evidence(microphones=(on("99"),)))[0] is None
    assert at(Evidence(microphones=(on("99"), on("3"))))[0] is None
    assert at(Evidence(microphones=(on("99"), on("3")), words=ROSSI))[1] == pytest.approx(0.7)


def test_an_adapter_may_name_the_member_itself() -> None:
    assert (
        at(Evidence(microphones=(Microphone(0, "A7", is_on=True, member="rossi"),)))[0] == "rossi"
    )
    assert at(Evidence(microphones=(Microphone(0, "3", is_on=True, member="nobody"),)))[0] is None


def test_the_chairs_words_alone_are_moderate_and_agreement_makes_surer() -> None:
    assert at(Evidence(words=ROSSI)) == ("rossi", 0.6, ("words",))
    both = at(Evidence(words=ROSSI, microphones=(on("3"),)))
    assert both == ("rossi", 0.96, ("microphones", "words"))


def test_words_choose_between_several_open_microphones() -> None:
    who, confidence, _ = at(Evidence(words=ROSSI, microphones=(on("3"), on("4"))))
    assert who == "rossi"
    assert confidence < 0.6


def test_a_conflict_lowers_the_confidence() -> None:
    who, confidence, sources = at(Evidence(words=ROSSI, microphones=(on("4"),)))
    assert (who, sources) == ("bianchi", ("microphones",))
    assert confidence == pytest.approx(0.9 * 0.4)


@given(st.floats(0, 1), st.sampled_from(["rossi", "bianchi"]))
def test_two_equally_supported_are_never_decided_by_chance(weight: float, first: str) -> None:
    other = "bianchi" if first == "rossi" else "rossi"
    span = _decide({"words": {first: weight}, "microphones": {other: weight}}, 0, 1)
    assert span.member is None


def test_a_voice_alone_names_nobody_and_supports_who_is_named() -> None:
    hint = VoiceHint(0, 60, "rossi", 1.0)
    assert at(Evidence(voices=(hint,))) == (None, 0.0, ())
    assert at(Evidence(voices=(hint,), words=ROSSI)) == ("rossi", 0.7, ("words", "voice"))
    against = VoiceHint(0, 60, "bianchi", 1.0)
    assert at(Evidence(voices=(against,), words=ROSSI))[1] == pytest.approx(0.45)


def test_who_is_not_on_the_roll_is_never_named() -> None:
    unknown = Evidence(
        keys=(Key(0, "given", "mallory"),), voices=(VoiceHint(0, 60, "mallory", 1.0),)
    )
    assert at(unknown) == (None, 0.0, ())


def test_times_that_are_no_numbers_are_left_out() -> None:
    bad = Evidence(
        keys=(Key(math.nan, "given", "rossi"),),
        microphones=(Microphone(math.inf, "3", is_on=True),),
        words=(Word(math.nan, math.nan, "Rossi"), Word(5, 4, "Rossi")),
        voices=(VoiceHint(math.nan, 60, "rossi", 1.0),),
    )
    assert at(bad) == (None, 0.0, ())


def test_revised_captions_change_who_was_speaking() -> None:
    live = Attribution(HALL)
    live.add(Evidence(words=spoken("Dichiaro aperta la seduta.", "Ha la parola il consigliere Bianchi.", SPEECH)))  # fmt: skip
    assert live.at(AT_S).member == "bianchi"
    live.replace_words(0, ROSSI)
    assert live.at(AT_S).member == "rossi"


# ---- properties

LINES = [
    SPEECH,
    "Dichiaro aperta la seduta.",
    "Ha la parola la consigliera Rossi.",
    "Prego, ha cinque minuti.",
    "Grazie, presidente.",
    "Grazie, consigliera Rossi.",
    "La consigliera Rossi interroga.",
    "Chiedo all'assessore Pozzoli quando.",
    "La parola a Tommasini grazie presidente",
    "Do la parola alla segretaria per l'appello.",
    "Bianchi.",
    "Presente.",
    "Metto in votazione.",
    "ha la parola il consigliere Bianchi grazie presidente allora",
]
times = st.floats(0, 60).map(lambda t: round(t, 1))
members = st.sampled_from([*sorted(IDS), "mallory"])
keys = st.builds(Key, times, st.sampled_from(["given", "taken", "chair"]), members)
microphones = st.builds(
    Microphone, times, st.sampled_from(["1", "3", "4", "99"]), st.booleans(), st.none() | members
)
hints = st.builds(
    lambda start, length, member, score: VoiceHint(start, start + length, member, score),
    times, times, members, st.floats(0, 1),
)  # fmt: skip
talks = st.lists(st.sampled_from(LINES), max_size=12).map(lambda lines: spoken(*lines))
evidences = st.builds(
    Evidence,
    st.lists(keys, max_size=6).map(tuple),
    st.lists(microphones, max_size=8).map(tuple),
    talks,
    st.lists(hints, max_size=4).map(tuple),
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(evidences, times, times)
def test_spans_cover_the_time_without_overlap_and_name_only_the_roll(
    evidence: Evidence, one: float, other: float
) -> None:
    start_s, end_s = min(one, other), max(one, other) + 0.1
    spans = attribute(HALL, evidence, start_s, end_s)
    assert (spans[0].start_s, spans[-1].end_s) == (start_s, end_s)
    assert all(a.end_s == b.start_s for a, b in pairwise(spans))
    for span in spans:
        assert span.start_s < span.end_s
        assert 0 <= span.confidence <= 1
        assert span.member is None or span.member in IDS
        assert (span.member is None) == (span.confidence == 0) == (span.sources == ())


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(evidences, st.randoms(use_true_random=False))
def test_fed_in_pieces_and_in_any_order_the_answer_is_the_same(
    evidence: Evidence, chance: random.Random
) -> None:
    hall = replace(HALL, late_keys_s=chance.choice([0.0, 2.5]))
    live = Attribution(hall)
    pieces = [
        *(Evidence(keys=(key,)) for key in evidence.keys),
        *(Evidence(microphones=(event,)) for event in evidence.microphones),
        *(Evidence(words=words) for words in _pieces(evidence.words, chance)),
        *(Evidence(voices=(hint,)) for hint in evidence.voices),
    ]
    chance.shuffle(pieces)
    for piece in pieces:
        live.add(piece)
        live.spans(0, 60)
    assert live.spans(0, 60) == attribute(hall, evidence, 0, 60)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(talks, talks, times)
def test_words_replaced_leave_no_trace(said: tuple[Word, ...], again: tuple[Word, ...], since: float) -> None:  # fmt: skip
    live = Attribution(HALL)
    live.add(Evidence(words=said))
    new = tuple(word for word in again if word.start >= since)
    live.replace_words(since, new)
    kept = tuple(word for word in said if word.start < since)
    assert live.spans(0, 60) == attribute(HALL, Evidence(words=kept + new), 0, 60)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(evidences, times, st.sampled_from([0.0, 2.5]))
def test_any_window_says_what_the_whole_says(
    evidence: Evidence, at_s: float, late_keys_s: float
) -> None:
    live = Attribution(replace(HALL, late_keys_s=late_keys_s))
    live.add(evidence)
    whole = next(span for span in live.spans(0, 61) if span.start_s <= at_s < span.end_s)
    assert live.at(at_s).member == whole.member


def _pieces(words: tuple[Word, ...], chance: random.Random) -> list[tuple[Word, ...]]:
    out, k = [], 0
    while k < len(words):
        size = chance.randint(1, 9)
        out.append(words[k : k + size])
        k += size
    return out


@pytest.mark.slow
def test_the_end_of_six_hours_is_as_if_heard_at_once() -> None:
    """50,000 words; the last caption changes nothing of what its words alone would say."""
    live, whole = Attribution(HALL), Attribution(HALL)
    talk = spoken(*(LINES * 620))
    live.add(Evidence(words=talk[:-20]))
    live.add(Evidence(words=talk[-20:]))
    whole.add(Evidence(words=talk))
    assert live.at(talk[-1].end) == whole.at(talk[-1].end)


def test_a_key_that_was_undone_leaves_nothing() -> None:
    live = Attribution(HALL)
    live.add(Evidence(keys=(Key(1.0, "given", "rossi"), Key(5.0, "given", "bianchi"))))
    live.replace_keys(4.0, (Key(6.0, "given", "bianchi"),))
    spans = [(s.start_s, s.member) for s in live.spans(0, 10)]
    assert spans == [(0, None), (1.0, "rossi"), (6.0, "bianchi")]


def test_without_the_console_is_what_microphones_and_words_say() -> None:
    live = Attribution(HALL)
    key = Key(2.0, "given", "bianchi")
    live.add(Evidence(keys=(key,), words=ROSSI, microphones=(on("3", 3.5),)))
    (span,) = live.heard(AT_S, AT_S + 0.001)
    assert (span.member, span.sources) == ("rossi", ("microphones", "words"))
    assert live.at(AT_S).member == "bianchi"


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from("1345"), st.booleans()), max_size=30))
def test_microphones_taken_in_pieces_say_what_they_say_at_once(
    told: list[tuple[int, str, bool]],
) -> None:
    events = [Microphone(float(at_s), seat, is_on=is_on) for at_s, seat, is_on in told]
    live = Attribution(HALL)
    for event in events:
        live.add(Evidence(microphones=(event,)))
    live.add(Evidence(microphones=(on("3", 15.0), on("4", 16.0))))
    live.replace_microphones(12.0, [event for event in events if event.at_s >= 12.0])
    assert live.spans(0, 30) == attribute(HALL, Evidence(microphones=tuple(events)), 0, 30)
