"""The clerk's side of publication: numbers, the albo, copies with omissis, rules, deadlines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council.access import CLERKS
from arengo.council.publication_law import publication_law
from arengo.council.queries import get_sitting
from arengo.council.queries.people import today
from arengo.council.views.people import REFUSED, said, tried
from arengo.kernel import audit, clock
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import DomainError, NotFound
from arengo.kernel.models import Comune
from arengo.record import publication as albo
from arengo.record import releases
from arengo.record.acts import read_tree
from arengo.record.deadline_file import deadline_file
from arengo.record.due import deadlines, needs_copy
from arengo.record.forms.publication import (
    AlboRulesForm,
    AnnulForm,
    LeaveOutForm,
    PublishForm,
    RectifyForm,
    rules_initial,
)
from arengo.record.models import Publication, RegisterLine
from arengo.record.queries.published import attestations_of
from arengo.record.redaction import leave_out
from arengo.record.register import line_of, lines, number_delibere, sittings_to_number
from arengo.record.render.flow import flow

AHEAD = timedelta(days=60)


@members(*CLERKS)
@never_cache
@require_GET
def register(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """List the delibere with how far each has come, and the sittings that wait for numbers."""
    found = lines(comune=comune)
    context = {
        "comune": comune,
        "to_number": sittings_to_number(comune=comune),
        "rows": [_row(comune, line) for line in found],
        "tab": "delibere",
    }
    return render(request, "record/publishing_register.html", context)


def _row(comune: Comune, line: RegisterLine) -> dict[str, Any]:
    published = albo.publications_of(comune=comune, line=line)
    latest = published[0] if published else None
    act = albo.act_of(comune=comune, line=line)
    return {
        "line": line,
        "act": act,
        "publication": latest,
        "is_on_albo": bool(latest and latest.is_on_albo(today())),
        "needs_copy": bool(latest) and _needs_copy(comune, latest),
    }


def _needs_copy(comune: Comune, publication: Publication | None) -> bool:
    if publication is None or publication.ended_at is not None:
        return False
    return needs_copy(comune=comune, publication=publication)


@members(*CLERKS)
@require_POST
def number(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Give the delibere of a sitting their numbers."""
    sitting = get_sitting(comune=comune, uid=uid)
    try:
        given = number_delibere(comune=comune, sitting=sitting, by=request.user)
    except DomainError as refusal:
        messages.error(request, said(refusal))
    else:
        told = ", ".join(line.written for line in given)
        messages.success(request, _("Numeri assegnati: {numbers}.").format(numbers=told))
    return redirect("record:publishing", comune.slug)


@members(*CLERKS)
@never_cache
@require_GET
def delibera(request: AuthenticatedRequest, *, comune: Comune, line_id: int) -> HttpResponse:
    """Show a delibera with its publications, and what can be done now."""
    return _page(request, comune, line_of(comune=comune, line_id=line_id))


def _page(
    request: AuthenticatedRequest,
    comune: Comune,
    line: RegisterLine,
    wrong: forms.Form | None = None,
) -> HttpResponse:
    published = albo.publications_of(comune=comune, line=line)
    standing = next((one for one in published if one.ended_at is None), None)
    act = albo.act_of(comune=comune, line=line)
    context = {
        "comune": comune,
        "line": line,
        "act": act,
        "is_signed": bool(act and act.state in albo.READY),
        "standing": standing,
        "dates": albo.calendar_of(standing) if standing else None,
        "is_on_albo": bool(standing and standing.is_on_albo(today())),
        "ended": [one for one in published if one.ended_at is not None],
        "attestations": attestations_of(comune=comune, publication=standing) if standing else (),
        "redaction": albo.redaction_of(comune=comune, act=act) if act else None,
        "needs_copy": _needs_copy(comune, standing),
        "annul_form": wrong or AnnulForm(),
    }
    status = REFUSED if wrong else 200
    return render(request, "record/publishing_one.html", context, status=status)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def publish(request: AuthenticatedRequest, *, comune: Comune, line_id: int) -> HttpResponse:
    """Choose day and kind of data, read every date, and confirm: only then it is published."""
    line = line_of(comune=comune, line_id=line_id)
    published = albo.publications_of(comune=comune, line=line)
    standing = next((one for one in published if one.ended_at is None), None)
    make = RectifyForm if standing else PublishForm
    start = {"first_date": today(), "personal_data": "none"}
    asked = request.POST if request.method == "POST" else request.GET or None
    form = make(asked, initial=start)

    def act(data: dict[str, Any]) -> None:
        if standing:
            albo.rectify(comune=comune, publication=standing, **data, by=request.user)
        else:
            albo.publish(comune=comune, line=line, **data, by=request.user)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("La delibera {number} è all’albo.").format(number=line.written))
        return redirect("record:publishing_one", comune.slug, line.pk)
    dates: list[Any] = []

    def see(data: dict[str, Any]) -> None:
        dates.append(albo.preview(comune=comune, line=line, first_date=data["first_date"]))

    if form.is_bound and form.is_valid():
        tried(form, see)
    context = {
        "comune": comune,
        "line": line,
        "form": form,
        "standing": standing,
        "dates": dates[0] if dates and not form.errors else None,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "record/publishing_publish.html", context, status=status)


