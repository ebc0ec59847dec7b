"""An omission in a whole installation: asked at every address and on the disk, nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from omitted_town import KEPT, OmittedTown
from rig import wait_for
from town import Town

from arengo.config import load

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def test_no_address_and_no_file_has_a_trace_of_what_is_omitted(tmp_path: Path) -> None:
    town = Town(tmp_path / "data", load().models, hears=False)
    held = OmittedTown(town)
    try:
        held.hold()
        before = held.traces()
        assert before.told
        assert before.shown
        assert before.kept
        held.omit()
        wait_for(held.is_closed, "still given out", timeout_s=30)
        wait_for(held.is_done, "not carried out", timeout_s=120)
        after = held.traces()
        assert (after.told, after.shown, after.kept) == ([], [], [])
        assert after.asked > 60
        playlist = (town.folder / "media").glob("*.black.m4s")
        assert len(list(playlist)) >= 4
        assert KEPT in (town.folder / "cues.jsonl").read_text()
    finally:
        town.stop()
