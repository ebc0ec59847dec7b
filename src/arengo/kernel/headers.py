"""The security headers of every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase

# Everything comes from the Comune's own address: no third party, no inline code.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self' ws://{host} wss://{host}; font-src 'self'; "
    "worker-src 'self' blob:; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), microphone=(self), fullscreen=(self), geolocation=(), payment=(), usb=()"
    ),
}

Answer = Callable[[HttpRequest], HttpResponseBase]


def security_headers(get_response: Answer) -> Answer:
    """Add the headers that a response does not set by itself."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            if name != "X-Frame-Options" or not _may_be_framed(response):
                response.headers.setdefault(name, value)
        policy = CONTENT_SECURITY_POLICY.format(host=_host(request))
        response.headers.setdefault("Content-Security-Policy", policy)
        if settings.SECURE_HSTS_SECONDS:
            hsts = f"max-age={settings.SECURE_HSTS_SECONDS}"
            response.headers.setdefault("Strict-Transport-Security", hsts)
        return response

    return answer


def _may_be_framed(response: HttpResponseBase) -> bool:
    """Tell whether a view said that other sites may show it (`xframe_options_exempt`)."""
    return bool(getattr(response, "xframe_options_exempt", False))


def _host(request: HttpRequest) -> str:
    try:
        return request.get_host()
    except DisallowedHost:
        return "localhost"  # a forged Host gets an error page, which opens no socket
