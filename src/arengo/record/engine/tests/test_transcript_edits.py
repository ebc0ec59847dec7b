from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from arengo.record.engine import chain
from arengo.record.engine.editing import MECHANICAL, apply, fold, open_offers
from arengo.record.engine.edits import (
    KINDS,
    Edit,
    MachineAccepted,
    MachineProposed,
    MachineRejected,
    Replaced,
    SegmentsMerged,
    SegmentSplit,
    SpeakerSet,
    TextFixed,
    Undone,
    WordsConfirmed,
    WordsStruck,
    edit_of,
    facts_of,
)
from arengo.record.engine.errors import (
    EditUnreadable,
    NothingWritten,
    NotStanding,
    NotTogether,
    Overtaken,
    PieceAbsent,
)
from arengo.record.engine.steps import Offer
from arengo.record.engine.tests.spoken import (
    ANNA,
    BRUNO,
    Made,
    confirming,
    fixed,
    ids,
    named,
    row,
    spoken,
    struck,
)
from arengo.record.engine.transcript import Row, base, is_in_order, lines, since, utterances
from arengo.record.engine.words import MACHINE, State

BEGAN = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
HALL = spoken("la parola al consigliere Rosi", "grazie presidente")
OFFER = Offer(("c1.4",), ("Rosi",), "Rossi", 12.0, 12.5)

ONE_OF_EACH: list[Edit] = [
    TextFixed(("c1.4",), ("Rosi",), "Rossi"),
    WordsStruck(("c1.4",), ("Rosi",)),
    WordsConfirmed(("c1.4",), ("Rosi",)),
    SegmentSplit("c1.4"),
    SegmentsMerged("s-c1.0", "s-c2.0", ("m1", "m2")),
    SpeakerSet("s-c1.0", "m3", "m1"),
    Replaced("Rosi", "Rossi", (TextFixed(("c1.4",), ("Rosi",), "Rossi"),)),
    Undone(3),
    MachineProposed((OFFER,)),
    MachineAccepted(("o1.0",)),
    MachineRejected(("o1.0",)),
]


def test_one_voice_without_a_long_pause_is_one_speech() -> None:
    made = base(
        [
            row("c1", "m1", "a b"),
            row("c2", "m1", "c", 2.0),
            row("c3", "m1", "d", 20.0),
            row("c4", "", "e", 21.0),
        ]
    )
    assert lines(made) == ("a b c", "d", "e")
    assert ids(made) == ["c1.0", "c1.1", "c2.0", "c3.0", "c4.0"]
    assert [segment.id for segment in made.segments] == ["s-c1.0", "s-c3.0", "s-c4.0"]


def test_a_caption_of_two_voices_goes_on_counting_its_words() -> None:
    assert ids(base([row("c1", "m1", "a b"), row("c1", "m2", "c", 1.0)])) == [
        "c1.0",
        "c1.1",
        "c1.2",
    ]


def test_times_that_overlap_are_trimmed() -> None:
    made = base([Row("c1", "", [("a", 0.0, 5.0, 1.0), ("b", 1.0, 0.5, 1.0), ("c", 0.8, 2.0, 1.0)])])
    assert [(w.start_s, w.end_s) for w in made.words()] == [(0.0, 1.0), (1.0, 1.0), (1.0, 2.0)]
    assert is_in_order(made)


def test_a_corrected_word_keeps_its_time_and_says_who_corrected_it() -> None:
    (rosi,) = named(HALL, "Rosi")
    after = apply(HALL, fixed([rosi], "Rossi"), seq=7, by=ANNA)
    (rossi,) = named(after, "Rossi")
    assert (rossi.id, rossi.state, rossi.by, rossi.confidence) == (
        "e7.0",
        State.CORRECTED,
        ANNA,
        1.0,
    )
    assert (rossi.start_s, rossi.end_s) == (rosi.start_s, rosi.end_s)
    assert lines(HALL)[0].endswith("Rosi")


