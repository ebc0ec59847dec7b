"""A document as PDF/A-3 and PDF/UA: for keeping, for reading aloud, with its XML inside.

Source: ISO 19005-3 (PDF/A-3, which may hold other files), ISO 14289-1 (PDF/UA-1).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final, Literal

import typst

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Document, Kind
from arengo.record.render.flow import Grid, Piece, flow, widths

TEMPLATE = files("arengo.record.render") / "document.typ"
STANDARDS: Final = ("a-3a", "ua-1")
# What the compiler's own fonts draw in every weight: Latin, Greek, Cyrillic, signs (measured).
DRAWN: Final = (
    " -~\u00a0-\u00ac\u00ae-\u024f\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u202f-\u2040\u20a0-\u20a4\u20a6-\u20c0\u2190-\u22ff\u25a0-\u25ff\ufffd"
)
UNDRAWN: Final = re.compile(f"[^{DRAWN}]+")
UNSEEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f]+")  # soft hyphens, joiners
SHORT: Final[dict[Kind, str]] = {
    "verbale": "Verbale",
    "separate_part": "Verbale, parte separata",
    "resoconto_integrale": "Resoconto integrale",
    "resoconto_sommario": "Resoconto sommario",
    "delibera": "Deliberazione",
    "attendance": "Presenze",
    "votes": "Votazioni",
    "publication_report": "Referto di pubblicazione",
    "enforceability": "Certificato di esecutività",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept inside the PDF: the XML of which the pages are the picture."""

    name: str
    type: str
    text: str
    description: str
    relationship: Literal["source", "data", "alternative", "supplement"] = "source"


def pdf(
    document: Document,
    *,
    comune: str,
    on: date,
    attachments: Sequence[Attachment] = (),
    code: str = "",
) -> bytes:
    """Return a document as a tagged PDF that can be kept; `on` is the date it bears.

    `code` is the act's: it stands in the metadata in the clear, so that a file that was changed
    still says which act it had been.
    """
    author = clean(f"Comune di {comune}")
    words = {
        "title": clean(document.title),
        "short": SHORT[document.kind],
        "author": author,
        "letterhead": [clean(one) for one in document.letterhead] or [author],
        "label": clean(document.label),
        "keywords": [f"arengo:atto:{code}"] if code else [],
        "date": [on.year, on.month, on.day],
        "flow": [_piece(one) for one in flow(document)],
    }
    inside = json.dumps([asdict(one) for one in attachments])
    return _compiled(json.dumps(words, ensure_ascii=False), inside)


def _compiled(words: str, attachments: str) -> bytes:
    """Compile the template over data; signs that no font has are told by their code points.

    The standards refuse a page on which a sign would be missing: no emoji in a speech may cost
    the verbale. What is attached stays as it is.
    """
    try:
        return _compile(words, attachments)
    except typst.TypstError:
        return _compile(drawable(words), attachments)


def drawable(text: str) -> str:
    """Return a text that the fonts can draw, whatever it holds: «‹U+1F3DB›» for what they lack."""
    composed = UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return UNDRAWN.sub(lambda found: told(found[0]), composed)


def told(signs: str) -> str:
    """Return what stands for signs that cannot be drawn."""
    return "".join(f"‹U+{ord(sign):04X}›" for sign in signs)


def _compile(words: str, attachments: str) -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": words, "attachments": attachments},
        pdf_standards=[*STANDARDS],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def _piece(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, Grid):
        return {**asdict(piece), "widths": widths(piece)}
    return asdict(piece)
