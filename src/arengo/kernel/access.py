"""Who may open a page: each view wears exactly one of these rules.

    @public              anyone
    @signed_in           anyone who signed in
    @members(Role.…)     people with one of the roles in the Comune of the address

When the address has a `slug`, the rule finds the Comune, opens its scope around
the view and hands it over as the keyword `comune`. Strangers, visitors of a
Comune that is not, and people whose role ended all get the same `NotFound`; only
who has not signed in at all is sent to do so. A contract test refuses a route
without a rule.

A view must render inside itself (`render(…)`, not a lazy `TemplateResponse`):
the scope ends with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from arengo.kernel import clock
from arengo.kernel.errors import NotFound, SignInRequired
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import scope


class AuthenticatedRequest(HttpRequest):
    """A request behind `signed_in` or `members`: `user` is a person."""

    user: User


class View(Protocol):
    """A view that declared who may open it."""

    access_rule: str

    def __call__(self, request: HttpRequest, **parts: str) -> HttpResponseBase:
        """Answer a request."""


def public(view: Callable[..., HttpResponseBase]) -> View:
    """Let anyone in."""
    return _guarded(view, "public", lambda request, comune: None)


def signed_in(view: Callable[..., HttpResponseBase]) -> View:
    """Let in whoever signed in."""
    return _guarded(view, "signed_in", lambda request, comune: None)


def members(*roles: Role) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Let in who has one of `roles` (or any role) in the Comune of the address."""
    wanted = roles or tuple(Role)

    def check(request: HttpRequest, comune: Comune | None) -> None:
        if comune is None or not has_role(request.user, comune=comune, roles=wanted):
            raise NotFound

    return lambda view: _guarded(view, "members:" + ",".join(sorted(wanted)), check)


def has_role(user: object, *, comune: Comune, roles: tuple[Role, ...]) -> bool:
    """Tell whether `user` holds one of `roles` in `comune` today."""
    if not isinstance(user, User) or not user.is_active:
        return False
    held = Membership.across.filter(comune=comune, user=user, role__in=roles)
    return now_valid(held).exists()


def now_valid(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Keep the memberships that hold today."""
    now = clock.now()
    return memberships.filter(Q(valid_until=None) | Q(valid_until__gt=now), valid_from__lte=now)


def get_comune(slug: str) -> Comune:
    """Return the Comune of an address, or raise `NotFound`."""
    comune = Comune.objects.filter(slug=slug).first()
    if comune is None:
        raise NotFound
    return comune


def _guarded(
    view: Callable[..., HttpResponseBase],
    rule: str,
    check: Callable[[HttpRequest, Comune | None], None],
) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *, slug: str = "", **parts: str) -> HttpResponseBase:
        if rule != "public" and not request.user.is_authenticated:
            return _to_sign_in(request)
        comune = get_comune(slug) if slug else None
        check(request, comune)
        named: dict[str, Any] = {"comune": comune} if comune else {}
        with scope(comune) if comune else nullcontext():
            return view(request, **named, **parts)

    guarded.access_rule = rule  # type: ignore[attr-defined]  # functions take attributes
    return guarded  # type: ignore[return-value]


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method != "GET" or wants_json(request):
        raise SignInRequired
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{query}")


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the client is a program: under `/api/`, or JSON before HTML in `Accept`."""
    if request.path.startswith("/api/"):
        return True
    preferred = request.get_preferred_type(
        ["text/html", "application/problem+json", "application/json"]
    )
    return preferred is not None and preferred != "text/html"