def test_more_words_share_the_time_by_their_letters() -> None:
    after = apply(HALL, fixed(named(HALL, "consigliere", "Rosi"), "a bbb cccc"), seq=1, by=ANNA)
    assert [(w.start_s, w.end_s) for w in list(after.words())[3:6]] == [
        (11.5, 11.625), (11.625, 12.0), (12.0, 12.5),
    ]  # fmt: skip


def test_struck_words_are_not_said_but_their_time_stays() -> None:
    after = apply(HALL, struck(named(HALL, "grazie", "presidente")), seq=1, by=ANNA)
    assert lines(after) == ("la parola al consigliere Rosi", "")
    (left,) = after.segments[1].words
    assert (left.text, left.start_s, left.end_s) == ("", 20.0, 21.0)
    assert len(utterances(after, since(BEGAN))) == 1


def test_who_comes_second_is_told_who_was_first_and_what_it_says_now() -> None:
    stale = fixed(named(HALL, "Rosi"), "Rosso")
    now = apply(
        HALL, fixed(named(HALL, "consigliere", "Rosi"), "consigliera Rossi"), seq=1, by=ANNA
    )
    now = apply(now, fixed(named(now, "Rossi"), "De Rossi"), seq=2, by=ANNA)
    with pytest.raises(Overtaken) as refused:
        apply(now, stale, seq=3, by=BRUNO)
    assert refused.value.facts["by"] == ANNA
    assert refused.value.facts["now"] == "consigliera De Rossi"


def test_an_edit_that_saw_other_words_is_refused() -> None:
    with pytest.raises(Overtaken):
        apply(HALL, TextFixed(("c1.4",), ("Rossi",), "Russo"), seq=1, by=ANNA)
    with pytest.raises(Overtaken):
        apply(HALL, SpeakerSet("s-c1.0", "m3", "m2"), seq=1, by=ANNA)


