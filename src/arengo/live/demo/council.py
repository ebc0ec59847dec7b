"""The demonstration's council: what the clerk's console writes while the clip plays.

Each key is pressed where the clip's reference says that something is said: the appello at each
«presente», the floor at each change of speaker, the vote at its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from arengo.live.demo.reference import Reference, Turn

SECRETARY = "Ripamonti"
CHAIR = "Colnaghi"
BALLOT = "demo-1"
AGAINST = ("Mantegazza", "Cannizzaro", "Pirovano")
ABSTAINED = ("Beretta", "Benali")
SPEECHES = {
    "Pozzoli": "presentation",
    "Valtorta": "reply",
    "Benali": "declaration",
    "Pirovano": "question",
    "Sangalli": "answer",
}
LATER = {"Parzialmente": "rejoinder", "Li": "other"}  # by the first word of the speech
AGENDA: tuple[dict[str, Any], ...] = (
    {
        "title": "Variazione al bilancio di previsione 2026",
        "type": "proposal",
        "subject": "proposal",
        "affects_spending": True,
        "rapporteur": "Pozzoli",
    },
    {
        "title": "Interrogazione sulla raccolta dei rifiuti in via Figino",
        "type": "question",
        "subject": "proposal",
        "proposer": "Giulia Pirovano",
    },
)


@dataclass(frozen=True, slots=True)
class Press:
    """A key of the console: when (s of the clip), what it writes; people by surname."""

    at_s: float
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)


def presses(reference: Reference) -> tuple[Press, ...]:
    """Return every key of the sitting, in order of time."""
    found = [*_roll_call(reference), *_items(reference), *_floor(reference), *_vote(reference)]
    return tuple(sorted(found, key=lambda press: press.at_s))


def _surname(turn: Turn) -> str:
    return turn.speaker.rsplit(" ", 1)[-1]


def _named(turns: tuple[Turn, ...], scene: str) -> list[Turn]:
    return [turn for turn in turns if turn.scene.startswith(scene)]


def _said(reference: Reference, words: str) -> Turn:
    return next(turn for turn in reference.turns if words in turn.text)


def _roll_call(reference: Reference) -> Iterator[Press]:
    turns = _named(reference.turns, "Appello")
    yield Press(turns[1].start, "roll_call_began")
    for turn in turns[2:-1]:
        name = turn.text.split(".")[0]
        if "Assente giustificat" in turn.text:
            yield _answer(turn.end, name, "justified")
        elif _surname(turn) != SECRETARY:
            yield _answer(turn.end, _surname(turn), "present")
    yield Press(turns[-1].end - 1.5, "roll_call_ended")
    yield Press(turns[-1].end, "sitting_opened")


def _answer(at_s: float, member: str, status: str) -> Press:
    return Press(at_s, "presence_set", {"member": member, "status": status, "cause": "roll_call"})


def _items(reference: Reference) -> Iterator[Press]:
    first, second = (
        _said(reference, "Primo punto"),
        _said(reference, "Passiamo alle interrogazioni"),
    )
    last = reference.turns[-1]
    yield Press(first.start + 0.5, "item_called", {"item": 0})
    yield Press(second.start - 0.2, "item_left", {"item": 0, "result": "decided"})
    yield Press(second.start + 0.5, "item_called", {"item": 1})
    yield Press(last.start + 1, "item_left", {"item": 1, "result": "answered"})
    yield Press(last.end - 2, "sitting_ended", {"reason": "completed"})


def _floor(reference: Reference) -> Iterator[Press]:
    """Give the floor to each speaker but the chair, who speaks when nobody has it."""
    given = False
    asked = _said(reference, "Chiedo quando partirà")
    yield Press(asked.start + 2, "floor_asked", {"member": "Mantegazza", "type": "intervention"})
    for turn in reference.turns:
        if turn.scene.startswith(("Appello", "Votazione")):
            continue
        name = _surname(turn)
        if name == CHAIR and given:
            yield Press(turn.start, "floor_ended")
        elif name != CHAIR:
            kind = LATER.get(turn.text.split()[0]) or SPEECHES.get(name, "intervention")
            yield Press(turn.start, "floor_given", {"member": name, "type": kind})
        given = name != CHAIR


def _vote(reference: Reference) -> Iterator[Press]:
    put, proclaimed = _said(reference, "Metto in votazione"), _said(reference, "Proclamo l'esito")
    opened = {"ballot": BALLOT, "item": 0, "subject": "proposal", "method": "hands"}
    yield Press(put.end - 1, "ballot_opened", {**opened, "title": AGENDA[0]["title"]})
    counted = {"against": AGAINST, "abstained": ABSTAINED, "not_voting": ()}
    yield Press(proclaimed.start - 0.6, "hands_counted", {"ballot": BALLOT, **counted})
    yield Press(proclaimed.start - 0.3, "ballot_closed", {"ballot": BALLOT})
    yield Press(proclaimed.end, "proclaimed", {"ballot": BALLOT})
