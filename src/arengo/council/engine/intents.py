"""From what a screen asks to the event that is written: what the state knows is filled in here.

A console sends «open this vote»; who may vote in it, what the chair proclaims, how long a speech
may last are never a browser's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from arengo.council.engine import events as e
from arengo.council.engine.ballots import proclamation
from arengo.council.engine.presence import entitled
from arengo.council.engine.state import State

FROM_CONSOLE = frozenset(e.KINDS) - {
    e.SittingConstituted.kind,
    e.ConnectionChanged.kind,
    e.Undone.kind,
}
FROM_SEAT = frozenset(
    cls.kind for cls in (e.FloorAsked, e.FloorForgone, e.VoteCast, e.VerbatimAsked)
)


def intended(state: State, kind: str, facts: Mapping[str, Any], at: datetime) -> e.Event:
    """Return the event that a screen means by `kind` and `facts`, complete.

    Raises
    ------
    RuleBroken
        The kind or a field is not readable, or there is nothing to proclaim.
    """
    if kind == e.Proclaimed.kind:
        return proclamation(state, _word(facts, "ballot", state.ballot))
    if kind == e.BallotOpened.kind:
        item = _word(facts, "item", "")
        return e.event_of(kind, {**facts, "entitled": [*entitled(state, at, item)]})
    event = e.event_of(kind, facts)
    if isinstance(event, e.FloorGiven) and not event.limit_s and state.profile:
        return replace(event, limit_s=state.profile.speaking(event.type).limit_s)
    if isinstance(event, e.SecretBegan) and not event.staying:
        return replace(event, staying=state.here(at))
    return event


def _word(facts: Mapping[str, Any], name: str, unsaid: str) -> str:
    value = facts.get(name, unsaid)
    return value if isinstance(value, str) else ""
