"""What changes a sitting and the roll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from arengo.council.errors import (
    SittingAlreadyOpen,
    SittingClosed,
    SittingNotOpen,
    TitleMissing,
)
from arengo.council.models import Councillor, Sitting, SittingKind, SittingState
from arengo.council.roll import RollLine
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
    return sitting


def _refuse_untouchable(comune: Comune, sitting: Sitting) -> None:
    if sitting.comune_id != comune.pk:
        raise NotFound
    if sitting.state == SittingState.CLOSED:
        raise SittingClosed(title=sitting.title)


@operation
def add_councillors(*, comune: Comune, lines: Sequence[RollLine], by: User | None) -> int:
    """Put people on the roll, or correct the role and group of those already there.

    Returns
    -------
    How many lines were written; a name twice in `lines` counts once, the last one holds.
    """
    people = {line.full_name: line for line in lines}
    Councillor.objects.bulk_create(
        [
            Councillor(
                comune=comune,
                full_name=line.full_name,
                role_label=line.role_label,
                group=line.group,
            )
            for line in people.values()
        ],
        update_conflicts=True,
        unique_fields=["comune", "full_name"],
        update_fields=["role_label", "group"],
    )
    audit.record(
        "council.add_councillors", comune=comune, by=by, subject="roll", people=len(people)
    )
    return len(people)


@operation
def replace_roll(*, comune: Comune, lines: Sequence[RollLine], by: User | None) -> int:
    """Make `lines` the whole roll: who is not among them leaves it."""
    names = [line.full_name for line in lines]
    gone, _ = Councillor.objects.exclude(full_name__in=names).delete()
    written = add_councillors(comune=comune, lines=lines, by=by)
    audit.record("council.replace_roll", comune=comune, by=by, subject="roll", gone=gone)
    return written
