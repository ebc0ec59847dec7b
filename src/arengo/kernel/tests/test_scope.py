"""The scope guard makes a query without a Comune raise."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from arengo.council.models import Sitting
from arengo.kernel.models import Comune
from arengo.kernel.scope import ScopeConflict, ScopeMissing, scope


def test_a_query_outside_any_scope_raises(db: None) -> None:
    with pytest.raises(ScopeMissing, match="Sitting"):
        Sitting.objects.count()


def test_a_query_in_scope_sees_one_comune(
    pero: Comune, sitting: Sitting, foreign_sitting: Sitting
) -> None:
    with scope(pero):
        assert list(Sitting.objects.all()) == [sitting]


def test_another_scope_inside_a_scope_raises(pero: Comune, rho: Comune) -> None:
    with scope(pero), scope(pero), pytest.raises(ScopeConflict), scope(rho):
        pass


def test_the_scope_ends_with_its_block(pero: Comune) -> None:
    with scope(pero):
        pass
    with pytest.raises(ScopeMissing):
        Sitting.objects.exists()


def test_a_row_cannot_change_comune(sitting: Sitting, rho: Comune) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.across.filter(pk=sitting.pk).update(comune=rho)
