"""The database itself refuses a row that mixes two Comuni."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from arengo.council.models import Sitting
from arengo.kernel import audit, same_comune
from arengo.kernel.models import AuditEntry, Comune
from arengo.kernel.scope import scope
from arengo.live.models import StreamKey


def _key(comune: Comune, sitting: Sitting, key_id: str = "0a0b0c0d") -> StreamKey:
    return StreamKey(comune=comune, sitting=sitting, label="Sala", key_id=key_id, sha256=key_id * 8)


def test_a_row_of_one_comune_is_taken(pero: Comune, sitting: Sitting) -> None:
    _key(pero, sitting).save()


def test_create_refuses_a_foreign_sitting(pero: Comune, foreign_sitting: Sitting) -> None:
    with pytest.raises(IntegrityError, match="live_streamkey_sitting_id"), transaction.atomic():
        _key(pero, foreign_sitting).save()


def test_bulk_create_refuses_a_foreign_sitting(pero: Comune, foreign_sitting: Sitting) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StreamKey.across.bulk_create([_key(pero, foreign_sitting)])


def test_update_refuses_a_foreign_sitting(
    pero: Comune, sitting: Sitting, foreign_sitting: Sitting
) -> None:
    _key(pero, sitting).save()
    with scope(pero), pytest.raises(IntegrityError), transaction.atomic():
        StreamKey.objects.update(sitting=foreign_sitting)


def test_a_row_never_changes_comune(sitting: Sitting, rho: Comune) -> None:
    with pytest.raises(IntegrityError, match="council_sitting_stays"), transaction.atomic():
        Sitting.across.filter(pk=sitting.pk).update(comune=rho)


def test_an_audit_entry_is_never_changed(pero: Comune) -> None:
    audit.record("test.act", comune=pero, by=None, subject="x")
    with scope(pero), pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
        AuditEntry.objects.update(action="test.forged")


def test_an_audit_entry_is_never_deleted(pero: Comune) -> None:
    audit.record("test.act", comune=pero, by=None, subject="x")
    with scope(pero), pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_every_trigger_is_installed(db: None) -> None:
    """One trigger an event and rule, on both databases, and each name short enough for both."""
    present = same_comune.installed()
    for rule in same_comune.rules():
        assert any(name.startswith(rule.name) for name in present), rule.name
        assert len(rule.name) <= 60
    assert present


def test_installing_again_changes_nothing(db: None) -> None:
    before = same_comune.installed()
    same_comune.install_after_migrate(using="default")
    assert same_comune.installed() == before
