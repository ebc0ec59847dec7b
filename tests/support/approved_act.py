"""The sittings between which an act is approved: one that is over, and the one after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune


def close(sitting: Sitting) -> Sitting:
    """Return the sitting, closed."""
    from arengo.live.operations import close_broadcast, open_broadcast

    open_broadcast(comune=sitting.comune, sitting=sitting, by=None)
    close_broadcast(comune=sitting.comune, sitting=sitting, by=None)
    sitting.refresh_from_db()
    return sitting


def hold_next(
    comune: Comune, make_sitting: Callable[..., Sitting], *, result: str = "approved"
) -> Sitting:
    """Return the sitting after, in which the minutes were voted."""
    from chamber import make_agenda, opinions, play, roll_call

    from arengo.kernel import clock

    at = clock.now() - timedelta(minutes=30)
    later = make_sitting(comune, title="Seduta dopo", scheduled_at=at, is_demo=True)
    (item,) = make_agenda(later, [{"title": "Verbali della seduta precedente", "type": "minutes"}])
    state = play(later, at=at)
    play(later, *roll_call(state), ("sitting_opened", {}), at=at)
    play(later, *opinions(state), ("item_called", {"item": str(item.pk)}), at=at)
    asked = {"method": "hands", "title": "Approvazione dei verbali"}
    against = {} if result == "approved" else {"against": list(state.members)}
    play(later, ("ballot_opened", asked), ("hands_counted", against), at=at)
    play(later, ("ballot_closed", {}), ("proclaimed", {}), at=at + timedelta(seconds=5))
    return later
