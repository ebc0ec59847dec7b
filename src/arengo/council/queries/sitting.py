"""What is asked about sittings."""

from __future__ import annotations

from arengo.council.models import Sitting
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import query


@query
def get_sitting(*, comune: Comune, uid: str) -> Sitting:
    """Return a sitting of the Comune, or raise `NotFound`."""
    sitting = Sitting.objects.filter(uid=uid).select_related("comune").first()
    if sitting is None:
        raise NotFound
    return sitting


@query
def list_sittings(*, comune: Comune, limit: int = 50) -> tuple[Sitting, ...]:
    """Return the sittings of the Comune, latest first."""
    found = Sitting.objects.select_related("comune").order_by("-scheduled_at", "-id")
    return tuple(found[:limit])
