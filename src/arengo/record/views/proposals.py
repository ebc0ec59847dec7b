"""What the second hearing proposes, for who writes the verbale: heard, accepted or put away."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from arengo.council.access import CLERKS
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.record.second_pass import decide, proposals_of

PAGE = 50


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def proposals(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the differences still open, fifty a page; or decide on one, or on all that are like it."""
    sitting = get_sitting(comune=comune, uid=uid)
    if request.method == "POST":
        _decide(request, comune, sitting)
        return redirect("record:proposals", comune.slug, uid)
    found = proposals_of(comune=comune, sitting=sitting)
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    context = {
        "comune": comune,
        "sitting": sitting,
        "tab": "transcript",
        "page": page,
        "total": len(found),
        "heading": _("Proposte del secondo ascolto"),
    }
    return render(request, "record/proposals.html", context)


def _decide(request: AuthenticatedRequest, comune: Comune, sitting: Sitting) -> None:
    """Take a decision; one that somebody else took before is told, and is no error."""
    asked = request.POST.get("cosa", "")
    try:
        count = decide(
            comune=comune,
            sitting=sitting,
            id_=request.POST.get("proposta", ""),
            is_accepted=asked.startswith("accetta"),
            is_all=asked.endswith("-tutte"),
            by=request.user,
        )
    except NotFound:
        messages.info(request, _("La proposta non c’è più: qualcuno ha già scritto lì."))
        return
    if asked.startswith("accetta"):
        messages.success(request, _("Accettate: {count}.").format(count=count))
    else:
        messages.success(request, _("Messe da parte: {count}.").format(count=count))
