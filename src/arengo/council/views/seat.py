"""A councillor's seat: the page on a phone or tablet, what it shows and what it may ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from arengo.council import ports
from arengo.council.engine.ballots import check_voter, open_ballot
from arengo.council.engine.board import public_board
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.intents import FROM_SEAT, intended
from arengo.council.engine.state import State
from arengo.council.errors import NotInTheCouncil, Unreadable
from arengo.council.models import Person
from arengo.council.operations import journal as operations
from arengo.council.queries import get_sitting
from arengo.council.queries.journal import person_of, state_of
from arengo.council.views.console import read_json
from arengo.council.wording import seat_sentences
from arengo.kernel import clock
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.models import Comune, Role

SEATED = (Role.CONSIGLIERE, Role.PRESIDENTE, Role.SEGRETARIO)


@members(*SEATED)
@never_cache
@require_GET
def seat(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show a councillor's page of a sitting."""
    sitting = get_sitting(comune=comune, uid=uid)
    person = _person(comune, request)
    context = {
        "comune": comune,
        "sitting": sitting,
        "person": person,
        "sentences": seat_sentences(),
    }
    return render(request, "council/seat.html", context)


@members(*SEATED)
@never_cache
@require_POST
def seat_state(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Take the device's sign of life and return what the page shows.

    The page asks every few seconds and after each push; the body names the device.
    """
    sitting = get_sitting(comune=comune, uid=uid)
    person = _person(comune, request)
    device = str(read_json(request).get("device", ""))
    operations.hear_from(comune=comune, sitting=sitting, person_id=person.pk, device=device)
    return JsonResponse(seat_facts(state_of(comune=comune, sitting=sitting), str(person.pk)))


@members(*SEATED)
@never_cache
@require_POST
def seat_fact(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Write what a councillor asks for themself: the floor, a vote, a word in the record."""
    sitting = get_sitting(comune=comune, uid=uid)
    person = _person(comune, request)
    asked = read_json(request)
    kind, facts = str(asked.get("kind", "")), asked.get("event", {})
    if kind not in FROM_SEAT or not isinstance(facts, Mapping):
        raise Unreadable
    state = state_of(comune=comune, sitting=sitting)
    own = {**facts, "member": str(person.pk)}  # nobody speaks or votes for another
    state = operations.record(
        comune=comune,
        sitting=sitting,
        event=intended(state, kind, own, clock.now()),
        by=request.user,
        command=str(asked.get("command", ""))[:40],
    )
    return JsonResponse(seat_facts(state, str(person.pk)))


@members(*SEATED)
@never_cache
@require_POST
def paper(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Give the right to put one paper in the box of the secret ballot that is open.

    What is written on it goes from the device to the box; this process never sees it.
    """
    sitting = get_sitting(comune=comune, uid=uid)
    person = _person(comune, request)
    state = state_of(comune=comune, sitting=sitting)
    ballot = open_ballot(state, state.ballot)
    if ballot.method != "secret_electronic":
        raise RuleBroken("Questa votazione non è segreta elettronica.", "votazione")
    check_voter(state, ballot, str(person.pk), clock.now())
    token = ports.box().right(sitting.uid, ballot.id, str(person.pk))
    return JsonResponse({"token": token, "ballot": ballot.id})


def _person(comune: Comune, request: AuthenticatedRequest) -> Person:
    person = person_of(comune=comune, user=request.user)
    if person is None:
        raise NotInTheCouncil
    return person


def seat_facts(state: State, member: str) -> dict[str, Any]:
    """Return the board with what concerns one member: their vote, request, time, rights now."""
    now = clock.now()
    ballot = state.current_ballot
    return {
        **public_board(state, now, is_staff=bool(state.secret_since) and member in state.staying),
        "now": now.isoformat(timespec="milliseconds"),
        "me": member,
        "is_member": member in state.members,
        "is_here": state.is_here(member, now),
        "may_vote": _may_vote(state, member),
        "why_not": _why_not(state, member),
        "my_vote": ballot.votes.get(member, "") if ballot and not ballot.is_secret else "",
        "my_request": next((one.type for one in state.requests if one.member == member), ""),
        "speaking": [kind for kind, _ in state.profile.speaking_times] if state.profile else [],
    }


def _may_vote(state: State, member: str) -> bool:
    return state.current_ballot is not None and not _why_not(state, member)


def _why_not(state: State, member: str) -> str:
    """Return why the member may not vote in what is open, in a sentence; empty when they may."""
    ballot = state.current_ballot
    if ballot is None or ballot.stage != "open":
        return ""
    try:
        check_voter(state, ballot, member, clock.now())
    except RuleBroken as error:
        return error.sentence
    return ""
