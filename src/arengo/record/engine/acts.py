"""The life of an act, and the chain that holds its versions: pure rules, no database, no file.

An act is a draft until it is shared. Then, by what kind of document it is:

    verbale    shared → approved in a later sitting → signed → published
    delibera   shared → signed → published: the proclamation made it perfect, approval certifies it
    the others shared → published: they bear no signature, and say that they are no verbale

A regulation may have the verbale signed before it is approved (`is_approved_first`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Step = Literal["share", "recall", "approve", "prepare", "sign", "publish"]

SIGNED_KINDS = ("verbale", "separate_part", "delibera")
APPROVED_KINDS = ("verbale", "separate_part")
LAWS: Mapping[Step, str] = {
    "share": "TUEL art. 38 c. 2 e regolamento del Consiglio",
    "recall": "regolamento del Consiglio",
    "approve": "regolamento del Consiglio; parere DAIT 98483",
    "prepare": "TUEL art. 97 c. 4 lett. a",
    "sign": "TUEL art. 97 c. 4 lett. a e statuto",
    "publish": "TUEL art. 124 c. 1",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an act stands; `state` is "" for a draft, `is_ready` when its final text is frozen."""

    kind: str
    state: str = ""
    is_approved: bool = False
    is_ready: bool = False
    signatures: int = 0
    undecided: int = 0
    is_numbered: bool = False
    is_reserved: bool = False
    is_approved_first: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a step cannot be taken now, in Italian, and the rule it comes from."""

    why: str
    law: str


def next_step(act: Standing) -> Step | None:
    """Return the step that an act waits for; None when it has gone all its way."""
    if act.state in ("", "recalled"):
        return "share"
    if act.state == "published":
        return None
    if act.kind not in SIGNED_KINDS:
        return "publish"
    if act.kind in APPROVED_KINDS and act.is_approved_first and not act.is_approved:
        return "approve"
    if act.state == "signed":
        return None if act.is_reserved else "publish"
    return "sign" if act.is_ready else "prepare"


def refusal(act: Standing, step: Step) -> Refused | None:
    """Return why a step is refused, None when it may be taken."""
    why = _CHECKS[step](act)
    return Refused(why, LAWS[step]) if why else None


def _share(act: Standing) -> str:
    return (
        "" if act.state in ("", "recalled") else "Il documento è già condiviso: richiamalo prima."
    )


def _recall(act: Standing) -> str:
    if act.state != "shared":
        return "Si richiama solo un documento condiviso, non ancora approvato né firmato."
    if act.is_approved or act.signatures:
        return "Il documento è già approvato o porta una firma: non si richiama più."
    return ""


def _approve(act: Standing) -> str:
    if act.state in ("", "recalled"):
        return "Condividi prima il documento: il Consiglio approva ciò che ha potuto leggere."
    if act.is_approved:
        return "Il documento è già approvato."
    if act.kind not in SIGNED_KINDS:
        return "Questo documento non si approva: non è il verbale."
    return _undecided(act)


def _undecided(act: Standing) -> str:
    if not act.undecided:
        return ""
    return f"Decidi prima le rettifiche proposte: ne restano {act.undecided}."


def _prepare(act: Standing) -> str:
    if act.kind not in SIGNED_KINDS:
        return "Questo documento non si firma: non è un atto del Consiglio."
    if act.state in ("", "recalled"):
        return "Condividi prima il documento."
    if act.kind in APPROVED_KINDS and act.is_approved_first and not act.is_approved:
        return "Il regolamento vuole che il verbale sia approvato prima di essere firmato."
    if act.kind == "delibera" and not act.is_numbered:
        return (
            "La deliberazione non ha ancora un numero: dàglielo dal registro delle deliberazioni."
        )
    if act.is_ready:
        return "Il testo da firmare c’è già."
    return _undecided(act)


def _sign(act: Standing) -> str:
    if not act.is_ready:
        return _prepare(act) or "Prepara prima il testo da firmare."
    return "Le firme ci sono già tutte." if act.signatures >= 2 else ""


def _publish(act: Standing) -> str:
    if act.is_reserved:
        return "È un documento riservato: non si pubblica."
    if act.state == "published":
        return "Il documento è già pubblicato."
    if act.state in ("", "recalled"):
        return "Condividi prima il documento."
    if act.kind in SIGNED_KINDS and act.state != "signed":
        return "Mancano le firme: si pubblica l’atto firmato."
    return ""


_CHECKS = {
    "share": _share,
    "recall": _recall,
    "approve": _approve,
    "prepare": _prepare,
    "sign": _sign,
    "publish": _publish,
}


# --- the chain --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """What an act comes from: how long each log was, and its last link («» for an empty one)."""

    comune: str
    sitting: str
    act: str
    document: str
    segments: int
    recording: str
    entries: int
    journal: str
    edits: int
    transcript: str


@dataclass(frozen=True, slots=True)
class Link:
    """A version of an act in its chain."""

    number: int
    cause: str
    at: datetime
    file_name: str
    sha256: str
    previous: str
    head: str


def origin_json(origin: Origin) -> bytes:
    """Return an origin as the file that is the first version of every act."""
    facts = {"catena": 1, **asdict(origin)}
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()


def head_of(
    previous: str, *, number: int, cause: str, at: datetime, file_name: str, sha256: str
) -> str:
    """Return the sha256, in hexadecimal, that closes a version over the one before it."""
    line = json.dumps(
        [number, cause, _instant(at), file_name, sha256, previous],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(line.encode()).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def first_break(links: Iterable[Link]) -> str:
    """Return where a chain of versions is broken, in Italian; «» when it is whole."""
    previous = ""
    for number, link in enumerate(links, start=1):
        if link.number != number:
            return f"manca la versione {number}"
        if link.previous != previous:
            return f"la versione {number} non segue quella che la precede"
        if link.head != _head(link):
            return f"la versione {number} non è quella che fu fissata"
        previous = link.head
    return ""


def _head(link: Link) -> str:
    return head_of(
        link.previous,
        number=link.number,
        cause=link.cause,
        at=link.at,
        file_name=link.file_name,
        sha256=link.sha256,
    )


def chain_json(act: str, links: Sequence[Link]) -> bytes:
    """Return a chain as the file that goes with an act: who has it can count it again."""
    rows = [{**asdict(one), "at": _instant(one.at)} for one in links]
    return json.dumps({"atto": act, "versioni": rows}, ensure_ascii=False, indent=1).encode()


def read_chain(data: bytes) -> tuple[str, tuple[Link, ...]]:
    """Return the act's code and its links; raises `ValueError`, `KeyError` or `TypeError`."""
    found: Mapping[str, Any] = json.loads(data)
    rows = [{**row, "at": datetime.fromisoformat(row["at"])} for row in found["versioni"]]
    return str(found["atto"]), tuple(Link(**row) for row in rows)
