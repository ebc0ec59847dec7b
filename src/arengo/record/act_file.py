"""The bytes of what was made of a sitting's acts, by their own sha256: `acts/<sha256>`."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from arengo import config

SHA256 = re.compile(r"[0-9a-f]{64}")


def act_path(*, istat_code: str, uid: str, sha256: str) -> Path:
    """Return where the bytes of a version are."""
    assert SHA256.fullmatch(sha256), "only a sha256 names a file"
    return config.load().sitting_folder(istat_code, uid) / "acts" / sha256


def keep_bytes(data: bytes, *, istat_code: str, uid: str) -> str:
    """Write bytes, whole and on the disk or not at all; return their sha256."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = act_path(istat_code=istat_code, uid=uid, sha256=sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{sha256}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return sha256
