"""A document that was frozen, without what is omitted of the sitting.

A paragraph that quotes says which seconds it quotes (`spans`). Where it says word for word what
was said then, only the cut words go; where it does not (somebody corrected the words since, or
the sentence was a clerk's), all of it goes: better a line too many than a word left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from arengo.council.engine.record.document import (
    Block,
    Document,
    Paragraph,
    Section,
    Span,
    Speech,
    VoteBlock,
    nodes,
)
from arengo.council.engine.record.facts import SpokenWord
from arengo.record.engine.omissis import MARK, Cut, kept_of

Change = Callable[[Paragraph], Paragraph]
EDGE_S = 0.01  # JSON and captions round seconds


def holds(document: Document, cuts: Sequence[Cut]) -> bool:
    """Tell whether a document quotes anything of what is cut."""
    return any(isinstance(one, Paragraph) and _is_cut(one, cuts) for one in nodes(document))


def cut(
    document: Document, cuts: Sequence[Cut], said: Sequence[SpokenWord], *, label: str
) -> Document:
    """Return a document without what is cut; `said` are all words of the sitting, `label` goes first.

    As many paragraphs stay as there were, so that what points at one still points at it. A note
    that repeats a paragraph of which something went (a rectification) goes whole.
    """
    gone = removed_from(document, cuts)

    def change(one: Paragraph) -> Paragraph:
        if not one.spans:
            return replace(one, text=MARK) if any(text in one.text for text in gone) else one
        return _paragraph(one, cuts, said) if _is_cut(one, cuts) else one

    sections = tuple(_section(one, change) for one in document.sections)
    return replace(document, label=f"{label} {document.label}".strip(), sections=sections)


def removed_from(document: Document, cuts: Sequence[Cut]) -> tuple[str, ...]:
    """Return the paragraphs, as they were, of which something goes."""
    found = (one for one in nodes(document) if isinstance(one, Paragraph) and _is_cut(one, cuts))
    return tuple(dict.fromkeys(one.text for one in found if one.text.strip()))


def _is_cut(one: Paragraph, cuts: Sequence[Cut]) -> bool:
    return any(cut.meets(span.start_s, span.end_s) for span in one.spans for cut in cuts)


def _section(section: Section, change: Change) -> Section:
    return replace(section, blocks=tuple(_block(one, change) for one in section.blocks))


def _block(block: Block, change: Change) -> Block:
    match block:
        case Section():
            return _section(block, change)
        case Paragraph():
            return change(block)
        case Speech(paragraphs=paragraphs):
            return replace(block, paragraphs=tuple(map(change, paragraphs)))
        case VoteBlock(text=text):
            return replace(block, text=tuple(map(change, text)))
    return block


def _paragraph(one: Paragraph, cuts: Sequence[Cut], said: Sequence[SpokenWord]) -> Paragraph:
    words = [word for span in one.spans for word in said if _is_in(word, span)]
    if _plain(word.text for word in words) != _plain([one.text]):
        return replace(one, text=MARK)
    return replace(one, text=" ".join(word.text for word in kept_of(words, cuts)))


def _is_in(word: SpokenWord, span: Span) -> bool:
    return word.start_s >= span.start_s - EDGE_S and word.end_s <= span.end_s + EDGE_S


def _plain(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).split())
