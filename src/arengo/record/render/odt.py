"""A document as ODT, the open format that every office of the State must take.

Source: OASIS OpenDocument 1.3 (part 2: packages, part 3: schema); d.lgs. 82/2005 art. 68.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from lxml import etree

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Document
from arengo.record.render.flow import Grid, Heading, Line, Piece, flow, shares

MIME: Final = "application/vnd.oasis.opendocument.text"
URN: Final = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES: Final = {
    "office": f"{URN}office:1.0",
    "text": f"{URN}text:1.0",
    "table": f"{URN}table:1.0",
    "style": f"{URN}style:1.0",
    "fo": f"{URN}xsl-fo-compatible:1.0",
    "meta": f"{URN}meta:1.0",
    "manifest": f"{URN}manifest:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
WIDTH_CM: Final = 16.0  # of the text, on an A4 page
NONE: Final[Mapping[str, str]] = {}
VERSION: Final = {"office:version": "1.3"}
SPACING: Final = re.compile(r"(\n|\t|(?<= ) |^ )")
BREAKS: Final = {"\n": "text:line-break", "\t": "text:tab", " ": "text:s"}
# Name of the style: parent, text and paragraph properties.
PARAGRAPHS: Final = {
    "Body": ({"fo:font-size": "11pt"}, {"fo:margin-bottom": "0.2cm", "fo:text-align": "justify"}),
    "Cell": ({"fo:font-size": "10pt"}, {}),
    "Cell_heading": ({"fo:font-size": "10pt", "fo:font-weight": "bold"}, {}),
    "Signature": ({"fo:font-size": "11pt"}, {"fo:margin-top": "1cm"}),
    "Omitted": ({"fo:font-size": "11pt", "fo:font-style": "italic"}, {"fo:margin-bottom": "0.2cm"}),
    "Foot": ({"fo:font-size": "9pt"}, {"fo:text-align": "center"}),
    "Title": ({"fo:font-size": "17pt", "fo:font-weight": "bold"}, {"fo:margin-bottom": "0.4cm"}),
    "Label": (
        {"fo:font-size": "10pt"},
        {"fo:border": "0.5pt solid #404040", "fo:padding": "0.2cm", "fo:margin-bottom": "0.4cm"},
    ),
    "Heard": ({"fo:font-size": "11pt"}, {"fo:margin-left": "0.8cm", "fo:margin-bottom": "0.15cm"}),
    "Strong": (
        {"fo:font-size": "11pt", "fo:font-weight": "bold"},
        {"fo:margin-top": "0.25cm", "fo:margin-bottom": "0.1cm", "fo:keep-with-next": "always"},
    ),
    **{
        f"Heading_{level}": (
            {"fo:font-size": size, "fo:font-weight": "bold"},
            {"fo:margin-top": "0.5cm", "fo:margin-bottom": "0.2cm", "fo:keep-with-next": "always"},
        )
        for level, size in ((1, "14pt"), (2, "12pt"), (3, "11pt"))
    },
}
STYLE_OF: Final = {"speaker": "Strong", "signature": "Signature", "omitted": "Omitted"}


def odt(document: Document, *, comune: str, on: date) -> bytes:
    """Return a document as ODT; the same document gives the same bytes."""
    parts = {
        "content.xml": _content(document),
        "styles.xml": _styles(),
        "meta.xml": _meta(document, comune, on),
    }
    parts["META-INF/manifest.xml"] = _manifest(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(zipfile.ZipInfo("mimetype"), MIME)  # first, not compressed: ODF part 2, 3.3
        for name, data in parts.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _named(space: str, name: str) -> str:
    return f"{{{SPACES[space]}}}{name}"


def _e(name: str, given: Mapping[str, str] = NONE, *inside: etree._Element) -> etree._Element:
    """Return an element; names are «text:p»."""
    attributes = {_named(*key.split(":")): value for key, value in given.items()}
    made = etree.Element(_named(*name.split(":")), attributes, nsmap=SPACES)
    made.extend(inside)
    return made


def _said(name: str, text: str, given: Mapping[str, str] = NONE) -> etree._Element:
    """Return an element that says a text; spaces and breaks that ODF would drop are elements."""
    made = _e(name, given)
    last: etree._Element | None = None
    for part in filter(None, SPACING.split(clean(text))):
        if part in BREAKS:
            last = etree.SubElement(made, _named(*BREAKS[part].split(":")))
        elif last is None:
            made.text = (made.text or "") + part
        else:
            last.tail = (last.tail or "") + part
    return made


def _p(style: str, text: str) -> etree._Element:
    return _said("text:p", text, {"text:style-name": style})


def _content(document: Document) -> bytes:
    head = (_p("Body", line) for line in document.letterhead)
    text = _e("office:text", NONE, *head, _p("Title", document.title))
    if document.label:
        text.append(_p("Label", document.label))
    found = flow(document)
    for number, piece in enumerate(found):
        text.extend(_piece(piece, number))
    styles = _e("office:automatic-styles", NONE, *_of_tables(found))
    return _bytes(_e("office:document-content", VERSION, styles, _e("office:body", NONE, text)))


def _of_tables(found: Iterable[Piece]) -> Iterator[etree._Element]:
    """Yield the styles of tables, of their cells and of each column, as wide as it needs."""
    size = {"style:width": f"{WIDTH_CM}cm", "table:align": "margins", "fo:margin-bottom": "0.3cm"}
    cell = {"fo:border-bottom": "0.4pt solid #909090", "fo:padding": "0.06cm"}
    yield _style("Table", "table", _e("style:table-properties", size))
    yield _style("Box", "table-cell", _e("style:table-cell-properties", cell))
    for number, piece in enumerate(found):
        for place, width in enumerate(shares(piece, WIDTH_CM) if isinstance(piece, Grid) else ()):
            wide = _e("style:table-column-properties", {"style:column-width": f"{width:.2f}cm"})
            yield _style(f"Column_{number}_{place}", "table-column", wide)


def _style(name: str, family: str, *inside: etree._Element) -> etree._Element:
    return _e("style:style", {"style:name": name, "style:family": family}, *inside)


def _piece(piece: Piece, number: int) -> Iterator[etree._Element]:
    match piece:
        case Heading(level=level, text=text):
            style = f"Heading_{min(level, 3)}"
            given = {"text:style-name": style, "text:outline-level": str(level)}
            yield _said("text:h", text, given)
        case Grid():
            if piece.title:
                yield _p("Strong", piece.title)
            yield _table(piece, number)
        case Line(kind=kind, text=text):
            yield _p("Heard" if piece.is_heard else STYLE_OF.get(kind, "Body"), text)


def _table(grid: Grid, number: int) -> etree._Element:
    columns = (
        _e("table:table-column", {"table:style-name": f"Column_{number}_{place}"})
        for place in range(len(grid.header))
    )
    header = _e("table:table-header-rows", NONE, _row(grid.header, "Cell_heading"))
    rows = (_row(row, "Cell") for row in grid.rows)
    given = {"table:name": f"Tabella {number}", "table:style-name": "Table"}
    return _e("table:table", given, *columns, header, *rows)


def _row(cells: tuple[str, ...], style: str) -> etree._Element:
    kind = {"office:value-type": "string", "table:style-name": "Box"}
    found = (_e("table:table-cell", kind, _p(style, cell)) for cell in cells)
    return _e("table:table-row", NONE, *found)


def _styles() -> bytes:
    return _bytes(
        _e(
            "office:document-styles",
            VERSION,
            _e("office:styles", NONE, *_each_style()),
            _e("office:automatic-styles", NONE, _page()),
            _e("office:master-styles", NONE, _master()),
        )
    )


def _page() -> etree._Element:
    """Return the layout of an A4 page."""
    sides = {f"fo:margin-{side}": "2.5cm" for side in ("left", "right", "top", "bottom")}
    size = {"fo:page-width": "21cm", "fo:page-height": "29.7cm"}
    properties = _e("style:page-layout-properties", {**size, **sides})
    above = _e("style:header-footer-properties", {"fo:margin-top": "0.6cm"})
    foot = _e("style:footer-style", NONE, above)
    return _e("style:page-layout", {"style:name": "A4"}, properties, foot)


def _master() -> etree._Element:
    """Return what stands on every page: «pagina N di M»."""
    number, count = _said("text:page-number", "1"), _said("text:page-count", "1")
    foot = _p("Foot", "pagina ")
    foot.extend((number, count))
    number.tail = " di "
    given = {"style:name": "Standard", "style:page-layout-name": "A4"}
    return _e("style:master-page", given, _e("style:footer", NONE, foot))


def _each_style() -> Iterator[etree._Element]:
    for name, (letters, paragraph) in PARAGRAPHS.items():
        yield _style(
            name,
            "paragraph",
            _e("style:paragraph-properties", paragraph),
            _e("style:text-properties", {**letters, "fo:language": "it", "fo:country": "IT"}),
        )


def _meta(document: Document, comune: str, on: date) -> bytes:
    about = (
        _said("dc:title", document.title),
        _said("meta:initial-creator", f"Comune di {comune}"),
        _said("meta:creation-date", on.isoformat()),
        _said("dc:language", "it-IT"),
    )
    return _bytes(_e("office:document-meta", VERSION, _e("office:meta", NONE, *about)))


def _manifest(parts: Mapping[str, bytes]) -> bytes:
    files = (("/", MIME), *((name, "text/xml") for name in parts))
    entries = (
        _e("manifest:file-entry", {"manifest:full-path": path, "manifest:media-type": kind})
        for path, kind in files
    )
    return _bytes(_e("manifest:manifest", {"manifest:version": "1.3"}, *entries))


def _bytes(top: etree._Element) -> bytes:
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8")
