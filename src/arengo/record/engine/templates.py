"""A document in the words of the Comune: its template says how, the account says what.

What the template writes becomes the same tree as before: a line is a paragraph, `# ` begins a
title, a block of facts stays the block it was, with the entries and seconds it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jinja2 import nodes

from arengo.council.engine.record.account import Account
from arengo.council.engine.record.document import (
    Attendance,
    Block,
    Document,
    Paragraph,
    Section,
    Speech,
    Text,
    VoteBlock,
)
from arengo.council.engine.record.document import nodes as nodes_of
from arengo.record.engine.template_errors import TemplateFault
from arengo.record.engine.template_facts import (
    ALONG,
    WORDED,
    act_facts,
    act_of,
    names_of,
    speech_facts,
    vote_facts,
)
from arengo.record.engine.template_language import parse
from arengo.record.engine.template_running import (
    Chunk,
    Edge,
    Placed,
    Run,
    Words,
    call,
    run,
    written,
)

KINDS: dict[str, Text] = {
    "preamble": "formula",
    "signatures": "signature",
    "proposal": "proposal",
    "deliberation": "deliberates",
}


@dataclass(frozen=True, slots=True)
class Worded:
    """A document as its template words it, and what the template leaves out of the facts."""

    document: Document
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class Page:
    """What has been set so far."""

    run: Run
    account: Account
    title: str = ""
    letterhead: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    name: str = ""
    section: Section | None = None
    blocks: list[Block] = field(default_factory=list)
    heading: str = ""
    line: list[Words] = field(default_factory=list)


def worded(account: Account, document: Document, text: str) -> Worded:
    """Return a document as a template words it.

    Raises
    ------
    TemplateFault
        The template cannot be used.
    """
    tree = parse(text)
    names = names_of(account, document)
    state = run(tree, names)
    page = Page(state, account, title=document.title)
    for chunk in _ended(written(state, tree.body, names)):
        _set(page, chunk)
    made = replace(
        document,
        title=page.title,
        letterhead=tuple(page.letterhead),
        sections=tuple(one for one in page.sections if one.blocks),
    )
    return Worded(made, tuple(_left_out(document, made)))


def _ended(chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    yield from chunks
    yield Words("\n", chunks[-1].line if chunks else 1)


# --- setting lines ----------------------------------------------------------------------------


def _set(page: Page, chunk: Chunk) -> None:
    match chunk:
        case Words(text=text, is_fact=is_fact):
            lines = [text] if is_fact else text.split("\n")
            for place, one in enumerate(lines):
                if place:
                    _end_line(page)
                if one:
                    page.line.append(replace(chunk, text=one))
        case Placed(blocks=blocks, line=line):
            _end_line(page)
            if blocks:
                _place(page, blocks, line)
        case Edge():
            _end_line(page)
            _turn(page, chunk)


def _place(page: Page, blocks: Sequence[Block], line: int) -> None:
    if page.section is None:
        raise _outside(line)
    page.blocks += [_reworded(page, one) for one in blocks]


def _turn(page: Page, edge: Edge) -> None:
    """Begin or end a part."""
    is_end = edge.name == page.name and (edge.section is None)
    if not is_end and page.name:
        raise TemplateFault(
            edge.line, "una parte sta dentro un'altra.", "Chiudi la prima con {% endblock %}."
        )
    if is_end:
        _shelve(page)
        page.name, page.section = "", None
    else:
        _refuse_twice(page, edge)
        page.name, page.section = edge.name, edge.section


def _refuse_twice(page: Page, edge: Edge) -> None:
    is_end = edge.section is not None and edge.section.kind in ("preamble", "signatures")
    if is_end and any(edge.section and one.kind == edge.section.kind for one in page.sections):
        raise TemplateFault(
            edge.line, f"la parte «{edge.name}» è scritta due volte.", "Toglila dal ciclo."
        )


def _shelve(page: Page) -> None:
    if page.section is not None:
        made = replace(page.section, title=page.heading, blocks=tuple(page.blocks))
        page.sections.append(made)
    page.heading, page.blocks = "", []


def _end_line(page: Page) -> None:
    words, page.line = page.line, []
    text = _trimmed(words)
    if not text.strip():
        return
    mark = next((one for one in words if one.text.strip()), words[0])
    is_heading = not mark.is_fact and mark.text.lstrip().startswith("# ")
    if page.name in WORDED:
        _above(page, text)
    elif page.section is None:
        raise _outside(mark.line)
    elif is_heading:
        _head(page, text[2:].lstrip())
    else:
        page.blocks.append(_paragraph(page.section, text, words))


def _trimmed(words: Sequence[Words]) -> str:
    """Return a line without the blanks that the template has at its ends; a fact keeps its own."""
    text = "".join(one.text for one in words)
    full = [one for one in words if one.text.strip()]
    if full and not full[0].is_fact:
        text = text.lstrip()
    return text.rstrip() if (full and not full[-1].is_fact) or text[-1:] == " " else text


def _above(page: Page, text: str) -> None:
    if page.name == "titolo":
        page.title = text
    else:
        page.letterhead.append(text)


def _head(page: Page, title: str) -> None:
    """Give the part its title; a second one begins another section of the same part."""
    section = page.section
    if section and page.blocks and section.kind not in ("signatures", "preamble"):
        _shelve(page)
    if section and page.blocks:
        page.blocks.append(_paragraph(section, title, []))
    else:
        page.heading = title


def _paragraph(section: Section, text: str, words: Sequence[Words]) -> Paragraph:
    seqs = tuple(sorted({seq for one in words for seq in one.seqs})) or section.seqs
    return Paragraph(text, seqs, kind=KINDS.get(section.kind, "narrative"))


def _outside(line: int) -> TemplateFault:
    remedy = "Mettilo dentro {% block … %} o {% for parte in svolgimento %}."
    return TemplateFault(line, "c'è del testo fuori da ogni parte.", remedy)


# --- formulas ---------------------------------------------------------------------------------


def _reworded(page: Page, block: Block) -> Block:
    """Return a block in the template's words where it has a formula for it."""
    match block:
        case Section(blocks=blocks):
            return replace(block, blocks=tuple(_reworded(page, one) for one in blocks))
        case VoteBlock():
            lines = _formula(page, "votazione", vote_facts, block)
            told = tuple(Paragraph(one, block.seqs, at=block.opened_at) for one in lines)
            return replace(block, text=told) if told else block
        case Speech():
            lines = _formula(page, "intervento", speech_facts, block)
            return replace(block, title=" ".join(lines)) if lines else block
        case Paragraph() if act_of(page.account, block):
            lines = _formula(page, act_of(page.account, block), act_facts, block)
            return replace(block, text=" ".join(lines)) if lines else block
    return block


