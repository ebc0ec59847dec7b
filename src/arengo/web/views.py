"""The pages of the installation: home, signing in and out, what the law wants said."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.kernel.access import public
from arengo.web import queries

WORKER = Path(__file__).parent / "static" / "web" / "worker.js"


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {  # noqa: RUF012 - as the parent has it
        "invalid_login": _("Indirizzo o password non corretti. Controllali e riprova."),
        "inactive": _("Questo accesso è disattivato: chiedi all’amministratore del tuo Comune."),
    }


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show which Comuni publish their sittings here."""
    name = request.GET.get("nome", "").strip()[:100]
    context = {
        "name": name,
        "comuni": queries.comuni_with_sittings(name=name),
        "live": () if name else queries.sittings_under_way(),
    }
    return render(request, "web/home.html", context)


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let a member of a Comune's staff in, then lead back to where they were going."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_own_address(request, wanted))
    return render(request, "web/sign_in.html", {"form": form, "next": wanted})


def _own_address(request: HttpRequest, wanted: str) -> str:
    is_own = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and is_own else "live:desk"


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("web:home")


@public
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept of whom."""
    return render(request, "web/privacy.html")


@public
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what is accessible, what is not, and to whom to write."""
    return render(request, "web/accessibility.html")


@public
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that a visitor's own browser keeps for when it has no network."""
    return render(request, "errors/offline.html")


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the root: it may look after no more than its own folder."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript", headers=headers)
