"""What councillors read before the council approves it, and the rectifications they propose."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from arengo.council.queries import get_sitting
from arengo.council.queries.seat import SEATED
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.record import acts as store
from arengo.record import approvals
from arengo.record.models import Act, ActState
from arengo.record.render.flow import Line, flow
from arengo.record.shared_acts import shared_acts
from arengo.record.views.acts import file_answer


@members(*SEATED)
@never_cache
@require_GET
def listing(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """List what was shared with the councillors, the latest sitting first."""
    context = {"comune": comune, "lines": shared_acts(comune=comune)}
    return render(request, "record/shared.html", context)


@members(*SEATED)
@never_cache
@require_http_methods(["GET", "POST"])
def one(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Show a shared text with its rectifications beside it; POST proposes one."""
    act = _shared(request, comune, uid, name)
    if request.method == "POST":
        place = request.POST.get("piece", "")
        approvals.propose(
            comune=comune,
            act=act,
            piece=int(place) if place.isascii() and place.isdigit() and len(place) < 7 else -1,
            text=request.POST.get("text", ""),
            reason=request.POST.get("reason", ""),
            by=request.user,
        )
        messages.success(request, _("Rettifica proposta: la segreteria la vede accanto al testo."))
        return redirect("record:shared_act", comune.slug, uid, name)
    document = store.read_tree(comune=comune, act=act)
    pieces = flow(document)
    asked = request.GET.get("riga", "")
    chosen = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else -1
    is_line = 0 <= chosen < len(pieces) and isinstance(pieces[chosen], Line)
    context = {
        "comune": comune,
        "sitting": act.sitting,
        "act": act,
        "document": document,
        "pieces": [(n, piece, isinstance(piece, Line)) for n, piece in enumerate(pieces)],
        "chosen": chosen if is_line else None,
        "quote": pieces[chosen] if is_line else None,
        "is_open": act.state == ActState.SHARED,
        "rectifications": approvals.rectifications_of(comune=comune, act=act),
        "pages": store.latest(comune=comune, act=act),
    }
    return render(request, "record/shared_act.html", context)


@members(*SEATED)
@never_cache
@require_GET
def shared_file(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str, version: str
) -> HttpResponse:
    """Give a file of a shared act."""
    return file_answer(comune, _shared(request, comune, uid, name), version)


def _shared(request: AuthenticatedRequest, comune: Comune, uid: str, name: str) -> Act:
    """Return an act that is shared; reading what is not for everyone is noted."""
    act = store.get_act(comune=comune, sitting=get_sitting(comune=comune, uid=uid), name=name)
    if act.state == ActState.RECALLED:
        raise NotFound
    if act.is_reserved:
        store.audit_act("record.read_reserved", act, request.user)
    return act
