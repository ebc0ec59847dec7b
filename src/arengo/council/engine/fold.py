"""`state = fold(events)`: what each event does to the state of a sitting.

Nothing is judged here: what may happen is `guards`' to say before an entry is written. A
journal read again, on any machine, gives the same state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from typing import Any, TypeVar

from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.profile import read_profile
from arengo.council.engine.state import (
    HERE,
    Amendment,
    Ballot,
    ItemState,
    Request,
    Standing,
    State,
    Turn,
)

E = TypeVar("E", bound=e.Event)
HANDLERS: dict[type[e.Event], Callable[[State, Entry, Any], None]] = {}


def fold(entries: Iterable[Entry], start: State | None = None) -> State:
    """Return the state after `entries`; what was undone counts for nothing.

    `start` is the state that the entries continue; it is left as it was. When one of them undoes
    an entry already in `start`, it cannot be used: fold the whole journal.

    Raises
    ------
    ValueError
        `start` holds an entry that one of `entries` undoes.
    """
    listed = list(entries)
    undone = {entry.event.seq for entry in listed if type(entry.event) is e.Undone}
    if start is not None and any(seq <= start.seq for seq in undone):
        message = "an entry already folded was undone: fold the whole journal"
        raise ValueError(message)
    state = fork(start) if start is not None else State()
    for entry in listed:
        if entry.seq not in undone:
            handler = HANDLERS.get(type(entry.event))
            if handler:
                handler(state, entry, entry.event)
        state.seq, state.at = entry.seq, entry.at
    return state


def fork(state: State) -> State:
    """Return a copy that a fold may write on."""
    made = copy(state)
    made.presence = dict(state.presence)
    made.members = dict(state.members)
    made.rolled = dict(state.rolled)
    made.items = {key: _fork_item(one) for key, one in state.items.items()}
    made.ballots = {key: _fork_ballot(one) for key, one in state.ballots.items()}
    made.turns, made.verbatim, made.notes = [*state.turns], [*state.verbatim], [*state.notes]
    return made


def _fork_item(item: ItemState) -> ItemState:
    return replace(
        item,
        conflicts=dict(item.conflicts),
        opinions=dict(item.opinions),
        amendments=dict(item.amendments),
        ballots=[*item.ballots],
    )


def _fork_ballot(ballot: Ballot) -> Ballot:
    if ballot.proclaimed_at or ballot.voided:
        return ballot  # nothing changes it any more
    return replace(ballot, votes=dict(ballot.votes), totals=dict(ballot.totals))


def handles(cls: type[E]) -> Callable[[Callable[[State, Entry, E], None]], Any]:
    """Register what an event does."""

    def register(handler: Callable[[State, Entry, E], None]) -> Any:
        HANDLERS[cls] = handler
        return handler

    return register


# --- the sitting ------------------------------------------------------------------------


@handles(e.SittingConstituted)
def _constituted(state: State, entry: Entry, event: e.SittingConstituted) -> None:
    state.title, state.call, state.mode = event.title, event.call, event.mode
    state.profile = read_profile(event.profile)
    state.members = {member.id: member for member in event.members}
    state.presence = {member: Standing("absent", entry.at) for member in state.members}
    state.items = {item.id: _item_state(item) for item in event.items}
    state.chair, state.secretary = event.chair, event.secretary


def _item_state(item: e.Item) -> ItemState:
    return ItemState(item)


@handles(e.RollCallBegan)
def _roll_call_began(state: State, entry: Entry, event: e.RollCallBegan) -> None:
    state.roll_call, state.rolled = event.purpose, {}


@handles(e.PresenceSet)
def _presence_set(state: State, entry: Entry, event: e.PresenceSet) -> None:
    before = state.presence.get(event.member)
    since = before.since if before and before.status == event.status else entry.at
    state.presence[event.member] = Standing(event.status, since, event.cause)
    if state.roll_call and event.cause == "roll_call":
        state.rolled[event.member] = event.status
    if event.status not in HERE:
        _left(state, entry, event.member)


def _left(state: State, entry: Entry, member: str) -> None:
    """Who leaves does not wait for the floor, nor speaks, nor votes in what is open."""
    state.requests = tuple(one for one in state.requests if one.member != member)
    if state.turn and state.turn.member == member:
        _end_turn(state, entry)
    ballot = state.current_ballot
    if ballot:
        _stays_out(ballot, member)


def _stays_out(ballot: Ballot, member: str) -> None:
    """Take who has not voted yet out of an open vote: they do not vote in it any more."""
    if not ballot.closed_at and member not in ballot.votes:
        ballot.gone |= {member}


@handles(e.RollCallEnded)
def _roll_call_ended(state: State, entry: Entry, event: e.RollCallEnded) -> None:
    state.roll_call = ""


@handles(e.ConnectionChanged)
def _connection_changed(state: State, entry: Entry, event: e.ConnectionChanged) -> None:
    lost_at = None if event.is_connected else entry.at
    state.presence[event.member] = replace(state.presence[event.member], lost_at=lost_at)


@handles(e.SittingOpened)
def _opened(state: State, entry: Entry, event: e.SittingOpened) -> None:
    state.opened_at = entry.at


@handles(e.SittingSuspended)
def _suspended(state: State, entry: Entry, event: e.SittingSuspended) -> None:
    state.suspended_at, state.suspended_for = entry.at, event.reason
    _end_turn(state, entry)


@handles(e.SittingResumed)
def _resumed(state: State, entry: Entry, event: e.SittingResumed) -> None:
    state.suspended_at, state.suspended_for = None, ""


@handles(e.SittingEnded)
def _ended(state: State, entry: Entry, event: e.SittingEnded) -> None:
    state.ended_at, state.ended = entry.at, event.reason
    state.requests, state.item = (), ""
    _end_turn(state, entry)


@handles(e.ChairTaken)
def _chair_taken(state: State, entry: Entry, event: e.ChairTaken) -> None:
    state.chair = event.member


@handles(e.ScrutineersNamed)
def _scrutineers(state: State, entry: Entry, event: e.ScrutineersNamed) -> None:
    state.scrutineers = event.members


@handles(e.SecretaryReplaced)
def _secretary(state: State, entry: Entry, event: e.SecretaryReplaced) -> None:
    state.secretary = event.name


# --- the agenda -------------------------------------------------------------------------


@handles(e.ItemAdded)
def _item_added(state: State, entry: Entry, event: e.ItemAdded) -> None:
    state.items[event.item.id] = _item_state(event.item)


@handles(e.AgendaReordered)
def _reordered(state: State, entry: Entry, event: e.AgendaReordered) -> None:
    state.items = {item: state.items[item] for item in event.order}


@handles(e.ItemCalled)
def _item_called(state: State, entry: Entry, event: e.ItemCalled) -> None:
    item = state.items[event.item]
    item.called_at = item.called_at or entry.at
    item.left_at, item.result, item.stage = None, "", "presentation"
    state.item, state.requests = event.item, ()
    _end_turn(state, entry)
    state.sensitive_since = entry.at if item.item.is_sensitive else None
    if item.item.is_secret and not state.secret_since:
        state.secret_since, state.secret_item = entry.at, event.item
        state.secret_reason = "punto convocato in seduta segreta"  # noqa: S105 - a reason, no password
        state.staying = state.here(entry.at)


@handles(e.StageOpened)
def _stage_opened(state: State, entry: Entry, event: e.StageOpened) -> None:
    if state.current:
        state.current.stage = event.stage


@handles(e.ItemLeft)
def _item_left(state: State, entry: Entry, event: e.ItemLeft) -> None:
    item = state.items[event.item]
    item.left_at, item.result, item.stage = entry.at, event.result, ""
    if state.item == event.item:
        state.item, state.requests = "", ()
        _end_turn(state, entry)
        state.sensitive_since = None
    if state.secret_item == event.item:
        _end_secret(state)


@handles(e.ConflictDeclared)
def _conflict(state: State, entry: Entry, event: e.ConflictDeclared) -> None:
    state.items[event.item].conflicts[event.member] = event.leaves
    if state.item == event.item:
        state.requests = tuple(one for one in state.requests if one.member != event.member)
    ballot = state.current_ballot
    if ballot and ballot.item == event.item:
        _stays_out(ballot, event.member)


@handles(e.OpinionGiven)
def _opinion(state: State, entry: Entry, event: e.OpinionGiven) -> None:
    state.items[event.item].opinions[event.amendment, event.type] = event.verdict


@handles(e.OpinionWaived)
def _waived(state: State, entry: Entry, event: e.OpinionWaived) -> None:
    state.items[event.item].opinions[event.amendment, event.type] = "waived"


@handles(e.AmendmentFiled)
def _amendment(state: State, entry: Entry, event: e.AmendmentFiled) -> None:
    state.items[event.item].amendments[event.amendment] = Amendment(event)


@handles(e.AmendmentWithdrawn)
def _amendment_withdrawn(state: State, entry: Entry, event: e.AmendmentWithdrawn) -> None:
    _settle(state, event.item, event.amendment, "withdrawn")


def _settle(state: State, item: str, amendment: str, fate: str) -> None:
    amendments = state.items[item].amendments
    amendments[amendment] = replace(amendments[amendment], fate=fate)


# --- the floor --------------------------------------------------------------------------


@handles(e.FloorAsked)
def _floor_asked(state: State, entry: Entry, event: e.FloorAsked) -> None:
    state.requests = (*state.requests, Request(event.member, event.type, entry.at))


@handles(e.FloorForgone)
def _floor_forgone(state: State, entry: Entry, event: e.FloorForgone) -> None:
    state.requests = tuple(one for one in state.requests if one.member != event.member)


@handles(e.FloorGiven)
def _floor_given(state: State, entry: Entry, event: e.FloorGiven) -> None:
    _end_turn(state, entry)
    waiting = state.requests
    state.requests = tuple(
        one for one in waiting if (one.member, one.type) != (event.member, event.type)
    )
    state.turn = Turn(
        entry.seq,
        event.member,
        event.type,
        state.item,
        entry.at,
        event.limit_s,
        event.name,
        in_secret=state.secret_since is not None,
    )


@handles(e.FloorEnded)
def _floor_ended(state: State, entry: Entry, event: e.FloorEnded) -> None:
    _end_turn(state, entry)


def _end_turn(state: State, entry: Entry) -> None:
    if state.turn:
        state.turns.append(replace(state.turn, ended_at=entry.at))
        state.turn = None


@handles(e.VerbatimAsked)
def _verbatim(state: State, entry: Entry, event: e.VerbatimAsked) -> None:
    state.verbatim.append((entry.seq, event.member, event.text))


# --- votes ------------------------------------------------------------------------------


@handles(e.BallotOpened)
def _ballot_opened(state: State, entry: Entry, event: e.BallotOpened) -> None:
    state.ballots[event.ballot] = Ballot(
        id=event.ballot,
        item=event.item,
        subject=event.subject,
        title=event.title,
        method=event.method,
        entitled=event.entitled,
        opened_at=entry.at,
        amendment=event.amendment,
        choices=event.choices,
        seats=event.seats,
        repeats=event.repeats,
        in_secret=state.secret_since is not None,
    )
    state.ballot = event.ballot
    if event.item in state.items:
        state.items[event.item].ballots.append(event.ballot)
        state.items[event.item].stage = "vote"
    _end_turn(state, entry)


@handles(e.IdentityChecked)
def _identity(state: State, entry: Entry, event: e.IdentityChecked) -> None:
    state.ballots[event.ballot].checked |= {event.member}


@handles(e.VoteCast)
def _vote_cast(state: State, entry: Entry, event: e.VoteCast) -> None:
    state.ballots[event.ballot].votes[event.member] = event.choice


@handles(e.HandsCounted)
def _hands_counted(state: State, entry: Entry, event: e.HandsCounted) -> None:
    ballot = state.ballots[event.ballot]
    votes = dict.fromkeys(_still_here(state, ballot, entry), "favour")
    for choice in ("against", "abstained", "not_voting"):
        votes |= dict.fromkeys(getattr(event, choice), choice)
    ballot.votes, ballot.counted = votes, True


def _still_here(state: State, ballot: Ballot, entry: Entry) -> list[str]:
    return [
        member
        for member in ballot.entitled
        if member not in ballot.gone and state.is_here(member, entry.at)
    ]


@handles(e.SecretCounted)
def _secret_counted(state: State, entry: Entry, event: e.SecretCounted) -> None:
    ballot = state.ballots[event.ballot]
    ballot.took_part, ballot.totals = event.took_part, dict(event.totals)
    ballot.counted = True


@handles(e.BallotClosed)
def _ballot_closed(state: State, entry: Entry, event: e.BallotClosed) -> None:
    ballot = state.ballots[event.ballot]
    ballot.closed_at = entry.at
    here = set(_still_here(state, ballot, entry))
    ballot.present = len(here | set(ballot.votes) | set(ballot.took_part))
    if ballot.is_individual:
        for member in here - set(ballot.votes):
            ballot.votes[member] = "not_voting"


@handles(e.BallotVoided)
def _ballot_voided(state: State, entry: Entry, event: e.BallotVoided) -> None:
    state.ballots[event.ballot].voided = event.reason
    state.ballot = ""


@handles(e.Proclaimed)
def _proclaimed(state: State, entry: Entry, event: e.Proclaimed) -> None:
    ballot = state.ballots[event.ballot]
    ballot.proclaimed_at, ballot.result = entry.at, event.result
    ballot.formula, ballot.article, ballot.elected = event.formula, event.article, event.elected
    state.ballot = ""
    if ballot.amendment:
        fate = "approved" if event.result == "approved" else "rejected"
        _settle(state, ballot.item, ballot.amendment, fate)


# --- secrecy and notes ------------------------------------------------------------------


@handles(e.SecretBegan)
def _secret_began(state: State, entry: Entry, event: e.SecretBegan) -> None:
    state.secret_since, state.secret_reason = entry.at, event.reason
    state.staying = event.staying


@handles(e.SecretEnded)
def _secret_ended(state: State, entry: Entry, event: e.SecretEnded) -> None:
    _end_secret(state)


def _end_secret(state: State) -> None:
    state.secret_since, state.secret_reason, state.staying = None, "", ()
    state.secret_item = ""


@handles(e.Noted)
def _noted(state: State, entry: Entry, event: e.Noted) -> None:
    state.notes.append((entry.seq, event.text))
