"""The facts of a later sitting by which the council approved an act, read from that journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.fold import fold
from arengo.council.engine.record.account import standing
from arengo.council.engine.record.document import Document, Paragraph, Section
from arengo.council.engine.state import Ballot, ItemState, State

MINUTES = "minutes"
ASIDE = ("amendment", "procedural", "secret_sitting", "immediate")
WORDS = {"favour": "favorevoli", "against": "contrari", "abstained": "astenuti"}
DONE = ("decided", "discussed")
FINAL = {
    "verbale": "Verbale della seduta, redatto a cura del Segretario (art. 97, comma 4, lettera a, "
    "del TUEL). Fa fede il file firmato digitalmente.",
    "separate_part": "Parte separata del verbale. Non si pubblica. Fa fede il file firmato "
    "digitalmente.",
    "delibera": "Deliberazione del Consiglio comunale. Fa fede il file firmato digitalmente.",
}
DEMO = "Seduta dimostrativa: persone e fatti sono inventati."


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a council said yes: `ballot` is empty when nobody had remarks and none was held."""

    item: str
    title: str
    number: str
    type: str
    ballot: str
    seq: int
    sha256: str
    at: datetime
    votes: str

    @property
    def is_of_minutes(self) -> bool:
        """Whether the item was there to approve minutes."""
        return self.type == MINUTES


def approvals_in(entries: Sequence[Entry]) -> tuple[Fact, ...]:
    """Return what a journal holds that may be an approval, items of minutes first.

    A vote in public that was proclaimed approved, or an item of minutes that was left without one.
    """
    kept = standing(entries)
    if not kept:
        return ()
    found = tuple(_facts(kept, fold(kept)))
    return tuple(sorted(found, key=lambda one: (not one.is_of_minutes, one.seq)))


def _facts(entries: Sequence[Entry], end: State) -> Iterator[Fact]:
    for entry in entries:
        match entry.event:
            case e.Proclaimed(ballot=ballot, result="approved"):
                vote = end.ballots[ballot]
                held = end.items.get(vote.item)
                if held and vote.subject not in ASIDE and not vote.in_secret:
                    yield _fact(entry, held, ballot, _votes(vote))
            case e.ItemLeft(item=item, result=result):
                held = end.items[item]
                if held.item.type == MINUTES and result in DONE and not held.ballots:
                    yield _fact(entry, held, "", "senza osservazioni")


def _fact(entry: Entry, held: ItemState, ballot: str, votes: str) -> Fact:
    item = held.item
    return Fact(
        item.id,
        item.title,
        item.number,
        item.type,
        ballot,
        entry.seq,
        entry.sha256,
        entry.at,
        votes,
    )


def _votes(vote: Ballot) -> str:
    totals = vote.totals or Counter(vote.votes.values())
    told = [f"{WORDS[one]} {totals.get(one, 0)}" for one in WORDS]
    return ", ".join(told)


def sentence_of(fact: Fact, day: str) -> str:
    """Return the approval as the act will tell it; `day` is in words or figures."""
    how = f"con voti {fact.votes}" if fact.ballot else fact.votes
    return (
        f"Approvato dal Consiglio comunale nella seduta del {day}, punto {fact.number} "
        f"«{fact.title}», {how} (registro di quella seduta, riga {fact.seq}). L'approvazione "
        "attesta che il testo riferisce ciò che è avvenuto; non delibera."
    )


def final(
    document: Document,
    *,
    rectified: Sequence[tuple[str, str]] = (),
    approved: str = "",
    replaced: Sequence[str] = (),
    number: int = 0,
) -> Document:
    """Return a frozen document as it will be signed: its words untouched, notes after them.

    `rectified` are the words and what should stand there, of the rectifications accepted;
    `replaced` says who signs in whose place.
    """
    notes = [
        *_section("Rettifiche accolte", [_rectified(*one) for one in rectified]),
        *_section("Approvazione", [approved] if approved else []),
        *_section("Sostituzioni nella firma", replaced),
    ]
    body = [one for one in document.sections if one.kind != "signatures"]
    ends = [one for one in document.sections if one.kind == "signatures"]
    label = FINAL.get(document.kind, document.label)
    is_demo = document.label.startswith(DEMO)
    given = number or document.number
    return replace(
        document,
        title=document.title.replace("n. ____", f"n. {given}") if given else document.title,
        number=given,
        label=f"{DEMO} {label}" if is_demo else label,
        sections=(*body, *notes, *ends),
    )


def _rectified(quote: str, text: str) -> str:
    return f"Dove è scritto «{quote}», si legga: «{text}»."


def _section(title: str, lines: Sequence[str]) -> list[Section]:
    if not lines:
        return []
    return [Section("general", title, tuple(Paragraph(one) for one in lines), ())]
