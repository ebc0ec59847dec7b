"""TEI in the style of the ParlaMint corpora: the research twin of the resoconto integrale.

ParlaMint's own conventions are followed where a council has what a parliament has: one `div` of
type "debateSection" for each section, `u` with `@who` and `@ana` (#chair, #regular, #guest) for a
speech, `seg` for each of its paragraphs, `note` for what the clerk tells. A `timeline` holds the
seconds of the sitting, to which `@start` and `@end` of each `u` point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from arengo.council.engine.record.account import Account
from arengo.council.engine.record.akn_meta import People, people_of
from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import (
    Attendance,
    Block,
    Document,
    Paragraph,
    Section,
    Speech,
    Table,
    VoteBlock,
    nodes,
)
from arengo.council.engine.record.people import gender

TEI = "http://www.tei-c.org/ns/1.0"
XML = "http://www.w3.org/XML/1998/namespace"
ANA = {"chair": "#chair", "member": "#regular", "secretary": "#guest", "guest": "#guest", "unknown": "#unknown"}  # fmt: skip
CATEGORIES = {
    "chair": "Presidenza",
    "regular": "Componente del Consiglio",
    "guest": "Ospite o Segretario",
    "unknown": "Voce non identificata",
}
SEXES = {"f": "F", "m": "M", "": "U"}


@dataclass(slots=True)
class Writer:
    """What is being written: people, the number of speeches so far, and their seconds."""

    account: Account
    people: People
    speeches: int = 0
    times: list[float] = field(default_factory=list)


def tei(account: Account, document: Document) -> bytes:
    """Return a document of speeches as TEI, UTF-8 with its declaration."""
    root = etree.Element(f"{{{TEI}}}TEI", nsmap={None: TEI})  # type: ignore[dict-item]  # None is the default namespace
    root.set(f"{{{XML}}}lang", "it")
    root.set(f"{{{XML}}}id", f"seduta-{account.date}-{document.kind}")
    writer = Writer(account, people_of(account, document))
    _header(_sub(root, "teiHeader"), writer, document)
    text = _sub(root, "text", ana="#reference")
    body = _sub(text, "body")
    for section in document.sections:
        _division(writer, body, section)
    _timeline(writer, text)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _sub(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{TEI}}}{tag}")
    for name, value in attributes.items():
        made.set(f"{{{XML}}}id" if name == "id" else name, clean(value))
    if text:
        made.text = clean(text)
    return made


# --- the header -----------------------------------------------------------------------------


def _header(made: etree._Element, writer: Writer, document: Document) -> None:
    account = writer.account
    described = _sub(made, "fileDesc")
    titles = _sub(described, "titleStmt")
    _sub(titles, "title", document.title, type="main")
    _sub(titles, "meeting", f"Seduta del {account.date}", n=account.date.isoformat())
    extent = _sub(described, "extent")
    speeches = [one for one in nodes(document) if isinstance(one, Speech)]
    _sub(extent, "measure", unit="speeches", quantity=str(len(speeches)))
    _sub(extent, "measure", unit="words", quantity=str(_words(speeches)))
    published = _sub(described, "publicationStmt")
    _sub(published, "publisher", f"Comune di {account.facts.comune}")
    _sub(published, "date", when=account.date.isoformat())
    source = _sub(_sub(described, "sourceDesc"), "recordingStmt")
    _sub(_sub(source, "recording", type="video"), "p", document.label)
    _taxonomy(_sub(made, "encodingDesc"))
    _profile(_sub(made, "profileDesc"), writer)


def _words(speeches: Sequence[Speech]) -> int:
    return sum(len(p.text.split()) for one in speeches for p in one.paragraphs)


def _taxonomy(made: etree._Element) -> None:
    _sub(_sub(made, "projectDesc"), "p", "Dal registro di una seduta e dalla sua trascrizione.")
    taxonomy = _sub(_sub(made, "classDecl"), "taxonomy", id="speaker_types")
    for eid, words in (*CATEGORIES.items(), ("reference", "Corpus di riferimento")):
        _sub(_sub(taxonomy, "category", id=eid), "catDesc", words)


def _profile(made: etree._Element, writer: Writer) -> None:
    facts = writer.account.facts
    setting = _sub(_sub(made, "settingDesc"), "setting")
    _sub(setting, "name", facts.comune, type="city")
    _sub(setting, "name", facts.place or "sala consiliare", type="place")
    _sub(setting, "date", when=writer.account.date.isoformat())
    people = _sub(_sub(made, "particDesc"), "listPerson")
    offices = {writer.people.ref(one.id)[1:]: one for one in writer.account.end.members.values()}
    for eid, (_, name) in writer.people.names.items():
        member = offices.get(eid)
        person = _sub(people, "person", id=eid)
        _sub(person, "persName", name)
        _sub(person, "sex", value=SEXES[gender(member.office)] if member else "U")
        if member and member.office:
            _sub(person, "occupation", member.office)
        if member and member.group:
            _sub(person, "affiliation", member.group, role="member")


# --- the text -------------------------------------------------------------------------------


def _division(writer: Writer, parent: etree._Element, section: Section) -> None:
    """Write a section; one inside another becomes a division after it, since TEI wants it last."""
    made = _sub(parent, "div", type="debateSection", subtype=section.kind)
    _sub(made, "head", section.title)
    inner = made
    for block in section.blocks:
        if isinstance(block, Section):
            _division(writer, parent, block)
            inner = _sub(parent, "div", type="debateSection", subtype=section.kind)
            _sub(inner, "head", f"{section.title} (prosegue)")
        else:
            _block(writer, inner, block)
    _drop_if_empty(inner)


def _drop_if_empty(division: etree._Element) -> None:
    """Take away a division that only has a title: nothing came after what interrupted it."""
    parent = division.getparent()
    if len(division) == 1 and parent is not None and division.getprevious() is not None:
        parent.remove(division)
    elif len(division) == 1:
        _sub(division, "note", "—")


def _block(writer: Writer, parent: etree._Element, block: Block) -> None:
    match block:
        case Paragraph():
            _note(parent, block.kind, block.text)
        case VoteBlock():
            for paragraph in block.text:
                _note(parent, "voting", paragraph.text)
        case Attendance():
            for row in block.rows:
                _note(parent, "presence", f"{row.name}: {row.words}")
        case Table():
            for cells in block.rows:
                _note(parent, "table", " – ".join(one for one in cells if one))
        case Speech():
            _speech(writer, parent, block)


def _note(parent: etree._Element, kind: str, text: str) -> None:
    _sub(parent, "note", text, type=kind)


def _speech(writer: Writer, parent: etree._Element, block: Speech) -> None:
    writer.speeches += 1
    eid = f"u{writer.speeches}"
    _sub(parent, "note", block.name, type="speaker")
    made = _sub(
        parent, "u", id=eid, who=writer.people.ref(block.by, block.name), ana=ANA[block.role]
    )
    spans = [span for one in block.paragraphs for span in one.spans]
    if spans:
        made.set("start", _instant(writer, min(one.start_s for one in spans)))
        made.set("end", _instant(writer, max(one.end_s for one in spans)))
    for number, paragraph in enumerate(block.paragraphs, start=1):
        _sub(made, "seg", paragraph.text, id=f"{eid}.{number}")


def _instant(writer: Writer, at_s: float) -> str:
    writer.times.append(at_s)
    return f"#t{len(writer.times)}"


def _timeline(writer: Writer, text: etree._Element) -> None:
    """Write the instants of speeches, in seconds of the sitting; none where nothing was heard."""
    if not writer.times:
        return
    made = etree.Element(f"{{{TEI}}}timeline", unit="s", origin="#t0")
    _sub(made, "when", id="t0")
    for number, at_s in enumerate(writer.times, start=1):
        _sub(made, "when", id=f"t{number}", interval=f"{at_s:.3f}", since="#t0")
    text.insert(0, made)
