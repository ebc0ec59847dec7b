"""How this Comune writes its names, and finding and replacing in a sitting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from arengo.council.access import CLERKS
from arengo.council.queries import get_sitting
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import Conflict, Invalid
from arengo.kernel.models import Comune
from arengo.record import glossary as held
from arengo.record.models import GlossaryKind, GlossarySource

SHOWN = 300  # places on one page; the rest comes when these are done
LONGEST = 200  # characters of what is looked for


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def glossary(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Show the glossary and what corrections teach; or write into it."""
    if request.method == "POST":
        try:
            messages.success(request, _write(request, comune))
        except (Invalid, Conflict) as refused:
            messages.error(request, str(refused))
        return redirect("record:glossary", comune.slug)
    context = {
        "comune": comune,
        "lines": held.lines_of(comune=comune),
        "learned": held.learned_of(comune=comune),
        "kinds": GlossaryKind.choices,
        "tab": "glossary",
        "heading": _("Glossario"),
    }
    return render(request, "record/glossary.html", context)


def _write(request: AuthenticatedRequest, comune: Comune) -> str:
    """Do what a form asks and return what to say of it."""
    asked = request.POST
    written, heard = asked.get("scritto", ""), asked.get("sentito", "")
    variants = [one.strip() for one in heard.split(",")]
    kind = asked.get("tipo", "")
    match asked.get("cosa"):
        case "togli":
            gone = held.remove_entry(comune=comune, entry_id=_number(asked.get("voce")))
            return _("«{name}» tolta dal glossario.").format(name=gone)
        case "cambia":
            entry = held.change_entry(
                comune=comune,
                entry_id=_number(asked.get("voce")),
                written=written,
                kind=kind,
                heard=variants,
            )
            return _("«{name}» corretta.").format(name=entry.written)
        case "impara":
            entry = held.add_entry(
                comune=comune,
                written=written,
                kind=kind,
                heard=[heard],
                by=request.user,
                source=GlossarySource.LEARNED,
                times=_number(asked.get("volte")),
            )
            return _("«{name}» aggiunta al glossario.").format(name=entry.written)
        case "scarta":
            held.refuse_pair(comune=comune, wrong=heard, right=written, by=request.user)
            return _("Non verrà più proposta.")
        case _:
            entry = held.add_entry(
                comune=comune, written=written, kind=kind, heard=variants, by=request.user
            )
            return _("«{name}» aggiunta al glossario.").format(name=entry.written)


def _number(text: str | None) -> int:
    """Return a number of a form; what is none is nobody's."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def replace(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show where a text stands in a sitting and what it would become; or replace it where chosen."""
    sitting = get_sitting(comune=comune, uid=uid)
    asked = request.POST if request.method == "POST" else request.GET
    text, by_text = (" ".join(asked.get(name, "").split())[:LONGEST] for name in ("cerca", "con"))
    is_known = "glossario" in asked
    hits = []
    if is_known:
        hits = held.suggestions_of(comune=comune, sitting=sitting)
    elif text:
        hits = held.hits_of(comune=comune, sitting=sitting, text=text, by=by_text)
    if request.method == "POST":
        try:
            count = held.replace_hits(
                comune=comune,
                sitting=sitting,
                hits=hits,
                chosen=request.POST.getlist("posto"),
                text="" if is_known else text,
                by_text="" if is_known else by_text,
                by=request.user,
            )
            messages.success(request, _("Correzioni fatte: {count}.").format(count=count))
            return redirect("record:transcript", comune.slug, uid)
        except (Invalid, Conflict) as refused:
            messages.error(request, str(refused))
    context = {
        "comune": comune,
        "sitting": sitting,
        "tab": "transcript",
        "heading": _("Trova e sostituisci"),
        "text": text,
        "by": by_text,
        "is_known": is_known,
        "hits": hits[:SHOWN],
        "total": len(hits),
        "may_replace": bool(is_known or by_text) and bool(hits),
    }
    return render(request, "record/replace.html", context)
