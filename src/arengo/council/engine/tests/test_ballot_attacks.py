"""Votes that would be wrong: by another majority, by who must abstain, without a quorum."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from arengo.council.engine import events as e
from arengo.council.engine.board import public_board
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.presence import quorum_at
from arengo.council.engine.tests.sittings import (
    ALL,
    ITEMS,
    PROFILE,
    Chamber,
    decided,
    on_item,
    opened,
    voting,
)

STATUTE = e.Item("s", "9", "Modifica dello statuto", subject="statute")
TEN = ALL[:10]


def open_ballot(chamber: Chamber, ballot: str = "b1", **facts: Any) -> None:
    """Ask for a vote on item 1 unless told otherwise."""
    given = {"item": "i1", "subject": "proposal", "title": "T", "method": "hands", **facts}
    chamber.ask("ballot_opened", ballot=ballot, **given)


def rules(**changes: Any) -> dict[str, Any]:
    """Return the profile with keys changed, such as `remote={"allows_secret": True}`."""
    facts = deepcopy(PROFILE)
    for section, values in changes.items():
        facts[section] |= values
    return facts


# --- by another majority ----------------------------------------------------------------------


def test_an_item_is_decided_by_its_own_majority() -> None:
    """Two thirds of those assigned, not more in favour than against."""
    chamber = on_item("s", items=(*ITEMS, STATUTE))
    with pytest.raises(RuleBroken, match="due terzi"):
        open_ballot(chamber, item="s", subject="proposal")
    open_ballot(chamber, item="s", subject="statute")


def test_as_amended_it_is_decided_by_the_same() -> None:
    """TUEL art. 6 c. 4: ten in favour are not two thirds of sixteen, amended or not."""
    chamber = on_item("s", items=(*ITEMS, STATUTE), present=TEN)
    chamber.write(e.AmendmentFiled("s", "a1", "Emendamento", "m2"))
    open_ballot(chamber, item="s", subject="amendment", amendment="a1")
    chamber.write(e.HandsCounted("b1"))
    decided(chamber)
    open_ballot(chamber, "b2", item="s", subject="as_amended")
    shown = public_board(chamber.state, chamber.at)["ballot"]
    assert shown["needed"] > len(TEN)
    assert shown["article"].startswith("TUEL art. 6 c. 4")
    chamber.write(e.HandsCounted("b2"))
    found = decided(chamber, "b2").ballots["b2"]
    assert found.result == "rejected"
    assert found.article.startswith("TUEL art. 6 c. 4")


def test_a_secret_item_stays_secret_as_amended() -> None:
    chamber = on_item("i3")
    chamber.write(e.AmendmentFiled("i3", "a1", "Emendamento", "m2"))
    open_ballot(chamber, item="i3", subject="amendment", amendment="a1")
    chamber.write(e.HandsCounted("b1"))
    decided(chamber)
    with pytest.raises(RuleBroken, match="scrutinio segreto"):
        open_ballot(chamber, "b2", item="i3", subject="as_amended")


def test_an_election_without_names_is_no_vote() -> None:
    """By plurality one vote in favour would approve whatever it is."""
    chamber = on_item()
    chamber.write(e.ScrutineersNamed(("m2",)))
    with pytest.raises(RuleBroken, match="Scrivi i nomi"):
        open_ballot(chamber, subject="election", method="secret_papers")


@pytest.mark.parametrize("subject", ["proposal", "as_amended", "immediate", "amendment", "statute"])
def test_without_an_item_only_the_order_of_the_sitting_is_voted(subject: str) -> None:
    with pytest.raises(RuleBroken):
        open_ballot(opened(), item="", subject=subject)
    open_ballot(opened(), item="", subject="procedural")


@pytest.mark.parametrize(
    ("subject", "amendment"),
    [("proposal", "a1"), ("procedural", "a1"), ("amendment", ""), ("amendment", "nessuno")],
)
def test_an_amendment_is_voted_as_one(subject: str, amendment: str) -> None:
    chamber = on_item()
    chamber.write(e.AmendmentFiled("i1", "a1", "Emendamento", "m2"))
    with pytest.raises(RuleBroken):
        open_ballot(chamber, subject=subject, amendment=amendment)


def test_what_is_repeated_was_a_vote_on_the_same_item() -> None:
    chamber = voting("hands")
    chamber.write(e.HandsCounted("b1"))
    decided(chamber)
    chamber.write(e.ItemLeft("i1", "decided"), e.ItemCalled("i2"))
    with pytest.raises(RuleBroken, match="di un altro punto"):
        open_ballot(chamber, "b2", item="i2", repeats="b1")


def test_what_was_never_voted_is_not_repeated() -> None:
    with pytest.raises(RuleBroken, match="da ripetere non esiste"):
        open_ballot(on_item(), repeats="b7")


# --- elections --------------------------------------------------------------------------------


def electing(names: tuple[str, ...], seats: int = 1, **facts: Any) -> Chamber:
    """Return a sitting that votes by papers among names."""
    chamber = on_item()
    chamber.write(e.ScrutineersNamed(("m2",)))
    given = {"subject": "election", "method": "secret_papers", "choices": [*names], **facts}
    open_ballot(chamber, seats=seats, **given)
    return chamber


@pytest.mark.parametrize(
    "names", [("Bo", "Bo"), ("Bo", ""), ("Bo", " "), ("Bo", "blank"), ("Bo", "took_part")]
)
def test_a_name_is_written_once_and_is_no_choice(names: tuple[str, ...]) -> None:
    with pytest.raises(RuleBroken, match="correggi l'elenco"):
        electing(names)


def test_names_are_voted_in_secret() -> None:
    """An open vote has no place for a name: everyone would have voted for nobody."""
    with pytest.raises(RuleBroken, match="segreto"):
        electing(("Bo", "Re"), subject="procedural", method="electronic")


def test_who_put_no_paper_in_is_not_in_the_base() -> None:
    """Two to elect by more than half of the voters: six of ten voters, not of seventeen present."""
    absolute = {"rule": "absolute", "base": "voters", "method": "secret", "article": "Reg."}
    facts = rules()
    facts["majorities"]["election"] = absolute
    chamber = on_item(profile=facts)
    chamber.write(e.ScrutineersNamed(("m2",)))
    names = ["Bo", "Re", "Su"]
    open_ballot(chamber, subject="election", method="secret_papers", choices=names, seats=2)
    chamber.write(e.SecretCounted("b1", TEN, (("Bo", 6), ("Re", 4))))
    found = decided(chamber).ballots["b1"]
    assert found.elected == ("Bo",)
    assert "10 nel computo" in found.formula


def test_nobody_elected_is_not_a_tie() -> None:
    chamber = electing(("Bo", "Re"))
    chamber.write(e.SecretCounted("b1", ALL, (("blank", 17),)))
    assert decided(chamber).ballots["b1"].result == "rejected"


# --- by who may not ---------------------------------------------------------------------------


def test_who_must_abstain_is_out_of_a_vote_that_is_open() -> None:
    chamber = voting()
    chamber.write(e.ConflictDeclared("m5", "i1", "parente", leaves=False))
    with pytest.raises(RuleBroken, match="si astiene per obbligo"):
        chamber.write(e.VoteCast("b1", "m5", "favour"))
    state = chamber.write(e.BallotClosed("b1"))
    assert "m5" not in state.ballots["b1"].votes


def test_hands_do_not_count_who_must_abstain() -> None:
    chamber = voting("hands")
    chamber.write(e.ConflictDeclared("m5", "i1", leaves=True), e.HandsCounted("b1"))
    assert "m5" not in chamber.state.ballots["b1"].votes


def test_who_took_part_in_secret_does_not_declare_afterwards() -> None:
    chamber = electing(("Bo", "Re"))
    chamber.write(e.SecretCounted("b1", TEN, (("Bo", 10),)))
    with pytest.raises(RuleBroken, match="Ha già votato"):
        chamber.write(e.ConflictDeclared("m5", "i1"))


def test_who_presides_votes_only_where_the_regulation_says_so() -> None:
    chamber = voting(profile=rules(voting={"chair_votes": False}))
    assert chamber.state.chair == "m1"
    with pytest.raises(RuleBroken, match="non può votare"):
        chamber.write(e.VoteCast("b1", "m1", "favour"))
    assert "m1" in voting().state.ballots["b1"].entitled


def remote(**changes: Any) -> Chamber:
    """Return an open mixed sitting with m3 connected."""
    chamber = opened(TEN, mode="mixed", profile=rules(remote=changes))
    chamber.write(e.PresenceSet("m3", "remote", "correction"), e.ItemCalled("i1"))
    return chamber


def test_the_connected_count_only_where_the_regulation_says_so() -> None:
    counts = [
        quorum_at(one.state, one.at).counted for one in (remote(), remote(counts_for_quorum=False))
    ]
    assert counts[0] - counts[1] == 1


def test_identity_is_checked_where_the_regulation_wants_it() -> None:
    chamber = remote(checks_identity=False)
    open_ballot(chamber, method="electronic")
    chamber.write(e.VoteCast("b1", "m3", "favour"))


@pytest.mark.parametrize("is_allowed", [True, False])
def test_the_connected_vote_in_secret_only_where_the_regulation_says_so(is_allowed: bool) -> None:
    from arengo.council.engine.ballots import check_voter

    chamber = remote(allows_secret=is_allowed)
    open_ballot(chamber, method="secret_electronic")
    chamber.write(e.IdentityChecked("b1", "m3"))
    ballot = chamber.state.ballots["b1"]
    if is_allowed:
        check_voter(chamber.state, ballot, "m3", chamber.at)
        return
    with pytest.raises(RuleBroken, match="voto segreto da remoto"):
        check_voter(chamber.state, ballot, "m3", chamber.at)


# --- without a quorum -------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["electronic", "hands"])
def test_a_vote_in_which_the_quorum_was_lost_is_not_closed(method: str) -> None:
    chamber = voting(method, present=TEN)
    while quorum_at(chamber.state, chamber.at).is_met:
        here = chamber.state.here(chamber.at)
        chamber.write(e.PresenceSet(here[-1], "absent", "exit"))
    if method == "hands":
        chamber.write(e.HandsCounted("b1"))
    with pytest.raises(RuleBroken, match="mancato il numero legale"):
        chamber.write(e.BallotClosed("b1"))
    chamber.write(e.BallotVoided("b1", "manca il numero legale"))


def test_who_voted_and_left_was_there() -> None:
    chamber = voting(present=TEN)
    chamber.write(*(e.VoteCast("b1", m, "favour") for m in TEN))
    chamber.write(*(e.PresenceSet(m, "absent", "exit") for m in TEN[2:]))
    assert decided(chamber).ballots["b1"].present == len(TEN)


# --- undone -----------------------------------------------------------------------------------


def test_what_was_proclaimed_does_not_change_by_an_undo() -> None:
    """Of a majority of the members the formula tells no abstentions; the names would still change."""
    chamber = voting("hands")
    chamber.write(e.HandsCounted("b1"))
    decided(chamber)
    chamber.ask(
        "ballot_opened", ballot="b2", item="i1", subject="immediate", title="I", method="electronic"
    )
    chamber.write(*(e.VoteCast("b2", m, "favour") for m in ALL[:9]))
    seq = chamber.write(e.VoteCast("b2", "m9", "abstained")).seq
    before = decided(chamber, "b2").ballots["b2"]
    with pytest.raises(RuleBroken, match="proclamat"):
        chamber.write(e.Undone(seq))
    assert chamber.state.ballots["b2"] == before


def test_the_count_of_an_electronic_box_is_not_undone() -> None:
    chamber = on_item()
    open_ballot(chamber, method="secret_electronic")
    chamber.write(e.SecretCounted("b1", ("m2",), (("favour", 1),)))
    with pytest.raises(RuleBroken, match="urna"):
        chamber.write(e.Undone(chamber.state.seq))
    chamber.write(e.BallotVoided("b1", "errore"))


def test_papers_are_counted_again() -> None:
    chamber = electing(("Bo", "Re"))
    chamber.write(e.SecretCounted("b1", ("m2",), (("Bo", 1),)))
    chamber.write(e.Undone(chamber.state.seq))
    assert not chamber.state.ballots["b1"].counted


def test_a_ballot_of_another_sitting_is_unknown() -> None:
    chamber = voting()
    with pytest.raises(RuleBroken, match="non esiste"):
        chamber.write(e.VoteCast("b2", "m2", "favour"))


def test_statutes_are_of_the_profile() -> None:
    """The item's subject is the agenda's; one that no rule names is decided by the general rule."""
    odd = replace(STATUTE, subject="nessuna")
    chamber = on_item("s", items=(*ITEMS, odd))
    open_ballot(chamber, item="s", subject="nessuna")
