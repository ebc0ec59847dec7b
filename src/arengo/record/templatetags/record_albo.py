"""What the pages of publication share: days in words, deadlines."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

from arengo.council.queries.people import today
from arengo.kernel.models import Comune
from arengo.record.deadline_file import sentence
from arengo.record.due import Deadline, deadlines

register = template.Library()


@register.filter
def date_words(day: date) -> str:
    """Write «8 novembre 2026»: Italian gives months no capital, Django does."""
    text = date_format(day, "j F Y")
    return text.lower() if get_language() == "it" else text


@register.simple_tag
def deadlines_of(comune: Comune) -> tuple[Deadline, ...]:
    """Return what falls within a week, for who is let into the pages of the council."""
    return deadlines(comune=comune, day=today())


@register.filter
def told(one: Deadline) -> str:
    """Say a deadline."""
    return sentence(one)
