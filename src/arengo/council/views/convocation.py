"""The convocation of a sitting: terms, text, sending, who received it; and the recipient's page."""

from __future__ import annotations

import io
import zipfile

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council import mail
from arengo.council.access import CLERKS
from arengo.council.forms.convocation import AbsenceForm, NoticeForm, SittingForm
from arengo.council.models import Notice, Sitting
from arengo.council.operations import convocation as operations
from arengo.council.queries import get_sitting
from arengo.council.queries.agenda import agenda_lines
from arengo.council.queries.convocation import (
    Draft,
    absences,
    draft_notice,
    get_notice,
    notice_of_token,
    sent_notices,
)
from arengo.council.views.agenda import speakers
from arengo.council.wording import label
from arengo.kernel import clock
from arengo.kernel.access import AuthenticatedRequest, members, public
from arengo.kernel.errors import DomainError, NotFound
from arengo.kernel.models import Comune


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def convocation(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the notice as it would go out, and what went out; POST sends it or shows it again."""
    sitting = get_sitting(comune=comune, uid=uid)
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and request.POST.get("act") == "send":
        return _send(request, comune, sitting, form)
    return _page(request, comune, sitting, form=form)


def _send(
    request: AuthenticatedRequest, comune: Comune, sitting: Sitting, form: NoticeForm
) -> HttpResponse:
    sent = operations.send_notice(
        comune=comune,
        sitting=sitting,
        base_url=base_url(request),
        by=request.user,
        **form.cleaned_data,
    )
    messages.success(request, _("{kind} in partenza.").format(kind=label(sent.get_kind_display())))
    return redirect("council:convocation", comune.slug, sitting.uid)


def base_url(request: HttpRequest) -> str:
    """Return the address that people's links begin with."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def _page(
    request: HttpRequest,
    comune: Comune,
    sitting: Sitting,
    *,
    form: NoticeForm | None = None,
    sitting_form: SittingForm | None = None,
    absence_form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    form = form or NoticeForm()
    typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    draft = draft_notice(comune=comune, sitting=sitting, at=clock.now(), **typed)
    people = speakers(comune, sitting)
    context = {
        "comune": comune,
        "sitting": sitting,
        "draft": draft,
        "obstacles": [_told(one) for one in draft.obstacles],
        "has_news": bool(draft.items) or not draft.is_supplement,
        "is_late": not draft.terms.is_in_time,
        "form": form,
        "sent": sent_notices(comune=comune, sitting=sitting),
        "sitting_form": sitting_form or SittingForm(initial=_typed(sitting)),
        "absences": absences(comune=comune, sitting=sitting),
        "absence_form": absence_form or AbsenceForm(people=people),
        "is_delivering": mail.is_delivering(),
        "missing_opinions": _missing_opinions(comune, sitting, draft),
    }
    return render(request, "council/convocation.html", context, status=status)


def _missing_opinions(comune: Comune, sitting: Sitting, draft: Draft) -> list[str]:
    told = {item.pk for item in draft.items}
    lines = agenda_lines(comune=comune, sitting=sitting)
    return [
        f"{line.item.position}. {line.item.title}: {label(', '.join(line.missing)).lower()}"
        for line in lines
        if line.missing and line.item.pk in told
    ]


def _told(refusal: DomainError) -> str:
    return _(refusal.message).format(**refusal.facts)


def _typed(sitting: Sitting) -> dict[str, object]:
    return {name: getattr(sitting, name) for name in SittingForm.base_fields}


@members(*CLERKS)
@require_POST
def set_facts(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Say how and where the sitting is held."""
    sitting = get_sitting(comune=comune, uid=uid)
    form = SittingForm(request.POST)
    if not form.is_valid():
        return _page(request, comune, sitting, sitting_form=form, status=422)
    operations.set_sitting_facts(
        comune=comune, sitting=sitting, facts=form.facts(), by=request.user
    )
    messages.success(request, _("Dati della seduta salvati."))
    return redirect("council:convocation", comune.slug, uid)


@members(*CLERKS)
@require_POST
def retry(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, notice_id: str
) -> HttpResponse:
    """Send a failed copy again."""
    notice = _notice(comune, uid, notice_id)
    operations.retry_notice(
        comune=comune, notice=notice, base_url=base_url(request), by=request.user
    )
    told = _("Avviso a {name} di nuovo in partenza.")
    messages.success(request, told.format(name=notice.person.full_name))
    return redirect("council:convocation", comune.slug, uid)


@members(*CLERKS)
@require_POST
def delivered(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, notice_id: str
) -> HttpResponse:
    """Write that a copy was delivered in another way."""
    notice = _notice(comune, uid, notice_id)
    operations.note_delivery(comune=comune, notice=notice, by=request.user)
    told = _("Consegna a {name} segnata.")
    messages.success(request, told.format(name=notice.person.full_name))
    return redirect("council:convocation", comune.slug, uid)


@members(*CLERKS)
@never_cache
@require_GET
def message_file(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, notice_id: str
) -> HttpResponse:
    """Give one copy as a message to be sent from the Comune's certified mail."""
    notice = _notice(comune, uid, notice_id)
    operations.audit_message(comune=comune, convocation=notice.convocation, by=request.user)
    content = _draft(request, notice)
    return _download(content, f"{_name(notice)}.eml", "message/rfc822")


@members(*CLERKS)
@never_cache
@require_GET
def message_files(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, convocation_id: str
) -> HttpResponse:
    """Give every copy of a convocation as messages in one archive."""
    sitting = get_sitting(comune=comune, uid=uid)
    every = sent_notices(comune=comune, sitting=sitting)
    found = next((one for one in every if str(one.convocation.pk) == convocation_id), None)
    if found is None:
        raise NotFound
    operations.audit_message(comune=comune, convocation=found.convocation, by=request.user)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, copy in enumerate(found.notices, start=1):
            notice = get_notice(comune=comune, sitting=sitting, notice_id=str(copy.pk))
            archive.writestr(f"{number:02}-{_name(notice)}.eml", _draft(request, notice))
    return _download(content.getvalue(), f"convocazione-{uid}.zip", "application/zip")


def _notice(comune: Comune, uid: str, notice_id: str) -> Notice:
    sitting = get_sitting(comune=comune, uid=uid)
    return get_notice(comune=comune, sitting=sitting, notice_id=notice_id)


def _draft(request: HttpRequest, notice: Notice) -> bytes:
    return mail.notice_message(notice, base_url=base_url(request), is_draft=True).as_bytes()


def _name(notice: Notice) -> str:
    return slugify(notice.person.full_name) or f"avviso-{notice.pk}"


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )


@members(*CLERKS)
@require_POST
def add_absence(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Write what a member announced."""
    sitting = get_sitting(comune=comune, uid=uid)
    form = AbsenceForm(request.POST, people=speakers(comune, sitting))
    if not form.is_valid():
        return _page(request, comune, sitting, absence_form=form, status=422)
    operations.announce_absence(
        comune=comune, sitting=sitting, by=request.user, **form.cleaned_data
    )
    messages.success(request, _("Assenza segnata."))
    return redirect("council:convocation", comune.slug, uid)


@members(*CLERKS)
@require_POST
def remove_absence(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, absence_id: str
) -> HttpResponse:
    """Take back what a member announced."""
    sitting = get_sitting(comune=comune, uid=uid)
    operations.withdraw_absence(
        comune=comune, sitting=sitting, absence_id=absence_id, by=request.user
    )
    messages.success(request, _("Assenza tolta."))
    return redirect("council:convocation", comune.slug, uid)


# The token is the right itself, no session stands behind the form: nothing could be forged.
@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, *, token: str) -> HttpResponseBase:
    """Show a notice to its recipient; only the button says that it was received.

    A mail scanner opens links: opening writes nothing.
    """
    notice = notice_of_token(token)
    comune, sitting = notice.comune, notice.convocation.sitting
    if request.method == "POST":
        operations.confirm_reading(comune=comune, notice=notice)
        return redirect("council:receipt", token)
    lines = agenda_lines(comune=comune, sitting=sitting)
    context = {
        "comune": comune,
        "sitting": sitting,
        "notice": notice,
        "lines": [line for line in lines if line.is_announced and line.documents],
    }
    return render(request, "council/convocation_receipt.html", context)
