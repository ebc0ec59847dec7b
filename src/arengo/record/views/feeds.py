"""The feeds of a Comune, and the page that offers them."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from arengo.council.engine.search import LONGEST_QUERY, SearchUnreadable
from arengo.council.views.convocation import base_url
from arengo.kernel import clock
from arengo.kernel.access import public
from arengo.kernel.models import Comune
from arengo.record.feeds import FeedEntry, atom
from arengo.record.forms.alerts import AlertForm
from arengo.record.queries.alerts import Announced, announced
from arengo.record.queries.decisions import decided
from arengo.record.queries.search import search
from arengo.record.subscriptions import confirm, find_subscription, stop, subscribe

KEPT = "public, max-age=300"


# Nobody is signed in behind these forms; an address is written to only if it confirms.
@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def alerts(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Offer the feeds and the e-mail alerts; who asks for these gets the same answer always."""
    form = AlertForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked:
        subscribe(comune=comune, **form.cleaned_data)
    context = {
        "comune": comune,
        "coming": announced(comune=comune),
        "longest": LONGEST_QUERY,
        "form": form,
        "is_asked": is_asked,
    }
    status = 422 if request.method == "POST" and not is_asked else 200
    return render(request, "record/alerts.html", context, status=status)


@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "POST"])
def subscription(request: HttpRequest, *, comune: Comune, token: str) -> HttpResponse:
    """Confirm or stop the alerts; opening writes nothing, because mail scanners open links."""
    if request.method == "POST":
        act = confirm if request.POST.get("action") == "confirm" else stop
        act(comune=comune, token=token)
    found = find_subscription(comune=comune, token=token)
    context = {"comune": comune, "found": found, "is_done": request.method == "POST"}
    return render(request, "record/subscription.html", context)


@public
@require_GET
def before(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Tell what the council will talk about, and when."""
    title = f"Consiglio comunale di {comune.name}: di cosa si parlerà"
    entries = [_coming(request, comune, one) for one in announced(comune=comune)]
    page = reverse("live:comune", args=(comune.slug,))
    return _feed(request, comune, title, page, entries)


@public
@require_GET
def decisions_feed(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Tell what was decided."""
    title = f"Consiglio comunale di {comune.name}: cosa si è deciso"
    page = reverse("record:decisions", args=(comune.slug,))
    return _feed(request, comune, title, page, list(_decided(request, comune)))


@public
@require_GET
def search_feed(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Tell where some words were said, the latest first; words without sense find nothing."""
    asked = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    title = f"Consiglio comunale di {comune.name}: «{asked}»"
    page = reverse("record:archive", args=(comune.slug,))
    return _feed(request, comune, title, page, list(_found(request, comune, asked)))


def _feed(
    request: HttpRequest, comune: Comune, title: str, page: str, entries: list[FeedEntry]
) -> HttpResponse:
    base = base_url(request)
    data = atom(
        address=f"{base}{request.get_full_path()}",
        page=base + page,
        title=title,
        author=f"Comune di {comune.name}",
        entries=entries,
        at=clock.now(),
    )
    headers = {"Cache-Control": KEPT, "Content-Language": "it"}
    return HttpResponse(data, content_type="application/atom+xml; charset=utf-8", headers=headers)


def _coming(request: HttpRequest, comune: Comune, one: Announced) -> FeedEntry:
    sitting = one.sitting
    with override("it"):
        when = date_format(localtime(sitting.scheduled_at), "l j F, \\o\\r\\e H:i").lower()
    lines = [f"{number}. {title}" for number, title in one.items]
    address = reverse("live:sitting", args=(comune.slug, sitting.uid))
    title = f"Se ne parla {when}: {sitting.title}"
    return FeedEntry(base_url(request) + address, title, "\n".join(lines), one.sent_at)


def _decided(request: HttpRequest, comune: Comune) -> Iterator[FeedEntry]:
    for evening in decided(comune=comune).evenings:
        page = reverse("record:sitting_decisions", args=(comune.slug, evening.sitting.uid))
        for one in evening.decisions:
            address = f"{base_url(request)}{page}#punto-{one.place}"
            yield FeedEntry(address, one.title, " ".join(one.told), one.decided_at)


def _found(request: HttpRequest, comune: Comune, asked: str) -> Iterator[FeedEntry]:
    try:
        hits = search(comune=comune, text=asked).hits if asked else ()
    except SearchUnreadable:
        return
    for hit in hits:
        row = hit.passage
        page = reverse("live:sitting", args=(comune.slug, row.sitting.uid))
        second = "" if hit.second is None else f"#t={hit.second}"
        title = row.speaker or row.item_title or row.sitting.title
        at = row.sitting.closed_at or row.sitting.scheduled_at
        yield FeedEntry(f"{base_url(request)}{page}{second}", title, row.text, at)