@members(*CLERKS)
@require_POST
def annul(request: AuthenticatedRequest, *, comune: Comune, line_id: int) -> HttpResponse:
    """Take a publication off the albo, with the reason."""
    line = line_of(comune=comune, line_id=line_id)
    published = albo.publications_of(comune=comune, line=line)
    standing = next((one for one in published if one.ended_at is None), None)
    if standing is None:
        raise NotFound
    form = AnnulForm(request.POST)

    def act(data: dict[str, Any]) -> None:
        albo.annul(comune=comune, publication=standing, **data, by=request.user)

    if not tried(form, act):
        return _page(request, comune, line, form)
    messages.success(request, _("Pubblicazione annullata: non è più all’albo."))
    return redirect("record:publishing_one", comune.slug, line.pk)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def omit(request: AuthenticatedRequest, *, comune: Comune, line_id: int) -> HttpResponse:
    """Read the delibera and say which words the copy that stays leaves out."""
    line = line_of(comune=comune, line_id=line_id)
    held = albo.act_of(comune=comune, line=line)
    if held is None:
        raise NotFound
    earlier = albo.redaction_of(comune=comune, act=held)
    start = {"texts": "\n".join(earlier.texts)} if earlier else {}
    form = LeaveOutForm(request.POST or None, initial=start)

    def act(data: dict[str, Any]) -> None:
        leave_out(comune=comune, line=line, act=held, texts=form.words(), by=request.user)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("Copia con omissis pronta."))
        return redirect("record:publishing_one", comune.slug, line.pk)
    if line.is_reserved:
        audit.record(
            "record.read_reserved",
            comune=comune,
            by=request.user,
            subject=line.sitting.uid,
            document=line.name,
        )
    document = read_tree(comune=comune, act=held)
    context = {"comune": comune, "line": line, "form": form, "flow": flow(document)}
    status = REFUSED if form.is_bound else 200
    return render(request, "record/publishing_omit.html", context, status=status)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def rules(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Choose how the Comune counts days, beside what the law says and what is only custom."""
    held = albo.albo_rules(comune=comune)
    form = AlboRulesForm(request.POST or None, initial=rules_initial(held))

    def act(data: dict[str, Any]) -> None:
        albo.save_albo_rules(comune=comune, **data, by=request.user)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("Regole salvate: valgono per le prossime pubblicazioni."))
        return redirect("record:albo_rules", comune.slug)
    context = {"comune": comune, "form": form, "law": publication_law(), "tab": "rules"}
    status = REFUSED if form.is_bound else 200
    return render(request, "record/publishing_rules.html", context, status=status)


@members(*CLERKS)
@never_cache
@require_GET
def due(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """List what falls in the next two months; as a calendar with `?formato=ics`."""
    found = deadlines(comune=comune, day=today(), until=today() + AHEAD)
    if request.GET.get("formato") == "ics":
        answer = HttpResponse(
            deadline_file(found, comune=comune, at=clock.now()),
            content_type="text/calendar; charset=utf-8",
        )
        answer["Content-Disposition"] = f'attachment; filename="scadenze-{comune.slug}.ics"'
        return answer
    context = {"comune": comune, "found": found, "tab": "due"}
    return render(request, "record/publishing_due.html", context)


@members(*CLERKS)
@never_cache
@require_GET
def others(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """List the signed verbali and resoconti, and which of them everyone may read."""
    context = {"comune": comune, "rows": releases.releasable(comune=comune), "tab": "acts"}
    return render(request, "record/publishing_acts.html", context)


@members(*CLERKS)
@require_POST
def release(request: AuthenticatedRequest, *, comune: Comune, act_id: int) -> HttpResponse:
    """Give a signed act to everyone, or take it back with a reason (`reason`)."""
    act = releases.act_numbered(comune=comune, act_id=act_id)
    try:
        if "reason" in request.POST:
            reason = request.POST["reason"]
            releases.withdraw(comune=comune, act=act, reason=reason, by=request.user)
            messages.success(request, _("Atto ritirato: nessuno può più aprirlo."))
        else:
            releases.release(comune=comune, act=act, by=request.user)
            messages.success(request, _("Atto pubblico: è nella pagina degli atti del Comune."))
    except DomainError as refusal:
        messages.error(request, said(refusal))
    return redirect("record:other_acts", comune.slug)