def _formula(page: Page, name: str, facts: Any, block: Block) -> list[str]:
    """Return what a formula of the template says, line by line; nothing where it has none."""
    macro = page.run.macros.get(name)
    if macro is None:
        return []
    chunks = call(page.run, name, [facts(page.account, block)], macro)
    return list(_lines(chunks, macro))


def _lines(chunks: Iterable[Chunk], macro: nodes.Macro) -> Iterator[str]:
    line = ""
    for one in chunks:
        if not isinstance(one, Words):
            why = f"la formula «{macro.name}» mette una tabella o una parte."
            raise TemplateFault(macro.lineno, why, "Una formula è fatta di sole frasi.")
        first, *rest = [one.text] if one.is_fact else one.text.split("\n")
        line += first
        for more in rest:
            if line.strip():
                yield line.strip()
            line = more
    if line.strip():
        yield line.strip()


# --- what is left out -------------------------------------------------------------------------


def _left_out(before: Document, after: Document) -> Iterator[str]:
    """Tell which facts of the document its template does not tell."""
    told = list(nodes_of(after))
    for kind, words in ((VoteBlock, "votazioni"), (Attendance, "presenze"), (Speech, "interventi")):
        lost = _count(nodes_of(before), kind) - _count(told, kind)
        if lost > 0:
            yield f"{words}: {lost}"
    if before.kind in ALONG:
        items = {one.item for one in before.sections} - {one.item for one in after.sections}
        if items:
            yield f"punti all'ordine del giorno: {len(items)}"
    for place, words in (("preamble", "l'apertura"), ("signatures", "le firme")):
        if _has(before, place) and not _has(after, place):
            yield words


def _count(listed: Iterable[Block], kind: type[Block]) -> int:
    return sum(isinstance(one, kind) for one in listed)


def _has(document: Document, place: str) -> bool:
    return any(one.kind == place for one in document.sections)
