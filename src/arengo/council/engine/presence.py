"""Who counts at an instant, and whether they are enough."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from arengo.council.engine.rules import Presence, Quorum, quorum
from arengo.council.engine.state import State


def counted(state: State, at: datetime, item: str = "") -> tuple[str, ...]:
    """Return who counts for the quorum: has a vote, attends, is not out for a conflict.

    Who must abstain on `item` and has left the hall does not count; who stays counts only where
    the rule profile says so.
    """
    conflicts = state.conflicted(item or state.item)
    keeps = state.rules.conflicted_count_for_quorum
    return tuple(
        member
        for member in state.here(at)
        if state.members[member].votes
        and (member not in conflicts or (keeps and not conflicts[member]))
        and (state.rules.remote.counts_for_quorum or state.presence[member].status != "remote")
    )


def quorum_at(state: State, at: datetime, item: str = "") -> Quorum:
    """Return the quorum at `at`, for the item being treated unless another is given."""
    return quorum_of(state, counted(state, at, item))


def quorum_of(state: State, who: Collection[str]) -> Quorum:
    """Return the quorum that these members make."""
    mayor = any(state.members[member].is_mayor for member in who)
    presence = Presence(councillors=len(who) - mayor, mayor=mayor)
    return quorum(state.rules, call=state.call, presence=presence)


def entitled(state: State, at: datetime, item: str = "") -> tuple[str, ...]:
    """Return who may vote at `at`: has a vote, attends, need not abstain (TUEL art. 78 c. 2).

    Who presides votes unless the rule profile says not.
    """
    conflicts = state.conflicted(item)
    silent = "" if state.rules.voting.chair_votes else state.chair
    return tuple(
        member
        for member in state.here(at)
        if state.members[member].votes and member not in conflicts and member != silent
    )
