"""What changes who may broadcast, and when."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from arengo.council import operations as council
from arengo.council.errors import SittingClosed
from arengo.council.models import Sitting, SittingKind, SittingState
from arengo.council.roll import read_roll
from arengo.kernel import audit, clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation
from arengo.live.errors import (
    LabelMissing,
    SourceUnknown,
    SourceUnusable,
    StreamKeyRevoked,
    StreamKeyUnknown,
)
from arengo.live.models import Source, SourceKind, StreamKey
from arengo.live.sitting_file import write_after_commit


@operation
def prepare_broadcast(
    *,
    comune: Comune,
    title: str,
    scheduled_at: datetime,
    by: User | None,
    kind: SittingKind = SittingKind.ORDINARY,
    is_demo: bool = False,
) -> Sitting:
    """Convene a sitting and tell the studio to expect it.

    Raises
    ------
    TitleMissing
        The title is empty.
    """
    sitting = council.convene_sitting(
        comune=comune, title=title, scheduled_at=scheduled_at, by=by, kind=kind, is_demo=is_demo
    )
    write_after_commit(comune=comune, sitting=sitting)
    return sitting


@operation
def open_broadcast(*, comune: Comune, sitting: Sitting, by: User | None) -> Sitting:
    """Open the sitting: what the encoder sends is public from now on.

    Raises
    ------
    SittingAlreadyOpen, SittingClosed
        It is not a prepared one any more.
    """
    opened = council.open_sitting(comune=comune, sitting=sitting, by=by)
    write_after_commit(comune=comune, sitting=opened)
    return opened


@operation
def close_broadcast(*, comune: Comune, sitting: Sitting, by: User | None) -> Sitting:
    """Close the sitting: its pages become the recording.

    Raises
    ------
    SittingNotOpen, SittingClosed
        It is not an open one.
    """
    closed = council.close_sitting(comune=comune, sitting=sitting, by=by)
    write_after_commit(comune=comune, sitting=closed)
    return closed


@operation
def issue_stream_key(
    *, comune: Comune, sitting: Sitting, label: str, by: User | None
) -> tuple[StreamKey, str]:
    """Make a key for an encoder of this sitting.

    Returns
    -------
    The stored key, and its text: shown once, kept and logged nowhere.

    Raises
    ------
    LabelMissing, SittingClosed
    """
    if not label.strip():
        raise LabelMissing
    _refuse_closed(sitting)
    key_id = secrets.token_hex(4)
    text = f"{key_id}-{secrets.token_hex(16)}"
    key = StreamKey.objects.create(
        comune=comune,
        sitting=sitting,
        label=label.strip()[:80],
        key_id=key_id,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    audit.record("live.issue_stream_key", comune=comune, by=by, subject=sitting.uid, key_id=key_id)
    write_after_commit(comune=comune, sitting=sitting)
    return key, text


@operation
def revoke_stream_key(*, comune: Comune, key_id: str, by: User | None) -> StreamKey:
    """Make a key void; the studio drops whoever is publishing with it.

    Raises
    ------
    StreamKeyUnknown, StreamKeyRevoked
    """
    key = StreamKey.objects.select_related("sitting").filter(key_id=key_id).first()
    if key is None:
        raise StreamKeyUnknown
    revoked = StreamKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now())
    if not revoked:
        raise StreamKeyRevoked(label=key.label)
    key.refresh_from_db(fields=["revoked_at"])
    audit.record(
        "live.revoke_stream_key", comune=comune, by=by, subject=key.sitting.uid, key_id=key_id
    )
    write_after_commit(comune=comune, sitting=key.sitting)
    return key


@operation
def add_source(
    *,
    comune: Comune,
    sitting: Sitting,
    kind: SourceKind,
    by: User | None,
    url: str = "",
    port: int | None = None,
) -> Source:
    """Have the studio fetch an IP camera (`url`) or listen for SRT (`port`).

    Raises
    ------
    SourceUnusable, SittingClosed
    """
    _refuse_closed(sitting)
    if not _is_usable(kind, url, port):
        raise SourceUnusable(place=url or str(port or ""))
    source = Source.objects.create(comune=comune, sitting=sitting, kind=kind, url=url, port=port)
    # The address may hold the camera's password: it stays out of the audit trail.
    audit.record("live.add_source", comune=comune, by=by, subject=sitting.uid, kind=kind)
    write_after_commit(comune=comune, sitting=sitting)
    return source


@operation
def remove_source(*, comune: Comune, source_id: int, by: User | None) -> None:
    """Have the studio let go of a camera or of a port.

    Raises
    ------
    SourceUnknown
        It is not there, or another Comune's.
    """
    source = Source.objects.select_related("sitting").filter(pk=source_id).first()
    if source is None:
        raise SourceUnknown
    sitting = source.sitting
    source.delete()
    audit.record("live.remove_source", comune=comune, by=by, subject=sitting.uid, kind=source.kind)
    write_after_commit(comune=comune, sitting=sitting)


@operation
def import_roll(*, comune: Comune, text: str, by: User | None) -> int:
    """Make the file `text` the council's roll, for the captions of every pending sitting too.

    Returns
    -------
    How many people are on it.

    Raises
    ------
    RollUnreadable
        A line has no name; nothing is changed.
    """
    written = council.replace_roll(comune=comune, lines=read_roll(text), by=by)
    for sitting in Sitting.objects.exclude(state=SittingState.CLOSED).order_by("id"):
        write_after_commit(comune=comune, sitting=sitting)
    return written


def _is_usable(kind: SourceKind, url: str, port: int | None) -> bool:
    if kind == SourceKind.RTSP:
        return url.startswith(("rtsp://", "rtsps://")) and port is None
    return not url and port is not None and 1024 <= port <= 65535


def _refuse_closed(sitting: Sitting) -> None:
    if sitting.state == SittingState.CLOSED:
        raise SittingClosed(title=sitting.title)
