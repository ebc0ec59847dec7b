"""Akoma Ntoso 3.0: `debate` of verbale and resoconto integrale, `debateReport` of the sommario.

Strictly valid against the OASIS schema. Every node that comes from the journal or quotes carries
`arengo:seqs` (entries) and `arengo:spans` (utterance:start-end, seconds of the sitting).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from arengo.council.engine import events as e
from arengo.council.engine.record import akn_meta
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import (
    OMITTED,
    Attendance,
    Block,
    Document,
    Paragraph,
    Section,
    Span,
    Speech,
    Table,
    VoteBlock,
)
from arengo.council.engine.record.schema import AKN

NS = "urn:arengo:record"
ROOTS = {
    "verbale": "debate",
    "separate_part": "debate",
    "resoconto_integrale": "debate",
    "resoconto_sommario": "debateReport",
}
PLACES = {"roll_call": "rollCall", "closing": "adjournment"}
ITEMS = {
    "question": "questions",
    "interpellation": "questions",
    "communication": "communication",
    "substitution": "administrationOfOath",
}
NAMES = {"general": "lavori", "item": "punto", "secret": "seduta-segreta"}
SPEECHES = {"question": "question", "answer": "answer"}
AROUND = {
    "declaration": "declarationOfVote",
    "point_of_order": "pointOfOrder",
    "personal": "personalStatements",
}
EIDS = {"debateSection": "dbsect", "speech": "speech", "narrative": "narrative", "table": "table"}
NOTHING_YET = "Nessun atto della seduta è ancora registrato."


@dataclass(slots=True)
class Writer:
    """The document being written: its people, its counters, what it found for the analysis."""

    account: Account
    people: akn_meta.People
    events: dict[int, e.Event]
    counters: dict[str, int] = field(default_factory=dict)
    votes: list[tuple[str, VoteBlock]] = field(default_factory=list)
    rolls: list[tuple[str, Attendance]] = field(default_factory=list)
    place: str = ""  # the eId of the section being written

    def eid(self, name: str) -> str:
        """Return the next id of a kind of element."""
        prefix = EIDS.get(name, name)
        self.counters[prefix] = self.counters.get(prefix, 0) + 1
        return f"{prefix}_{self.counters[prefix]}"


def akoma_ntoso(account: Account, document: Document) -> bytes:
    """Return a document as Akoma Ntoso, UTF-8 with its declaration.

    Raises
    ------
    ValueError
        The document is neither a verbale nor a resoconto.
    """
    if document.kind not in ROOTS:
        message = f"no Akoma Ntoso debate of a document of kind {document.kind!r}"
        raise ValueError(message)
    root = etree.Element(f"{{{AKN}}}akomaNtoso", nsmap={None: AKN, "arengo": NS})  # type: ignore[dict-item]  # None is the default namespace
    top = _sub(root, ROOTS[document.kind], name=document.kind)
    events = {one.seq: one.event for one in account.moments}
    writer = Writer(account, akn_meta.people_of(account, document), events)
    body = _body(writer, top, document)
    top.insert(0, akn_meta.meta(account, document, writer.people, writer.votes, writer.rolls))
    _ends(writer, top, body, document)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _sub(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{AKN}}}{tag}")
    for name, value in attributes.items():
        made.set(name.rstrip("_"), clean(value))
    if text:
        made.text = clean(text)
    return made


def _traced(made: etree._Element, seqs: Sequence[int], spans: Sequence[Span] = ()) -> None:
    if seqs:
        made.set(f"{{{NS}}}seqs", " ".join(map(str, seqs)))
    if spans:
        made.set(f"{{{NS}}}spans", " ".join(_span(one) for one in spans))


def _span(span: Span) -> str:
    return f"{span.utterance}:{span.start_s:.3f}-{span.end_s:.3f}"


# --- the parts ------------------------------------------------------------------------------


def _body(writer: Writer, top: etree._Element, document: Document) -> etree._Element:
    """Write the body; a `debateBody` holds at least one section."""
    body = _sub(top, "debateBody" if ROOTS[document.kind] == "debate" else "mainBody")
    for section in document.sections:
        if section.kind not in ("preamble", "signatures"):
            _section(writer, body, section)
    if not len(body):
        _sub(_sub(body, "debateSection", name="lavori", eId="dbsect_0"), "p", NOTHING_YET)
    return body


def _ends(writer: Writer, top: etree._Element, body: etree._Element, document: Document) -> None:
    """Write preface and conclusions around the body."""
    preface = etree.Element(f"{{{AKN}}}preface")
    for line in document.letterhead:
        _sub(preface, "p", line, class_="letterhead")
    _sub(_sub(preface, "p"), "docTitle", document.title)
    _sub(preface, "p", document.label, class_="label")
    body.addprevious(preface)
    for section in document.sections:
        if section.kind == "preamble":
            _plain(writer, preface, section.blocks)
        elif section.kind == "signatures":
            conclusions = _sub(top, "conclusions")
            _plain(writer, conclusions, section.blocks)


def _plain(writer: Writer, parent: etree._Element, blocks: Sequence[Block]) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            _p(parent, block)
        elif isinstance(block, Table):
            _table(writer, parent, block)


def _p(parent: etree._Element, paragraph: Paragraph, **attributes: str) -> None:
    """Write a paragraph; lines of a text given as it is stay lines."""
    for line in paragraph.text.splitlines() or [""]:
        if line.strip():
            made = _sub(parent, "p", **attributes)
            _traced(made, paragraph.seqs, paragraph.spans)
            _words(made, line)


def _words(made: etree._Element, text: str) -> None:
    """Write somebody's words; where some are omitted stands an element that says so."""
    first, *rest = clean(text).split(OMITTED)
    made.text = first
    for after in rest:
        _sub(made, "omissis", OMITTED).tail = after
    if rest and not f"{first}{''.join(rest)}".strip():
        made.set("status", "removed")


