"""What the chamber refuses: each with a sentence that names the rule."""

from __future__ import annotations

import pytest

from arengo.council.engine import events as e
from arengo.council.engine.ballots import pending_amendments
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.presence import quorum_at
from arengo.council.engine.tests.sittings import (
    ALL,
    GUEST,
    ITEMS,
    begun,
    decided,
    on_item,
    opened,
    voting,
)

# --- presence and quorum --------------------------------------------------------------------


def test_without_a_quorum_the_sitting_does_not_open() -> None:
    with pytest.raises(RuleBroken, match="Manca il numero legale"):
        opened(ALL[:5])


def test_an_external_assessore_does_not_make_the_quorum() -> None:
    chamber = opened(ALL[:10])
    before = quorum_at(chamber.state, chamber.at).counted
    chamber.write(e.PresenceSet(GUEST, "present", "entry"))
    assert quorum_at(chamber.state, chamber.at).counted == before


def test_the_quorum_follows_entries_and_exits() -> None:
    chamber = opened(ALL[:10])
    needed = quorum_at(chamber.state, chamber.at).needed
    while quorum_at(chamber.state, chamber.at).counted >= needed:
        here = chamber.state.here(chamber.at)
        chamber.write(e.PresenceSet(here[-1], "absent", "exit"))
    assert not quorum_at(chamber.state, chamber.at).is_met
    with pytest.raises(RuleBroken, match="numero legale"):
        chamber.write(e.ItemCalled("i1"))


def test_the_roll_call_must_reach_everyone() -> None:
    chamber = begun()
    chamber.write(e.RollCallBegan(), e.PresenceSet("m0", "present"))
    with pytest.raises(RuleBroken, match="L'appello non è finito"):
        chamber.write(e.RollCallEnded())


def test_who_must_abstain_and_leaves_is_not_counted() -> None:
    chamber = on_item()
    before = quorum_at(chamber.state, chamber.at).counted
    chamber.write(e.ConflictDeclared("m5", "i1", "parente", leaves=True))
    assert quorum_at(chamber.state, chamber.at, "i1").counted == before - 1


def test_remote_only_where_the_sitting_allows_it() -> None:
    with pytest.raises(RuleBroken, match="in presenza"):
        opened().write(e.PresenceSet("m3", "remote", "entry"))


def test_a_lost_connection_is_presence_for_the_grace_only() -> None:
    chamber = opened(mode="mixed")
    chamber.write(e.PresenceSet("m3", "remote", "correction"))
    chamber.write(e.ConnectionChanged("m3", is_connected=False))
    assert chamber.state.is_here("m3", chamber.at)
    chamber.wait(chamber.state.rules.remote_grace_s)
    assert not chamber.state.is_here("m3", chamber.at)
    chamber.write(e.ConnectionChanged("m3", is_connected=True))
    assert chamber.state.is_here("m3", chamber.at)


# --- the floor ------------------------------------------------------------------------------


def test_who_is_absent_cannot_speak() -> None:
    chamber = on_item(present=ALL[:12])
    with pytest.raises(RuleBroken, match="non è presente"):
        chamber.write(e.FloorAsked("m15"))


def test_the_floor_is_given_in_turn_and_ends_with_the_next() -> None:
    chamber = on_item()
    chamber.write(e.FloorAsked("m3"), e.FloorAsked("m4"))
    state = chamber.ask("floor_given", member="m3")
    assert state.turn is not None
    assert state.turn.limit_s == state.rules.speaking("intervention").limit_s
    assert [one.member for one in state.requests] == ["m4"]
    state = chamber.ask("floor_given", member="m4")
    assert [one.member for one in state.turns] == ["m3"]


def test_turns_are_limited_by_the_regulation() -> None:
    chamber = on_item()
    turns = chamber.state.rules.speaking("declaration").turns
    assert turns
    for _ in range(turns):
        chamber.write(e.FloorGiven("m3", "declaration"), e.FloorEnded())
    with pytest.raises(RuleBroken, match="ha già avuto la parola"):
        chamber.write(e.FloorGiven("m3", "declaration"))


