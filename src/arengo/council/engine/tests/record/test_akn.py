"""Akoma Ntoso: strictly valid whatever people are called, and traceable to journal and video."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from arengo.council.akn_schema import validate
from arengo.council.engine import events as e
from arengo.council.engine.record.akn import NS, ROOTS, akoma_ntoso
from arengo.council.engine.record.cleaning import MARK, clean
from arengo.council.engine.record.delibere import delibere
from arengo.council.engine.record.document import Document, Speech
from arengo.council.engine.record.minutes import verbale
from arengo.council.engine.record.reports import resoconto_integrale, resoconto_sommario
from arengo.council.engine.record.schema import AKN
from arengo.council.engine.tests.record.made import (
    demo,
    demo_said,
    every_document,
    said,
    told,
    unjudged,
)
from arengo.council.engine.tests.sittings import (
    ALL,
    ITEMS,
    START,
    constituted,
    decided,
    members,
    on_item,
)

Q = {"a": AKN}


def tree(document: Document, found: Any = None) -> etree._Element:
    return etree.fromstring(akoma_ntoso(found or demo(), document))


def found_in(root: etree._Element, path: str) -> list[Any]:
    return list(root.xpath(path, namespaces={**Q, "r": NS}))  # type: ignore[arg-type]  # a list of elements or texts


def test_the_demonstration_is_strictly_valid() -> None:
    for document in every_document(demo()):
        if document.kind in ROOTS:
            assert validate(akoma_ntoso(demo(), document)) == ()


def test_what_is_not_valid_is_told() -> None:
    xml = akoma_ntoso(demo(), verbale(demo())).replace(b"<debateBody>", b"<debateBody><p>x</p>")
    (first, *_) = validate(xml)
    assert first.startswith("Riga ")
    assert validate(b"<a")[0].startswith("Il file non è XML ben formato")


def test_no_entity_of_another_s_file_is_expanded() -> None:
    xml = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert "root:" not in " ".join(validate(xml))


def test_the_record_is_a_debate_and_its_summary_a_report() -> None:
    assert found_in(tree(verbale(demo())), "/a:akomaNtoso/a:debate/a:debateBody")
    assert found_in(tree(resoconto_integrale(demo())), "/a:akomaNtoso/a:debate/a:debateBody")
    assert found_in(tree(resoconto_sommario(demo())), "/a:akomaNtoso/a:debateReport/a:mainBody")


def test_each_section_is_the_element_of_the_mapping() -> None:
    root = tree(verbale(demo()))
    tags = [etree.QName(one).localname for one in found_in(root, "//a:debateBody/*")]
    assert tags == ["rollCall", "debateSection", "debateSection", "questions", "adjournment"]
    assert found_in(root, "//a:questions/a:question/@by")
    assert found_in(root, "//a:questions/a:answer/@by")
    assert found_in(root, "//a:declarationOfVote/a:speech")


def test_a_vote_stands_in_the_analysis_and_by_name_in_the_text() -> None:
    root = tree(verbale(demo()))
    (voting,) = found_in(root, "//a:parliamentary/a:voting")
    assert voting.get("outcome") == "#approvato"
    counts = {one.get("refersTo"): one.get("value") for one in voting.findall(f"{{{AKN}}}count")}
    assert counts == {"#favorevole": "10", "#contrario": "3", "#astenuto": "2", "#non-votante": "0"}
    assert len(found_in(root, "//a:vote[@choice='#contrario']")) == 3
    place = voting.get("href")[1:]
    assert len(found_in(root, f"//*[@eId='{place}']")) == 1
    (quorum,) = found_in(root, "//a:quorumVerification[@outcome='#numero-legale-presente']")
    assert [one.get("value") for one in quorum] == ["8", "14"]


def test_every_quotation_points_to_its_second() -> None:
    spans = found_in(
        tree(resoconto_integrale(demo())),
        "//a:speech//a:p/@r:spans | //a:question//a:p/@r:spans | //a:answer//a:p/@r:spans",
    )
    heard = demo_said()
    assert len(spans) == len(heard)
    assert spans[0] == f"0:{heard[0].start_s:.3f}-{heard[0].end_s:.3f}"


def test_references_lead_somewhere() -> None:
    root = tree(resoconto_integrale(demo()))
    known = {f"#{one}" for one in found_in(root, "//@eId")}
    used = found_in(
        root, "//@by | //@choice | //@outcome | //@as | //@source | //@href[starts-with(., '#')]"
    )
    assert len(used) > 100
    assert set(used) <= known


def test_a_repeated_vote_is_a_recount() -> None:
    chamber = on_item()
    for ballot, repeats in (("b1", ""), ("b2", "b1")):
        chamber.ask(
            "ballot_opened",
            ballot=ballot,
            item="i1",
            subject="proposal",
            title="T",
            method="hands",
            repeats=repeats,
        )
        chamber.write(e.HandsCounted(ballot, against=ALL[:9]))
        decided(chamber, ballot)
    found = told(chamber.entries)
    root = tree(verbale(found), found)
    assert len(found_in(root, "//a:parliamentary/a:voting")) == 1
    assert len(found_in(root, "//a:parliamentary/a:recount")) == 1


def test_a_delibera_is_no_debate() -> None:
    (made,) = delibere(demo())
    with pytest.raises(ValueError, match="delibera"):
        akoma_ntoso(demo(), made)


# --- hostile text -----------------------------------------------------------------------------


def test_a_control_character_leaves_a_mark() -> None:
    assert clean("Ros\x00\x01si\u202e") == f"Ros{MARK}si{MARK}"
    assert clean("Nòn è\tvero\n— 😀") == "Nòn è\tvero\n— 😀"


HOSTILE = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "\x00",
        "]]>",
        "<script>",
        "&amp;&",
        "\ud800",
        "‮gnip",
        "a" * 500,
        '" onload="',
        " ",
        "\ufffe",
        "\r\n",
    ]
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_makes_it_invalid(name: str, title: str, words: str) -> None:
    people = (e.Member("m0", name, name, office=words, group=title, is_mayor=True), *members()[1:])
    items = (e.Item("i1", name or "1", title or "T", proposer=words, rapporteur=name), *ITEMS[1:])
    entries = unjudged(
        constituted(members=people, items=items, secretary=name, title=title),
        e.RollCallBegan(),
        *(e.PresenceSet(one.id, "present") for one in people),
        e.RollCallEnded(),
        e.SittingOpened(),
        e.ItemCalled("i1"),
        e.FloorGiven("m0"),
        e.SittingSuspended(words),
        e.SittingResumed(),
        e.Noted(title),
        e.VerbatimAsked("m0", words),
        e.AmendmentFiled("i1", name, title, words, "add", words),
        e.BallotOpened("b", "i1", "amendment", title, "hands", ("m0",), amendment=name),
        e.HandsCounted("b"),
        e.BallotClosed("b"),
        e.Proclaimed("b", "approved", words, title),
    )
    heard = [said(START + timedelta(seconds=24), "m0", words, 1)]
    heard.append(said(START + timedelta(seconds=25), None, title, 1, name=name))
    found = told(entries, heard, comune=name, istat=title, place=words)
    for document in every_document(found):
        if document.kind in ROOTS:
            assert validate(akoma_ntoso(found, document)) == ()


def test_hostile_ids_make_no_two_people_one() -> None:
    names = ("a b", "a\tb", 'a"b', "a<b", "à", "")
    people = (*members(), *(e.Member(one or "vuoto", "N", votes=False) for one in names))
    found = told(unjudged(constituted(members=people)))
    root = tree(verbale(found), found)
    hrefs = found_in(root, "//a:TLCPerson/@href")
    assert len(hrefs) == len(set(hrefs)) == len(people) + 1
    assert validate(akoma_ntoso(found, verbale(found))) == ()


def test_omitted_words_are_an_element_of_their_own_and_stay_valid() -> None:
    read = resoconto_integrale(demo())
    for number, text in enumerate(("Il signor [omissis] ha torto.", "[omissis]")):
        xml = akoma_ntoso(demo(), with_first_words(read, text))
        assert validate(xml) == ()
        made = found_in(etree.fromstring(xml), "//a:speech/a:p[a:omissis]")
        assert ["".join(one.itertext()) for one in made] == [text]
        assert [one.get("status") for one in made] == [[None], ["removed"]][number]


def with_first_words(document: Document, text: str) -> Document:
    """Return a document whose first speech says `text`."""
    section, block, speech = next(
        (n, k, one)
        for n, part in enumerate(document.sections)
        for k, one in enumerate(part.blocks)
        if isinstance(one, Speech)
    )
    said = replace(speech, paragraphs=(replace(speech.paragraphs[0], text=text),))
    part = document.sections[section]
    blocks = (*part.blocks[:block], said, *part.blocks[block + 1 :])
    sections = list(document.sections)
    sections[section] = replace(part, blocks=blocks)
    return replace(document, sections=tuple(sections))
