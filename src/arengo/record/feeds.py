"""Atom feeds of a Comune: what the council will talk about, what it decided, what was said of it.

Source: RFC 4287. Ids are the installation's addresses, which never change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from arengo.council.engine.record.cleaning import clean

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry: its address is its id too."""

    address: str
    title: str
    text: str
    updated_at: datetime


def atom(
    *, address: str, page: str, title: str, author: str, entries: Iterable[FeedEntry], at: datetime
) -> bytes:
    """Return a feed; `at` is when it changed last where it has no entry."""
    listed = list(entries)
    root = etree.fromstring(f'<feed xmlns="{ATOM}"/>')
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "it")
    _add(root, "id", address)
    _add(root, "title", title)
    _add(root, "updated", max((one.updated_at for one in listed), default=at).isoformat())
    _add(_add(root, "author"), "name", author)
    _add(root, "link", rel="self", href=address, type="application/atom+xml")
    _add(root, "link", rel="alternate", href=page, type="text/html")
    for one in listed:
        _entry(root, one)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _entry(root: etree._Element, one: FeedEntry) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", one.address)
    _add(entry, "title", one.title)
    _add(entry, "updated", one.updated_at.isoformat())
    _add(entry, "link", rel="alternate", href=one.address, type="text/html")
    _add(entry, "content", one.text, type="text")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    found = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        found.text = clean(text)
    return found
