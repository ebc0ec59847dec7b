"""What everyone may see: never how a vote goes before its end, nothing of what is secret."""

from __future__ import annotations

import json

from arengo.council.engine import events as e
from arengo.council.engine.board import public_board
from arengo.council.engine.tests.sittings import ALL, ITEMS, decided, on_item, opened, voting


def test_the_board_is_json() -> None:
    chamber = voting()
    assert (
        json.loads(json.dumps(public_board(chamber.state, chamber.at)))["seq"] == chamber.state.seq
    )


def test_an_open_vote_tells_who_has_voted_never_how() -> None:
    chamber = voting()
    chamber.write(e.VoteCast("b1", "m2", "against"))
    board = public_board(chamber.state, chamber.at)
    assert board["ballot"]["voted"] == ["m2"]
    assert "against" not in json.dumps(board["ballot"])


def test_a_proclaimed_vote_tells_names_formula_and_article() -> None:
    chamber = voting("hands")
    chamber.write(e.HandsCounted("b1", against=("m2",), abstained=("m3",)))
    decided(chamber)
    (vote,) = public_board(chamber.state, chamber.at)["votes"]
    assert vote["names"]["against"] == ["m2"]
    assert vote["totals"] == {"favour": 15, "against": 1, "abstained": 1, "not_voting": 0}
    assert vote["formula"]
    assert vote["article"]


def test_nothing_of_a_secret_part_is_shown() -> None:
    chamber = on_item()
    chamber.ask("secret_began", requester="Tizia Prudente", reason="giudizio su persone")
    chamber.write(e.FloorGiven("m4"), e.VerbatimAsked("m4", "parola riservata"))
    chamber.ask(
        "ballot_opened",
        ballot="b1",
        item="i1",
        subject="proposal",
        title="Riservata",
        method="hands",
    )
    during = json.dumps(public_board(chamber.state, chamber.at))
    chamber.write(e.HandsCounted("b1"))
    decided(chamber)
    chamber.write(e.SecretEnded())
    after = json.dumps(public_board(chamber.state, chamber.at))
    for text in (during, after):
        assert "Riservata" not in text
        assert "riservata" not in text
        assert "Prudente" not in text
    assert not json.loads(after)["turns"]


def test_a_secret_item_is_told_without_its_title() -> None:
    items = (*ITEMS, e.Item("i9", "9", "Giudizio su Caio Segreto", is_secret=True))
    chamber = opened(items=items)
    board = public_board(chamber.state, chamber.at)
    assert "Segreto" not in json.dumps(board)
    staff = public_board(chamber.state, chamber.at, is_staff=True)
    assert "Caio Segreto" in json.dumps(staff)


def test_a_secret_ballot_shows_totals_and_how_many_took_part() -> None:
    chamber = opened()
    chamber.write(e.ScrutineersNamed(("m2", "m3", "m4")), e.ItemCalled("i3"))
    chamber.ask(
        "ballot_opened",
        ballot="b1",
        item="i3",
        subject="proposal",
        title="N",
        method="secret_papers",
    )
    chamber.write(e.SecretCounted("b1", ALL, (("favour", 10), ("against", 7))))
    decided(chamber)
    (vote,) = public_board(chamber.state, chamber.at)["votes"]
    assert vote["names"] == {}
    assert vote["totals"] == {"favour": 10, "against": 7, "took_part": 17}
