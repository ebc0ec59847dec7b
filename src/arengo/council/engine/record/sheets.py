"""Two lists for the file of the sitting: who was there and when, and all the votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from arengo.council.engine import events as e
from arengo.council.engine.record.account import Account, is_reserved_ballot
from arengo.council.engine.record.attendance import PRESENCE, WORDS, Stay, minutes_of, roll, stays
from arengo.council.engine.record.document import Document, Paragraph, Section, Table
from arengo.council.engine.record.italian import sentence
from arengo.council.engine.record.minutes import label, title_of
from arengo.council.engine.record.votes import vote_block
from arengo.council.engine.state import Ballot
from arengo.council.engine.words import counted

SHEET = "Foglio delle presenze, tratto dal registro della seduta."
LIST = "Elenco delle votazioni, tratto dal registro della seduta."


def attendance_sheet(account: Account) -> Document:
    """Return who attended, from when to when, with every roll of the sitting."""
    rolls = tuple(
        roll(account, one, f"Appello delle ore {account.hour(one.at)}")
        for one in account.moments
        if isinstance(one.event, e.RollCallEnded)
    )
    seqs = _presence_seqs(account)
    rows = tuple(_rows(account))
    times = Table("Tempi di presenza", ("Componente", "Carica", "Periodi", "Minuti"), rows, seqs)
    sections = (
        Section("attendance", "Tempi di presenza", (times,), seqs),
        Section("roll_call", "Appelli", rolls, tuple(one.seqs[-1] for one in rolls)),
    )
    kept = tuple(one for one in sections if one.blocks)
    return Document(
        "attendance", title_of(account, "Presenze alla seduta"), label(account, SHEET), kept
    )


def _presence_seqs(account: Account) -> tuple[int, ...]:
    found = tuple(one.seq for one in account.moments if isinstance(one.event, PRESENCE))
    return found or (account.constituted.seq,)


def _rows(account: Account) -> Iterator[tuple[str, ...]]:
    for member, listed in stays(account).items():
        one = account.end.members[member]
        periods = "; ".join(_period(account, stay) for stay in listed)
        minutes = minutes_of(listed, account.ended_at or account.end.at)
        yield one.name, one.office, periods or "mai presente", str(minutes)


def _period(account: Account, stay: Stay) -> str:
    until = account.hour(stay.until) if stay.until else "in corso"
    how = "" if stay.status == "present" else f" ({WORDS[stay.status]})"
    return f"{account.hour(stay.since)}–{until}{how}"


def vote_list(account: Account, *, is_public: bool = True) -> Document:
    """Return every vote; without those of the separate part, of which it says how many they are."""
    state = account.end
    hidden = [one for one in state.ballots.values() if is_reserved_ballot(state, one)]
    shown = [one for one in state.ballots.values() if not (is_public and one in hidden)]
    blocks = tuple(vote_block(account, one.id, is_public=is_public) for one in shown)
    section = Section(
        "votes",
        "Votazioni",
        (*_none(account, blocks), *blocks, *_held_back(account, is_public, hidden)),
        (),
    )
    title = title_of(account, "Votazioni della seduta")
    return Document(
        "votes", title, label(account, LIST), (section,), is_reserved=not is_public and bool(hidden)
    )


def _none(account: Account, blocks: tuple[object, ...]) -> tuple[Paragraph, ...]:
    if blocks:
        return ()
    return (Paragraph("Nessuna votazione pubblica.", (account.constituted.seq,)),)


def _held_back(
    account: Account, is_public: bool, hidden: Sequence[Ballot]
) -> tuple[Paragraph, ...]:
    if not is_public or not hidden:
        return ()
    text = counted(len(hidden), "votazione è riportata", "votazioni sono riportate")
    return (
        Paragraph(sentence(f"{text} nella parte separata del verbale"), (account.constituted.seq,)),
    )
