"""The documents of a closed sitting that everyone may read, and their tree.

The resoconto integrale and the two lists tell what everyone saw and heard, and are made anew;
verbale, sommario and delibere are drafts of the Segretario until they are published, and then
the text that was frozen, in the copy that may be read today. What is reserved never is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from arengo.council.engine.record.account import Account
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
from arengo.council.models import Sitting
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import scope
from arengo.record.acts import read_tree
from arengo.record.drafts import Draft, drafts_of
from arengo.record.errors import DraftAbsent
from arengo.record.models import RegisterLine, Release
from arengo.record.queries.published import public_delibera, public_text

ALWAYS = ("resoconto-integrale", "presenze", "votazioni")
HIDDEN = "Le parole su questo punto non sono pubblicate: vi si trattano dati particolari."
INSIDE = {"blocks", "paragraphs", "text", "rows", "seqs", "spans", "title", "header", "groups"}
Facts = dict[str, Any]


def public_drafts(found: Account, *, comune: Comune, sitting: Sitting) -> tuple[Draft, ...]:
    """Return the documents that everyone may read, without the words on sensitive items."""
    anew = [one for one in drafts_of(found) if one.name in ALWAYS]
    told = [*anew, *_released(comune, sitting), *_delibere(comune, sitting)]
    return tuple(
        replace(one, document=for_everyone(one.document))
        for one in told
        if not one.document.is_reserved
    )


def _released(comune: Comune, sitting: Sitting) -> Iterator[Draft]:
    """Yield the acts that were given to everyone and still are."""
    with scope(comune):
        rows = Release.objects.filter(act__sitting=sitting, withheld_at=None, withdrawn_at=None)
        acts = [one.act for one in rows.select_related("act__sitting").order_by("id")]
    for act in acts:
        if not act.is_reserved and act.name not in ALWAYS:
            yield Draft(act.name, read_tree(comune=comune, act=act))


def _delibere(comune: Comune, sitting: Sitting) -> Iterator[Draft]:
    """Yield the delibere of the public register, in the copy that may be read today."""
    with scope(comune):
        lines = list(RegisterLine.objects.filter(sitting=sitting, is_reserved=False).order_by("id"))
    for line in lines:
        try:
            delibera = public_delibera(comune=comune, year=line.year, code=line.code)
        except NotFound:
            continue
        text = public_text(comune=comune, found=delibera)
        if text is not None:
            yield Draft(line.name, text.document, delibera.subject)


def public_draft(found: Account, name: str, *, comune: Comune, sitting: Sitting) -> Draft:
    """Return one of them by its name.

    Raises
    ------
    DraftAbsent
        There is none, or it is not for everyone.
    """
    every = public_drafts(found, comune=comune, sitting=sitting)
    for one in every:
        if one.name == name:
            return one
    raise DraftAbsent(name=name[:60], known=", ".join(one.name for one in every))


def for_everyone(document: Document) -> Document:
    """Return a document in which nothing said on a sensitive item is quoted."""
    return replace(document, sections=tuple(_shown(one) for one in document.sections))


def _shown(section: Section) -> Section:
    if not section.is_sensitive:
        inside = (_shown(one) if isinstance(one, Section) else one for one in section.blocks)
        return replace(section, blocks=tuple(inside))
    kept = [one for one in section.blocks if isinstance(one, VoteBlock | Attendance)]
    hidden = Paragraph(HIDDEN, section.seqs[:1], kind="omitted")
    return replace(section, blocks=(hidden, *kept))


# --- the tree -----------------------------------------------------------------------------------


def tree(document: Document) -> list[Facts]:
    """Return the sections of a document as nested nodes that JSON can hold."""
    return [_node(one) for one in document.sections]


def _node(block: Block) -> Facts:
    made: Facts = {
        "genere": type(block).__name__.lower(),
        "testo": block.text if isinstance(block, Paragraph) else block.title,
        "dati": _fields(block),
        "righe_registro": list(block.seqs),
        "fonti": [],
        "figli": [],
    }
    match block:
        case Section(blocks=inside):
            made["figli"] = [_node(one) for one in inside]
        case Speech(paragraphs=said) | VoteBlock(text=said):
            made["figli"] = [_node(one) for one in said]
        case Paragraph(spans=spans):
            made["fonti"] = [{"dal_secondo": one.start_s, "al_secondo": one.end_s} for one in spans]
        case Table(header=header, rows=rows):
            made["figli"] = [_row(header, row, block.seqs) for row in rows]
        case Attendance(rows=members):
            made["figli"] = [
                _row(("componente", "presenza"), (one.name, one.words), one.seqs) for one in members
            ]
    return made


def _row(header: tuple[str, ...], row: tuple[str, ...], seqs: tuple[int, ...]) -> Facts:
    pairs = [{"campo": h[:40], "valore": v} for h, v in zip(header, row, strict=False)]
    return {
        **{"genere": "row", "testo": "", "dati": pairs},
        **{"righe_registro": list(seqs), "fonti": [], "figli": []},
    }


def _fields(block: Block) -> list[Facts]:
    """Return a node's own values, those that are empty left out."""
    own = [(one.name, getattr(block, one.name)) for one in fields(block) if one.name not in INSIDE]
    return [
        {"campo": name, "valore": _plain(value)}
        for name, value in own
        if value not in ("", None, ())
    ]


def _plain(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case tuple():
            return ", ".join(str(one) for one in value)
    return str(value)
