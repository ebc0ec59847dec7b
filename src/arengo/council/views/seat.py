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
from arengo.council.engine.intents import FROM_SEAT
from arengo.council.engine.state import State
from arengo.council.errors import NotInTheCouncil, Unreadable
from arengo.council.models import Person, Sitting
from arengo.council.operations import journal as operations
from arengo.council.queries import get_sitting
from arengo.council.queries.journal import moment, person_of, state_of, who_wrote
from arengo.council.queries.seat import (
    SEATED,
    item_documents,
    my_sittings,
    speeches_for,
    vote_written_at,
)
from arengo.council.seat_wording import seat_sentences
from arengo.council.views.console import command_of, read_json
from arengo.kernel import clock
from arengo.kernel.access import AuthenticatedRequest, members, signed_in
from arengo.kernel.models import Comune


@signed_in
@never_cache
@require_GET
def mine(request: AuthenticatedRequest) -> HttpResponse:
    """List the open and coming sittings of who signed in, with a link to each seat."""
    context = {"mine": my_sittings(user=request.user)}
    return render(request, "council/seats.html", context)


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
    return JsonResponse(seat_facts(comune, sitting, str(person.pk)))


@members(*SEATED)
@never_cache
@require_POST
def seat_fact(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Write what a councillor asks for themself: the floor, a vote, a word in the record.

    The page says for whom it was drawn (`me`) and, of what belongs to an item, which one was
    being treated (`item`): what waited on a device while either changed is refused.
    """
    sitting = get_sitting(comune=comune, uid=uid)
    person = _person(comune, request)
    asked = read_json(request)
    kind, facts = str(asked.get("kind", "")), asked.get("event", {})
    if kind not in FROM_SEAT or not isinstance(facts, Mapping):
        raise Unreadable
    command = command_of(asked)
    state = state_of(comune=comune, sitting=sitting)
    if who_wrote(comune=comune, sitting=sitting, command=command) is None:
        _refuse_stale(state, asked, str(person.pk))
    own = {**facts, "member": str(person.pk)}  # nobody speaks or votes for another
    operations.record_asked(
        comune=comune,
        sitting=sitting,
        kind=kind,
        facts=own,
        by=request.user,
        command=command,
    )
    return JsonResponse(seat_facts(comune, sitting, str(person.pk)))


def _refuse_stale(state: State, asked: Mapping[str, Any], member: str) -> None:
    """Refuse what another person, or another moment of the sitting, meant."""
    if asked.get("me", member) != member:
        raise RuleBroken(
            "Su questo dispositivo è entrata un'altra persona: ricarica la pagina.",
            "identità di chi vota",
        )
    if asked.get("item", state.item) != state.item:
        raise RuleBroken(
            "Nel frattempo si è passati ad altro: se serve ancora, chiedilo di nuovo.",
            "ordine del giorno",
        )


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
    check_voter(state, ballot, str(person.pk), moment(state))
    token = ports.box().right(sitting.uid, ballot.id, str(person.pk))
    return JsonResponse({"token": token, "ballot": ballot.id})


def _person(comune: Comune, request: AuthenticatedRequest) -> Person:
    person = person_of(comune=comune, user=request.user)
    if person is None:
        raise NotInTheCouncil
    return person


def seat_facts(comune: Comune, sitting: Sitting, member: str) -> dict[str, Any]:
    """Return the board with what concerns one member: their vote, request, time, rights now."""
    now = clock.now()
    state = state_of(comune=comune, sitting=sitting)
    is_staying = member in state.staying and state.is_here(member, moment(state))
    is_inside = bool(state.secret_since) and is_staying
    is_shown = is_inside or not state.secret_since
    return {
        **public_board(state, now, is_staff=is_inside),
        "now": now.isoformat(timespec="milliseconds"),
        "me": member,
        "is_member": member in state.members,
        "is_here": state.is_here(member, now),
        "is_inside": is_inside,
        "may_vote": is_shown and _may_vote(state, member),
        "why_not": _why_not(state, member) if is_shown else "",
        "my_request": next((one.type for one in state.requests if one.member == member), ""),
        "my_verbatim": [
            {"seq": seq, "text": text} for seq, who, text in state.verbatim if who == member
        ],
        "speaking": speeches_for(state, member),
        "documents": item_documents(
            comune=comune, sitting=sitting, item=state.item if is_shown else ""
        ),
        **_my_vote(comune, sitting, state, member),
    }


def _my_vote(comune: Comune, sitting: Sitting, state: State, member: str) -> dict[str, Any]:
    """Return the member's vote in what is open or waits for its proclamation, and its hour."""
    ballot = state.current_ballot
    if ballot is None or ballot.is_secret:
        return {"my_vote": "", "my_vote_at": None}
    at = vote_written_at(comune=comune, sitting=sitting, ballot=ballot, member=member)
    return {
        "my_vote": ballot.votes.get(member, ""),
        "my_vote_at": at.isoformat(timespec="seconds") if at else None,
    }


def _may_vote(state: State, member: str) -> bool:
    ballot = state.current_ballot
    return ballot is not None and ballot.stage == "open" and not _why_not(state, member)


def _why_not(state: State, member: str) -> str:
    """Return why the member may not vote in what is open, in a sentence; empty when they may."""
    ballot = state.current_ballot
    if ballot is None or ballot.stage != "open":
        return ""
    who = state.members.get(member)
    if who is not None and not who.votes:
        return "Partecipi alla seduta senza diritto di voto."
    try:
        check_voter(state, ballot, member, moment(state))
    except RuleBroken as error:
        return error.sentence
    return ""
