"""The agenda of a sitting before it begins: items, documents, opinions."""

from __future__ import annotations

from typing import Literal

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council.access import CLERKS
from arengo.council.document_file import document_path
from arengo.council.engine.file_kind import KINDS
from arengo.council.engine.procedures import PROCEDURES, procedure_of
from arengo.council.forms.agenda import DocumentForm, ItemForm, OpinionForm
from arengo.council.models import AgendaItem, Document, ItemType, OpinionType, Person, Sitting
from arengo.council.operations import agenda as operations
from arengo.council.queries import council_on, get_sitting
from arengo.council.queries.agenda import (
    ItemLine,
    agenda_lines,
    announced_items,
    get_document,
    get_item,
    is_agenda_open,
)
from arengo.council.queries.people import ROME, today
from arengo.council.wording import label
from arengo.kernel.access import AuthenticatedRequest, members, public
from arengo.kernel.errors import DomainError, NotFound
from arengo.kernel.models import Comune


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def agenda(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """List the items of a sitting; a form adds one."""
    sitting = get_sitting(comune=comune, uid=uid)
    form = ItemForm(request.POST or None, people=speakers(comune, sitting))
    if request.method == "POST" and form.is_valid():
        item = operations.add_item(
            comune=comune, sitting=sitting, facts=form.facts(), by=request.user
        )
        messages.success(request, _("Punto {number} aggiunto.").format(number=item.position))
        return redirect("council:agenda", comune.slug, uid)
    lines = agenda_lines(comune=comune, sitting=sitting)
    context = {
        "comune": comune,
        "sitting": sitting,
        "lines": lines,
        "first_movable": sum(line.is_announced for line in lines) + 1,
        "is_open": is_agenda_open(comune=comune, sitting=sitting),
        "form": form,
        "procedures": explained(),
    }
    return render(request, "council/agenda.html", context)


def speakers(comune: Comune, sitting: Sitting) -> tuple[Person, ...]:
    """Return who may present an item on the sitting's day."""
    day = sitting.scheduled_at.astimezone(ROME).date()
    return tuple(seat.person for seat in council_on(comune=comune, day=day) if seat.mandate)


def explained() -> list[tuple[str, str, str]]:
    """Return each type of item with what it is and the article."""
    return [(label(ItemType(one.type).label), one.explains, one.article) for one in PROCEDURES]


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def item(request: AuthenticatedRequest, *, comune: Comune, uid: str, item_id: str) -> HttpResponse:
    """Show an item with its documents and opinions; the form corrects it."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_item(comune=comune, sitting=sitting, item_id=item_id)
    form = _item_form(request, comune, sitting, found)
    if request.method == "POST" and form.is_valid():
        operations.edit_item(comune=comune, item=found, facts=form.facts(), by=request.user)
        messages.success(request, _("Punto {number} corretto.").format(number=found.position))
        return redirect("council:item", comune.slug, uid, item_id)
    return _item_page(request, comune, sitting, found, form=form)


def _item_form(
    request: HttpRequest | None, comune: Comune, sitting: Sitting, found: AgendaItem
) -> ItemForm:
    typed = request.POST if request and request.method == "POST" else None
    return ItemForm(
        typed,
        initial=_typed(found),
        people=speakers(comune, sitting),
        kept=operations.ANNOUNCED
        if found.pk in announced_items(comune=comune, sitting=sitting)
        else (),
    )


def _item_page(
    request: HttpRequest,
    comune: Comune,
    sitting: Sitting,
    found: AgendaItem,
    *,
    form: ItemForm | None = None,
    document_form: DocumentForm | None = None,
    opinion_form: OpinionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    line = _line(comune, sitting, found)
    context = {
        "comune": comune,
        "sitting": sitting,
        "line": line,
        "is_open": is_agenda_open(comune=comune, sitting=sitting),
        "form": form or _item_form(None, comune, sitting, found),
        "document_form": document_form or DocumentForm(initial={"is_public": not line.is_reserved}),
        "opinion_form": opinion_form or OpinionForm(initial={"given_on": today()}),
    }
    return render(request, "council/agenda_item.html", context, status=status)


def _line(comune: Comune, sitting: Sitting, found: AgendaItem) -> ItemLine:
    lines = agenda_lines(comune=comune, sitting=sitting)
    return next(line for line in lines if line.item.pk == found.pk)


def _typed(found: AgendaItem) -> dict[str, object]:
    typed = {name: getattr(found, name) for name in ItemForm.base_fields}
    is_usual = found.subject == (procedure_of(found.type).subject or "proposal")
    return typed | {
        "rapporteur": str(found.rapporteur_id or ""),
        "subject": "" if is_usual else found.subject,
    }


@members(*CLERKS)
@require_POST
def remove_item(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, item_id: str
) -> HttpResponse:
    """Take an item off the agenda."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_item(comune=comune, sitting=sitting, item_id=item_id)
    operations.remove_item(comune=comune, item=found, by=request.user)
    messages.success(request, _("Punto «{title}» tolto.").format(title=found.title))
    return redirect("council:agenda", comune.slug, uid)


@members(*CLERKS)
@require_POST
def move_item(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, item_id: str
) -> HttpResponse:
    """Move an item up or down by one."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_item(comune=comune, sitting=sitting, item_id=item_id)
    direction: Literal["up", "down"] = "up" if request.POST.get("direction") == "up" else "down"
    moved = operations.move_item(comune=comune, item=found, direction=direction, by=request.user)
    told = _("«{title}» ora è il punto {number}.")
    messages.success(request, told.format(title=moved.title, number=moved.position))
    return redirect("council:agenda", comune.slug, uid)


@members(*CLERKS)
@require_POST
def add_document(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, item_id: str
) -> HttpResponse:
    """Attach a file to an item; a file that cannot be taken is explained beside its field."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_item(comune=comune, sitting=sitting, item_id=item_id)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid() and _attach(comune, found, form, request):
        messages.success(request, _("Documento allegato."))
        return redirect("council:item", comune.slug, uid, item_id)
    return _item_page(request, comune, sitting, found, document_form=form, status=422)


def _attach(
    comune: Comune, found: AgendaItem, form: DocumentForm, request: AuthenticatedRequest
) -> bool:
    typed = form.cleaned_data
    try:
        operations.check_size(typed["file"].size)
        operations.add_document(
            comune=comune,
            item=found,
            title=typed["title"],
            content=typed["file"].read(),
            is_public=typed["is_public"],
            by=request.user,
        )
    except DomainError as refusal:
        form.add_error("file", _(refusal.message).format(**refusal.facts))
        return False
    return True


@members(*CLERKS)
@require_POST
def remove_document(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, document_uid: str
) -> HttpResponse:
    """Take a document off its item."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_document(
        comune=comune, sitting=sitting, document_uid=document_uid, is_for_public=False
    )
    operations.remove_item_document(comune=comune, document=found, by=request.user)
    messages.success(request, _("Documento «{title}» tolto.").format(title=found.title))
    return redirect("council:item", comune.slug, uid, found.item_id)


@members(*CLERKS)
@require_POST
def give_opinion(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, item_id: str
) -> HttpResponse:
    """Write an opinion on an item."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_item(comune=comune, sitting=sitting, item_id=item_id)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _item_page(request, comune, sitting, found, opinion_form=form, status=422)
    typed = form.cleaned_data
    operations.give_opinion(
        comune=comune,
        item=found,
        by=request.user,
        **{**typed, "type": OpinionType(typed["type"])},
    )
    messages.success(request, _("Parere scritto."))
    return redirect("council:item", comune.slug, uid, item_id)


@public
@require_GET
def document(
    request: HttpRequest, *, comune: Comune, uid: str, document_uid: str
) -> HttpResponseBase:
    """Give a public document to anyone."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_document(comune=comune, sitting=sitting, document_uid=document_uid)
    return _file(comune, found)


@members()
@never_cache
@require_GET
def members_document(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, document_uid: str
) -> HttpResponseBase:
    """Give any document of the sitting to the people of the Comune."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = get_document(
        comune=comune, sitting=sitting, document_uid=document_uid, is_for_public=False
    )
    return _file(comune, found)


def _file(comune: Comune, found: Document) -> HttpResponseBase:
    """Answer with the bytes, to be saved: never shown as a page of ours."""
    path = document_path(istat_code=comune.pk, uid=found.uid)
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise NotFound from error
    name = f"{slugify(found.title) or 'documento'}.{KINDS[found.content_type].extension}"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=found.content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["ETag"] = f'"{found.sha256}"'
    return answer
