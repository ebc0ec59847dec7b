"""The few pieces of markup that every page shares: icons, Arengo's mark, a Comune's arms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from arengo.council import wording
from arengo.web.language import address_in

register = template.Library()

# An arch of a town loggia: cornice, two piers on their steps, the round arch.
MARK = "M3 3h42v4H3zM6 9h36v32h-8V27a10 10 0 0 0-20 0v14H6zM3 43h14v3H3zM31 43h14v3H31z"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Return one of Bootstrap Italia's 179 icons; words beside it say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("vendor/bootstrap-italia/sprites.svg"),
        name,
    )


@register.simple_tag
def mark() -> SafeString:
    """Return Arengo's mark; the Comune's arms always come before it."""
    return format_html(
        '<svg class="ar-mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">'
        '<path fill-rule="evenodd" d="{}"></path></svg>',
        MARK,
    )


@register.simple_tag
def arms(name: str) -> SafeString:
    """Return a shield with the mural crown and the Comune's initial, until it gives its own arms."""
    # law: R.D. 651/1943 art. 97 gives Comuni a crown of nine visible merlons; five, at this size
    return format_html(
        '<svg class="ar-arms" viewBox="0 0 48 56" aria-hidden="true" focusable="false">'
        '<path fill="#e6ecf2" d="M8 2h4v3h4V2h4v3h3V2h2v3h3V2h4v3h4V2h4v10H8z"></path>'
        '<path fill="#fff" d="M4 14h40v19c0 11-9 18-20 22C13 51 4 44 4 33z"></path>'
        '<path fill="none" stroke="#06c" stroke-width="1.5" '
        'd="M6.5 16.500h35V33c0 9.500-8 15.700-17.500 19.300C14.500 48.700 6.500 42.500 6.500 33z">'
        '</path><text x="24" y="40" text-anchor="middle" font-size="22" font-weight="700" '
        'fill="#004c99">{}</text></svg>',
        name[:1].upper(),
    )


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], language: str) -> str:
    """Return the address of this same page in another language."""
    request = context.get("request")
    return address_in(request, language) if request else "/"


@register.filter
def label(text: str) -> str:
    """Write a model's label (`{{ item.get_type_display|label }}`) in the page's language."""
    return wording.label(text)


@register.filter
def day(moment: datetime) -> str:
    """Write `8 novembre 2026`: Italian gives months no capital, Django does."""
    return _written(moment, "j F Y")


@register.filter
def weekday(moment: datetime) -> str:
    """Write `domenica 8 novembre 2026`."""
    return _written(moment, "l j F Y")


@register.filter
def weekday_short(moment: datetime) -> str:
    """Write `domenica 8 novembre`."""
    return _written(moment, "l j F")


def _written(moment: datetime, form: str) -> str:
    text = date_format(timezone.localtime(moment), form)
    return text.lower() if get_language() == "it" else text
