"""Where anyone verifies a file: its sha256 is counted in the browser, and only that is asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from arengo.kernel.access import public
from arengo.kernel.models import Comune
from arengo.record.shared_acts import CODE, SHA256, heads, verified


@public
@never_cache
@require_GET
def verify(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Say whether a file is an act that was signed here; without one, how to ask."""
    sha256 = "".join(request.GET.get("impronta", "").split()).lower()
    code = request.GET.get("atto", "").strip().lower()
    context = {
        "comune": comune,
        "sha256": sha256,
        "is_asked": bool(sha256),
        "is_readable": bool(SHA256.fullmatch(sha256)),
        "found": verified(comune=comune, sha256=sha256, code=code if CODE.fullmatch(code) else ""),
        "heads": heads(comune=comune),
    }
    return render(request, "record/verify.html", context)
