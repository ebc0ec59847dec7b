"""The clerk's console: one page, what it shows, and what each key writes in the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from arengo.council import ports
from arengo.council.access import CLERKS
from arengo.council.engine import events as e
from arengo.council.engine.board import public_board
from arengo.council.engine.chain import Entry
from arengo.council.engine.intents import FROM_CONSOLE
from arengo.council.engine.state import State
from arengo.council.engine.telling import sentence
from arengo.council.errors import Unreadable
from arengo.council.models import Sitting
from arengo.council.operations import journal as operations
from arengo.council.queries import get_sitting
from arengo.council.queries.journal import announced, connected, read_journal, state_of
from arengo.council.wording import console_sentences
from arengo.kernel import clock
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.models import Comune

LOG_LINES = 60
COMMAND_MAX = 40


@members(*CLERKS)
@never_cache
@require_GET
def console(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the console of a sitting."""
    sitting = get_sitting(comune=comune, uid=uid)
    context = {"comune": comune, "sitting": sitting, "sentences": console_sentences()}
    return render(request, "council/console.html", context)


@members(*CLERKS)
@require_POST
def begin(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Begin the journal with the rules, the people and the agenda of the day."""
    sitting = get_sitting(comune=comune, uid=uid)
    operations.begin_journal(comune=comune, sitting=sitting, by=request.user)
    return redirect("council:console", comune.slug, uid)


@members(*CLERKS)
@never_cache
@require_GET
def console_state(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Return everything the console shows; remote members gone silent are noted first."""
    sitting = get_sitting(comune=comune, uid=uid)
    operations.note_lost_connections(comune=comune, sitting=sitting)
    return JsonResponse(console_facts(comune, sitting))


@members(*CLERKS)
@never_cache
@require_POST
def console_fact(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Write what a key of the console means, and return everything as it is then."""
    sitting = get_sitting(comune=comune, uid=uid)
    asked = read_json(request)
    kind, facts = str(asked.get("kind", "")), asked.get("event", {})
    if kind not in FROM_CONSOLE or not isinstance(facts, Mapping):
        raise Unreadable
    operations.record_asked(
        comune=comune,
        sitting=sitting,
        kind=kind,
        facts=facts,
        by=request.user,
        command=command_of(asked),
        expected=_expected(asked),
    )
    return JsonResponse(console_facts(comune, sitting))


@members(*CLERKS)
@never_cache
@require_POST
def console_undo(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Undo the last thing done at the console, and return everything as it is then."""
    sitting = get_sitting(comune=comune, uid=uid)
    asked = read_json(request)
    operations.undo_last(
        comune=comune,
        sitting=sitting,
        by=request.user,
        command=command_of(asked),
        expected=_expected(asked),
    )
    return JsonResponse(console_facts(comune, sitting))


def _expected(asked: Mapping[str, Any]) -> int | None:
    value = asked.get("expected")
    return value if type(value) is int else None


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Return the object that a page sent; raises `Unreadable`."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict):
        raise Unreadable
    return found


def command_of(asked: Mapping[str, Any]) -> str:
    """Return the key that a page gave to what it asks, empty without one; raises `Unreadable`."""
    command = asked.get("command", "")
    if not isinstance(command, str) or len(command) > COMMAND_MAX or not command.isprintable():
        raise Unreadable
    return command


# --- what the console shows -----------------------------------------------------------------


def console_facts(comune: Comune, sitting: Sitting) -> dict[str, Any]:
    """Return the board with what only the console may see: votes so far, log, what undo does."""
    state = state_of(comune=comune, sitting=sitting)
    entries = read_journal(comune=comune, sitting=sitting, after=max(0, state.seq - LOG_LINES))
    board = public_board(state, clock.now(), is_staff=True)
    undoable = operations.last_undoable(entries)
    return {
        **board,
        "now": clock.now().isoformat(timespec="milliseconds"),
        "broadcast": sitting.state,
        "cast": _cast(state),
        "papers": _papers(sitting, state),
        "verbatim": [{"seq": s, "member": m, "text": t} for s, m, t in state.verbatim],
        "speaking": _speaking(state),
        "connected": connected(comune=comune, sitting=sitting),
        "announced": announced(comune=comune, sitting=sitting),
        "log": log_lines(state, entries),
        "undo": next((line for line in log_lines(state, entries) if line["seq"] == undoable), None),
    }


def _cast(state: State) -> dict[str, str]:
    ballot = state.current_ballot
    return dict(ballot.votes) if ballot and not ballot.is_secret else {}


def _papers(sitting: Sitting, state: State) -> int | None:
    """Return how many papers are in the electronic box; None without one, or when it is lost."""
    ballot = state.current_ballot
    if ballot is None or ballot.method != "secret_electronic" or ballot.counted:
        return None
    return ports.progress_quietly(sitting.uid, ballot.id)


def _speaking(state: State) -> dict[str, dict[str, Any]]:
    if state.profile is None:
        return {}
    return {
        kind: {"limit_s": rule.limit_s, "turns": rule.turns, "article": rule.article}
        for kind, rule in state.profile.speaking_times
    }


def log_lines(state: State, entries: list[Entry]) -> list[dict[str, Any]]:
    """Return the last entries in words, oldest first."""
    undone = {one.event.seq for one in entries if isinstance(one.event, e.Undone)}
    return [
        {
            "seq": one.seq,
            "at": one.at.isoformat(timespec="seconds"),
            "text": sentence(state, one.event),
            "kind": one.event.kind,
            "is_undone": one.seq in undone,
        }
        for one in entries
    ]