def test_who_must_abstain_does_not_speak_either() -> None:
    chamber = on_item()
    chamber.write(e.ConflictDeclared("m5", "i1", leaves=False))
    with pytest.raises(RuleBroken, match="si astiene dalla discussione"):
        chamber.write(e.FloorAsked("m5"))


def test_leaving_gives_the_floor_back() -> None:
    chamber = on_item()
    chamber.write(e.FloorGiven("m3"), e.FloorAsked("m4"))
    state = chamber.write(e.PresenceSet("m3", "absent", "exit"))
    assert state.turn is None


# --- votes ----------------------------------------------------------------------------------


def test_counted_yes_after_he_left() -> None:
    """A member who left before the vote is neither entitled nor counted (a2council.vote #59)."""
    chamber = on_item()
    chamber.write(e.PresenceSet("m7", "absent", "exit"))
    chamber.ask(
        "ballot_opened", ballot="b1", item="i1", subject="proposal", title="P", method="hands"
    )
    assert "m7" not in chamber.state.ballots["b1"].entitled
    state = chamber.write(e.HandsCounted("b1", against=("m2",)))
    assert "m7" not in state.ballots["b1"].votes
    with pytest.raises(RuleBroken, match="non può votare"):
        chamber.write(e.HandsCounted("b1", against=("m7",)))


def test_one_vote_each() -> None:
    chamber = voting()
    chamber.write(e.VoteCast("b1", "m2", "favour"))
    with pytest.raises(RuleBroken, match="ha già votato"):
        chamber.write(e.VoteCast("b1", "m2", "against"))


def test_who_leaves_during_a_vote_cannot_vote_but_a_given_vote_stands() -> None:
    chamber = voting()
    chamber.write(e.VoteCast("b1", "m2", "favour"))
    chamber.write(e.PresenceSet("m2", "absent", "exit"), e.PresenceSet("m3", "absent", "exit"))
    with pytest.raises(RuleBroken, match="ha lasciato la seduta"):
        chamber.write(e.VoteCast("b1", "m3", "favour"))
    state = chamber.write(e.BallotClosed("b1"))
    assert state.ballots["b1"].votes["m2"] == "favour"
    assert "m3" not in state.ballots["b1"].votes


def test_who_arrives_during_a_vote_waits_for_the_next() -> None:
    chamber = voting(present=ALL[:12])
    chamber.write(e.PresenceSet("m15", "present", "entry"))
    with pytest.raises(RuleBroken, match="non era presente all'apertura"):
        chamber.write(e.VoteCast("b1", "m15", "favour"))


def test_a_late_vote_is_refused() -> None:
    chamber = voting()
    chamber.write(e.BallotClosed("b1"))
    with pytest.raises(RuleBroken, match="è chiusa"):
        chamber.write(e.VoteCast("b1", "m2", "favour"))


def test_nobody_without_a_vote_votes() -> None:
    chamber = opened()
    chamber.write(e.PresenceSet(GUEST, "present", "entry"), e.ItemCalled("i1"))
    chamber.ask(
        "ballot_opened", ballot="b1", item="i1", subject="proposal", title="P", method="electronic"
    )
    with pytest.raises(RuleBroken, match="non può votare"):
        chamber.write(e.VoteCast("b1", GUEST, "favour"))


def test_a_remote_member_is_recognised_at_each_vote() -> None:
    chamber = opened(mode="mixed")
    chamber.write(e.PresenceSet("m3", "remote", "correction"), e.ItemCalled("i1"))
    for ballot in ("b1", "b2"):
        chamber.ask(
            "ballot_opened", ballot=ballot, item="i1", title="P", method="electronic",
            subject="proposal" if ballot == "b1" else "procedural",
        )  # fmt: skip
        with pytest.raises(RuleBroken, match="riconoscerlo"):
            chamber.write(e.VoteCast(ballot, "m3", "favour"))
        chamber.write(e.IdentityChecked(ballot, "m3"), e.VoteCast(ballot, "m3", "favour"))
        decided(chamber, ballot)


