"""A document as DOCX: for the hands that correct it."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import docx as word
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Document
from arengo.record.render.flow import Grid, Heading, Line, flow, shares

WIDTH_CM = 16.0  # of the text, on an A4 page
INK = RGBColor(0x1A, 0x1A, 0x1A)


def docx(document: Document, *, comune: str, on: date) -> bytes:
    """Return a document as DOCX, with headings and tables that a reader can walk through."""
    made = word.Document()
    _set_up(made, clean(document.title), clean(f"Comune di {comune}"), on)
    for line in document.letterhead:
        made.add_paragraph(clean(line))
    made.add_heading(clean(document.title), level=0)
    if document.label:
        made.add_paragraph(clean(document.label), style="Intense Quote")
    for piece in flow(document):
        match piece:
            case Heading(level=level, text=text):
                made.add_heading(text, level=min(level, 9))
            case Grid():
                _table(made, piece)
            case Line():
                _line(made, piece)
    out = io.BytesIO()
    made.save(out)
    return _timeless(out.getvalue())


def _timeless(data: bytes) -> bytes:
    """Return the same package without the hour it was written at: equal words, equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as found, zipfile.ZipFile(out, "w") as made:
        for name in found.namelist():
            made.writestr(zipfile.ZipInfo(name), found.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set_up(made: WordDocument, title: str, author: str, on: date) -> None:
    about = made.core_properties
    about.title, about.author, about.language, about.comments = title, author, "it-IT", ""
    about.created = about.modified = datetime(on.year, on.month, on.day, tzinfo=UTC)
    normal = made.styles["Normal"]
    normal.font.size = Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "it-IT")
    normal.element.get_or_add_rPr().append(language)
    for style in (one for one in made.styles if isinstance(one, ParagraphStyle)):
        style.font.color.rgb = INK
    made.styles["Title"].font.size = Pt(18)
    normal.paragraph_format.space_after = Pt(6)
    _page(made)


def _page(made: WordDocument) -> None:
    """Make the page an A4 with «pagina N di M» at its foot."""
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("pagina ", "PAGE"), (" di ", "NUMPAGES")):
        foot.add_run(words)
        counted = OxmlElement("w:fldSimple")
        counted.set(qn("w:instr"), field)
        foot._p.append(counted)


def _line(made: WordDocument, line: Line) -> None:
    paragraph = made.add_paragraph()
    run = paragraph.add_run(line.text)
    run.bold = True if line.kind == "speaker" else None
    run.italic = True if line.kind == "omitted" else None
    if line.is_heard:
        paragraph._p.style = "Quote"  # the id itself: by name, all styles are searched each time
        paragraph.paragraph_format.left_indent = Cm(0.8)
    if line.kind == "signature":
        paragraph.paragraph_format.space_before = Pt(30)
    if line.kind == "speaker":
        paragraph.paragraph_format.keep_with_next = True


def _table(made: WordDocument, grid: Grid) -> None:
    if grid.title:
        made.add_paragraph().add_run(grid.title).bold = True
    table = made.add_table(rows=1, cols=len(grid.header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, grid.header, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in grid.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    _as_wide_as_needed(table, grid)
    made.add_paragraph()


def _as_wide_as_needed(table: WordTable, grid: Grid) -> None:
    table.autofit = False
    for column, width in zip(table.columns, shares(grid, WIDTH_CM), strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, shares(grid, WIDTH_CM), strict=True):
            cell.width = Cm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(2)
                for run in paragraph.runs:
                    run.font.size = Pt(9.5)
