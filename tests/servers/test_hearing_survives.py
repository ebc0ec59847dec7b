"""The real recogniser in a real sitting: what its death does, and what it leaves when all is said."""

from __future__ import annotations

import itertools
import os
import signal
from pathlib import Path

import pytest
from rig import Rig, children, wait_for

from arengo.config import load
from arengo.live.demo.reference import CLIP

pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.fixture
def listening(rig: Rig) -> Rig:
    """Return a rig that hears, with the models of this installation."""
    rig.hearing = True
    rig.models = load().models
    return rig


def said(rig: Rig) -> list[str]:
    """Return the text of the captions that stand, in order of time."""
    newest = {row["id"]: row for row in rig.rows("cues.jsonl")}
    standing = sorted((row for row in newest.values() if row["lines"]), key=lambda r: r["start"])
    return [" ".join(row["lines"]) for row in standing]


def test_hearing_is_killed_and_comes_back(listening: Rig) -> None:
    """Video and recording go on, the regia is told, and captions return with nothing said twice."""
    rig = listening
    key = rig.sitting()
    rig.start()
    assert rig.process
    with rig.encoder(CLIP, key):
        wait_for(lambda: said(rig), "no captions", timeout_s=40)
        recorded = len(rig.rows("segments.jsonl"))
        os.kill(children(rig.process.pid)[0], signal.SIGKILL)
        wait_for(
            lambda: any(row["id"].startswith("1.") for row in rig.rows("cues.jsonl")),
            "captions do not come back",
            timeout_s=60,
        )
        assert len(rig.rows("segments.jsonl")) > recorded
        assert rig.get("/media/prova/live.m3u8")[0] == 200
    codes = [row["code"] for row in rig.rows("events.jsonl")]
    assert codes.count("hearing-ready") == 2
    assert "hearing-lost" in codes
    assert "new-take" not in codes
    rig.change(state="closed")
    wait_for(
        lambda: b"#EXT-X-ENDLIST" in rig.get("/media/prova/subs.m3u8")[1], "no end", timeout_s=60
    )
    sentences = said(rig)
    assert sum("Buonasera" in sentence for sentence in sentences) == 1
    newest = {row["id"]: row for row in rig.rows("cues.jsonl")}
    times = sorted((r["start"], r["end"]) for r in newest.values() if r["lines"])
    assert all(end <= start + 0.3 for (_, end), (start, _) in itertools.pairwise(times))


def test_a_model_with_a_flipped_bit_is_refused_and_the_sitting_goes_on(
    listening: Rig, tmp_path: Path
) -> None:
    """No captions, a sentence that says what to run, and a recording all the same."""
    good = load().models / "whisper-base"
    bad = tmp_path / "models" / "whisper-base"
    bad.mkdir(parents=True)
    for file in good.iterdir():
        if file.name != "config.json":
            (bad / file.name).symlink_to(file)
    config = bytearray((good / "config.json").read_bytes())
    config[10] ^= 1
    (bad / "config.json").write_bytes(config)
    rig = listening
    rig.models = bad.parent
    key = rig.sitting()
    rig.start()
    with rig.encoder(CLIP, key):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 3, "no recording")
        notice = wait_for(
            lambda: next((r for r in rig.rows("events.jsonl") if "sha256" in r["message"]), None),
            "nothing said of the model",
        )
    assert "arengo models fetch whisper-base --again" in notice["message"]
    assert rig.rows("cues.jsonl") == []
