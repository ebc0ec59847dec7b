"""A document as DOCX: for the hands that correct it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import docx as word
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Document
from arengo.record.render.flow import Grid, Heading, Line, flow


def docx(document: Document, *, comune: str, on: date) -> bytes:
    """Return a document as DOCX, with headings and tables that a reader can walk through."""
    made = word.Document()
    _set_up(made, clean(document.title), clean(f"Comune di {comune}"), on)
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


def _line(made: WordDocument, line: Line) -> None:
    paragraph = made.add_paragraph(style="Quote" if line.is_heard else None)
    run = paragraph.add_run(line.text)
    run.bold = True if line.kind == "speaker" else None
    paragraph.paragraph_format.keep_with_next = True if line.kind == "speaker" else None


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
    made.add_paragraph()
