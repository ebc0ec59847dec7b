"""A document of the record as a tree: sections, and what stands in them.

Every node says from which entries of the journal it comes (`seqs`) and, where it quotes, from
which utterances (`spans`), so that each sentence can be traced to its act or its second of video.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "verbale", "separate_part", "resoconto_integrale", "resoconto_sommario", "delibera",
    "attendance", "votes", "publication_report", "enforceability",
]  # fmt: skip
Text = Literal[
    "label", "formula", "narrative", "quote", "extract", "verbatim", "proposal", "deliberates",
    "omitted", "signature",
]  # fmt: skip
Place = Literal[
    "preamble", "roll_call", "general", "item", "secret", "closing", "opinions", "proposal",
    "discussion", "votes", "deliberation", "attendance", "signatures",
]  # fmt: skip
OMITTED = "[omissis]"  # stands where words were that nobody may read any more
Role = Literal["chair", "member", "secretary", "guest", "unknown"]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a quotation comes from: which utterance of those given, and which seconds of it."""

    utterance: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `kind` says whose words they are: the clerk's, or somebody's as heard."""

    text: str
    seqs: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    kind: Text = "narrative"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One member in a roll: `status` in the journal's words, `words` in Italian."""

    member: str
    name: str
    office: str
    group: str
    status: str
    words: str
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is there at an instant, and whether they are enough.

    `present` and `absent` count those who have a vote, `counted` those who count for the quorum.
    """

    title: str
    rows: tuple[AttendanceRow, ...]
    present: int
    absent: int
    at: datetime
    seqs: tuple[int, ...]
    needed: int = 0
    counted: int = 0
    is_met: bool = True
    formula: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class VoteGroup:
    """How many voted so, and who (members' ids) where the vote was open."""

    choice: str
    words: str
    count: int
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoteBlock:
    """One vote. `text` tells it in sentences; the other fields tell it to machines.

    `stage`: "proclaimed", "voided", "open", "closed". `result` is empty unless proclaimed.
    """

    ballot: str
    item: str
    amendment: str
    subject: str
    title: str
    method: str
    stage: str
    present: int
    voters: int
    groups: tuple[VoteGroup, ...]
    result: str
    result_words: str
    formula: str
    article: str
    elected: tuple[str, ...]
    opened_at: datetime
    proclaimed_at: datetime | None
    is_secret: bool
    text: tuple[Paragraph, ...]
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """What one person said: `by` is a member's id, empty for a guest or a voice not recognised.

    `is_whole` tells a speech word by word from a choice of its sentences.
    """

    by: str
    name: str
    role: Role
    type: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    seqs: tuple[int, ...]
    began_at: datetime
    ended_at: datetime
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document; `type` is the item's in the agenda (events.Item)."""

    kind: Place
    title: str
    blocks: tuple[Block, ...]
    seqs: tuple[int, ...]
    item: str = ""
    number: str = ""
    type: str = ""
    at: datetime | None = None
    is_sensitive: bool = False


Block = Section | Paragraph | Table | Attendance | VoteBlock | Speech


@dataclass(frozen=True, slots=True)
class Document:
    """A document; `label` says what it is and is not. `is_reserved` ones are not for everyone.

    `letterhead` are the lines above the title that a Comune wants there.
    """

    kind: Kind
    title: str
    label: str
    sections: tuple[Section, ...]
    is_reserved: bool = False
    item: str = ""
    number: int = 0
    letterhead: tuple[str, ...] = ()


def nodes(document: Document) -> Iterator[Block]:
    """Walk through every node of a document, in reading order."""
    for section in document.sections:
        yield from _inside(section)


def _inside(block: Block) -> Iterator[Block]:
    yield block
    match block:
        case Section(blocks=blocks):
            for one in blocks:
                yield from _inside(one)
        case Speech(paragraphs=paragraphs):
            yield from paragraphs
        case VoteBlock(text=text):
            yield from text


def votes_of(document: Document) -> tuple[VoteBlock, ...]:
    """Return the votes of a document."""
    return tuple(one for one in nodes(document) if isinstance(one, VoteBlock))


def words_of(document: Document) -> str:
    """Return all that a document says, one line a node: for searching and for tests."""
    lines = [*document.letterhead, document.title, document.label]
    for one in nodes(document):
        match one:
            case Section(title=title) | Speech(title=title):
                lines.append(title)
            case Paragraph(text=text):
                lines.append(text)
            case Table(title=title, header=header, rows=rows):
                lines += [title, *(" | ".join(row) for row in (header, *rows))]
            case Attendance(title=title, rows=members):
                lines += [title, *(f"{row.name} | {row.words}" for row in members)]
            case VoteBlock():
                pass  # its paragraphs follow
    return "\n".join(lines)
