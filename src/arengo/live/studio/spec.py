"""What the studio is told about a sitting: `sitting.json`, written by the web side."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from arengo.live.studio.cut import moment

State = Literal["prepared", "open", "closed"]


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A stream key as stored: never the key, only its sha256."""

    id: str
    sha256: str
    label: str
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class PullSource:
    """A source that the studio goes and fetches, or listens for, through FFmpeg.

    `url` is a format string whose `{host}` is the address this installation listens on.
    """

    kind: Literal["rtsp", "srt"]
    url: str


@dataclass(frozen=True, slots=True)
class SittingSpec:
    """One sitting as the web side wants it."""

    uid: str
    istat_code: str
    title: str
    state: State
    keys: tuple[KeyRecord, ...]
    roster: tuple[str, ...]
    sources: tuple[PullSource, ...]
    grace_s: float
    secret_since: datetime | None = None  # while it is set, nothing of the sitting goes out
    secret_past: tuple[datetime, ...] = ()  # when it was secret before


def read_spec(path: Path) -> SittingSpec:
    """Read `sitting.json`; raises `OSError`, or `ValueError` when it is not one."""
    try:
        facts = json.loads(path.read_bytes())
        return _spec(facts)
    except (KeyError, TypeError) as error:
        message = f"{path}: field {error} is missing or wrong"
        raise ValueError(message) from error


def _spec(facts: dict[str, Any]) -> SittingSpec:
    return SittingSpec(
        uid=facts["uid"],
        istat_code=facts["comune"]["istat"],
        title=facts["title"],
        state=facts["state"],
        keys=tuple(
            KeyRecord(key["id"], key["sha256"], key["label"], key["revoked_at"] is not None)
            for key in facts["keys"]
        ),
        roster=tuple(facts.get("roster", ())),
        sources=tuple(_source(source) for source in facts.get("sources", ())),
        grace_s=float(facts.get("grace_s", 1800)),
        secret_since=moment(facts["secret_since"]) if facts.get("secret_since") else None,
        secret_past=tuple(moment(text) for text in facts.get("secret_past", ())),
    )


def _source(facts: dict[str, Any]) -> PullSource:
    if facts["kind"] == "srt":
        return PullSource("srt", f"srt://{{host}}:{int(facts['port'])}?mode=listener")
    return PullSource("rtsp", str(facts["url"]).replace("{", "{{").replace("}", "}}"))


KeyVerdict = Literal["unknown", "revoked"]


def find_key(specs: Iterable[SittingSpec], key: str) -> tuple[SittingSpec, KeyRecord] | KeyVerdict:
    """Find whose stream key this is, comparing in constant time with every key there is.

    The text is hashed first, so that how long the comparison takes tells nothing of it.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()
    verdict: tuple[SittingSpec, KeyRecord] | KeyVerdict = "unknown"
    for spec in specs:
        for record in spec.keys:
            if hmac.compare_digest(record.sha256, digest):
                verdict = "revoked" if record.is_revoked else (spec, record)
    return verdict
