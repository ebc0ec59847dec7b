"""A delibera that was numbered, shared and signed, ready for the albo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune
    from arengo.record.models import Act, Publication, RegisterLine

SIGNED = b"%PDF-1.7 firmato da due persone"


def close(sitting: Sitting) -> Sitting:
    """Close a sitting that was held, an hour after it began."""
    from arengo.council.models import Sitting as Model
    from arengo.council.models import SittingState

    began_at = sitting.scheduled_at
    Model.across.filter(pk=sitting.pk).update(
        state=SittingState.CLOSED,
        opened_at=began_at,
        closed_at=began_at + timedelta(minutes=55),
    )
    sitting.refresh_from_db()
    return sitting


def held_and_closed(comune: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting that adopted one delibera, on the bins."""
    from spoken_sitting import hold

    return close(hold(comune, make_sitting))


def another(
    comune: Comune,
    make_sitting: Callable[..., Sitting],
    *,
    hours_ago: float,
    items: int = 1,
    **over: object,
) -> Sitting:
    """Return a closed sitting of a council already seated, that adopted some delibere."""
    from chamber import make_agenda, opinions, play, roll_call

    from arengo.kernel import clock

    began_at = clock.now() - timedelta(hours=hours_ago)
    sitting = make_sitting(comune, scheduled_at=began_at, **over)
    made = make_agenda(sitting)[1 : 1 + items]
    state = play(sitting, at=began_at)
    play(sitting, *roll_call(state), ("sitting_opened", {}), at=began_at)
    play(sitting, *opinions(state), at=began_at)
    for item in made:
        voted = [("ballot_opened", {"method": "hands"}), ("hands_counted", {})]
        left = ("item_left", {"item": str(item.pk), "result": "decided"})
        ended = [("ballot_closed", {}), ("proclaimed", {}), left]
        play(sitting, ("item_called", {"item": str(item.pk)}), *voted, *ended, at=began_at)
    return close(sitting)


def sign(comune: Comune, line: RegisterLine) -> Act:
    """Share the delibera of a line and have it signed."""
    from arengo.kernel.scope import scope
    from arengo.record.acts import add_versions, share
    from arengo.record.drafts import Written
    from arengo.record.models import ActState, VersionCause

    act = share(comune=comune, sitting=line.sitting, name=line.name, by=None)
    with scope(comune):
        signed = Written("delibera-firmata.pdf", "application/pdf", SIGNED)
        add_versions(comune=comune, act=act, files=[signed], cause=VersionCause.SIGNED, by=None)
        act.state = ActState.SIGNED
        act.save(update_fields=["state"])
    return act


def signed_delibera(comune: Comune, make_sitting: Callable[..., Sitting]) -> RegisterLine:
    """Return the register's line of a signed delibera."""
    from arengo.record.register import number_delibere

    sitting = held_and_closed(comune, make_sitting)
    [line] = number_delibere(comune=comune, sitting=sitting, by=None)
    sign(comune, line)
    return line


def put_up(comune: Comune, line: RegisterLine, first_date: date, **over: Any) -> Publication:
    """Publish a delibera from a day on, with no personal data."""
    from arengo.record.publication import publish

    given = {"first_date": first_date, "personal_data": "none", "by": None, **over}
    return publish(comune=comune, line=line, **given)
