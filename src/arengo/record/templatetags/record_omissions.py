"""What the page of omissions writes: moments of the video and names of acts."""

from __future__ import annotations

from typing import Any

from django import template

from arengo.kernel.access import has_role
from arengo.record.access import ORDERERS
from arengo.record.forms.omissions import clock_of

register = template.Library()


@register.filter
def clock(seconds: float) -> str:
    """Write `0:02:03`."""
    return clock_of(seconds)


@register.filter
def act_title(name: str) -> str:
    """Write `Resoconto integrale` for «resoconto-integrale»."""
    return name.replace("-", " ").capitalize()


@register.simple_tag(takes_context=True)
def may_omit(context: dict[str, Any]) -> bool:
    """Tell whether the reader may order an omission in the page's Comune."""
    return has_role(context["request"].user, comune=context["comune"], roles=ORDERERS)
