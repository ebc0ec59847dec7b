"""Every page is locked down, and a visitor gets no cookie."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from arengo.kernel.headers import security_headers


def _headers(**environment: str) -> dict[str, str]:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = RequestFactory().get("/", **environment)  # type: ignore[arg-type]  # WSGI names
    return dict(security_headers(page)(request).headers)


def test_the_policy_lets_in_only_this_installation() -> None:
    policy = _headers(HTTP_HOST="localhost:8000")["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' ws://localhost:8000 wss://localhost:8000"
    assert "unsafe" not in policy
    assert "https:" not in policy


def test_a_forged_host_does_not_enter_the_policy() -> None:
    assert "evil" not in _headers(HTTP_HOST="evil.example")["Content-Security-Policy"]


def test_https_is_demanded_only_where_it_is_served(settings: Settings) -> None:
    assert "Strict-Transport-Security" not in _headers()
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert _headers()["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/pero/", "/accedi/x"])
def test_a_visitor_gets_no_cookie(path: str, client: Client, db: None) -> None:
    response = client.get(path)
    assert not response.cookies
    assert response.headers["X-Content-Type-Options"] == "nosniff"