def _section(writer: Writer, parent: etree._Element, section: Section) -> None:
    tag = PLACES.get(section.kind) or ITEMS.get(section.type, "debateSection")
    made = _sub(parent, tag, eId=writer.eid(tag))
    if tag == "debateSection":
        made.set("name", NAMES.get(section.kind, section.kind))
    _traced(made, section.seqs)
    if section.number:
        _sub(made, "num", section.number)
    _sub(made, "heading", section.title)
    outer, writer.place = writer.place, str(made.get("eId"))
    for block in section.blocks:
        _block(writer, made, block)
    writer.place = outer


def _block(writer: Writer, parent: etree._Element, block: Block) -> None:
    match block:
        case Section():
            _section(writer, parent, block)
        case Paragraph():
            _paragraph(writer, parent, block)
        case Table():
            _table(writer, parent, block)
        case Attendance():
            _attendance(writer, parent, block)
        case VoteBlock():
            _vote(writer, parent, block)
        case Speech():
            _speech(writer, parent, block)


def _paragraph(writer: Writer, parent: etree._Element, block: Paragraph) -> None:
    """Write the clerk's sentence as a narrative, somebody's own text as it is."""
    if block.kind in ("verbatim", "proposal"):
        _p(parent, block, class_=block.kind, status="verbatim")
        return
    event = writer.events.get(block.seqs[0]) if block.seqs else None
    if isinstance(event, e.SittingSuspended):
        parent = _sub(parent, "adjournment", eId=writer.eid("adjournment"))
    made = _sub(parent, "narrative", eId=writer.eid("narrative"))
    _traced(made, block.seqs, block.spans)
    if block.kind == "omitted":
        _sub(made, "omissis", block.text)
        return
    _timed(writer, made, block)


def _timed(writer: Writer, made: etree._Element, block: Paragraph) -> None:
    if block.at is None:
        made.text = clean(block.text)
        return
    mark = _sub(made, "recordedTime", time=_iso(writer.account, block.at))
    mark.tail = clean(block.text)


def _iso(account: Account, at: datetime) -> str:
    return account.local(at).isoformat(timespec="seconds")


def _table(writer: Writer, parent: etree._Element, block: Table) -> None:
    made = _sub(parent, "table", eId=writer.eid("table"))
    _traced(made, block.seqs)
    _sub(made, "caption", block.title)
    _row(made, "th", block.header)
    for row in block.rows:
        _row(made, "td", row)


def _row(table: etree._Element, tag: str, cells: Sequence[str]) -> None:
    row = _sub(table, "tr")
    for one in cells:
        _sub(_sub(row, tag), "p", one)


def _attendance(writer: Writer, parent: etree._Element, block: Attendance) -> None:
    rows = tuple((row.name, row.office, row.group, row.words) for row in block.rows)
    header = ("Componente", "Carica", "Gruppo", "Presenza")
    _table(writer, parent, Table(block.title, header, rows, block.seqs))
    if block.formula:
        writer.rolls.append((writer.place, block))


def _vote(writer: Writer, parent: etree._Element, block: VoteBlock) -> None:
    """Write a vote in sentences, then each open vote and the outcome as elements."""
    eid = writer.eid("votazione")
    for number, paragraph in enumerate(block.text, start=1):
        made = _sub(parent, "narrative", eId=eid if number == 1 else f"{eid}__narrative_{number}")
        _traced(made, block.seqs)
        _timed(writer, made, paragraph)
    if block.stage != "proclaimed":
        return
    named = [(group.choice, member) for group in block.groups for member in group.members]
    made = _sub(parent, "narrative", eId=f"{eid}__esito")
    for choice, member in named:
        name = writer.account.end.members[member].name
        _sub(
            made, "vote", name, by=writer.people.ref(member), choice=akn_meta.concept(choice)
        ).tail = " "
    _sub(made, "outcome", block.result_words, refersTo=akn_meta.concept(block.result))
    writer.votes.append((eid, block))


def _speech(writer: Writer, parent: etree._Element, block: Speech) -> None:
    around = AROUND.get(block.type)
    if around:
        parent = _sub(parent, around, eId=writer.eid(around))
    tag = SPEECHES.get(block.type, "speech")
    made = _sub(
        parent,
        tag,
        eId=writer.eid(tag),
        by=writer.people.ref(block.by, block.name),
        as_=f"#{block.role}",
        startTime=_iso(writer.account, block.began_at),
        endTime=_iso(writer.account, block.ended_at),
        status="verbatim" if block.is_whole else "incomplete",
    )
    _traced(made, block.seqs)
    _sub(made, "from", block.name)
    for paragraph in block.paragraphs:
        _p(made, paragraph)
    if len(made) == 1:
        _sub(made, "p", "…")
