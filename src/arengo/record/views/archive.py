"""The public archive: what was said in the closed sittings of a Comune, found again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from arengo.council.engine.search import LONGEST_QUERY, SearchUnreadable
from arengo.kernel.access import public
from arengo.kernel.models import Comune
from arengo.record.queries.search import has_archive, search

EXAMPLES = ('"via Sempione"', "rifiuti persona:Rossi", "punto:bilancio voto:contrario", "dal:2026")
FURTHEST_PAGE = 1000


@public
@require_GET
def archive(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Show the form, and what was found of what was written in it."""
    asked = request.GET.get("q", "").strip()
    context = {
        "comune": comune,
        "q": asked[:LONGEST_QUERY],
        "longest": LONGEST_QUERY,
        "examples": EXAMPLES,
        "is_empty": not has_archive(comune=comune),
    }
    if not asked:
        return render(request, "record/archive.html", context)
    try:
        found = search(comune=comune, text=asked, page=page_number(request))
    except SearchUnreadable as refused:
        return render(request, "record/archive.html", context | {"error": refused}, status=422)
    return render(request, "record/archive.html", context | {"found": found})


def page_number(request: HttpRequest) -> int:
    """Return the page asked for; what is no number is the first."""
    asked = request.GET.get("pagina", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 5
    return min(int(asked), FURTHEST_PAGE) if is_number else 1
