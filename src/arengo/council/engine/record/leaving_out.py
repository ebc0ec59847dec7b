"""A document without some words: the copy with *omissis* that may stay when the term is over.

What is left out is told by its words, not by its place, so that a name goes wherever it stands:
in the object, in a table, in the votes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from arengo.council.engine.record.document import (
    Attendance,
    Block,
    Document,
    Paragraph,
    Section,
    Speech,
    Table,
    VoteBlock,
    words_of,
)

OMISSIS = "«omissis»"
APOSTROPHES = "['’]"
Change = Callable[[str], str]


def without(document: Document, texts: Iterable[str], *, label: str) -> Document:
    """Return a document without `texts`; `label` says what the copy is."""
    change = leaving_out(texts)
    return replace(
        document,
        title=change(document.title),
        label=label,
        sections=tuple(_section(one, change) for one in document.sections),
    )


def leaving_out(texts: Iterable[str]) -> Change:
    """Return what puts «omissis» for each of `texts`, whole words, whatever their case."""
    wanted = [text for text in _longest_first(texts) if text]
    if not wanted:
        return lambda text: text
    pattern = re.compile("|".join(_pattern(text) for text in wanted), re.IGNORECASE)
    return lambda text: pattern.sub(OMISSIS, text)


def times_in(document: Document, texts: Iterable[str]) -> Mapping[str, int]:
    """Return how many times each text stands in a document; 0 where the clerk mistyped it."""
    said = words_of(document)
    return {
        text: len(re.findall(_pattern(text), said, re.IGNORECASE))
        for text in _longest_first(texts)
        if text
    }


def _longest_first(texts: Iterable[str]) -> list[str]:
    found = dict.fromkeys(" ".join(text.split()) for text in texts)
    return sorted(found, key=lambda text: (-len(text), text))


def _pattern(text: str) -> str:
    """Return a pattern of whole words: «Anna» is not in «Annalisa»; any space, any apostrophe."""
    escaped = r"\s+".join(re.escape(word) for word in text.split())
    words = re.sub(r"['’]", APOSTROPHES, escaped)
    before = r"(?<!\w)" if text[0].isalnum() else ""
    after = r"(?!\w)" if text[-1].isalnum() else ""
    return f"{before}{words}{after}"


def _section(section: Section, change: Change) -> Section:
    blocks = tuple(_block(one, change) for one in section.blocks)
    return replace(section, title=change(section.title), blocks=blocks)


def _block(block: Block, change: Change) -> Block:
    match block:
        case Section():
            return _section(block, change)
        case Paragraph():
            return _paragraph(block, change)
        case Table():
            return _table(block, change)
        case Attendance():
            return _attendance(block, change)
        case VoteBlock():
            return _vote(block, change)
        case Speech():
            return _speech(block, change)


def _paragraph(one: Paragraph, change: Change) -> Paragraph:
    return replace(one, text=change(one.text))


def _table(table: Table, change: Change) -> Table:
    rows = tuple(tuple(change(cell) for cell in row) for row in table.rows)
    header = tuple(change(cell) for cell in table.header)
    return replace(table, title=change(table.title), header=header, rows=rows)


def _attendance(block: Attendance, change: Change) -> Attendance:
    rows = tuple(replace(row, name=change(row.name)) for row in block.rows)
    return replace(block, title=change(block.title), rows=rows)


def _vote(vote: VoteBlock, change: Change) -> VoteBlock:
    return replace(
        vote,
        title=change(vote.title),
        result_words=change(vote.result_words),
        elected=tuple(change(name) for name in vote.elected),
        groups=tuple(replace(one, words=change(one.words)) for one in vote.groups),
        text=tuple(_paragraph(one, change) for one in vote.text),
    )


def _speech(speech: Speech, change: Change) -> Speech:
    paragraphs = tuple(_paragraph(one, change) for one in speech.paragraphs)
    said = replace(speech, name=change(speech.name), title=change(speech.title))
    return replace(said, paragraphs=paragraphs)
