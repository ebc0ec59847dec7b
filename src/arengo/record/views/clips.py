"""A clip of a sitting with its citation, and the player that other sites may show."""

from __future__ import annotations

import re
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from arengo.council.models import Sitting, SittingState
from arengo.council.queries import get_sitting
from arengo.council.views.convocation import base_url
from arengo.kernel.access import public
from arengo.kernel.errors import DomainError, NotFound
from arengo.kernel.headers import CONTENT_SECURITY_POLICY
from arengo.kernel.models import Comune
from arengo.record.clip_making import citation
from arengo.record.clips import LONGEST_S, Recipe, ask_clip, file_of, find_clip, recipe_of
from arengo.record.models import ClipState
from arengo.record.transcripts import is_edited

BYTES = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
EXAMPLE_S = 30


# Nobody is signed in behind this form and it changes nothing of anybody's: nothing to forge.
@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def clip(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponseBase:
    """Choose a stretch, or show the clip of one: `?da=122&a=150` are its seconds."""
    sitting = get_sitting(comune=comune, uid=uid)
    context = {"comune": comune, "sitting": sitting, "longest": LONGEST_S}
    start_s, end_s = _seconds(request, "da"), _seconds(request, "a")
    if start_s is None:
        return render(request, "record/clip.html", context)
    end_s = start_s + EXAMPLE_S if end_s is None else end_s
    context |= {"start_s": start_s, "end_s": end_s}
    try:
        if request.method == "POST":
            ask_clip(comune=comune, sitting=sitting, start_s=start_s, end_s=end_s)
            return redirect(_address(comune, sitting, start_s, end_s))
        recipe = recipe_of(comune=comune, sitting=sitting, start_s=start_s, end_s=end_s)
    except DomainError as refused:
        told = _(refused.message).format(**refused.facts)
        return render(request, "record/clip.html", context | {"error": told}, status=refused.status)
    if "file" in request.GET:
        return _file(request, comune, sitting, recipe)
    return _page(request, comune, sitting, recipe, context)


def _seconds(request: HttpRequest, name: str) -> int | None:
    """Return a second of the address, written as 122 or as 2:02; None where there is none."""
    text = request.GET.get(name, "").strip()
    parts = text.split(":")
    is_time = 0 < len(parts) < 4 and all(p.isascii() and p.isdigit() and len(p) < 7 for p in parts)
    if not is_time:
        return None
    total = 0
    for part in parts:
        total = 60 * total + int(part)
    return total


def _address(comune: Comune, sitting: Sitting, start_s: int, end_s: int) -> str:
    page = reverse("record:clip", args=(comune.slug, sitting.uid))
    return f"{page}?da={start_s}&a={end_s}"


def _page(
    request: HttpRequest,
    comune: Comune,
    sitting: Sitting,
    recipe: Recipe,
    context: dict[str, object],
) -> HttpResponse:
    found = find_clip(comune=comune, sitting=sitting, recipe=recipe)
    is_coming = bool(found and found.state in (ClipState.WAITING, ClipState.MAKING))
    address = _address(comune, sitting, recipe.start_s, recipe.end_s)
    response = render(
        request,
        "record/clip.html",
        context
        | {
            "recipe": recipe,
            "clip": found,
            "address": base_url(request) + address,
            "is_coming": is_coming,
            "is_ready": bool(found and found.state == ClipState.READY),
            "is_failed": bool(found and found.state == ClipState.FAILED),
            "citation": citation(sitting, recipe.start_s, recipe.end_s),
        },
    )
    response.headers["Cache-Control"] = "no-cache"
    if is_coming:
        response.headers["Refresh"] = "3"
    return response


def _file(
    request: HttpRequest, comune: Comune, sitting: Sitting, recipe: Recipe
) -> HttpResponseBase:
    found = find_clip(comune=comune, sitting=sitting, recipe=recipe)
    if found is None or found.state != ClipState.READY:
        raise NotFound
    response = _part(request, file_of(sitting, found.key))
    response.headers["Cache-Control"] = "no-cache"  # what is omitted must be asked for anew
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _part(request: HttpRequest, path: Path) -> HttpResponseBase:
    """Return a file, or the bytes of it that a player asks for."""
    size = path.stat().st_size
    asked = BYTES.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return FileResponse(path.open("rb"), content_type="video/mp4")
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as file:
        file.seek(first)
        data = file.read(last - first + 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{size}"}
    return HttpResponse(data, status=206, content_type="video/mp4", headers=headers)


@xframe_options_exempt
@public
@require_GET
def embed(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the player alone, for other sites: no cookie, no script, nothing of a third party."""
    sitting = get_sitting(comune=comune, uid=uid)
    context = {
        "comune": comune,
        "sitting": sitting,
        "is_over": sitting.state == SittingState.CLOSED,
        "is_edited": is_edited(sitting),
        "second": _seconds(request, "t") or 0,
    }
    response = render(request, "record/embed.html", context)
    policy = CONTENT_SECURITY_POLICY.format(host=request.get_host())
    response.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
