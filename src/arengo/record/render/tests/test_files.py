"""Documents as PDF, DOCX and ODT: all that they say, tagged, literal, with their XML inside."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date
from functools import cache
from itertools import pairwise

import docx as word
import pytest
from lxml import etree

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import (
    Document,
    Paragraph,
    Section,
    Speech,
    VoteBlock,
    nodes,
    words_of,
)
from arengo.council.engine.record.documents import all_documents
from arengo.council.engine.tests.record.made import demo
from arengo.record.render.docx import docx
from arengo.record.render.flow import Grid, Heading, Line, flow
from arengo.record.render.odt import SPACES, odt
from arengo.record.render.pdf import Attachment, pdf, told, widths

ON = date(2026, 11, 24)
HOSTILE = '#eval("1") $x^2$ \\ @cite <b> & " * _ ` // [a] \x00\x1b \u202e 🏛 = titolo'


@cache
def documents() -> tuple[Document, ...]:
    return tuple(all_documents(demo()))


each = pytest.mark.parametrize("kind", ["verbale", "resoconto_integrale", "delibera", "votes"])


def of_kind(kind: str) -> Document:
    return next(one for one in documents() if one.kind == kind)


def hostile() -> Document:
    said = Paragraph(HOSTILE, kind="quote")
    section = Section("item", HOSTILE, (Paragraph(HOSTILE), said), ())
    return Document("verbale", HOSTILE, HOSTILE, (section,))


def streams(data: bytes) -> bytes:
    """Return what the compressed streams of a PDF hold."""
    found = re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    return b"\n".join(_inflated(one[1]) for one in found)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


# --- the flow -------------------------------------------------------------------------------


@each
def test_headings_never_leap_a_level(kind: str) -> None:
    levels = [one.level for one in flow(of_kind(kind)) if isinstance(one, Heading)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each
def test_the_flow_leaves_nothing_out(kind: str) -> None:
    document = of_kind(kind)
    told_there = _said(document)
    for node in nodes(document):
        match node:
            case Paragraph(text=text) | Section(title=text) | Speech(title=text):
                assert text in told_there
            case VoteBlock(text=paragraphs):
                assert all(one.text in told_there for one in paragraphs)


def _said(document: Document) -> str:
    lines: list[str] = []
    for piece in flow(document):
        match piece:
            case Heading(text=text) | Line(text=text):
                lines.append(text)
            case Grid(title=title, header=header, rows=rows):
                lines += [title, *header, *(cell for row in rows for cell in row)]
    return "\n".join(lines)


# --- PDF ------------------------------------------------------------------------------------


@each
def test_a_pdf_says_that_it_can_be_kept_and_read_aloud(kind: str) -> None:
    made = pdf(of_kind(kind), comune="Pero", on=ON)
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    assert b"/StructTreeRoot" in made
    assert b"/Lang" in made
    about = streams(made)
    assert re.search(rb"pdfaid:part>3<", about)
    assert re.search(rb"pdfaid:conformance>A<", about)
    assert re.search(rb"pdfuaid:part>1<", about)


def test_a_pdf_holds_its_xml_as_it_is() -> None:
    xml = "<akomaNtoso>Città, perché, 🏛</akomaNtoso>"
    inside = Attachment("verbale.akn.xml", "application/akn+xml", xml, "Akoma Ntoso")
    made = pdf(of_kind("verbale"), comune="Pero", on=ON, attachments=[inside])
    assert xml.encode() in streams(made)
    assert b"/AFRelationship" in made + streams(made)


def test_the_same_document_gives_the_same_pdf() -> None:
    made = [pdf(of_kind("verbale"), comune="Pero", on=ON) for _ in range(2)]
    assert made[0] == made[1]


def test_hostile_words_are_words_in_every_format() -> None:
    document = hostile()
    assert pdf(document, comune=HOSTILE, on=ON).startswith(b"%PDF-")
    written = word.Document(io.BytesIO(docx(document, comune="Pero", on=ON)))
    assert clean(HOSTILE) in [one.text for one in written.paragraphs]
    assert clean(HOSTILE) in odt_text(odt(document, comune="Pero", on=ON))


def test_a_sign_that_no_font_has_is_told_by_its_code() -> None:
    signs = Paragraph("Bene \U0001f3db 漢 字 \u0623")
    document = Document("verbale", "V", "", (Section("item", "P", (signs,), ()),))
    assert pdf(document, comune="Pero", on=ON).startswith(b"%PDF-")
    assert told("\U0001f3db漢") == "‹U+1F3DB›‹U+6F22›"


def test_no_column_is_wider_than_it_needs_nor_vanishes() -> None:
    assert widths(Grid("", ("N.", "Argomento"), (("1", "x" * 200),))) == [4, 40]


# --- DOCX and ODT ---------------------------------------------------------------------------


@each
def test_a_docx_says_it_all(kind: str) -> None:
    document = of_kind(kind)
    made = word.Document(io.BytesIO(docx(document, comune="Pero", on=ON)))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    told = "\n".join([*(one.text for one in made.paragraphs), *cells])
    for line in words_of(document).splitlines():
        assert all(part in told for part in line.split(" | ")), line
    assert made.core_properties.language == "it-IT"


@each
def test_an_odt_says_it_all(kind: str) -> None:
    document = of_kind(kind)
    told = odt_text(odt(document, comune="Pero", on=ON))
    for line in words_of(document).splitlines():
        assert all(part in told for part in line.split(" | ")), line


def odt_text(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.namelist()[0] == "mimetype"
        assert found.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        content = etree.fromstring(found.read("content.xml"))
    return "\n".join(str(one.text or "") for one in content.iter(f"{{{SPACES['text']}}}*"))
