"""What the pages of the whole installation ask, across Comuni."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from arengo.council.models import Sitting, SittingState
from arengo.kernel.models import Comune

LIMIT = 100


@dataclass(frozen=True, slots=True)
class ComuneLine:
    """A Comune in the list of those with sittings."""

    slug: str
    name: str
    province: str
    sittings: int


def comuni_with_sittings(*, name: str = "") -> tuple[ComuneLine, ...]:
    """Return the Comuni that publish sittings here, those with `name` in their name, by name."""
    counts = dict(Sitting.across.order_by().values_list("comune_id").annotate(Count("id")))
    found = Comune.objects.filter(pk__in=counts, name__icontains=name).order_by("name", "pk")
    return tuple(
        ComuneLine(comune.slug, comune.name, comune.province, counts[comune.pk])
        for comune in found[:LIMIT]
    )


def sittings_under_way() -> tuple[Sitting, ...]:
    """Return the sittings open now, the latest first."""
    opened = Sitting.across.filter(state=SittingState.OPEN).select_related("comune")
    return tuple(opened.order_by("-opened_at", "-id")[:LIMIT])
