"""The pages of a sitting, for citizens and for the regia."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council.models import Sitting, SittingState
from arengo.council.queries import get_sitting
from arengo.council.queries.seat import is_only_councillor
from arengo.council.wording import label, record_sentences
from arengo.kernel.access import AuthenticatedRequest, members, public, signed_in
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.live import operations, queries
from arengo.live.access import OPERATORS, is_clerk, issue_regia_token
from arengo.live.forms import ConveneForm, SourceForm, StreamKeyForm
from arengo.live.models import Source, SourceKind
from arengo.live.record import record_of
from arengo.live.wording import hall_sentences, player_sentences, regia_sentences

PHASES = {
    SittingState.PREPARED: "before",
    SittingState.OPEN: "waiting",
    SittingState.CLOSED: "closed",
}
CAMERA_LABEL = "Telecamera del computer"


def phase_of(sitting: Sitting) -> str:
    """Return the phase a page starts in, before the studio says more."""
    return PHASES[SittingState(sitting.state)]


@public
@require_GET
def comune_page(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Show the sittings of a Comune: under way, to come, past."""
    sittings = queries.public_sittings(comune=comune)
    by_state = {
        state: [sitting for sitting in sittings if sitting.state == state] for state in SittingState
    }
    context = {
        "comune": comune,
        "under_way": by_state[SittingState.OPEN],
        "coming": sorted(by_state[SittingState.PREPARED], key=lambda one: one.scheduled_at),
        "past": by_state[SittingState.CLOSED],
        "is_demo": any(sitting.is_demo for sitting in sittings),
    }
    return render(request, "live/comune.html", context)


