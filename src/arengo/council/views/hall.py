"""What everyone may see of the chamber: the hall screen, the stream's overlay, the public record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from arengo.council.engine.board import public_board, turn_facts
from arengo.council.queries import get_sitting
from arengo.council.queries.journal import state_of
from arengo.council.wording import screen_sentences
from arengo.kernel import clock
from arengo.kernel.access import public
from arengo.kernel.models import Comune

BACKDROPS = ("verde", "blu", "trasparente")  # the first unless the address asks for another


@public
@require_GET
def tabellone(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the hall screen: item, speaker, seats and votes, captions."""
    return _screen(request, comune, uid, "council/tabellone.html")


@public
@require_GET
def overlay(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the layout to lay over the stream: a lower third, on a plain colour to key out."""
    asked = request.GET.get("sfondo", "")
    backdrop = asked if asked in BACKDROPS else BACKDROPS[0]
    return _screen(request, comune, uid, "council/overlay.html", backdrop=backdrop)


def _screen(
    request: HttpRequest, comune: Comune, uid: str, template: str, **more: str
) -> HttpResponse:
    sitting = get_sitting(comune=comune, uid=uid)
    context = {
        "comune": comune,
        "sitting": sitting,
        "events": f"/events/{sitting.uid}",
        "sentences": screen_sentences(),
        **more,
    }
    return render(request, template, context)


@public
@require_GET
def record_json(request: HttpRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Return the whole public record so far: the board with every speech that ended.

    `now` is the instant of the answer, by which a screen corrects its own clock.
    """
    now = clock.now()
    sitting = get_sitting(comune=comune, uid=uid)
    state = state_of(comune=comune, sitting=sitting)
    facts = public_board(state, now)
    facts["now"] = now.isoformat(timespec="milliseconds")
    if not state.secret_since and state.profile is not None:
        facts["turns"] = [turn_facts(state, one) for one in state.turns if not one.in_secret]
    return JsonResponse(facts)
