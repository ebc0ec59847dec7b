"""The check of a signed act that somebody received: no database, no settings, only the file.

A PDF of ours has its chain inside (`catena.json`): where it comes from, and every version before.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from arengo.record.engine.acts import Link, first_break, read_chain
from arengo.record.errors import SignatureRefused
from arengo.record.signing import Seen, TrustList, inspect, trust_list

CHAIN = "catena.json"
TRUST = {
    "trusted": "emittente nell'elenco di fiducia",
    "unknown": "integra, emittente non verificato",
    "test": "firma di prova",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to say of a file, line by line."""

    is_whole: bool
    lines: tuple[str, ...]


def told_of(data: bytes, *, trust: Path | None, at: datetime) -> Told:
    """Return whether a signed file holds: signatures, chain, and what to compare with the register."""
    lines = [f"sha256 {hashlib.sha256(data).hexdigest()}"]
    try:
        anchors = trust_list(trust) if trust else TrustList()
        report = inspect(data, trust=replace(anchors, is_looking_back=True), at=at)
    except SignatureRefused as refused:
        return Told(False, (*lines, str(refused)))
    lines += [_signature(one) for one in report.seen]
    try:
        chain = chain_in(report.content)
    except (PdfError, ValueError, KeyError, TypeError):
        return Told(False, (*lines, "La catena nel file non si legge."))
    if chain is None:
        return Told(True, (*lines, "Nel file non c'è la catena di Arengo: firme integre."))
    act, links = chain
    broken = first_break(links)
    lines += _chain(act, links)
    end = f"Catena interrotta: {broken}." if broken else "Firme e catena integre."
    return Told(not broken, (*lines, end))


def _signature(one: Seen) -> str:
    when = f"{one.signed_at:%d/%m/%Y %H:%M}" if one.signed_at else "senza data"
    clock = "marca temporale" if one.is_stamped else "ora dichiarata da chi firma"
    form = {"pades": "PAdES", "cades": "CAdES"}[one.format]
    return f"Firma {form} di {one.name}, {when} ({clock}); {one.issuer}: {TRUST[one.trust]}."


def _chain(act: str, links: tuple[Link, ...]) -> Iterator[str]:
    yield f"Atto {act}, {len(links)} versioni prima di questa:"
    for link in links:
        yield f"  {link.number}. {link.at:%d/%m/%Y %H:%M} {link.file_name} {link.sha256}"
    if links:
        yield f"Testa della catena fino a lì: {links[-1].head}"


def chain_in(content: bytes) -> tuple[str, tuple[Link, ...]] | None:
    """Return the chain inside a PDF; None where there is none."""
    if not content.startswith(b"%PDF-"):
        return None
    root = PdfFileReader(io.BytesIO(content)).root
    for one in root.get("/AF", ()):
        file: Any = one.get_object()
        if str(file.get("/UF", file.get("/F", ""))) == CHAIN:
            return read_chain(file["/EF"]["/F"].data)
    return None
