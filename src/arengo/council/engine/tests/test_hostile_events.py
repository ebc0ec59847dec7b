"""What a hostile or broken screen sends: refused in a sentence, never a fault of ours."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from arengo.council.engine import events as e
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.guards import check
from arengo.council.engine.intents import FROM_CONSOLE, intended
from arengo.council.engine.tests.sittings import begun, constituted, on_item, opened

ITEM = {"id": "i9", "number": "9", "title": "Aggiunto"}
RUBBISH: tuple[Any, ...] = (
    *(None, True, -1, 10**60, 1.5, float("nan"), "", "x", "\ud800", "a\x00b"),
    *([], {}, [[]], [{}], {"id": 3}, [["favour", 1.5]], [["favour"]], [[{}, 1]], "y" * 5000),
)


def deep() -> Any:
    """Return lists within lists, deeper than Python may recurse, as JSON can bring them."""
    found: Any = "x"
    for _ in range(2_000):
        found = [found]
    return found


@pytest.mark.parametrize("kind", sorted(FROM_CONSOLE))
def test_rubbish_in_any_field_is_refused_or_harmless(kind: str) -> None:
    chamber = on_item()
    if kind == "secret_counted":
        chamber.write(e.ScrutineersNamed(("m2",)))
        chamber.ask("ballot_opened", **{**good("ballot_opened"), "method": "secret_papers"})
    state, at = chamber.state, chamber.at
    names = e.KINDS[kind].__dataclass_fields__  # type: ignore[attr-defined]  # every event is a dataclass
    for name, value in product(names, [*RUBBISH, deep()]):
        try:
            event = intended(state, kind, {**good(kind), name: value}, at)
            check(state, event, at)
        except RuleBroken:
            continue
        json.dumps(e.facts_of(event), ensure_ascii=False).encode()


def good(kind: str) -> dict[str, Any]:
    """Return facts of a kind that could be."""
    given: dict[str, Any] = {
        **{"ballot": "b1", "member": "m2", "item": "i1", "title": "T", "reason": "r"},
        **{"amendment": "a1", "proposer": "m2", "text": "t", "name": "N", "requester": "m2"},
        **{"took_part": ["m2"], "totals": [["favour", 1]], "order": ["i4", "i3", "i2", "i1"]},
        **{"status": "present", "cause": "correction", "choice": "favour", "members": ["m2"]},
        **{"type": "technical", "verdict": "favourable", "result": "deferred", "stage": "vote"},
        **{"subject": "procedural", "method": "hands", "leaves": True, "limit_s": 0},
    }
    if kind == "item_added":
        return {"item": ITEM}
    if kind == "ballot_opened":
        given["amendment"] = ""
    names = e.KINDS[kind].__dataclass_fields__  # type: ignore[attr-defined]  # every event is a dataclass
    return {name: given[name] for name in names if name in given}


@pytest.mark.parametrize("text", ["mezzo \ud800", "nullo \x00", "campana \x07"])
def test_a_text_that_cannot_be_chained_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken, match="non si può registrare"):
        opened().write(e.Noted(text))


def test_the_first_entry_is_held_to_it_too() -> None:
    with pytest.raises(RuleBroken, match="non si può registrare"):
        begun(title="mezzo \udfff")


def test_lines_and_every_alphabet_are_welcome() -> None:
    chamber = opened()
    chamber.write(e.Noted("riga\nriga\t«È» 😀 Дом"))
    assert chamber.state.notes[-1][1].endswith("Дом")


@pytest.mark.parametrize("what", ["reason", "name"])
def test_no_text_is_without_end(what: str) -> None:
    event = {
        "reason": e.SittingSuspended("x" * 4001),
        "name": e.FloorGiven("", name="x" * 4001),
    }[what]
    with pytest.raises(RuleBroken, match="troppo lungo"):
        opened().write(event)


@pytest.mark.parametrize("key", ["", " ", "a b", "a/b", "x" * 61])
def test_a_key_is_a_word(key: str) -> None:
    """An empty one would hide an open vote; a blank or a slash would break the box's tokens."""
    with pytest.raises(RuleBroken, match="non è un codice"):
        on_item().ask(
            "ballot_opened", ballot=key, item="i1", subject="proposal", title="T", method="hands"
        )
    with pytest.raises(RuleBroken, match="non è un codice"):
        opened().ask("item_added", item={**ITEM, "id": key})


@pytest.mark.parametrize(
    "over",
    [
        {"documents": [{"title": "D", "url": "javascript:alert(1)"}]},
        {"documents": [{"title": "D", "url": " data:text/html,x"}]},
        {"opinions_due": ["astrological"]},
        {"title": 7},
        {"is_secret": "no"},
    ],
)
def test_an_added_item_is_made_of_what_an_item_is(over: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        opened().ask("item_added", item={**ITEM, **over})


def test_a_roll_call_has_a_purpose() -> None:
    """An empty one would begin a roll call that nothing shows and nothing ends."""
    for purpose in ("", "scherzo"):
        with pytest.raises(RuleBroken, match="non è ammesso"):
            opened().write(e.RollCallBegan(purpose))


def test_two_mayors_are_refused_at_once() -> None:
    """They would make the quorum, and so every board after it, impossible to reckon."""
    first = constituted()
    doubled = tuple(replace(one, is_mayor=one.id in ("m0", "m1")) for one in first.members)
    with pytest.raises(RuleBroken, match="due sindaci"):
        begun(members=doubled)
