"""One mapping from refusals to what the client sees.

People get the page `errors/error.html`; programs get RFC 9457 problem details.
"""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.html import format_html
from django.utils.translation import gettext as _

from arengo.kernel.access import wants_json
from arengo.kernel.errors import DomainError, Invalid, NotFound

log = logging.getLogger(__name__)


class Unexpected(DomainError):
    """Stand for a fault of ours; nothing of it is told to the client."""

    status = 500
    code = "unexpected"
    title = "Errore imprevisto"
    message = "Qualcosa non ha funzionato. Riprova; se si ripete, avvisa il Comune."


class BadForm(Invalid):
    """Stand for a request that Django itself refuses."""

    status = 400
    code = "bad_request"
    message = "La richiesta non è leggibile. Ricarica la pagina e riprova."


class FormExpired(Invalid):
    """Stand for a form sent from an old page or from another site."""

    status = 403
    code = "form_expired"
    title = "Modulo scaduto"
    message = "Il modulo è scaduto. Ricarica la pagina e invialo di nuovo."


class RefusalMiddleware(MiddlewareMixin):
    """Turn a refusal raised by a view into its page or its problem details."""

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer for `DomainError`, 404 and 403; leave faults to `server_error`."""
        if isinstance(exception, DomainError):
            return answer(request, exception)
        if isinstance(exception, Http404 | PermissionDenied):
            return answer(request, NotFound())
        return None


def answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Return what `refusal` looks like to this client."""
    title = _(refusal.title)
    message = _(refusal.message).format(**refusal.facts)
    if wants_json(request):
        return _problem(request, refusal, title=title, message=message)
    return HttpResponse(_page(request, refusal, title, message), status=refusal.status)


def _problem(
    request: HttpRequest, refusal: DomainError, *, title: str, message: str
) -> JsonResponse:
    """Return RFC 9457 problem details; the type names our own code."""
    problem = {
        "type": f"urn:arengo:problem:{refusal.code}",
        "title": title,
        "status": refusal.status,
        "detail": message,
        "instance": request.path,
        "code": refusal.code,
        "facts": refusal.facts,
    }
    return JsonResponse(problem, status=refusal.status, content_type="application/problem+json")


def _page(request: HttpRequest, refusal: DomainError, title: str, message: str) -> str:
    context = {"title": title, "message": message, "status": refusal.status, "code": refusal.code}
    try:
        return render_to_string("errors/error.html", context, request)
    except TemplateDoesNotExist:
        return _bare_page(title, message)
    except Exception:
        log.exception("the error page itself failed")
        return _bare_page(title, message)


def _bare_page(title: str, message: str) -> str:
    """Return a page that needs no template, for when even that is broken."""
    return format_html(
        '<!doctype html><html lang="it"><meta charset="utf-8"><title>{title}</title>'
        '<main><h1>{title}</h1><p>{message}</p><p><a href="/">Pagina iniziale</a></p></main>',
        title=title,
        message=message,
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that no route knows."""
    return answer(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a request that Django refuses to read."""
    return answer(request, BadForm())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours; Django has logged it."""
    return answer(request, Unexpected())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer for a form without a good CSRF token."""
    return answer(request, FormExpired())
