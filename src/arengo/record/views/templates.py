"""The page on which a Comune words its documents: text, live preview, names that may be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council.access import CLERKS
from arengo.council.engine.record.account import Account
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.record.drafts import account_of
from arengo.record.engine.template_errors import TemplateFault
from arengo.record.engine.template_facts import ACT, PART, SPEECH, VOTE, known_names
from arengo.record.engine.template_language import LONGEST
from arengo.record.engine.templates import Worded
from arengo.record.models import TemplateKind
from arengo.record.render.flow import flow
from arengo.record.template_sample import sample_account
from arengo.record.templating import (
    in_use,
    kind_of,
    left_out_words,
    restore_template,
    save_template,
    tried,
    versions,
)

REFUSED = 422
OFFERED = 12  # sittings to try a template on
EXAMPLES = (
    "{% if luogo %}, {{ luogo }}{% endif %}",
    "{{ comune | maiuscolo }}",
    '{{ ordine_del_giorno | intitolato("Argomenti") }}',
    "{% block intestazione %}COMUNE DI {{ comune | maiuscolo }}{% endblock %}",
    "{% macro seduta_chiusa(fatto) %}Alle {{ fatto.ora }} si chiude.{% endmacro %}",
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a template: a document, or what is wrong with it."""

    worded: Worded | None = None
    fault: TemplateFault | None = None

    @property
    def context(self) -> dict[str, Any]:
        """Return what the piece of the page shows."""
        if self.worded is None:
            return {"fault": self.fault}
        document = self.worded.document
        return {
            "document": document,
            "flow": flow(document),
            "left_out": left_out_words(self.worded.left_out),
        }


@members(*CLERKS)
@never_cache
@require_GET
def templates(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """List the documents that a template words, and which template each uses."""
    return render(
        request, "record/templates.html", {"comune": comune, "lines": in_use(comune=comune)}
    )


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def template(request: AuthenticatedRequest, *, comune: Comune, name: str) -> HttpResponse:
    """Show a template with its preview; save it, or go back to an earlier one."""
    kind = kind_of(name)
    if request.method == "POST" and "restore" in request.POST:
        version = _number(request.POST["restore"])
        restore_template(comune=comune, kind=kind, version=version, by=request.user)
        messages.success(request, _("Il modello di prima è di nuovo in uso."))
        return redirect("record:template", comune.slug, kind)
    if request.method == "POST":
        return _save(request, comune, kind)
    held = next(one for one in in_use(comune=comune) if one.kind == kind)
    waits = held.last if held.is_held_back else None
    return _page(request, comune, kind, waits.text if waits else held.text)


def _save(request: AuthenticatedRequest, comune: Comune, kind: TemplateKind) -> HttpResponse:
    text = request.POST.get("text", "")
    made = save_template(comune=comune, kind=kind, text=text, by=request.user)
    if not made.is_valid:
        return _page(request, comune, kind, made.text, status=REFUSED)
    messages.success(request, _("Modello salvato: i documenti lo usano da ora."))
    return redirect("record:template", comune.slug, kind)


@members(*CLERKS)
@never_cache
@require_POST
def preview(request: AuthenticatedRequest, *, comune: Comune, name: str) -> HttpResponse:
    """Show what a text that is not saved makes of a sitting; of a faulty one, where and why."""
    kind = kind_of(name)
    account = _account(request, comune, kind, request.POST.get("sitting", ""))
    found = _tried(account, kind, request.POST.get("text", "")[: LONGEST + 1])
    status = 200 if found.worded else REFUSED
    return render(request, "record/template_preview.html", found.context, status=status)


def _page(
    request: HttpRequest, comune: Comune, kind: TemplateKind, text: str, status: int = 200
) -> HttpResponse:
    held = next(one for one in in_use(comune=comune) if one.kind == kind)
    found = _tried(sample_account(), kind, text)
    shown = found if found.worded else _tried(sample_account(), kind, held.text)
    context = shown.context | {
        "comune": comune,
        "kind": kind,
        "held": held,
        "text": text,
        "fault": found.fault,
        "longest": LONGEST,
        "sittings": _sittings(kind),
        "versions": versions(comune=comune, kind=kind),
        "groups": _reference(kind),
        "examples": EXAMPLES,
    }
    return render(request, "record/template.html", context, status=status)


def _tried(account: Account, kind: TemplateKind, text: str) -> Tried:
    try:
        return Tried(tried(account, kind, text))
    except TemplateFault as fault:
        return Tried(fault=fault)


def _account(
    request: AuthenticatedRequest, comune: Comune, kind: TemplateKind, uid: str
) -> Account:
    """Return the account to try on; what is reserved is tried on the sample alone."""
    if not uid or kind == TemplateKind.SEPARATE_PART:
        return sample_account()
    return account_of(comune=comune, sitting=get_sitting(comune=comune, uid=uid))


def _sittings(kind: TemplateKind) -> list[Sitting]:
    if kind == TemplateKind.SEPARATE_PART:
        return []
    begun = Sitting.objects.filter(opened_at__isnull=False)
    return list(begun.order_by("-scheduled_at", "-id")[:OFFERED])


def _reference(kind: TemplateKind) -> list[tuple[str, dict[str, str]]]:
    """Return the names that may be used, in groups, with what they mean."""
    return [
        (_("Nel documento"), known_names(kind)),
        (_("Di una parte: parte.…"), PART),
        (_("Nella formula votazione(voto): voto.…"), VOTE),
        (_("Nella formula intervento(voce): voce.…"), SPEECH),
        (_("In seduta_aperta, seduta_sospesa, seduta_ripresa, seduta_chiusa(fatto): fatto.…"), ACT),
    ]


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise NotFound
    return int(text)
