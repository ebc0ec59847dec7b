"""The old recordings that are brought in: how far they are, what went wrong, how to begin."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from arengo.council.access import CLERKS
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.models import Comune
from arengo.record.queries.imports import runs_of


@members(*CLERKS)
@never_cache
@require_GET
def imports(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Show the latest imports; nothing is uploaded here, files of forty gigabytes do not pass a page."""
    context = {
        "comune": comune,
        "runs": runs_of(comune=comune),
        "heading": _("Vecchie registrazioni"),
    }
    return render(request, "record/imports.html", context)
