"""What the council decided, and what its members did there, for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from arengo.council.models import SittingState
from arengo.council.queries import get_sitting
from arengo.council.queries.people import benches
from arengo.kernel.access import public
from arengo.kernel.models import Comune
from arengo.record.models import Decision
from arengo.record.queries import decisions as asked
from arengo.record.views.archive import page_number


@dataclass(frozen=True, slots=True)
class Line:
    """A decision as a page tells it; `cast` are the groups of who voted how, in words."""

    decision: Decision
    cast: tuple[tuple[str, tuple[str, ...]], ...]


def _choices() -> dict[str, str]:
    return {
        "favour": _("Favorevoli"),
        "against": _("Contrari"),
        "abstained": _("Astenuti"),
        "not_voting": _("Presenti, non votanti"),
    }


@public
@require_GET
def decisions(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """List what was decided, sitting by sitting."""
    found = asked.decided(comune=comune, page=page_number(request))
    return render(request, "record/decisions.html", {"comune": comune, "page": found})


@public
@require_GET
def sitting_decisions(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Tell what a sitting decided, in plain words."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = asked.decided_in(comune=comune, sitting=sitting)
    names = asked.deciders(comune=comune, decisions=found)
    context = {
        "comune": comune,
        "sitting": sitting,
        "lines": [Line(one, _cast(one, names)) for one in found],
        "is_over": sitting.state == SittingState.CLOSED,
    }
    return render(request, "record/sitting_decisions.html", context)


def _cast(one: Decision, names: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return who voted how, each in alphabetical order; who left the register is not named."""
    groups = (
        (words, tuple(name for key, name in names.items() if one.cast.get(key) == choice))
        for choice, words in _choices().items()
    )
    return tuple((words, who) for words, who in groups if who)


@public
@require_GET
def members(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """List who sits in the council today, by group."""
    found = benches(asked.sitting_members(comune=comune))
    return render(request, "record/members.html", {"comune": comune, "benches": found})


@public
@require_GET
def member(request: HttpRequest, *, comune: Comune, person_id: str) -> HttpResponse:
    """Tell what a member did in the council; no search engine keeps who sits there no more."""
    found = asked.member_of(comune=comune, person_id=person_id)
    context = {
        "comune": comune,
        "member": found,
        "statuses": _statuses(),
        "choices": _cast_words(),
    }
    response = render(request, "record/member.html", context)
    if not found.is_sitting:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _statuses() -> dict[str, str]:
    return {
        "present": _("presente"),
        "remote": _("presente da remoto"),
        "justified": _("assenza giustificata"),
        "mission": _("in missione"),
        "absent": _("assente"),
    }


def _cast_words() -> dict[str, str]:
    return {
        "favour": _("favorevole"),
        "against": _("contrario"),
        "abstained": _("astenuto"),
        "not_voting": _("presente, non votante"),
    }
