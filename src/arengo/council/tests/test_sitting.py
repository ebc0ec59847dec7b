"""A sitting is convened, opened and closed, once each and in that order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from arengo.council.errors import (
    SittingAlreadyOpen,
    SittingClosed,
    SittingNotOpen,
    TitleMissing,
)
from arengo.council.models import Sitting, SittingState
from arengo.council.operations import close_sitting, convene_sitting, open_sitting
from arengo.council.queries import get_sitting, list_sittings
from arengo.kernel.errors import NotFound
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.kernel.scope import ScopeConflict, scope


def test_a_sitting_goes_from_convened_to_closed(
    pero: Comune, anna: User, frozen_now: datetime
) -> None:
    sitting = convene_sitting(
        comune=pero, title=" Consiglio del 23 novembre ", scheduled_at=frozen_now, by=anna
    )
    assert (sitting.title, sitting.state) == ("Consiglio del 23 novembre", "prepared")
    open_sitting(comune=pero, sitting=sitting, by=anna)
    assert (sitting.state, sitting.opened_at) == (SittingState.OPEN, frozen_now)
    close_sitting(comune=pero, sitting=sitting, by=anna)
    assert (sitting.state, sitting.closed_at) == (SittingState.CLOSED, frozen_now)


def test_each_step_is_in_the_audit_trail(pero: Comune, anna: User, frozen_now: datetime) -> None:
    sitting = convene_sitting(comune=pero, title="A", scheduled_at=frozen_now, by=anna)
    open_sitting(comune=pero, sitting=sitting, by=None)
    with scope(pero):
        trail = AuditEntry.objects.order_by("id").values_list("action", "actor", "subject")
    assert list(trail) == [
        ("council.convene_sitting", anna.pk, sitting.uid),
        ("council.open_sitting", None, sitting.uid),
    ]


def test_an_open_sitting_is_not_opened_again(pero: Comune, sitting: Sitting) -> None:
    open_sitting(comune=pero, sitting=sitting, by=None)
    with pytest.raises(SittingAlreadyOpen, match="già aperta"):
        open_sitting(comune=pero, sitting=sitting, by=None)


def test_a_prepared_sitting_is_not_closed(pero: Comune, sitting: Sitting) -> None:
    with pytest.raises(SittingNotOpen, match="aprila"):
        close_sitting(comune=pero, sitting=sitting, by=None)


@pytest.mark.parametrize("operation", [open_sitting, close_sitting])
def test_a_closed_sitting_stays_closed(
    pero: Comune, sitting: Sitting, operation: Callable[..., Sitting]
) -> None:
    open_sitting(comune=pero, sitting=sitting, by=None)
    close_sitting(comune=pero, sitting=sitting, by=None)
    with pytest.raises(SittingClosed, match="conclusa"):
        operation(comune=pero, sitting=sitting, by=None)


def test_a_refused_step_leaves_no_trace(pero: Comune, sitting: Sitting) -> None:
    before = AuditEntry.across.count()
    with pytest.raises(SittingNotOpen):
        close_sitting(comune=pero, sitting=sitting, by=None)
    assert AuditEntry.across.count() == before


def test_a_sitting_needs_a_title(pero: Comune, frozen_now: datetime) -> None:
    with pytest.raises(TitleMissing):
        convene_sitting(comune=pero, title="  ", scheduled_at=frozen_now, by=None)


def test_the_sitting_of_another_comune_cannot_be_opened(
    pero: Comune, rho: Comune, foreign_sitting: Sitting
) -> None:
    """The next town's sitting is simply not there; its state is untouched."""
    with pytest.raises(NotFound):
        open_sitting(comune=pero, sitting=foreign_sitting, by=None)
    assert get_sitting(comune=rho, uid=foreign_sitting.uid).state == SittingState.PREPARED


def test_work_for_another_comune_is_refused_in_a_scope(
    pero: Comune, rho: Comune, foreign_sitting: Sitting
) -> None:
    with scope(pero), pytest.raises(ScopeConflict):
        open_sitting(comune=rho, sitting=foreign_sitting, by=None)


def test_a_foreign_sitting_is_not_found(pero: Comune, foreign_sitting: Sitting) -> None:
    for uid in (foreign_sitting.uid, "absent"):
        with pytest.raises(NotFound):
            get_sitting(comune=pero, uid=uid)


def test_the_database_refuses_a_state_without_its_times(sitting: Sitting) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.across.filter(pk=sitting.pk).update(state=SittingState.OPEN)


def test_the_latest_sitting_comes_first(pero: Comune, sitting: Sitting) -> None:
    later = convene_sitting(
        comune=pero, title="Dopo", scheduled_at=sitting.scheduled_at.replace(year=2027), by=None
    )
    assert list_sittings(comune=pero) == (later, sitting)
