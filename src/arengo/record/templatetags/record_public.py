"""What the public pages of a Comune share: the links between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from arengo.kernel.models import Comune

register = template.Library()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A public page of a Comune; `is_here` when it is the one that is shown, or above it."""

    address: str
    title: str
    is_here: bool


@register.simple_tag(takes_context=True)
def public_pages(context: dict[str, Any], comune: Comune) -> list[PageLink]:
    """Return the public pages of a Comune that this installation has, in the order of use."""
    request = context.get("request")
    path = request.path if request else ""
    return [_link(name, title, comune, path) for name, title in _titles() if _address(name, comune)]


@register.filter
def second(at_s: float) -> int:
    """Return the whole second of the video at which something begins."""
    return int(at_s)


@register.filter
def clock(at_s: float) -> str:
    """Return a second as the player shows it, «1:02:03»."""
    at = int(at_s)
    return f"{at // 3600}:{at // 60 % 60:02d}:{at % 60:02d}"


def _titles() -> tuple[tuple[str, str], ...]:
    return (
        ("live:comune", _("Sedute")),
        ("record:archive", _("Cerca")),
        ("record:decisions", _("Cosa si è deciso")),
        ("record:members", _("Consiglieri")),
        ("record:topics", _("Vie e temi")),
        ("record:albo", _("Albo pretorio")),
        ("record:register", _("Delibere")),
        ("record:acts", _("Atti")),
        ("record:open_data_comune", _("Dati aperti")),
        ("record:verify", _("Verifica")),
        ("record:alerts", _("Avvisi")),
    )


def _link(name: str, title: str, comune: Comune, path: str) -> PageLink:
    address = _address(name, comune)
    is_home = name == "live:comune"
    is_here = path == address if is_home else path.startswith(address) and address != "/"
    return PageLink(address, title, is_here)


def _address(name: str, comune: Comune) -> str:
    """Return the address of a page; empty where this installation has no such page."""
    try:
        return reverse(name, args=(comune.slug,))
    except NoReverseMatch:
        return ""
