"""An omitted passage is closed everywhere at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from spoken_sitting import folder_of, hold

from arengo.council.models import Sitting, SittingState
from arengo.kernel.jobs import NotYet
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.kernel.scope import scope
from arengo.record.archive import index_sitting
from arengo.record.captions import cues_of
from arengo.record.drafts import account_of, drafts_of
from arengo.record.errors import OmissionUnreasoned, SittingNotOver, StretchWrong
from arengo.record.models import Omission, Passage
from arengo.record.omissions import order
from arengo.record.passages import passages_of
from arengo.record.tasks import index_closed

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

SAID = "via Sempione"


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which via Sempione was named from second 122 to 126."""
    sitting = hold(pero, make_sitting)
    with scope(pero):
        began_at = sitting.scheduled_at
        Sitting.objects.filter(pk=sitting.pk).update(
            state=SittingState.CLOSED,
            opened_at=began_at,
            closed_at=began_at + timedelta(minutes=10),
        )
        sitting.refresh_from_db()
    return sitting


def told(comune: Comune, sitting: Sitting) -> str:
    """Return all that documents, captions and archive tell of a sitting."""
    drafts = drafts_of(account_of(comune=comune, sitting=sitting))
    cues = cues_of(comune=comune, sitting=sitting)
    return f"{drafts} {cues} {passages_of(comune=comune, sitting=sitting)}"


@pytest.fixture
def clerk(db: None) -> User:
    """Return who orders."""
    return User.objects.create_user("segretaria@pero.it", "Segretaria Comunale")


def test_words_that_are_omitted_are_told_by_nothing_that_is_made(
    pero: Comune,
    held: Sitting,
    clerk: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert SAID in told(pero, held)
    with django_capture_on_commit_callbacks(execute=True):
        made = order(
            comune=pero, sitting=held, start_s=122, end_s=126, reason="Dati sanitari", by=clerk
        )
    now = told(pero, held)
    assert SAID not in now
    assert "[omissis]" in now
    assert "Grazie a tutti" in now
    facts = json.loads((folder_of(held) / "omissis.json").read_text())
    assert facts == {"closed": [[made.start_s, made.end_s]]}
    with scope(pero):
        assert AuditEntry.objects.filter(action="record.omit", actor=clerk).count() == 1


def test_the_archive_forgets_what_is_omitted(pero: Comune, held: Sitting, clerk: User) -> None:
    found = passages_of(comune=pero, sitting=held)
    index_sitting(comune=pero, sitting=held, passages=found)
    order(comune=pero, sitting=held, start_s=122, end_s=126, reason="Dati", by=clerk)
    found = passages_of(comune=pero, sitting=held)
    index_sitting(comune=pero, sitting=held, passages=found)
    with scope(pero):
        assert not Passage.objects.filter(text__contains=SAID).exists()


def test_the_job_closes_what_a_dead_process_had_only_ordered(
    pero: Comune, held: Sitting, clerk: User
) -> None:
    order(comune=pero, sitting=held, start_s=122, end_s=126, reason="Dati", by=clerk)
    assert not (folder_of(held) / "omissis.json").exists()
    with pytest.raises(NotYet):  # the captions were written a moment ago
        index_closed.call(comune=pero, uid=held.uid)
    facts = json.loads((folder_of(held) / "omissis.json").read_text())
    assert facts == {"closed": [[122.0, 126.0]]}
    with scope(pero):
        assert not Passage.objects.filter(text__contains=SAID).exists()


def test_what_is_no_omission_is_refused(pero: Comune, held: Sitting, clerk: User) -> None:
    with pytest.raises(StretchWrong):
        order(comune=pero, sitting=held, start_s=9, end_s=9, reason="Dati", by=clerk)
    with pytest.raises(StretchWrong):
        order(comune=pero, sitting=held, start_s=1, end_s=float("nan"), reason="Dati", by=clerk)
    with pytest.raises(OmissionUnreasoned):
        order(comune=pero, sitting=held, start_s=1, end_s=2, reason="  ", by=clerk)
    with scope(pero):
        Sitting.objects.filter(pk=held.pk).update(state=SittingState.OPEN, closed_at=None)
    with pytest.raises(SittingNotOver):
        order(comune=pero, sitting=held, start_s=1, end_s=2, reason="Dati", by=clerk)
    with scope(pero):
        assert not Omission.objects.exists()
