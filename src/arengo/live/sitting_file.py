"""What the pages tell the studio of a sitting, without a database: `sitting.json`, `board.json`.

Each is written whole by the pages' side when something changes, and read by the studio, which
is nudged to look at once and looks twice a second by itself.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from arengo import config
from arengo.council.models import Sitting, SittingState
from arengo.council.queries import list_names
from arengo.kernel.models import Comune
from arengo.kernel.scope import scope
from arengo.live.models import Source, SourceKind, StreamKey
from arengo.live.names_wanted import names_known
from arengo.live.studio.nudge import nudge as send_nudge

GRACE_S = 1800  # an encoder may be gone for half an hour before the studio stops waiting


def write_after_commit(*, comune: Comune, sitting: Sitting) -> None:
    """Have the sitting's file written once the present transaction is in."""
    transaction.on_commit(partial(write_sitting_file, comune=comune, uid=sitting.uid))


def write_sitting_file(*, comune: Comune, uid: str) -> Path:
    """Write the sitting's file as the database has it now, whole or not at all.

    Two writers take turns, each reading after the other wrote: the file never
    goes back. After a power cut it is the old one or the new one.
    """
    folder = config.load().sitting_folder(comune.pk, uid)
    folder.mkdir(parents=True, exist_ok=True)
    with _turn(folder), scope(comune):
        sitting = Sitting.objects.select_related("comune").get(uid=uid)
        path = folder / "sitting.json"
        facts = describe(sitting)
        facts["secret_past"] = _past_secrets(path, facts["secret_since"])
        _replace(path, json.dumps(facts, ensure_ascii=False, indent=1))
    nudge(uid)
    return path


def write_board(*, istat_code: str, uid: str, board: dict[str, Any]) -> None:
    """Publish the chamber's state to every screen; call it after the commit of each event.

    `board` is public and is passed on as it is; its whole number `seq` grows with each event.
    An older board never replaces a newer one. It is not fsynced: the database holds the truth,
    and a board that a power cut tore is written again with the next event.
    """
    folder = config.load().sitting_folder(istat_code, uid)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "board.json"
    with _turn(folder):
        if _seq_of(path) <= board["seq"]:
            draft = path.with_suffix(".json.draft")
            draft.write_text(json.dumps(board, ensure_ascii=False), encoding="utf-8")
            draft.replace(path)
    nudge(uid)


def _seq_of(path: Path) -> int:
    """Return the number of the board that is there; -1 when none is, or it cannot be read."""
    try:
        return int(json.loads(path.read_bytes())["seq"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def nudge(uid: str) -> None:
    """Have the studio look at a sitting's files now; it would within half a second anyway."""
    send_nudge(config.load().studio_port, uid)


def _past_secrets(path: Path, now_since: str | None) -> list[str]:
    """Return when the sitting became secret before, as the file that is there tells.

    A studio that was not looking while it was secret learns so what it must not keep.
    """
    try:
        former = json.loads(path.read_bytes())
        since, past = former["secret_since"], list(former["secret_past"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return past if since in (None, now_since, *past) else [*past, since]


def write_sitting_files() -> int:
    """Write again the file of every sitting not yet closed, and return how many.

    `arengo serve` does this first: a process killed between commit and write
    would have left a file behind the database.
    """
    pending = Sitting.across.exclude(state=SittingState.CLOSED).select_related("comune")
    for sitting in pending.order_by("id"):
        write_sitting_file(comune=sitting.comune, uid=sitting.uid)
    return len(pending)


def describe(sitting: Sitting) -> dict[str, Any]:
    """Return the content of the file; the Comune must be in scope."""
    comune = sitting.comune
    since = getattr(sitting, "secret_since", None)
    return {
        "uid": sitting.uid,
        "comune": {"istat": comune.istat_code, "name": comune.name, "slug": comune.slug},
        "title": sitting.title,
        "state": sitting.state,
        "scheduled_at": sitting.scheduled_at.isoformat(),
        "keys": [_describe_key(key) for key in _keys(sitting)],
        "roster": list(dict.fromkeys((*list_names(comune=comune), *names_known(comune)))),
        "sources": [_describe_source(source) for source in _sources(sitting)],
        "grace_s": GRACE_S,
        "is_demo": sitting.is_demo,
        "secret_since": since.isoformat() if since else None,
    }


def _keys(sitting: Sitting) -> Iterator[StreamKey]:
    return StreamKey.objects.filter(sitting=sitting).order_by("id").iterator()


def _sources(sitting: Sitting) -> Iterator[Source]:
    return Source.objects.filter(sitting=sitting).order_by("id").iterator()


def _describe_key(key: StreamKey) -> dict[str, Any]:
    revoked_at = key.revoked_at.isoformat() if key.revoked_at else None
    return {"id": key.key_id, "sha256": key.sha256, "label": key.label, "revoked_at": revoked_at}


def _describe_source(source: Source) -> dict[str, Any]:
    if source.kind == SourceKind.RTSP:
        return {"kind": "rtsp", "url": source.url}
    return {"kind": "srt", "port": source.port}


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    with (folder / ".sitting.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed
        yield


def _replace(path: Path, text: str) -> Path:
    draft = path.with_suffix(".json.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the rename itself, or a power cut could undo it
    finally:
        os.close(folder)
    return path
