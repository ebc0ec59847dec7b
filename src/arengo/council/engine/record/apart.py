"""What is not for everyone, and the separate part of the verbale that holds it, in few words."""

from __future__ import annotations

from dataclasses import replace

from arengo.council.engine import events as e
from arengo.council.engine.record.account import (
    Account,
    Moment,
    is_reserved_ballot,
    is_secret_item,
)
from arengo.council.engine.record.attendance import quorum_words, roll
from arengo.council.engine.record.document import Block, Paragraph, Section
from arengo.council.engine.record.italian import sentence
from arengo.council.engine.record.narrative import proposal, speech_title, told
from arengo.council.engine.record.votes import vote_block
from arengo.council.engine.state import State

BALLOT_EVENTS = (
    e.BallotOpened, e.IdentityChecked, e.VoteCast, e.HandsCounted, e.SecretCounted,
    e.BallotClosed, e.BallotVoided, e.Proclaimed,
)  # fmt: skip
ALWAYS_TOLD = (
    e.SittingSuspended, e.SittingResumed, e.SittingEnded, e.ItemCalled, e.ItemLeft, e.SecretEnded,
)  # fmt: skip


def is_reserved(moment: Moment, end: State) -> bool:
    """Tell whether a moment belongs to the separate part alone."""
    event = moment.event
    if isinstance(event, ALWAYS_TOLD):
        return False
    if isinstance(event, BALLOT_EVENTS):
        return is_reserved_ballot(end, end.ballots[event.ballot])
    if isinstance(event, e.SecretBegan) or moment.is_inside_secret:
        return True
    item = getattr(event, "item", "")
    return isinstance(item, str) and is_secret_item(end, item)


def hides_from_here(moment: Moment) -> bool:
    """Tell whether a secret part begins, or goes on with another item."""
    begins = moment.before.secret_since is None and moment.after.secret_since is not None
    return begins or (moment.is_inside_secret and isinstance(moment.event, e.ItemCalled))


def compose_reserved(account: Account) -> tuple[Section, ...]:
    """Return the separate part: what happened in secret or on secret items, in few words."""
    found: list[Section] = []
    for moment in account.moments[1:]:
        blocks = _reserved_blocks(account, moment)
        if blocks:
            _append(account, found, moment, blocks)
    return tuple(found)


def _reserved_blocks(account: Account, moment: Moment) -> tuple[Block, ...]:
    event = moment.event
    is_here = is_reserved(moment, account.end)
    if isinstance(event, (e.ItemCalled, e.ItemLeft)):
        is_here = is_secret_item(account.end, event.item)
    if not is_here:
        return ()
    match event:
        case e.ItemCalled(item=item):
            texts = proposal(account, moment, item)
            return (*told(account, moment, is_public=False), *texts)
        case e.PresenceSet(cause="roll_call") if moment.before.roll_call:
            return ()
        case e.RollCallEnded():
            return (roll(account, moment, "Presenze"), *quorum_words(account, moment))
        case e.FloorGiven(member=member, type=kind, name=name):
            text = sentence(speech_title(moment.after, member, name, kind))
            return (Paragraph(text, (moment.seq,), at=moment.at),)
        case (
            e.BallotOpened(ballot=ballot)
            | e.BallotVoided(ballot=ballot)
            | e.Proclaimed(ballot=ballot)
        ):
            return _reserved_vote(account, event, ballot)
    return told(account, moment, is_public=False)


def _reserved_vote(account: Account, event: e.Event, ballot: str) -> tuple[Block, ...]:
    is_unfinished = account.end.ballots[ballot].stage in ("open", "closed")
    if isinstance(event, e.BallotOpened) != is_unfinished:
        return ()
    return (vote_block(account, ballot, is_public=False),)


def _append(
    account: Account, found: list[Section], moment: Moment, blocks: tuple[Block, ...]
) -> None:
    """Add blocks to the section of the item they belong to, a new one where the item changes."""
    key = _item_of(moment)
    if found and found[-1].item == key:
        found[-1] = replace(found[-1], blocks=(*found[-1].blocks, *blocks))
        return
    item = account.end.items[key].item if key in account.end.items else None
    title = f"Punto n. {item.number}: {item.title}" if item else "Seduta segreta"
    found.append(
        Section(
            "secret", title, blocks, (moment.seq,), key, item.number if item else "", at=moment.at
        )
    )


def _item_of(moment: Moment) -> str:
    named = getattr(moment.event, "item", "")
    if isinstance(named, str) and named:
        return named
    return moment.before.item or moment.after.item
