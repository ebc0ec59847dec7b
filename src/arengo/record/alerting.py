"""Who is written to about a sitting, before it and after it, and what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from arengo.council.engine.search import SearchUnreadable, matches, parse
from arengo.council.models import Sitting
from arengo.kernel import jobs
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.models import Passage, Subscription
from arengo.record.queries.alerts import announced
from arengo.record.queries.decisions import decided_in
from arengo.record.queries.search import search
from arengo.record.subscriptions import alert, forget_unconfirmed, public_address

When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of a sitting: `lines` to everyone, `about` some words the lines of them."""

    subject: str
    lines: tuple[str, ...]
    address: str
    about: Callable[[str], Sequence[str]]


def confirmed(*, comune: Comune) -> list[int]:
    """Return who is to be written to, in the order in which they asked."""
    forget_unconfirmed(comune=comune)
    return list(_confirmed_ids(comune=comune))


@query
def _confirmed_ids(*, comune: Comune) -> tuple[int, ...]:
    rows = Subscription.objects.exclude(confirmed_at=None).order_by("id")
    return tuple(rows.values_list("pk", flat=True))


def tell(*, comune: Comune, sitting: Sitting, when: When, subscription_id: int) -> bool:
    """Write to one subscriber about a sitting; False where there is nothing they asked for."""
    to = Subscription.objects.filter(pk=subscription_id).exclude(confirmed_at=None).first()
    story = (_before if when == "before" else _after)(comune, sitting)
    if to is None or story is None:
        return False
    lines = story.about(to.query) if to.query else story.lines
    if not lines:
        return False
    text = "\n".join([*lines, "", public_address() + story.address])
    alert(comune, to, story.subject, text).send()
    return True


def _before(comune: Comune, sitting: Sitting) -> Story | None:
    """Tell when and of what the council will talk; None of a sitting that was not convened."""
    found = next((one for one in announced(comune=comune) if one.sitting.pk == sitting.pk), None)
    if found is None:
        return None
    with override("it"):
        when = date_format(localtime(sitting.scheduled_at), "l j F, \\o\\r\\e H:i").lower()
    lines = tuple(f"{number}. {title}" for number, title in found.items)
    page = reverse("live:sitting", args=(comune.slug, sitting.uid))
    subject = f"Se ne parla {when}: Consiglio comunale di {comune.name}"
    return Story(
        subject, lines, page, lambda words: [one for one in lines if _is_about(words, one)]
    )


def _after(comune: Comune, sitting: Sitting) -> Story | None:
    """Tell what was decided, or where some words were said."""
    told = decided_in(comune=comune, sitting=sitting)
    lines = tuple(f"{one.title}\n{' '.join(one.told)}\n" for one in told)
    page = reverse("record:sitting_decisions", args=(comune.slug, sitting.uid))
    subject = f"Cosa si è deciso: {sitting.title}, Consiglio comunale di {comune.name}"
    return Story(subject, lines, page, lambda words: _said(comune, sitting, words))


def _is_about(words: str, title: str) -> bool:
    """Tell whether all that was asked for is in a title."""
    try:
        asked = parse(words, frozenset())
    except SearchUnreadable:
        return False
    parts = [replace(asked, terms=(term,)) for term in asked.terms]
    return bool(parts) and all(matches(part, title) for part in parts)


def _said(comune: Comune, sitting: Sitting, words: str) -> list[str]:
    """Return the passages of the sitting, of the latest found, in which some words were said."""
    if not Passage.objects.filter(sitting=sitting).exists():
        raise jobs.NotYet(f"{sitting.uid} is not in the archive yet")
    try:
        hits = search(comune=comune, text=words).hits
    except SearchUnreadable:
        return []
    page = public_address() + reverse("live:sitting", args=(comune.slug, sitting.uid))
    return [
        f"{hit.passage.text}\n{page}#t={hit.second or 0}\n"
        for hit in hits
        if hit.passage.sitting_id == sitting.pk
    ]