def test_immediate_enforceability_is_a_vote_of_its_own_by_the_members() -> None:
    """TUEL art. 134 c. 4: eight of twelve present are not a majority of seventeen members."""
    chamber = voting("hands", present=ALL[:12])
    chamber.write(e.HandsCounted("b1", against=("m2", "m3", "m4", "m5")))
    assert decided(chamber).ballots["b1"].result == "approved"
    chamber.ask(
        "ballot_opened", ballot="b2", item="i1", subject="immediate", title="I.E.", method="hands"
    )
    chamber.write(e.HandsCounted("b2", against=("m2", "m3", "m4", "m5")))
    ballot = decided(chamber, "b2").ballots["b2"]
    assert ballot.result == "rejected"
    assert "134" in ballot.article


def test_immediate_enforceability_only_after_approval() -> None:
    chamber = on_item()
    with pytest.raises(RuleBroken, match="dopo l'approvazione"):
        chamber.ask(
            "ballot_opened", ballot="b1", item="i1", subject="immediate", title="I", method="hands"
        )


def test_opinions_before_the_vote_or_a_reason() -> None:
    chamber = on_item("i4")
    ask = {"ballot": "b1", "item": "i4", "subject": "proposal", "title": "P", "method": "hands"}
    with pytest.raises(RuleBroken, match="tecnico e contabile"):
        chamber.ask("ballot_opened", **ask)
    chamber.write(e.OpinionGiven("i4", "technical", "favourable"))
    with pytest.raises(RuleBroken, match="parere contabile"):
        chamber.ask("ballot_opened", **ask)
    chamber.write(e.OpinionWaived("i4", "accounting", "Non comporta spesa"))
    chamber.ask("ballot_opened", **ask)


def test_amendments_in_order_then_the_text_as_amended() -> None:
    chamber = on_item()
    chamber.write(
        e.AmendmentFiled("i1", "a1", "Aggiunge", "m2", effect="add"),
        e.AmendmentFiled("i1", "a2", "Sopprime", "m3", effect="suppress"),
    )
    item = chamber.state.items["i1"]
    assert pending_amendments(chamber.state, item) == ("a2", "a1")
    with pytest.raises(RuleBroken, match="Prima si votano gli emendamenti"):
        chamber.ask(
            "ballot_opened", ballot="b0", item="i1", subject="proposal", title="P", method="hands"
        )
    for n, amendment in enumerate(("a2", "a1")):
        chamber.ask(
            "ballot_opened", ballot=f"e{n}", item="i1", subject="amendment", amendment=amendment,
            title=amendment, method="hands",
        )  # fmt: skip
        chamber.write(e.HandsCounted(f"e{n}", against=ALL if amendment == "a2" else ()))
        decided(chamber, f"e{n}")
    fates = [one.fate for one in chamber.state.items["i1"].amendments.values()]
    assert fates == ["approved", "rejected"]
    with pytest.raises(RuleBroken, match="come emendata"):
        chamber.ask(
            "ballot_opened", ballot="b1", item="i1", subject="proposal", title="P", method="hands"
        )
    chamber.ask(
        "ballot_opened", ballot="b1", item="i1", subject="as_amended", title="P", method="hands"
    )


def test_an_amendment_of_substance_needs_its_own_opinion() -> None:
    chamber = on_item()
    chamber.write(
        e.AmendmentFiled("i1", "a1", "Spesa", "m2", changes_substance=True, affects_spending=True)
    )
    with pytest.raises(RuleBroken, match="sull'emendamento"):
        chamber.ask(
            "ballot_opened", ballot="b1", item="i1", subject="amendment", amendment="a1", title="A",
            method="hands",
        )  # fmt: skip


def test_a_secret_ballot_keeps_no_choice_with_a_name() -> None:
    chamber = opened()
    chamber.write(e.ScrutineersNamed(("m2", "m3", "m4")), e.ItemCalled("i3"))
    with pytest.raises(RuleBroken, match="scrutinio segreto"):
        chamber.ask(
            "ballot_opened", ballot="b1", item="i3", subject="election", title="N", method="hands"
        )
    chamber.ask(
        "ballot_opened",
        ballot="b1",
        item="i3",
        subject="proposal",
        title="N",
        method="secret_papers",
    )
    with pytest.raises(RuleBroken, match="non si registra per persona"):
        chamber.write(e.VoteCast("b1", "m2", "favour"))
    with pytest.raises(RuleBroken, match="ricontate"):
        chamber.write(e.SecretCounted("b1", ALL, (("favour", 9), ("against", 5), ("blank", 2))))
    chamber.write(e.SecretCounted("b1", ALL, (("favour", 9), ("against", 5), ("blank", 3))))
    ballot = decided(chamber).ballots["b1"]
    assert ballot.votes == {}
    assert ballot.result == "approved"


