"""How every address of the interface is served: open to all, counted, cached only when asked again.

Each address wears the rule `@public`, which finds the Comune and opens its scope; refusals are
problem details (RFC 9457); any page of the web may read the answers (CORS).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag

from arengo.kernel import clock
from arengo.kernel.access import public
from arengo.kernel.answers import answer
from arengo.kernel.errors import DomainError, Invalid
from arengo.kernel.models import Comune
from arengo.record.api.limits import REQUESTS, Allowance, Counter

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
EXPOSED = "ETag, Link, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
counter = Counter()

Answer = Callable[..., HttpResponseBase]


class TooMany(DomainError):
    """Ask a client to wait."""

    status = 429
    code = "too_many_requests"
    title = "Troppe richieste"
    message = "Hai superato {requests} richieste al minuto. Riprova tra {wait} secondi."


class MethodRefused(Invalid):
    """Refuse to change anything: the interface only reads."""

    status = 405
    code = "method_not_allowed"
    title = "Metodo non ammesso"
    message = "Questa interfaccia è di sola lettura: usa GET."


def served(view: Answer) -> Answer:
    """Serve a view of the interface; `slug` in its address is the Comune's."""

    @public
    @wraps(view)
    def opened(request: HttpRequest, *, comune: Comune | None = None, **parts: Any) -> Any:
        if comune is None:
            return view(request, **parts)
        request.comune = comune  # type: ignore[attr-defined]  # for the functions of `routes`
        return view(request, slug=comune.slug, **parts)

    @wraps(opened)
    def counted(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        left = counter.take(_client(request), clock.now().timestamp())
        response = _answered(opened, request, left, parts)
        for name, value in _headers(left).items():
            response.headers.setdefault(name, value)
        return response

    return counted


def _answered(
    view: Any, request: HttpRequest, left: Allowance, parts: dict[str, Any]
) -> HttpResponseBase:
    try:
        if not left.is_granted:
            raise TooMany(requests=REQUESTS, wait=left.reset_s)
        if request.method == "OPTIONS":
            return _preflight()
        if request.method != "GET":
            raise MethodRefused
        response = view(request, **parts)
    except DomainError as refusal:
        refused = answer(request, refusal)
        if isinstance(refusal, TooMany):
            refused["Retry-After"] = str(left.reset_s)
        return refused
    return _conditional(request, response)


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Answer 304 where the client has the same already."""
    if response.status_code != 200 or response.streaming:
        return response
    set_response_etag(response)
    found = get_conditional_response(request, etag=response.get("ETag"), response=response)
    return found or response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = "GET"
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _headers(left: Allowance) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": EXPOSED,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "public, no-cache",
        "Link": f'<{LICENCE}>; rel="license"',
        "X-RateLimit-Limit": str(REQUESTS),
        "X-RateLimit-Remaining": str(left.remaining),
        "X-RateLimit-Reset": str(left.reset_s),
    }


def _client(request: HttpRequest) -> str:
    """Return who asks: behind the door, the address that the door itself wrote."""
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")
