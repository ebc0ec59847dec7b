"""What a councillor's page asks: their sittings, their documents, when their vote was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from arengo.council.engine import events as e
from arengo.council.engine.chain import body_of
from arengo.council.engine.procedures import BY_TYPE
from arengo.council.engine.state import Ballot, State
from arengo.council.models import Document, JournalEntry, Person, Sitting, SittingState
from arengo.council.queries.agenda import document_address, is_public
from arengo.council.queries.people import ROME
from arengo.kernel import clock
from arengo.kernel.access import now_valid
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import query

SEATED = (Role.CONSIGLIERE, Role.PRESIDENTE, Role.SEGRETARIO)
SHOWN_BACK = timedelta(days=1)  # a sitting of yesterday evening may still begin, one of May not

# What one usually asks the floor for, by stage; a question is told, answered and replied to.
USUAL = {
    "presentation": "intervention",
    "discussion": "intervention",
    "replies": "reply",
    "declarations": "declaration",
    "vote": "point_of_order",
}
USUAL_OF_QUESTIONS = {**USUAL, "presentation": "question", "replies": "rejoinder"}
OF_THE_REPORTER = frozenset(["presentation", "answer"])


@dataclass(frozen=True, slots=True)
class MySittings:
    """The sittings of who signed in; `is_seated` is false when no council knows the account."""

    is_seated: bool
    under_way: tuple[Sitting, ...]
    coming: tuple[Sitting, ...]
    comuni: tuple[Comune, ...] = ()


def my_sittings(*, user: User, limit: int = 40) -> MySittings:
    """Return the open and coming sittings of the councils in which `user` sits."""
    comuni = _seated_comuni(user)
    every = Sitting.across.filter(comune__in=comuni).select_related("comune")
    since = clock.now() - SHOWN_BACK
    coming = every.filter(state=SittingState.PREPARED, scheduled_at__gt=since)
    return MySittings(
        bool(comuni),
        tuple(every.filter(state=SittingState.OPEN).order_by("-opened_at", "-id")[:limit]),
        tuple(coming.order_by("scheduled_at", "id")[:limit]),
        comuni,
    )


def _seated_comuni(user: User) -> tuple[Comune, ...]:
    held = now_valid(Membership.across.filter(user=user, role__in=SEATED))
    codes = [*held.values_list("comune_id", flat=True)]
    found = Person.across.filter(comune_id__in=codes, user=user).values("comune_id")
    return tuple(Comune.objects.filter(pk__in=found).order_by("name", "pk"))


def is_only_councillor(*, user: User) -> bool:
    """Tell whether `user` is consigliere somewhere today and has no other role anywhere."""
    roles = set(now_valid(Membership.across.filter(user=user)).values_list("role", flat=True))
    return roles == {Role.CONSIGLIERE}


@query
def item_documents(*, comune: Comune, sitting: Sitting, item: str) -> list[dict[str, Any]]:
    """Return every document of an item, those for the members alone too, with their addresses."""
    if not (item.isascii() and item.isdigit() and len(item) < 19):
        return []
    found = Document.objects.filter(item_id=int(item), item__sitting=sitting)
    return [
        {
            "title": one.title,
            "url": _address(comune, sitting, one),
            "is_public": is_public(one),
        }
        for one in found.select_related("item").order_by("id")
    ]


def _address(comune: Comune, sitting: Sitting, document: Document) -> str:
    if is_public(document):
        return document_address(comune, sitting, document)
    return reverse("council:members_document", args=[comune.slug, sitting.uid, document.uid])


@query
def vote_written_at(
    *, comune: Comune, sitting: Sitting, ballot: Ballot, member: str
) -> datetime | None:
    """Return when a member's open vote was written, in Italian time.

    None when they have not voted, or when the closing of the vote counted them as not voting.
    """
    choice = ballot.votes.get(member, "")
    if not choice or ballot.is_secret:
        return None
    body = body_of(e.VoteCast(ballot.id, member, choice))
    written = JournalEntry.objects.filter(sitting=sitting, kind=e.VoteCast.kind, body=body)
    last = written.order_by("-seq").values_list("at", flat=True).first()
    return last.astimezone(ROME) if last else None


def speeches_for(state: State, member: str) -> list[str]:
    """Return the kinds of speech a member may still ask for now, the usual one first.

    The stage of the item says which is usual; a kind whose turns are used up is left out.
    """
    if state.profile is None:
        return []
    allowed = [kind for kind, rule in state.profile.speaking_times if _is_left(state, member, kind)]
    first = [kind for kind in _of_the_stage(state) if kind in allowed]
    rest = [kind for kind in allowed if kind not in first and kind not in OF_THE_REPORTER]
    return [*dict.fromkeys([*first, *rest])]


def _is_left(state: State, member: str, kind: str) -> bool:
    turns: int = state.rules.speaking(kind).turns
    if not turns or not state.item:
        return True
    mine = sum((t.member, t.type, t.item) == (member, kind, state.item) for t in state.turns)
    return mine < turns


def _of_the_stage(state: State) -> list[str]:
    """Return the usual kinds of speech of the moment, most usual first."""
    if state.current is None:
        return ["other"]
    is_question = state.current.item.type in ("question", "interpellation")
    usual = (USUAL_OF_QUESTIONS if is_question else USUAL).get(state.current.stage, "intervention")
    procedure = BY_TYPE.get(state.current.item.type)
    steps = procedure.steps if procedure else ()
    speeches = [
        kind for step in steps if step.stage == state.current.stage for kind in step.speeches
    ]
    again = ["second_intervention"] if usual == "intervention" else []
    return [usual, *again, *(kind for kind in speeches if kind not in OF_THE_REPORTER)]
