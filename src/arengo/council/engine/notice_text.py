"""The text of a notice of convocation, in the Italian of the acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from arengo.council.engine.holidays import day_words

MODES = {
    "in_person": "La seduta si svolge in presenza.",
    "mixed": "La seduta si svolge in forma mista: chi non può essere in sala si collega da remoto.",
    "remote": "La seduta si svolge da remoto, in videoconferenza.",
}
CALLS = {1: "prima", 2: "seconda"}


@dataclass(frozen=True, slots=True)
class TextItem:
    """A point of the agenda as the notice names it."""

    number: int
    title: str
    type: str  # its label in Italian
    is_secret: bool = False
    is_supplementary: bool = False
    proposer: str = ""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a notice says; datetimes are zone-aware, in the Comune's own time zone."""

    comune: str
    kind: str  # in Italian: "ordinaria", "straordinaria", "straordinaria e urgente"
    call: int
    mode: str
    place: str
    sitting_at: datetime
    written_at: datetime
    items: tuple[TextItem, ...]
    signed_by: str
    office: str
    is_supplement: bool = False
    second_call_at: datetime | None = None
    urgency: str = ""


def notice_text(facts: TextFacts) -> str:
    """Return the notice: a secret item is told by its type, never by its title."""
    parts = (
        f"COMUNE DI {facts.comune.upper()}\nConsiglio comunale",
        "ORDINE DEL GIORNO SUPPLETIVO" if facts.is_supplement else "AVVISO DI CONVOCAZIONE",
        _opening(facts),
        f"Motivo dell’urgenza: {facts.urgency}" if facts.urgency else "",
        _agenda(facts),
        "Gli atti sono consultabili nella pagina personale di questo avviso e presso la segreteria "
        "comunale.",
        "" if facts.is_supplement else _second_call(facts),
        "Chi non può intervenire è pregato di avvisare prima della seduta.",
        f"{facts.comune}, {day_words(facts.written_at.date())}",
        f"{facts.office}\n{facts.signed_by}".strip(),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _when(at: datetime) -> str:
    return f"{day_words(at.date())} alle ore {at:%H:%M}"


def _opening(facts: TextFacts) -> str:
    where = f", presso {facts.place}" if facts.place else ""
    if facts.is_supplement:
        return (
            f"All’ordine del giorno della seduta del Consiglio comunale di "
            f"{_when(facts.sitting_at)}{where}, sono aggiunti i punti che seguono."
        )
    return (
        f"Il Consiglio comunale è convocato in seduta {facts.kind}, di {CALLS[facts.call]} "
        f"convocazione, per {_when(facts.sitting_at)}{where}. {MODES[facts.mode]}"
    )


def _agenda(facts: TextFacts) -> str:
    lines = [_line(item) for item in facts.items]
    return "\n".join(("Ordine del giorno", "", *lines))


def _line(item: TextItem) -> str:
    if item.is_secret:
        return (
            f"{item.number}. [seduta segreta] {item.type}: oggetto e atti sono a disposizione "
            "dei soli componenti del Consiglio."
        )
    proposer = f", proponente {item.proposer}" if item.proposer else ""
    return f"{item.number}. {item.title} ({item.type.lower()}{proposer})"


def _second_call(facts: TextFacts) -> str:
    if facts.call == 2:
        return ""
    if facts.second_call_at:
        return (
            f"Se la seduta va deserta, la seconda convocazione è per {_when(facts.second_call_at)}."
        )
    return (
        "Se la seduta va deserta, il Consiglio può essere convocato in seconda convocazione nei "
        "modi del regolamento."
    )
