"""What everyone may see of a sitting: the board, as JSON can hold it.

The public page, the hall screen and the councillors' devices are drawn from it alone. While the
sitting is secret it says so and nothing else of what happens; of a vote that is open it tells who
has voted, never how; of a secret ballot never who.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from arengo.council.engine.ballots import deciding_subject, opinions_missing, pending_amendments
from arengo.council.engine.events import Item
from arengo.council.engine.majorities import rule_words, votes_needed
from arengo.council.engine.presence import quorum_at
from arengo.council.engine.procedures import procedure_of
from arengo.council.engine.rules import majority_of
from arengo.council.engine.state import Ballot, ItemState, State, Turn

SHOWN_TURNS = 40
HIDDEN_TITLE = "Argomento da trattare in seduta segreta"
ALWAYS_SHOWN = ("secret_sitting",)  # the vote by which a sitting becomes secret is public


def public_board(state: State, at: datetime, *, is_staff: bool = False) -> dict[str, Any]:
    """Return the board at instant `at`; times are ISO 8601, members and items are ids.

    `is_staff` shows what happens in secret too: for the console alone, never published.
    """
    shown = [one for one in state.ballots.values() if is_staff or _is_shown(state, one)]
    return {
        "seq": state.seq,
        "at": _iso(state.at),
        "title": state.title,
        "phase": state.phase,
        "call": state.call,
        "mode": state.mode,
        "opened_at": _iso(state.opened_at),
        "ended_at": _iso(state.ended_at),
        "ended": state.ended,
        "suspended_at": _iso(state.suspended_at),
        "suspended_for": state.suspended_for,
        "roll_call": state.roll_call,
        "rolled": sorted(state.rolled) if state.roll_call else [],
        "secret_since": _iso(state.secret_since),
        "cut_since": _iso(state.cut_since),
        "scrutineers": state.scrutineers,
        "chair": state.chair,
        "secretary": state.secretary,
        "quorum": quorum_facts(state, at),
        "members": [member_facts(state, member, at, is_staff=is_staff) for member in state.members],
        "items": [item_facts(state, one, is_staff=is_staff) for one in state.items.values()],
        "item": state.item,
        **_going_on(state, is_staff=is_staff),
        "votes": [_vote(state, one, is_staff=is_staff) for one in shown if one.proclaimed_at],
    }


def _going_on(state: State, *, is_staff: bool) -> dict[str, Any]:
    """Return floor and open vote; nothing of either while the sitting is secret."""
    if state.secret_since and not is_staff:
        return {"turn": None, "requests": [], "ballot": None, "turns": []}
    ballot = state.current_ballot
    return {
        "turn": turn_facts(state, state.turn) if state.turn else None,
        "requests": [
            {"member": one.member, "type": one.type, "since": _iso(one.since)}
            for one in state.requests
        ],
        "turns": [
            turn_facts(state, one)
            for one in state.turns[-SHOWN_TURNS:]
            if is_staff or not one.in_secret
        ],
        "ballot": ballot_facts(state, ballot) if ballot else None,
    }


def _is_shown(state: State, ballot: Ballot) -> bool:
    """Tell whether everyone may see a vote: not those taken in secret, but how it became so."""
    if ballot.subject in ALWAYS_SHOWN:
        return True
    item = state.items.get(ballot.item)
    return not ballot.in_secret and not (item and item.item.is_secret)


def _vote(state: State, ballot: Ballot, *, is_staff: bool) -> dict[str, Any]:
    """Return a proclaimed vote; the title of a secret item is not for everyone."""
    facts = vote_facts(ballot)
    item = state.items.get(ballot.item)
    if item and item.item.is_secret and not is_staff:
        facts["title"] = HIDDEN_TITLE
    return facts


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None


def quorum_facts(state: State, at: datetime) -> dict[str, Any] | None:
    """Return the quorum at `at`; None before the journal began."""
    if state.profile is None:
        return None
    found = quorum_at(state, at)
    return {
        "needed": found.needed,
        "counted": found.counted,
        "is_met": found.is_met,
        "formula": found.formula,
        "article": found.article,
    }


def member_facts(
    state: State, member: str, at: datetime, *, is_staff: bool = False
) -> dict[str, Any]:
    """Return one member: who they are, where they are; in secret not whether they must abstain."""
    is_told = is_staff or not state.secret_since
    one, standing = state.members[member], state.presence[member]
    is_lost = standing.lost_at is not None
    return {
        "id": one.id,
        "name": one.name,
        "surname": one.surname,
        "office": one.office,
        "group": one.group,
        "side": one.side,
        "votes": one.votes,
        "is_mayor": one.is_mayor,
        "status": standing.status,
        "is_here": state.is_here(member, at),
        "is_lost": is_lost,
        "conflict": is_told and member in state.conflicted(state.item),
    }


def item_facts(state: State, one: ItemState, *, is_staff: bool) -> dict[str, Any]:
    """Return one item of the agenda; of a secret one everyone sees only that it is."""
    item = one.item
    if item.is_secret and not is_staff:
        item = Item(item.id, item.number, HIDDEN_TITLE, type=item.type, is_secret=True)
        one = replace(one, item=item, amendments={})
    return {
        "id": item.id,
        "number": item.number,
        "title": item.title,
        "type": item.type,
        "subject": item.subject,
        "is_secret": item.is_secret,
        "is_sensitive": item.is_sensitive,
        "is_secret_ballot": item.is_secret_ballot,
        "is_supplementary": item.is_supplementary,
        "wants_immediate": item.wants_immediate,
        "proposer": item.proposer,
        "rapporteur": item.rapporteur,
        "documents": [{"title": d.title, "url": d.url} for d in item.documents],
        "stage": one.stage if is_staff or not state.secret_since else "",
        "steps": [
            {"stage": step.stage, "title": step.title, "speeches": step.speeches}
            for step in procedure_of(item.type).steps
        ],
        "is_voted": procedure_of(item.type).is_voted,
        "called_at": _iso(one.called_at),
        "left_at": _iso(one.left_at),
        "result": one.result,
        "opinions_missing": opinions_missing(one),
        "amendments": [
            {
                "id": a.id,
                "title": a.filed.title,
                "text": a.filed.text,
                "proposer": a.filed.proposer,
                "effect": a.filed.effect,
                "fate": a.fate,
                "opinions_missing": opinions_missing(one, a.id),
            }
            for a in one.amendments.values()
        ],
        "next_amendment": next(iter(pending_amendments(state, one)), ""),
    }


def turn_facts(state: State, turn: Turn) -> dict[str, Any]:
    """Return a speech: who, by what right, since when, how long they may."""
    rule = state.rules.speaking(turn.type)
    return {
        "member": turn.member,
        "name": turn.name,
        "type": turn.type,
        "item": turn.item,
        "began_at": _iso(turn.began_at),
        "ended_at": _iso(turn.ended_at),
        "limit_s": turn.limit_s,
        "warn_s": rule.warn_s,
        "article": rule.article,
    }


def ballot_facts(state: State, ballot: Ballot) -> dict[str, Any]:
    """Return a vote under way: who may vote, who has, what is needed; never how anyone voted."""
    return {
        "id": ballot.id,
        "item": ballot.item,
        "amendment": ballot.amendment,
        "title": ballot.title,
        "subject": ballot.subject,
        "method": ballot.method,
        "choices": ballot.choices,
        "seats": ballot.seats,
        "stage": ballot.stage,
        "opened_at": _iso(ballot.opened_at),
        "entitled": ballot.entitled,
        "checked": sorted(ballot.checked),
        "voted": [] if ballot.is_secret or not ballot.is_individual else sorted(ballot.votes),
        **needed_facts(state, ballot),
    }


def needed_facts(state: State, ballot: Ballot) -> dict[str, Any]:
    """Return the majority in words, how many votes it takes if all who may vote do, and why.

    `needed` is 0 where it depends on the votes against, or where people are elected.
    """
    rule = majority_of(state.rules, deciding_subject(state, ballot.item, ballot.subject))
    bases = {
        "voters": len(ballot.entitled),
        "present": len(ballot.entitled),
        "assigned": state.rules.assigned,
        "members": state.rules.members,
    }
    is_fixed = rule.rule in ("absolute", "fraction")
    return {
        "needed": votes_needed(rule, bases[rule.base]) if is_fixed else 0,
        "majority": f"{rule.name}: {rule_words(rule)}",
        "article": rule.article,
    }


def vote_facts(ballot: Ballot) -> dict[str, Any]:
    """Return a proclaimed vote, with the names where the vote was open."""
    return {
        "id": ballot.id,
        "item": ballot.item,
        "amendment": ballot.amendment,
        "title": ballot.title,
        "subject": ballot.subject,
        "method": ballot.method,
        "repeats": ballot.repeats,
        "present": ballot.present,
        "opened_at": _iso(ballot.opened_at),
        "proclaimed_at": _iso(ballot.proclaimed_at),
        "result": ballot.result,
        "formula": ballot.formula,
        "article": ballot.article,
        "elected": ballot.elected,
        "totals": _totals(ballot),
        "names": _names(ballot),
    }


def _totals(ballot: Ballot) -> dict[str, int]:
    if ballot.is_secret:
        return {**ballot.totals, "took_part": len(ballot.took_part)}
    names = _names(ballot)
    return {choice: len(members) for choice, members in names.items()}


def _names(ballot: Ballot) -> dict[str, list[str]]:
    if ballot.is_secret:
        return {}
    found: dict[str, list[str]] = {c: [] for c in ("favour", "against", "abstained", "not_voting")}
    for member, choice in ballot.votes.items():
        found[choice].append(member)
    return found
