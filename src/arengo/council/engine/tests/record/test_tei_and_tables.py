"""TEI that reads as ParlaMint's, and CSV that no spreadsheet executes."""

from __future__ import annotations

import csv
import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from arengo.council.engine import events as e
from arengo.council.engine.record.cleaning import FORMULA, cell
from arengo.council.engine.record.reports import resoconto_integrale
from arengo.council.engine.record.tables import attendance_csv, voters_csv, votes_csv
from arengo.council.engine.record.tei import TEI, tei
from arengo.council.engine.tests.record.made import demo, demo_said, said, told
from arengo.council.engine.tests.sittings import ALL, on_item, opened

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def parsed(found: Any) -> etree._Element:
    return etree.fromstring(tei(found, resoconto_integrale(found)))


def rows(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


# --- TEI --------------------------------------------------------------------------------------


def test_each_speech_is_an_utterance_with_its_speaker_and_seconds() -> None:
    root = parsed(demo())
    speeches = root.findall(f".//{{{TEI}}}u")
    people = {one.get(XML_ID): one for one in root.findall(f".//{{{TEI}}}person")}
    instants = {one.get(XML_ID): one for one in root.findall(f".//{{{TEI}}}when")}
    assert {one.get("ana") for one in speeches} == {"#chair", "#regular", "#guest"}
    for one in speeches:
        assert str(one.get("who"))[1:] in people
        assert str(one.get("start"))[1:] in instants
    words = sum(len(str(seg.text).split()) for seg in root.findall(f".//{{{TEI}}}seg"))
    assert words == sum(len(one.text.split()) for one in demo_said())


def test_ids_are_unique_and_divisions_are_not_empty() -> None:
    root = parsed(demo())
    ids = [one.get(XML_ID) for one in root.iter() if one.get(XML_ID)]
    assert len(ids) == len(set(ids))
    assert all(len(one) > 1 for one in root.findall(f".//{{{TEI}}}div"))


def test_a_verification_inside_an_item_is_a_division_of_its_own() -> None:
    chamber = on_item()
    chamber.write(e.FloorGiven("m4"))
    heard = said(chamber.at, "m4", "chiedo la verifica", 1)
    chamber.wait(5)
    chamber.write(e.FloorEnded(), e.RollCallBegan("verification"))
    chamber.write(*(e.PresenceSet(one, "present") for one in (*ALL, "ext")), e.RollCallEnded())
    root = parsed(told(chamber.entries, [heard]))
    kinds = [one.get("subtype") for one in root.findall(f".//{{{TEI}}}div")]
    assert kinds == ["preamble", "roll_call", "general", "item", "roll_call"]


def test_tei_survives_what_xml_forbids() -> None:
    chamber = on_item()
    chamber.write(e.FloorGiven("m4"))
    heard = said(chamber.at, None, "a\x00b\ud800 <c> & ]]>", name="X\x01")
    assert parsed(told(chamber.entries, [heard])) is not None


# --- CSV --------------------------------------------------------------------------------------


def test_votes_have_a_line_each_with_totals_and_rule() -> None:
    header, line = rows(votes_csv(demo()))
    found = dict(zip(header, line, strict=True))
    assert (found["presenti"], found["votanti"], found["favorevoli"]) == ("15", "13", "10")
    assert (found["stato"], found["esito"]) == ("proclamata", "la proposta è approvata")
    assert found["formula"].startswith("10 favorevoli su 13 votanti")


def test_voters_have_a_line_each_and_secret_ballots_none() -> None:
    assert len(rows(voters_csv(demo()))) == 1 + 15
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
    chamber.write(
        e.SecretCounted("b1", ALL, (("favour", 10), ("against", 7))), e.BallotClosed("b1")
    )
    chamber.ask("proclaimed", ballot="b1")
    found = told(chamber.entries)
    assert len(rows(voters_csv(found))) == 1
    assert rows(votes_csv(found))[1][10:12] == ["10", "7"]


def test_who_never_came_has_a_line_too() -> None:
    found = rows(attendance_csv(demo()))
    assert [
        "Teresa Ronchi",
        "Consigliera",
        "Lista Olona",
        "sì",
        "mai presente",
        "",
        "",
        "0",
    ] in found


def test_a_name_is_no_formula() -> None:
    chamber = on_item(items=(e.Item("i1", "1", '=HYPERLINK("http://x";"y")'),))
    chamber.ask(
        "ballot_opened", ballot="b1", item="i1", subject="proposal", title="=1+1", method="hands"
    )
    chamber.write(e.HandsCounted("b1"), e.BallotClosed("b1"))
    chamber.ask("proclaimed", ballot="b1")
    line = rows(votes_csv(told(chamber.entries)))[1]
    assert line[2] == "'=1+1"


@given(st.text(max_size=30))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not cell(text).lstrip(" \u00a0").startswith(FORMULA)
