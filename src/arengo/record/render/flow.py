"""A document as it is read from top to bottom: headings, lines and tables, for every format alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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
)

HEARD = ("quote", "extract", "verbatim")  # somebody's words, not the clerk's
NARROWEST, WIDEST = 4, 40  # characters: how much a column may ask for
MEMBERS = ("Componente", "Carica", "Gruppo", "Presenza")


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; `level` from 1 for the sections of the document, without leaps."""

    level: int
    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `kind` is a paragraph's in the document, or "speaker" above what one said."""

    kind: str
    text: str

    @property
    def is_heard(self) -> bool:
        """Tell whether these are somebody's words."""
        return self.kind in HEARD


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its headings."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "grid"


Piece = Heading | Line | Grid


def flow(document: Document) -> tuple[Piece, ...]:
    """Return what a document says, in reading order, fit for XML; its title and label are not here."""
    pieces = (piece for section in document.sections for piece in _block(section, level=1))
    return tuple(_once_titled(_cleaned(piece) for piece in pieces))


def _once_titled(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Leave out a table's title that only repeats the heading right above it."""
    above = ""
    for piece in pieces:
        repeats = isinstance(piece, Grid) and piece.title == above
        yield replace(piece, title="") if isinstance(piece, Grid) and repeats else piece
        above = piece.text if isinstance(piece, Heading) else ""


def _block(block: Block, level: int) -> Iterator[Piece]:
    match block:
        case Section(title=title, blocks=blocks):
            if title:
                yield Heading(level, title)
            for one in blocks:
                yield from _block(one, level + bool(title))
        case Speech(title=title, paragraphs=paragraphs):
            yield Line("speaker", title)
            for paragraph in paragraphs:
                yield Line(paragraph.kind, paragraph.text)
        case VoteBlock(text=text):
            yield from (Line(paragraph.kind, paragraph.text) for paragraph in text)
        case Attendance():
            yield _members(block)
        case Table(title=title, header=header, rows=rows):
            yield Grid(title, header, rows)
        case Paragraph(kind=kind, text=text):
            yield Line(kind, text)


def _members(block: Attendance) -> Grid:
    rows = tuple((row.name, row.office, row.group, row.words) for row in block.rows)
    return Grid(block.title, MEMBERS, rows)


def _cleaned(piece: Piece) -> Piece:
    match piece:
        case Grid(title=title, header=header, rows=rows):
            cells = tuple(tuple(clean(cell) for cell in row) for row in rows)
            return Grid(clean(title), tuple(map(clean, header)), cells)
        case Heading() | Line():
            return replace(piece, text=clean(piece.text))


def widths(grid: Grid) -> list[int]:
    """Return how wide each column wants to be, in characters: no line is broken without need."""
    columns = zip(grid.header, *grid.rows, strict=True)
    return [min(WIDEST, max(NARROWEST, *map(len, column))) for column in columns]


def shares(grid: Grid, whole: float) -> list[float]:
    """Return the width of each column where all together are `whole`, in the same unit."""
    # Three more characters each for its margins and a wider letter: «N.» would be broken else.
    wanted = [width + 3 for width in widths(grid)]
    return [whole * one / sum(wanted) for one in wanted]