def test_people_are_elected_by_papers() -> None:
    chamber = opened()
    chamber.write(e.ScrutineersNamed(("m2", "m3", "m4")), e.ItemCalled("i3"))
    chamber.ask(
        "ballot_opened", ballot="b1", item="i3", subject="election", title="N",
        method="secret_papers", choices=["Rossi", "Bianchi"], seats=1,
    )  # fmt: skip
    chamber.write(e.SecretCounted("b1", ALL, (("Rossi", 9), ("Bianchi", 7), ("blank", 1))))
    assert decided(chamber).ballots["b1"].elected == ("Rossi",)


def test_a_vote_can_be_voided_and_held_again() -> None:
    chamber = voting("hands")
    chamber.write(e.BallotVoided("b1", "errore nel conteggio"))
    state = chamber.ask(
        "ballot_opened", ballot="b2", item="i1", subject="proposal", title="P", method="hands",
        repeats="b1",
    )  # fmt: skip
    assert state.ballots["b1"].stage == "voided"


def test_a_result_that_is_not_the_counts_is_refused() -> None:
    chamber = voting("hands")
    chamber.write(e.HandsCounted("b1", against=ALL[1:]), e.BallotClosed("b1"))
    with pytest.raises(RuleBroken, match="non è quello che risulta"):
        chamber.write(e.Proclaimed("b1", "approved", "1 su 17", "nessuno"))


# --- secrecy and the end --------------------------------------------------------------------


def test_a_sitting_becomes_secret_for_a_reason_and_ends_public() -> None:
    chamber = on_item()
    with pytest.raises(RuleBroken, match="motivo"):
        chamber.ask("secret_began", requester="m2", reason=" ")
    state = chamber.ask("secret_began", requester="m2", reason="giudizio su persone")
    assert state.secret_since == chamber.at
    assert set(state.staying) == set(chamber.state.here(chamber.at))
    chamber.write(e.ItemLeft("i1", "deferred"))
    with pytest.raises(RuleBroken, match="parte segreta"):
        chamber.write(e.SittingEnded("completed"))
    chamber.write(e.SecretEnded(), e.SittingEnded("completed"))


def test_an_item_convened_as_secret_is_secret_from_its_call_to_its_end() -> None:
    items = (*ITEMS, e.Item("i9", "9", "Giudizio su persone", is_secret=True))
    chamber = opened(items=items)
    state = chamber.write(e.ItemCalled("i9"))
    assert state.secret_since == chamber.at
    assert state.cut_since == chamber.at
    state = chamber.write(e.ItemLeft("i9", "deferred"))
    assert state.secret_since is None


def test_a_sensitive_item_cuts_every_output_but_is_public_in_the_hall() -> None:
    items = (*ITEMS, e.Item("i9", "9", "Contributi a famiglie", is_sensitive=True))
    chamber = opened(items=items)
    state = chamber.write(e.ItemCalled("i9"))
    assert (state.secret_since, state.cut_since) == (None, chamber.at)
    assert chamber.write(e.ItemLeft("i9", "discussed")).cut_since is None


def test_deserted_only_without_a_quorum() -> None:
    chamber = begun()
    chamber.write(e.RollCallBegan())
    for member in (*ALL, GUEST):
        chamber.write(e.PresenceSet(member, "present" if member in ALL[:4] else "absent"))
    chamber.write(e.RollCallEnded(), e.SittingEnded("no_quorum"))
    assert chamber.state.ended == "no_quorum"


def test_an_item_is_decided_only_by_a_vote() -> None:
    chamber = on_item()
    with pytest.raises(RuleBroken, match="non è stato votato"):
        chamber.write(e.ItemLeft("i1", "decided"))
    assert len(ITEMS) == 4
