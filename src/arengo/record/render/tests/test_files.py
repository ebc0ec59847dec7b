"""Documents as PDF, DOCX and ODT: all that they say, tagged, literal, with their XML inside."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
import zlib
from dataclasses import asdict
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from shutil import which

import docx as word
import pytest
from lxml import etree

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import (
    Document,
    Paragraph,
    Section,
    Speech,
    Table,
    VoteBlock,
    nodes,
    words_of,
)
from arengo.council.engine.record.documents import all_documents
from arengo.council.engine.tests.record.made import demo
from arengo.record.render.docx import docx
from arengo.record.render.flow import Grid, Heading, Line, flow, shares, widths
from arengo.record.render.odt import SPACES, odt
from arengo.record.render.pdf import UNDRAWN, Attachment, _compile, drawable, pdf, told

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
    xml = "<akomaNtoso>Città, perché, 🏛 👨\u200d👩</akomaNtoso>"
    inside = Attachment("verbale.akn.xml", "application/akn+xml", xml, "Akoma Ntoso")
    made = pdf(hostile(), comune="Pero", on=ON, attachments=[inside])
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


@pytest.mark.parametrize(
    "signs",
    [
        "👨\u200d👩\u200d👧",
        "\ue000",
        "\U0010fffd",
        "1\ufe0f\u20e3",
        "ශ්\u200dරී",
        "שלום",
        "한국어",
        "z\u0335\u0489",
    ],
    ids=ascii,
)
def test_no_sign_can_cost_the_verbale(signs: str) -> None:
    section = Section("item", signs, (Paragraph(f"Bene {signs}"),), ())
    document = Document("verbale", f"V {signs}", signs, (section,))
    assert pdf(document, comune=signs, on=ON).startswith(b"%PDF-")


def test_what_the_fonts_have_is_drawn_as_it_is() -> None:
    assert drawable("Città, Łódź, Ștefan, «€ 5»: Київ e Αθήνα…") == (
        "Città, Łódź, Ștefan, «€ 5»: Київ e Αθήνα…"
    )
    assert drawable("e\u0300 🏛\ufe0f comu\u00adne") == "è ‹U+1F3DB› comune"


def test_the_fonts_have_every_sign_that_is_said_to_be_drawn() -> None:
    signs = " x".join(one for one in map(chr, range(0x20, 0x10000)) if not UNDRAWN.match(one))
    words = Paragraph(signs), Paragraph(signs, kind="omitted"), Paragraph(signs, kind="quote")
    document = Document("verbale", "V", signs, (Section("item", signs, words, ()),))
    data = json.dumps({**blank(), "flow": [asdict(one) for one in flow(document)]})
    assert _compile(data, "[]").startswith(b"%PDF-")


def blank() -> dict[str, object]:
    words = {"title": "V", "short": "V", "author": "V", "label": "", "date": [2026, 11, 24]}
    return {**words, "letterhead": ["V"], "keywords": []}


@pytest.mark.skipif(which("pdftotext") is None, reason="pdftotext is not installed")
def test_hostile_words_are_read_literally_from_the_page(tmp_path: Path) -> None:
    made = tmp_path / "made.pdf"
    made.write_bytes(pdf(hostile(), comune="Pero", on=ON))
    run = subprocess.run(["pdftotext", made, "-"], capture_output=True, check=True)
    words = run.stdout.decode()
    assert words.count('#eval("1")') >= 4
    assert words.count("$x^2$") >= 4
    assert "‹U+1F3DB›" in words


def test_a_title_that_repeats_its_heading_is_said_once() -> None:
    tables = Table("Voti", ("A",), (("1",),), ()), Table("Altro", ("A",), (), ())
    document = Document("votes", "V", "", (Section("votes", "Voti", tables, ()),))
    assert [one.title for one in flow(document) if isinstance(one, Grid)] == ["", "Altro"]


def test_no_column_is_wider_than_it_needs_nor_vanishes() -> None:
    assert widths(Grid("", ("N.", "Argomento"), (("1", "x" * 200),))) == [4, 40]


def test_columns_share_the_page() -> None:
    found = shares(Grid("", ("N.", "Argomento"), (("1", "x" * 200),)), 16)
    assert sum(found) == pytest.approx(16)
    assert found[0] < found[1]


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


def test_the_same_document_gives_the_same_docx_and_odt() -> None:
    for write in (docx, odt):
        made = [write(of_kind("verbale"), comune="Pero", on=ON) for _ in range(2)]
        assert made[0] == made[1]


def test_an_odt_keeps_spaces_tabs_and_breaks() -> None:
    said = "  due  spazi\ta capo\n fine "
    document = Document("verbale", "V", "", (Section("item", "P", (Paragraph(said),), ()),))
    assert said in odt_text(odt(document, comune="Pero", on=ON))


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
        etree.fromstring(found.read("styles.xml"))
    space = f"{{{SPACES['text']}}}"
    for name, sign in (("s", " "), ("line-break", "\n"), ("tab", "\t")):
        for one in content.iter(f"{space}{name}"):
            one.text = sign
    return "\n".join(
        "".join(map(str, one.itertext())) for one in content.iter(f"{space}p", f"{space}h")
    )
