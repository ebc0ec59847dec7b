"""Where events are written: the one open sitting, never a secret one."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from arengo.live.microphones.intake import MicrophoneEvent
from arengo.live.microphones.record import read_events
from arengo.live.microphones.scribe import OpenSitting, Scribe

AT = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)


def event(at_s: float, seat: str, *, is_on: bool = True) -> MicrophoneEvent:
    return MicrophoneEvent(AT + timedelta(seconds=at_s), seat, is_on, None)


def sitting(root: Path, uid: str, **over: Any) -> Path:
    facts = {
        **{"uid": uid, "comune": {"istat": "015170"}, "title": "Consiglio", "state": "open"},
        **{"keys": [], "secret_since": None},
    }
    folder = root / "015170" / uid
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "draft"
    draft.write_text(json.dumps(facts | over))
    draft.rename(folder / "sitting.json")
    return folder


def told(folder: Path) -> list[tuple[float, str, bool]]:
    return [((e.at - AT).total_seconds(), e.seat, e.is_on) for e in read_events(folder)]


def test_events_go_to_the_one_open_sitting(tmp_path: Path) -> None:
    sitting(tmp_path, "ieri", state="closed")
    folder = sitting(tmp_path, "oggi")
    scribe = Scribe(OpenSitting(tmp_path).folder)
    scribe(event(1, "12"))
    scribe(event(2, "12", is_on=False))
    assert told(folder) == [(1, "12", True), (2, "12", False)]
    assert told(tmp_path / "015170" / "ieri") == []


def test_none_or_several_are_refused_with_one_clear_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scribe = Scribe(OpenSitting(tmp_path).folder)
    with caplog.at_level(logging.WARNING):
        scribe(event(1, "1"))
        scribe(event(2, "2"))
        folders = [sitting(tmp_path, uid) for uid in ("prima", "seconda")]
        scribe(event(3, "3"))
    assert [record.getMessage() for record in caplog.records] == [
        "microphones are not recorded: none is open",
        "microphones are not recorded: several sittings are open: prima, seconda",
    ]
    assert [told(folder) for folder in folders] == [[], []]


def test_a_sitting_that_opens_is_told_which_microphones_are_on(tmp_path: Path) -> None:
    folder = sitting(tmp_path, "oggi", state="prepared")
    scribe = Scribe(OpenSitting(tmp_path).folder)
    scribe(event(1, "1"))
    scribe(event(2, "12"))
    scribe(event(3, "12", is_on=False))
    sitting(tmp_path, "oggi")
    scribe(event(9, "13"))
    assert told(folder) == [(9, "1", True), (9, "13", True)]


def test_nothing_of_a_secret_sitting_is_written(tmp_path: Path) -> None:
    """Afterwards, which microphones are on, from then on."""
    folder = sitting(tmp_path, "oggi")
    scribe = Scribe(OpenSitting(tmp_path).folder)
    scribe(event(1, "1"))
    sitting(tmp_path, "oggi", secret_since=AT.isoformat())
    scribe(event(2, "12"))
    assert told(folder) == [(1, "1", True)]
    sitting(tmp_path, "oggi")
    scribe(event(9, "12", is_on=False))
    assert told(folder) == [(1, "1", True), (9, "1", True), (9, "12", True), (9, "12", False)]