@public
@require_GET
def sitting_page(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show a sitting: before, live, and on demand, the page changing by itself."""
    context = _sitting_context(comune, uid)
    sitting = context["sitting"]
    assert isinstance(sitting, Sitting)
    is_secret = sitting.secret_since is not None and sitting.state == SittingState.OPEN
    context |= {
        "sentences": player_sentences() | record_sentences(),
        "phase": "secret" if is_secret else context["phase"],
        "record": record_of(comune=comune, sitting=sitting),
    }
    return render(request, "live/sitting.html", context)


@public
@require_GET
def captions_page(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the captions alone, large: for the hall's screen and for deaf citizens."""
    context = _sitting_context(comune, uid) | {"sentences": hall_sentences()}
    return render(request, "live/captions.html", context)


def _sitting_context(comune: Comune, uid: str) -> dict[str, object]:
    sitting = get_sitting(comune=comune, uid=uid)
    return {
        "comune": comune,
        "sitting": sitting,
        "phase": phase_of(sitting),
        "media": f"/media/{sitting.uid}/",
        "events": f"/events/{sitting.uid}",
    }


@signed_in
@require_http_methods(["GET", "POST"])
def desk(request: AuthenticatedRequest) -> HttpResponse:
    """List the sittings an operator works on; a form convenes a new one.

    Who is only a councillor is led to their seats.
    """
    if is_only_councillor(user=request.user):
        return redirect("council:mine")
    comuni = queries.operated_comuni(user=request.user)
    form = ConveneForm(request.POST or None, comuni=comuni)
    if request.method == "POST" and form.is_valid():
        sitting = operations.prepare_broadcast(**form.cleaned_data, by=request.user)
        messages.success(request, _("Seduta preparata: ora crea una chiave per il codificatore."))
        return redirect("live:regia", sitting.comune.slug, sitting.uid)
    context = {
        "form": form,
        "comuni": comuni,
        "sittings": queries.operated_sittings(user=request.user),
        "clerk_of": {one.slug for one in comuni if is_clerk(request.user, comune=one)},
    }
    return render(request, "live/desk.html", context)


@members(*OPERATORS)
@never_cache
@require_GET
def regia(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show how a sitting on air is doing, and act on it."""
    return _regia_page(request, comune, get_sitting(comune=comune, uid=uid))


def _regia_page(
    request: HttpRequest, comune: Comune, sitting: Sitting, new_key: str = ""
) -> HttpResponse:
    host = request.get_host().rsplit(":", 1)[0]
    context = _sitting_context(comune, sitting.uid) | {
        "sentences": regia_sentences(),
        "keys": queries.stream_keys(comune=comune, sitting=sitting),
        "sources": [_line_of(one) for one in queries.sources(comune=comune, sitting=sitting)],
        "source_form": SourceForm(),
        "key_form": StreamKeyForm(),
        "new_key": new_key,
        "rtmp_url": f"rtmp://{host}:{settings.CONFIG.rtmp_port}/live",
        "is_clerk": is_clerk(request.user, comune=comune),
    }
    return render(request, "live/regia.html", context)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as the regia lists it: `place` never shows the camera's password."""

    pk: int
    kind: str
    place: str


def _line_of(source: Source) -> SourceLine:
    place = urlsplit(source.url).hostname or f"SRT :{source.port}"
    return SourceLine(source.pk, label(source.get_kind_display()), place)


@members(*OPERATORS)
@never_cache
@require_GET
def regia_token(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Return the token with which the page reads the studio's status events."""
    sitting = get_sitting(comune=comune, uid=uid)
    return JsonResponse({"token": issue_regia_token(sitting=sitting)})


@members(*OPERATORS)
@require_POST
def open_sitting(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Open the sitting to the public."""
    sitting = get_sitting(comune=comune, uid=uid)
    operations.open_broadcast(comune=comune, sitting=sitting, by=request.user)
    messages.success(request, _("Seduta aperta: da ora i cittadini vedono quello che arriva."))
    return redirect("live:regia", comune.slug, uid)


@members(*OPERATORS)
@require_POST
def close_sitting(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Close the sitting: its page becomes the recording."""
    sitting = get_sitting(comune=comune, uid=uid)
    operations.close_broadcast(comune=comune, sitting=sitting, by=request.user)
    messages.success(request, _("Seduta chiusa: alla stessa pagina ora c’è il video completo."))
    return redirect("live:regia", comune.slug, uid)


@members(*OPERATORS)
@never_cache
@require_POST
def issue_key(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Make a stream key and show it, this once, in the answer itself: it is stored nowhere."""
    sitting = get_sitting(comune=comune, uid=uid)
    label = request.POST.get("label", "")
    _key, text = operations.issue_stream_key(
        comune=comune, sitting=sitting, label=label, by=request.user
    )
    return _regia_page(request, comune, sitting, new_key=text)


@members(*OPERATORS)
@require_POST
def revoke_key(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, key_id: str
) -> HttpResponse:
    """Make a stream key of this sitting void."""
    sitting = get_sitting(comune=comune, uid=uid)
    if not any(key.key_id == key_id for key in queries.stream_keys(comune=comune, sitting=sitting)):
        raise NotFound
    key = operations.revoke_stream_key(comune=comune, key_id=key_id, by=request.user)
    messages.success(request, _("Chiave «{label}» revocata.").format(label=key.label))
    return redirect("live:regia", comune.slug, uid)


@members(*OPERATORS)
@never_cache
@require_POST
def camera_key(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Make the key with which this browser's camera sends its pictures."""
    sitting = get_sitting(comune=comune, uid=uid)
    _key, text = operations.issue_stream_key(
        comune=comune, sitting=sitting, label=CAMERA_LABEL, by=request.user
    )
    return JsonResponse({"key": text})


@members(*OPERATORS)
@require_POST
def add_source(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Have the studio fetch an IP camera, or listen on a port for SRT."""
    sitting = get_sitting(comune=comune, uid=uid)
    kind = SourceKind.SRT if request.POST.get("kind") == SourceKind.SRT else SourceKind.RTSP
    place = request.POST.get("place", "").strip()[:300]
    port = int(place) if place.isascii() and place.isdigit() else None
    operations.add_source(
        comune=comune,
        sitting=sitting,
        kind=kind,
        by=request.user,
        url="" if port else place,
        port=port,
    )
    messages.success(request, _("Sorgente aggiunta: la preleviamo da soli."))
    return redirect("live:regia", comune.slug, uid)


@members(*OPERATORS)
@require_POST
def remove_source(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, source_id: str
) -> HttpResponse:
    """Have the studio let go of a source of this sitting."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = {str(one.pk): one.pk for one in queries.sources(comune=comune, sitting=sitting)}
    if source_id not in found:
        raise NotFound
    operations.remove_source(comune=comune, source_id=found[source_id], by=request.user)
    messages.success(request, _("Sorgente tolta."))
    return redirect("live:regia", comune.slug, uid)
