"""The bytes of a document, under the installation's data: `documents/<istat>/<uid>`.

The name a person gave never becomes a path; the uid is ours.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from arengo import config

UID = re.compile(r"[0-9a-f]{32}")


def document_path(*, istat_code: str, uid: str) -> Path:
    """Return where a document's bytes are."""
    assert UID.fullmatch(uid), "only uids made by us name a file"
    return config.load().data / "documents" / istat_code / uid


def write_document(content: bytes, *, istat_code: str, uid: str) -> Path:
    """Write a document, whole and on the disk, or not at all."""
    path = document_path(istat_code=istat_code, uid=uid)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{uid}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def remove_document(*, istat_code: str, uid: str) -> None:
    """Remove a document's bytes; it may be gone already."""
    document_path(istat_code=istat_code, uid=uid).unlink(missing_ok=True)
