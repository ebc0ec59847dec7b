"""One delibera for each item that was decided: who was there, opinions, text, votes, decision."""

from __future__ import annotations

from collections.abc import Iterator

from arengo.council.engine import events as e
from arengo.council.engine.ballots import was_decided
from arengo.council.engine.record.account import Account, Moment, is_reserved_ballot
from arengo.council.engine.record.apart import is_reserved
from arengo.council.engine.record.attendance import roll
from arengo.council.engine.record.document import (
    Attendance,
    Block,
    Document,
    Paragraph,
    Section,
    VoteBlock,
)
from arengo.council.engine.record.italian import day, sentence
from arengo.council.engine.record.minutes import label, preamble, signatures
from arengo.council.engine.record.narrative import told
from arengo.council.engine.record.votes import vote_block, what_is_voted
from arengo.council.engine.state import Amendment, Ballot, ItemState
from arengo.council.engine.words import joined

LABEL = (
    "Bozza della deliberazione, tratta dal registro della seduta. Diventa l'atto quando è numerata e "
    "firmata."
)
ASIDE = ("immediate", "amendment", "secret_sitting", "procedural")
FATES = {
    "approved": "approvato",
    "rejected": "non approvato",
    "withdrawn": "ritirato",
    "pending": "non votato",
}
DISCUSSION = "Per la discussione si rinvia al verbale della seduta."
ITEM_EVENTS = (
    e.ConflictDeclared, e.OpinionGiven, e.OpinionWaived, e.AmendmentFiled, e.AmendmentWithdrawn,
)  # fmt: skip


def delibere(account: Account) -> tuple[Document, ...]:
    """Return the delibere of a sitting, in the order of the agenda.

    Those of secret items, or voted in secret, are `is_reserved`: they are published with omissis.
    """
    state = account.end
    return tuple(
        _delibera(account, item)
        for item in state.items.values()
        if was_decided(state, item.item.id)
    )


def deciding(account: Account, item: ItemState) -> Ballot:
    """Return the last vote on the item itself."""
    ballots = [account.end.ballots[one] for one in item.ballots]
    return [one for one in ballots if one.proclaimed_at and one.subject not in ASIDE][-1]


def _delibera(account: Account, item: ItemState) -> Document:
    ballot, number = deciding(account, item), account.facts.delibere.get(item.item.id, 0)
    reserved = item.item.is_secret or is_reserved_ballot(account.end, ballot)
    votes = tuple(
        vote_block(account, one, is_public=False) for one in _shown(account, item, reserved)
    )
    what = f"Deliberazione del Consiglio comunale di {account.facts.comune} n. {number or '____'} del {day(account.date)}"
    sections = (
        preamble_of(account, item),
        Section(
            "attendance",
            "Presenze alla votazione",
            (_present(account, ballot),),
            _opened(account, ballot),
        ),
        Section("opinions", "Pareri e adempimenti", tuple(_facts(account, item, reserved)), ()),
        Section("proposal", "Proposta", tuple(_proposal(account, item)), ()),
        Section("votes", "Votazioni", votes, ()),
        Section(
            "deliberation", "Il Consiglio comunale", tuple(_decision(account, item, votes)), ()
        ),
        signatures(account),
    )
    kept = tuple(one for one in sections if one.blocks)
    return Document("delibera", what, label(account, LABEL), kept, reserved, item.item.id, number)


def preamble_of(account: Account, item: ItemState) -> Section:
    """Return the opening of a delibera: its object, then the sitting's own opening."""
    opening = preamble(account)
    subject = Paragraph(f"Oggetto: {item.item.title}", opening.seqs, kind="formula")
    formulas = [one for one in opening.blocks if isinstance(one, Paragraph)]
    return Section("preamble", "Intestazione", (subject, *formulas), opening.seqs, item.item.id)


def _moment_of(account: Account, ballot: Ballot) -> Moment:
    return account.by_seq[account.seqs_of_ballots[ballot.id][0]]


def _opened(account: Account, ballot: Ballot) -> tuple[int, ...]:
    return (_moment_of(account, ballot).seq,)


def _present(account: Account, ballot: Ballot) -> Attendance:
    return roll(account, _moment_of(account, ballot), "Presenti all'apertura della votazione")


def _shown(account: Account, item: ItemState, reserved: bool) -> list[str]:
    """Return the votes of a delibera: one for everyone has none that was taken in secret."""
    ballots, end = account.end.ballots, account.end
    return [one for one in item.ballots if reserved or not is_reserved_ballot(end, ballots[one])]


def _facts(account: Account, item: ItemState, reserved: bool) -> Iterator[Paragraph]:
    """Yield the conflicts, opinions and amendments of the item as the journal has them."""
    for moment in account.moments:
        event = moment.event
        if not isinstance(event, ITEM_EVENTS) or event.item != item.item.id:
            continue
        if reserved or not is_reserved(moment, account.end):
            yield from told(account, moment, is_public=False)


def _proposal(account: Account, item: ItemState) -> Iterator[Block]:
    seq = _seqs_of_item(account, item)
    text = account.facts.proposals.get(item.item.id, "").strip()
    for part in text.split("\n\n") if text else ():
        yield Paragraph(part, seq, kind="proposal")
    if not text:
        yield Paragraph(f"Proposta: «{item.item.title}», come agli atti.", seq, kind="proposal")
    for document in item.item.documents:
        yield Paragraph(f"Allegato: {document.title}", seq)
    yield Paragraph(DISCUSSION, seq)


def _seqs_of_item(account: Account, item: ItemState) -> tuple[int, ...]:
    """Return the entry in which the item came into being."""
    for moment in account.moments:
        if isinstance(moment.event, e.ItemAdded) and moment.event.item.id == item.item.id:
            return (moment.seq,)
    return (account.constituted.seq,)


def _decision(
    account: Account, item: ItemState, votes: tuple[VoteBlock, ...]
) -> Iterator[Paragraph]:
    ballot = deciding(account, item)
    for vote in votes:
        if vote.ballot == ballot.id:
            yield Paragraph(_deliberates(account, item, vote), vote.seqs, kind="deliberates")
        elif vote.subject == "immediate" and vote.stage == "proclaimed":
            verb = (
                "Con separata votazione" if vote.result == "approved" else "Con separata votazione,"
            )
            yield Paragraph(sentence(f"{verb} {vote.result_words}"), vote.seqs, kind="deliberates")


def _deliberates(account: Account, item: ItemState, vote: VoteBlock) -> str:
    what, _ = what_is_voted(account.end, account.end.ballots[vote.ballot])
    if vote.result == "elected":
        return sentence(f"DELIBERA di eleggere {joined(list(vote.elected))}")
    if vote.result != "approved":
        return sentence(f"NON APPROVA {what} «{item.item.title}»: {vote.result_words}")
    amended = [one for one in item.amendments.values() if one.fate == "approved"]
    few = "l'emendamento approvato" if len(amended) == 1 else "gli emendamenti approvati"
    tail = f", con {few}: {_titles(amended)}" if amended else ""
    return sentence(f"DELIBERA di approvare {what} «{item.item.title}»{tail}")


def _titles(amendments: list[Amendment]) -> str:
    return joined([f"«{one.filed.title}»" for one in amendments])