@pytest.mark.parametrize(
    ("edit", "refusal"),
    [
        (TextFixed(("c9.9",), ("x",), "y"), PieceAbsent),
        (TextFixed((), (), "y"), NothingWritten),
        (TextFixed(("c1.0",), ("la",), " \n"), NothingWritten),
        (TextFixed(("c1.0", "c1.2"), ("la", "al"), "y"), NotTogether),
        (TextFixed(("c1.4", "c2.0"), ("Rosi", "grazie"), "y"), NotTogether),
        (TextFixed(("c1.0",), ("la", "parola"), "y"), EditUnreadable),
        (WordsConfirmed((), ()), NothingWritten),
        (WordsConfirmed(("c1.0", "c1.0"), ("la", "la")), EditUnreadable),
        (WordsConfirmed(("c9.9",), ("la",)), PieceAbsent),
        (SegmentSplit("c1.0"), NotTogether),
        (SegmentsMerged("s-c2.0", "s-c1.0", ("m2", "m1")), NotTogether),
        (SegmentsMerged("s-c1.0", "s-c1.0", ("m1", "m1")), NotTogether),
        (SpeakerSet("s-c9.9", "m1", ""), PieceAbsent),
        (Replaced("x", "y", ()), NothingWritten),
        (Undone(5), NotStanding),
        (MachineAccepted(("o1.0",)), PieceAbsent),
        (MachineRejected(()), NothingWritten),
        (Edit(), EditUnreadable),
    ],
)
def test_what_makes_no_sense_is_refused(edit: Edit, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        apply(HALL, edit, seq=1, by=ANNA)


def test_a_place_in_the_log_is_used_once() -> None:
    after = apply(HALL, SegmentSplit("c1.3"), seq=1, by=ANNA)
    with pytest.raises(ValueError, match="already"):
        apply(after, SegmentSplit("c1.2"), seq=1, by=ANNA)


def test_words_anywhere_are_confirmed_together() -> None:
    after = apply(HALL, confirming(named(HALL, "la", "al", "grazie")), seq=1, by=ANNA)
    assert [w.text for w in after.words() if w.state is State.CONFIRMED] == ["la", "al", "grazie"]
    assert ids(after) == ids(HALL)


def test_a_speech_is_split_and_the_second_part_given_to_another() -> None:
    after = apply(HALL, SegmentSplit("c1.3"), seq=1, by=ANNA)
    after = apply(after, SpeakerSet("s-e1", "=Ospite", "m1"), seq=2, by=ANNA)
    told = utterances(after, since(BEGAN), {"=Ospite": "Ospite"})
    assert [(one.member, one.name, one.text) for one in told[:2]] == [
        ("m1", "", "la parola al"), (None, "Ospite", "consigliere Rosi"),
    ]  # fmt: skip
    assert (told[1].at - BEGAN).total_seconds() == told[1].start_s == 11.5


def test_merged_speeches_are_of_the_first_voice_and_part_again_when_undone() -> None:
    after = apply(HALL, SegmentsMerged("s-c1.0", "s-c2.0", ("m1", "m2")), seq=1, by=ANNA)
    assert lines(after) == ("la parola al consigliere Rosi grazie presidente",)
    with pytest.raises(Overtaken, match="grazie"):
        apply(after, SpeakerSet("s-c2.0", "m3", "m2"), seq=2, by=BRUNO)
    assert apply(after, Undone(1), seq=2, by=ANNA) == HALL


def test_undoing_an_undoing_does_it_again() -> None:
    once = apply(HALL, fixed(named(HALL, "Rosi"), "Rossi"), seq=1, by=ANNA)
    back = apply(once, Undone(1), seq=2, by=ANNA)
    again = apply(back, Undone(2), seq=3, by=ANNA)
    assert (back, again) == (HALL, once)
    with pytest.raises(NotStanding):
        apply(back, Undone(1), seq=3, by=ANNA)
    assert apply(again, Undone(1), seq=4, by=ANNA) == HALL


def test_undoing_never_takes_away_what_another_did_after() -> None:
    one = apply(HALL, fixed(named(HALL, "Rosi"), "Rossi"), seq=1, by=ANNA)
    for later in (fixed(named(one, "Rossi"), "Russo"), confirming(named(one, "Rossi"))):
        with pytest.raises(Overtaken) as refused:
            apply(apply(one, later, seq=2, by=BRUNO), Undone(1), seq=3, by=ANNA)
        assert refused.value.facts["by"] == BRUNO


def test_an_early_edit_is_undone_under_later_ones_elsewhere() -> None:
    log = [
        Made(1, ANNA, fixed(named(HALL, "Rosi"), "Rossi")),
        Made(2, BRUNO, fixed(named(HALL, "grazie"), "Grazie,")),
        Made(3, ANNA, Undone(1)),
    ]
    assert lines(fold(HALL, log)) == ("la parola al consigliere Rosi", "Grazie, presidente")


def test_the_machine_never_writes_over_a_person() -> None:
    now = apply(HALL, confirming(named(HALL, "Rosi")), seq=1, by=ANNA)
    with pytest.raises(Overtaken):
        apply(now, fixed(named(now, "Rosi"), "Rossi"), seq=2, by=MACHINE)
    assert open_offers(apply(now, MachineProposed((OFFER,)), seq=2, by=MACHINE)) == ()
    now = apply(now, SpeakerSet("s-c1.0", "m3", "m1"), seq=3, by=ANNA)
    with pytest.raises(Overtaken):
        apply(now, SpeakerSet("s-c1.0", "m1", "m3"), seq=4, by=MACHINE)


@pytest.mark.parametrize("edit", ONE_OF_EACH, ids=lambda edit: edit.kind)
def test_the_machine_does_by_itself_only_what_a_person_can_still_overrule(edit: Edit) -> None:
    if isinstance(edit, MECHANICAL):
        assert all(not w.is_touched for w in apply(HALL, edit, seq=9, by=MACHINE).words())
        return
    with pytest.raises(EditUnreadable):
        apply(HALL, edit, seq=9, by=MACHINE)


def test_an_offer_is_accepted_undone_and_rejected() -> None:
    offered = apply(HALL, MachineProposed((OFFER,)), seq=1, by=MACHINE)
    assert offered == HALL
    assert [offer.id for offer in open_offers(offered)] == ["o1.0"]
    taken = apply(offered, MachineAccepted(("o1.0",)), seq=2, by=ANNA)
    (rossi,) = named(taken, "Rossi")
    assert (rossi.by, open_offers(taken)) == (ANNA, ())
    back = apply(taken, Undone(2), seq=3, by=ANNA)
    assert (back, len(open_offers(back))) == (HALL, 1)
    assert open_offers(apply(back, MachineRejected(("o1.0",)), seq=4, by=ANNA)) == ()


def test_an_offer_closes_when_somebody_writes_there_first() -> None:
    offered = apply(HALL, MachineProposed((OFFER,)), seq=1, by=MACHINE)
    now = apply(offered, fixed(named(HALL, "Rosi"), "Russo"), seq=2, by=BRUNO)
    assert open_offers(now) == ()
    with pytest.raises(Overtaken, match="Russo"):
        apply(now, MachineAccepted(("o1.0",)), seq=3, by=ANNA)


def test_an_offer_closes_when_its_words_come_apart() -> None:
    offer = Offer(("c1.3", "c1.4"), ("consigliere", "Rosi"), "consigliera Rossi", 11.5, 12.5)
    offered = apply(HALL, MachineProposed((offer,)), seq=1, by=MACHINE)
    apart = apply(offered, SegmentSplit("c1.4"), seq=2, by=ANNA)
    assert open_offers(apart) == ()
    assert len(open_offers(apply(apart, Undone(2), seq=3, by=ANNA))) == 1


@pytest.mark.parametrize("edit", ONE_OF_EACH, ids=lambda edit: edit.kind)
def test_every_edit_goes_to_json_and_back(edit: Edit) -> None:
    assert edit_of(edit.kind, json.loads(json.dumps(facts_of(edit)))) == edit


def test_every_kind_is_tried() -> None:
    assert {edit.kind for edit in ONE_OF_EACH} == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("unheard_of", {}),
        ("undone", {}),
        ("undone", {"seq": True}),
        ("undone", {"seq": 1, "why": ""}),
        ("text_fixed", {"words": "c1", "seen": [], "text": ""}),
        ("text_fixed", {"words": [1], "seen": [], "text": ""}),
        ("text_fixed", {"words": [], "seen": [], "text": "\ud800"}),
        ("machine_proposed", {"offers": [[]]}),
        (
            "machine_proposed",
            {
                "offers": [
                    {**facts_of(MachineProposed((OFFER,)))["offers"][0], "end_s": float("nan")}
                ]
            },
        ),
    ],
)
def test_what_is_not_an_edit_is_not_read(kind: str, facts: dict[str, object]) -> None:
    with pytest.raises(EditUnreadable):
        edit_of(kind, facts)


def test_the_log_is_a_chain_that_shows_where_it_was_touched() -> None:
    log: list[chain.Entry] = []
    for edit in ONE_OF_EACH[:3]:
        log.append(chain.next_entry(log[-1] if log else None, edit, at=BEGAN, by=ANNA))
    assert chain.verify(log) is None
    touched = chain.Entry(2, BEGAN, Undone(1), ANNA, log[1].previous, log[1].sha256)
    for broken, seq in ([log[0], touched, log[2]], 2), ([log[0], log[2]], 2), (log[1:], 1):
        found = chain.verify(broken)
        assert found is not None
        assert found.seq == seq
