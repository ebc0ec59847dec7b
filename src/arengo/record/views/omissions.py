"""The page of omissions: what was omitted from a sitting, what would go, and who opens the seal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council.models import Sitting, SittingState
from arengo.council.queries import get_sitting
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.record import seal
from arengo.record.access import ORDERERS
from arengo.record.forms.omissions import OrderForm, StretchForm, clock_of
from arengo.record.models import Omission, SealOpening
from arengo.record.omissions import order
from arengo.record.queries.omissions import preview, told_to

BINARY = "application/octet-stream"


@members(*ORDERERS)
@never_cache
@require_http_methods(["GET", "POST"])
def omissions(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the omissions of a sitting, and what `?da=…&a=…` would take; POST orders it."""
    sitting = get_sitting(comune=comune, uid=uid)
    if request.method == "POST":
        form = OrderForm(request.POST)
        if not form.is_valid():
            return _page(request, comune, sitting, StretchForm(_stretch(form)), form, status=422)
        found = form.cleaned_data
        made = order(
            comune=comune,
            sitting=sitting,
            start_s=found["da"],
            end_s=found["a"],
            reason=found["reason"],
            law=found["law"],
            by=request.user,
        )
        told = _("Omissis {number} disposto: il passo è chiuso a tutti da adesso.")
        messages.success(request, told.format(number=made.number))
        return redirect("record:omissions", comune.slug, uid)
    asked = request.GET if {"da", "a"} & set(request.GET) else None
    return _page(request, comune, sitting, StretchForm(asked), None)


def _page(
    request: AuthenticatedRequest,
    comune: Comune,
    sitting: Sitting,
    stretch: StretchForm,
    form: OrderForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    told = told_to(comune=comune, sitting=sitting, reader=request.user)
    context = {
        "comune": comune,
        "sitting": sitting,
        "heading": _("Omissis"),
        "tab": "omissions",
        "is_over": sitting.state == SittingState.CLOSED,
        "stretch": stretch,
        "omissions": told,
        "is_under_way": any(one.is_under_way for one in told),
    }
    if stretch.is_bound and stretch.is_valid() and context["is_over"]:
        start_s, end_s = stretch.cleaned_data["da"], stretch.cleaned_data["a"]
        context |= {
            "preview": preview(comune=comune, sitting=sitting, start_s=start_s, end_s=end_s),
            "start_s": f"{start_s:.2f}",
            "end_s": f"{end_s:.2f}",
            "start": clock_of(start_s),
            "end": clock_of(end_s),
            "stretch": StretchForm(initial={"da": clock_of(start_s), "a": clock_of(end_s)}),
            "form": form or OrderForm(initial={"da": clock_of(start_s), "a": clock_of(end_s)}),
        }
    return render(request, "record/omissions.html", context, status=status)


def _stretch(form: OrderForm) -> dict[str, str]:
    return {name: form.data.get(name, "") for name in ("da", "a")}


# --- the seal -------------------------------------------------------------------------------


@members(*ORDERERS)
@require_POST
def request_opening(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, number: str
) -> HttpResponse:
    """Ask a second person to let the originals of an omission be opened."""
    sitting = get_sitting(comune=comune, uid=uid)
    rows = Omission.objects.filter(sitting=sitting, number=number).select_related("sitting")
    omission = rows.first() if number.isascii() and number.isdigit() and len(number) < 9 else None
    if omission is None:
        raise NotFound
    why = request.POST.get("reason", "")
    seal.request_opening(comune=comune, omission=omission, reason=why, by=request.user)
    messages.success(request, _("Richiesta scritta: ora deve approvarla una seconda persona."))
    return redirect("record:omissions", comune.slug, uid)


@members(*ORDERERS)
@require_POST
def approve_opening(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, opening: str
) -> HttpResponse:
    """Approve what a colleague asked."""
    found = _opening(comune, uid, opening)
    seal.approve_opening(comune=comune, opening=found, by=request.user)
    messages.success(request, _("Apertura approvata: vale per un’ora, per voi due."))
    return redirect("record:opening", comune.slug, uid, opening)


@members(*ORDERERS)
@never_cache
@require_GET
def opened(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, opening: str
) -> HttpResponse:
    """List what an open seal holds; `?file=` gives one of them, and leaves word of who took it."""
    found = _opening(comune, uid, opening)
    if "file" in request.GET:
        name = request.GET["file"]
        if name not in seal.names_in(found.omission):
            raise NotFound
        data = seal.read_sealed(comune=comune, opening=found, name=name, by=request.user)
        answer = HttpResponse(data, content_type=BINARY)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
    may_read = any(
        one.may_read
        for told in told_to(comune=comune, sitting=found.omission.sitting, reader=request.user)
        for one in told.openings
        if one.row.pk == found.pk
    )
    context = {
        "comune": comune,
        "sitting": found.omission.sitting,
        "heading": _("Sigillo dell’omissis {number}").format(number=found.omission.number),
        "tab": "opening",
        "opening": found,
        "names": seal.names_in(found.omission) if may_read else (),
        "may_read": may_read,
    }
    return render(request, "record/opening.html", context)


def _opening(comune: Comune, uid: str, key: str) -> SealOpening:
    sitting = get_sitting(comune=comune, uid=uid)
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise NotFound
    rows = SealOpening.objects.filter(pk=int(key), omission__sitting=sitting)
    found = rows.select_related("omission__sitting", "requested_by", "approved_by").first()
    if found is None:
        raise NotFound
    return found
