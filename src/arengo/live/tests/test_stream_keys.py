"""A stream key is shown once, kept as a hash, and void when revoked."""

from __future__ import annotations

import hashlib
import re

import pytest

from arengo.council.errors import SittingClosed
from arengo.council.models import Sitting
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.live.errors import LabelMissing, StreamKeyRevoked, StreamKeyUnknown
from arengo.live.models import StreamKey
from arengo.live.operations import (
    close_broadcast,
    issue_stream_key,
    open_broadcast,
    revoke_stream_key,
)
from arengo.live.queries import stream_keys


def test_a_key_has_the_form_that_the_studio_reads(pero: Comune, sitting: Sitting) -> None:
    key, text = issue_stream_key(comune=pero, sitting=sitting, label=" Regia ", by=None)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{32}", text)
    assert text.startswith(key.key_id)
    assert key.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert key.label == "Regia"


def test_the_secret_is_nowhere_in_the_database(pero: Comune, sitting: Sitting, anna: User) -> None:
    _, text = issue_stream_key(comune=pero, sitting=sitting, label="Regia", by=anna)
    secret = text.partition("-")[2]
    rows = [*StreamKey.across.values(), *AuditEntry.across.values()]
    assert secret not in repr(rows)


def test_two_keys_differ(pero: Comune, sitting: Sitting) -> None:
    texts = {
        issue_stream_key(comune=pero, sitting=sitting, label="Regia", by=None)[1] for _ in range(5)
    }
    assert len(texts) == 5


def test_a_revoked_key_says_since_when_and_is_not_revoked_again(
    pero: Comune, sitting: Sitting, anna: User
) -> None:
    key, _ = issue_stream_key(comune=pero, sitting=sitting, label="Regia", by=anna)
    assert revoke_stream_key(comune=pero, key_id=key.key_id, by=anna).revoked_at is not None
    with pytest.raises(StreamKeyRevoked, match="creane una nuova"):
        revoke_stream_key(comune=pero, key_id=key.key_id, by=anna)


def test_a_foreign_key_is_unknown(rho: Comune, pero: Comune, sitting: Sitting) -> None:
    key, _ = issue_stream_key(comune=pero, sitting=sitting, label="Regia", by=None)
    for key_id in (key.key_id, "00000000"):
        with pytest.raises(StreamKeyUnknown):
            revoke_stream_key(comune=rho, key_id=key_id, by=None)
    assert stream_keys(comune=pero, sitting=sitting)[0].revoked_at is None


def test_a_key_needs_a_name(pero: Comune, sitting: Sitting) -> None:
    with pytest.raises(LabelMissing):
        issue_stream_key(comune=pero, sitting=sitting, label="  ", by=None)


def test_a_closed_sitting_takes_no_key(pero: Comune, sitting: Sitting) -> None:
    open_broadcast(comune=pero, sitting=sitting, by=None)
    closed = close_broadcast(comune=pero, sitting=sitting, by=None)
    with pytest.raises(SittingClosed):
        issue_stream_key(comune=pero, sitting=closed, label="Regia", by=None)
