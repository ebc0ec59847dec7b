"""What the council will talk about: the sittings convened and not yet held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from arengo.council.engine.board import HIDDEN_TITLE
from arengo.council.models import Convocation, Sitting, SittingState
from arengo.council.queries.agenda import agenda_items, announced_items
from arengo.kernel.models import Comune
from arengo.kernel.scope import query

MOST = 20


@dataclass(frozen=True, slots=True)
class Announced:
    """A sitting of which a notice went out, with the items told of: number and title.

    Of an item to be treated in secret there is only that it is.
    """

    sitting: Sitting
    items: tuple[tuple[int, str], ...]
    sent_at: datetime


@query
def announced(*, comune: Comune) -> tuple[Announced, ...]:
    """Return the sittings to come that were convened, the next one first."""
    rows = Sitting.objects.filter(state=SittingState.PREPARED).order_by("scheduled_at", "id")
    found = (_announced(comune, sitting) for sitting in rows[:MOST])
    return tuple(one for one in found if one)


def _announced(comune: Comune, sitting: Sitting) -> Announced | None:
    sent = Convocation.objects.filter(sitting=sitting).order_by("-id").first()
    if sent is None:
        return None
    told = announced_items(comune=comune, sitting=sitting)
    items = tuple(
        (one.position, HIDDEN_TITLE if one.is_secret else one.title)
        for one in agenda_items(comune=comune, sitting=sitting)
        if one.pk in told
    )
    return Announced(sitting, items, sent.sent_at)
