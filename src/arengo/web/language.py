"""The language of a page is in its address: Italian by default, English under `/en/`.

No cookie, no guess from the browser: an address shows the same page to everyone, so
that it can be cached and sent to someone. The prefix is treated as a mount point
(PEP 3333's SCRIPT_NAME): every address that the page writes keeps it by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import set_script_prefix
from django.utils import translation

ENGLISH = "/en"
Answer = Callable[[HttpRequest], HttpResponseBase]


def language_of_address(get_response: Answer) -> Answer:
    """Set the language of each request from its address."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        is_english = request.path_info.startswith(f"{ENGLISH}/")
        if is_english:
            request.path_info = request.path_info.removeprefix(ENGLISH)
            set_script_prefix(f"{ENGLISH}/")
        with translation.override("en" if is_english else "it"):
            response = get_response(request)
        response.headers.setdefault("Content-Language", "en" if is_english else "it")
        return response

    return answer


def address_in(request: HttpRequest, language: str) -> str:
    """Return the address of this same page in `language`."""
    query = request.META.get("QUERY_STRING", "")
    path = (ENGLISH if language == "en" else "") + request.path_info
    return f"{path}?{query}" if query else path
