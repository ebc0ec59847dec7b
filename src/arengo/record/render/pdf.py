"""A document as PDF/A-3 and PDF/UA: for keeping, for reading aloud, with its XML inside.

Source: ISO 19005-3 (PDF/A-3, which may hold other files), ISO 14289-1 (PDF/UA-1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final, Literal

import typst

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Document
from arengo.record.render.flow import Grid, Piece, flow

TEMPLATE = files("arengo.record.render") / "document.typ"
STANDARDS: Final = ("a-3a", "ua-1")
UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
MOST_SIGNS = 100  # different ones in a document; each costs a compilation
NARROWEST, WIDEST = 4, 40  # characters: how much a column may ask for


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept inside the PDF: the XML of which the pages are the picture."""

    name: str
    type: str
    text: str
    description: str
    relationship: Literal["source", "data", "alternative", "supplement"] = "source"


def pdf(
    document: Document, *, comune: str, on: date, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Return a document as a tagged PDF that can be kept; `on` is the date it bears."""
    author = clean(f"Comune di {comune}")
    data = {
        "title": clean(document.title),
        "short": clean(document.kind.replace("_", " ").capitalize()),
        "author": author,
        "label": clean(document.label),
        "date": [on.year, on.month, on.day],
        "attachments": [asdict(one) for one in attachments],
        "flow": [_piece(one) for one in flow(document)],
    }
    return _compiled(json.dumps(data, ensure_ascii=False))


def _compiled(data: str) -> bytes:
    """Compile the template over data; a sign that no font has is told by its code point.

    The standards refuse a page on which a sign would be missing: no emoji in a speech may cost
    the verbale.
    """
    for _ in range(MOST_SIGNS):
        try:
            return _compile(data)
        except typst.TypstError as error:
            found = UNDRAWN.search(str(error))
            sign = json.loads(f'"{found[1]}"') if found and "\\u{" not in found[1] else ""
            if not sign or sign not in data:
                raise
            data = data.replace(sign, told(sign))
    return _compile(data)


def told(signs: str) -> str:
    """Return what stands for signs that cannot be drawn: «‹U+1F3DB›»."""
    return "".join(f"‹U+{ord(sign):04X}›" for sign in signs)


def _compile(data: str) -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=[*STANDARDS],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def _piece(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, Grid):
        return {**asdict(piece), "widths": widths(piece)}
    return asdict(piece)


def widths(grid: Grid) -> list[int]:
    """Return how wide each column wants to be, in characters: no line is broken without need."""
    columns = zip(grid.header, *grid.rows, strict=True)
    return [min(WIDEST, max(NARROWEST, *map(len, column))) for column in columns]
