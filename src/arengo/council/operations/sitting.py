"""What changes a sitting as a whole: convened, opened, closed."""

from __future__ import annotations

from datetime import datetime

from arengo.council import events
from arengo.council.errors import (
    SittingAlreadyOpen,
    SittingClosed,
    SittingNotOpen,
    TitleMissing,
)
from arengo.council.models import Sitting, SittingKind, SittingMode, SittingState
from arengo.kernel import audit, clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation


@operation
def convene_sitting(
    *,
    comune: Comune,
    title: str,
    scheduled_at: datetime,
    by: User | None,
    kind: SittingKind = SittingKind.ORDINARY,
    mode: SittingMode = SittingMode.IN_PERSON,
    call: int = 1,
    place: str = "",
    is_demo: bool = False,
) -> Sitting:
    """Prepare a sitting; `by` is None when the system does it.

    Raises
    ------
    TitleMissing
        The title is empty.
    """
    if not title.strip():
        raise TitleMissing
    sitting = Sitting.objects.create(
        comune=comune,
        title=title.strip(),
        scheduled_at=scheduled_at,
        kind=kind,
        mode=mode,
        call=call,
        place=place.strip(),
        is_demo=is_demo,
    )
    audit.record("council.convene_sitting", comune=comune, by=by, subject=sitting.uid)
    return sitting


@operation
def open_sitting(*, comune: Comune, sitting: Sitting, by: User | None) -> Sitting:
    """Open a prepared sitting.

    Raises
    ------
    SittingAlreadyOpen, SittingClosed
        It is not a prepared one any more.
    NotFound
        It is another Comune's.
    """
    moved = Sitting.objects.filter(pk=sitting.pk, state=SittingState.PREPARED).update(
        state=SittingState.OPEN, opened_at=clock.now()
    )
    sitting.refresh_from_db()
    if not moved:
        _refuse_untouchable(comune, sitting)
        raise SittingAlreadyOpen(title=sitting.title)
    audit.record("council.open_sitting", comune=comune, by=by, subject=sitting.uid)
    return sitting


@operation
def close_sitting(*, comune: Comune, sitting: Sitting, by: User | None) -> Sitting:
    """Close an open sitting, for ever.

    Raises
    ------
    SittingNotOpen, SittingClosed
        It is not an open one.
    NotFound
        It is another Comune's.
    """
    moved = Sitting.objects.filter(pk=sitting.pk, state=SittingState.OPEN).update(
        state=SittingState.CLOSED, closed_at=clock.now()
    )
    sitting.refresh_from_db()
    if not moved:
        _refuse_untouchable(comune, sitting)
        raise SittingNotOpen(title=sitting.title)
    audit.record("council.close_sitting", comune=comune, by=by, subject=sitting.uid)
    events.sitting_closed.send(Sitting, comune=comune, uid=sitting.uid)
    return sitting


@operation
def record_past_sitting(
    *,
    comune: Comune,
    uid: str,
    title: str,
    opened_at: datetime,
    closed_at: datetime,
    by: User | None,
) -> Sitting:
    """Note a sitting that was held before there was a journal: it is closed from the beginning.

    Nobody is told that it closed, since nothing happens now. The same `uid` again changes nothing.

    Raises
    ------
    TitleMissing
        The title is empty.
    """
    if not title.strip():
        raise TitleMissing
    facts = {
        "title": title.strip(),
        "scheduled_at": opened_at,
        "opened_at": opened_at,
        "closed_at": closed_at,
        "state": SittingState.CLOSED,
    }
    sitting, is_new = Sitting.objects.get_or_create(comune=comune, uid=uid, defaults=facts)
    if is_new:
        audit.record("council.record_past_sitting", comune=comune, by=by, subject=uid)
    return sitting


def _refuse_untouchable(comune: Comune, sitting: Sitting) -> None:
    if sitting.comune_id != comune.pk:
        raise NotFound
    if sitting.state == SittingState.CLOSED:
        raise SittingClosed(title=sitting.title)
