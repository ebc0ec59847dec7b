"""What the catalogue of open data says of each Comune."""

from __future__ import annotations

from arengo.council.models import Sitting, SittingState
from arengo.council.queries.people import ROME, today
from arengo.kernel.models import Comune
from arengo.kernel.scope import query, scope
from arengo.record.catalogue import Town
from arengo.record.queries.open_data import years_closed

MOST_TOWNS = 1000


def towns() -> tuple[Town, ...]:
    """Return the Comuni that publish sittings here, by name."""
    codes = Sitting.across.order_by().values("comune_id")
    found = Comune.objects.filter(pk__in=codes).order_by("name", "pk")[:MOST_TOWNS]
    return tuple(_town(one) for one in found)


def _town(comune: Comune) -> Town:
    with scope(comune):
        return town_of(comune=comune)


@query
def town_of(*, comune: Comune) -> Town:
    """Return what the catalogue says of a Comune."""
    closed = Sitting.objects.filter(state=SittingState.CLOSED).order_by("opened_at", "id")
    first, last = closed.first(), closed.last()
    return Town(
        name=comune.name,
        slug=comune.slug,
        istat=comune.pk,
        first_date=first.opened_at.astimezone(ROME).date() if first and first.opened_at else None,
        modified_date=last.closed_at.astimezone(ROME).date()
        if last and last.closed_at
        else today(),
        years=years_closed(comune=comune),
    )
