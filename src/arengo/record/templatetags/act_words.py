"""The words of acts in templates: what a kind of document is called, and the labels of models."""

from __future__ import annotations

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from arengo.record.letters import KINDS

register = template.Library()


@register.simple_tag
def act_kind(kind: str) -> str:
    """Return what a kind of document is called, with a capital."""
    return str(capfirst(_(KINDS.get(kind, kind))))


@register.simple_tag
def trans_label(label: str) -> str:
    """Return the label of a choice in the page's language."""
    return _(label) if label else ""
