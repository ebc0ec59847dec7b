"""The journal: chained, replayed the same everywhere, undone without losing anything."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from arengo.council.engine import events as e
from arengo.council.engine.chain import entry_line, read_entry, verify
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.fold import fold
from arengo.council.engine.guards import check
from arengo.council.engine.state import State
from arengo.council.engine.tests.sittings import ALL, begun, constituted, on_item, opened, voting


def test_every_event_survives_json() -> None:
    """A line written and read again is the same entry, link included."""
    chamber = voting()
    chamber.write(e.VoteCast("b1", "m2", "favour"), e.Noted("Entra il pubblico"))
    again = [read_entry(json.loads(entry_line(one))) for one in chamber.entries]
    assert again == chamber.entries
    assert verify(again) is None
    assert fold(again) == chamber.state


def test_replay_in_pieces_is_replay_in_one() -> None:
    chamber = voting()
    for cut in range(len(chamber.entries)):
        first = fold(chamber.entries[:cut])
        assert fold(chamber.entries[cut:], first) == chamber.state


def test_a_fold_leaves_its_start_as_it_was() -> None:
    chamber = on_item()
    before, kept = fold(chamber.entries), fold(chamber.entries)
    chamber.write(e.FloorAsked("m3"), e.PresenceSet("m4", "absent", "exit"))
    fold(chamber.entries[-2:], before)
    assert before == kept


def test_a_changed_word_breaks_the_chain() -> None:
    entries = opened().entries
    entries[5] = replace(entries[5], event=e.PresenceSet("m3", "absent"))
    found = verify(entries)
    assert found is not None
    assert (found.seq, found.why) == (6, "il contenuto è stato cambiato")


def test_a_line_taken_away_breaks_the_chain() -> None:
    entries = opened().entries
    del entries[5]
    found = verify(entries)
    assert found is not None
    assert found.seq == 6


def test_an_entry_dated_back_breaks_the_chain() -> None:
    entries = begun().entries
    chamber = opened()
    late = replace(chamber.entries[3], at=entries[0].at.replace(year=2025))
    chamber.entries[3] = late
    assert verify(chamber.entries) is not None


def test_undo_restores_the_state() -> None:
    chamber = on_item()
    before = chamber.state
    chamber.write(e.FloorGiven("m3", limit_s=300))
    after = chamber.write(e.Undone(chamber.state.seq))
    assert replace(after, seq=0, at=None) == replace(before, seq=0, at=None)
    assert len(chamber.entries) == before.seq + 2  # nothing was deleted


def test_undo_that_others_depend_on_is_refused() -> None:
    """Who has voted cannot turn out never to have been there."""
    chamber = voting()
    arrival = next(
        one.seq for one in chamber.entries if one.event == e.PresenceSet("m2", "present")
    )
    chamber.write(e.VoteCast("b1", "m2", "favour"))
    with pytest.raises(RuleBroken, match="ne dipende"):
        chamber.write(e.Undone(arrival))


def test_a_proclaimed_result_is_final() -> None:
    chamber = voting("hands")
    chamber.write(e.HandsCounted("b1", against=("m2",)), e.BallotClosed("b1"))
    state = chamber.ask("proclaimed", ballot="b1")
    with pytest.raises(RuleBroken, match="perfetta"):
        chamber.write(e.Undone(state.seq))


def test_undoing_twice_is_refused() -> None:
    chamber = on_item()
    chamber.write(e.FloorAsked("m3"))
    seq = chamber.state.seq
    chamber.write(e.Undone(seq))
    with pytest.raises(RuleBroken, match="già annullata"):
        chamber.write(e.Undone(seq))


def test_a_journal_begins_once() -> None:
    chamber = begun()
    with pytest.raises(RuleBroken, match="già iniziato"):
        chamber.write(constituted())
    with pytest.raises(RuleBroken, match="non è ancora iniziato"):
        check(State(), e.SittingOpened(), chamber.at)


def test_a_profile_that_contradicts_the_law_begins_nothing() -> None:
    profile = json.loads(json.dumps(constituted().profile))
    profile["quorum"]["first"] = {
        **profile["quorum"]["first"], "measure": "number", "number": 3, "fraction": "",
    }  # fmt: skip
    with pytest.raises(RuleBroken):
        begun(profile=profile)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("no_such_thing", {}),
        ("vote_cast", {"ballot": "b1"}),
        ("vote_cast", {"ballot": "b1", "member": "m1", "choice": "favour", "weight": 2}),
        ("vote_cast", {"ballot": 1, "member": "m1", "choice": "favour"}),
        ("floor_given", {"member": "m1", "limit_s": "300"}),
        ("hands_counted", {"ballot": "b1", "against": "m1"}),
        ("undone", {"seq": True}),
    ],
)
def test_what_is_not_an_event_is_refused(kind: str, facts: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        e.event_of(kind, facts)


def test_after_the_end_only_a_note() -> None:
    chamber = opened()
    chamber.write(e.SittingEnded("completed"))
    with pytest.raises(RuleBroken, match="è finita"):
        chamber.write(e.PresenceSet(ALL[3], "absent", "exit"))
    chamber.write(e.Noted("Firme raccolte"))
