"""A document of the record as JSON and back: its text is frozen as a tree, not only as pages.

What is signed months later is made of the tree that was shared, whatever has happened to the
journal's words since.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from arengo.council.engine.record import document as tree
from arengo.council.engine.record.document import Document

NODES: dict[str, type[Any]] = {
    node.__name__: node
    for node in (
        *(tree.Span, tree.Paragraph, tree.Table, tree.AttendanceRow, tree.Attendance),
        *(tree.VoteGroup, tree.VoteBlock, tree.Speech, tree.Section, tree.Document),
    )
}
UNREAD = "not a frozen document"
NODE, INSTANT = "_", "@"  # the keys by which a node and an instant are known


def freeze(document: Document) -> bytes:
    """Return a document as JSON: the same document gives the same bytes."""
    facts = _plain(document)
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def thaw(data: bytes) -> Document:
    """Return the document that was frozen; raises `ValueError` for anything else."""
    try:
        found = _node(json.loads(data))
    except (KeyError, TypeError) as error:
        raise ValueError(UNREAD) from error
    if isinstance(found, Document):
        return found
    raise ValueError(UNREAD)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        facts = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {NODE: type(value).__name__, **facts}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return {INSTANT: value.isoformat()}
    return value


def _node(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_node(one) for one in value)
    if not isinstance(value, dict):
        return value
    if INSTANT in value:
        return datetime.fromisoformat(value[INSTANT])
    made = NODES[value[NODE]]
    return made(**{name: _node(one) for name, one in value.items() if name != NODE})
