"""The language of a page is in its address: Italian by default, English under `/en/`.

No cookie, no guess from the browser: an address shows the same page to everyone, so
that it can be cached and sent to someone. The prefix is treated as a mount point
(PEP 3333's SCRIPT_NAME): every address that the page writes keeps it by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation

ENGLISH = "/en"
Answer = Callable[[HttpRequest], HttpResponseBase]


def language_of_address(get_response: Answer) -> Answer:
    """Set the language of each request from its address."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(f"{ENGLISH}/"):
            return _in("it", request, get_response)
        request.path_info = request.path_info.removeprefix(ENGLISH)
        mount = get_script_prefix()
        set_script_prefix(f"{mount.rstrip('/')}{ENGLISH}/")
        try:
            return _in("en", request, get_response)
        finally:
            set_script_prefix(mount)

    return answer


def _in(language: str, request: HttpRequest, get_response: Answer) -> HttpResponseBase:
    with translation.override(language):
        response = get_response(request)
    response.headers.setdefault("Content-Language", language)
    return response


def address_in(request: HttpRequest, language: str) -> str:
    """Return the address of this same page in `language`."""
    query = request.META.get("QUERY_STRING", "")
    path = (ENGLISH if language == "en" else "") + request.path_info
    return f"{path}?{query}" if query else path
