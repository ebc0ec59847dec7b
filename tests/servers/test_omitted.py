"""An omission in a real studio: what it closes is given out by no address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rig import Rig, wait_for

from arengo.live.studio.nudge import nudge

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def test_closed_seconds_are_given_out_by_no_address(rig: Rig, clip: Path) -> None:
    (rig.folder() / "ballast").mkdir(parents=True)
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 6, "no segments")
    rig.change(state="closed")
    wait_for(lambda: "#EXT-X-ENDLIST" in rig.text("recording-video.m3u8"), "does not close")
    rows = rig.rows("segments.jsonl")
    hit = rows[3]
    cue = {"rev": 1, "final": True, "words": []}
    said = {**cue, "id": "1.1", "start": hit["start"], "end": hit["start"] + 0.5}
    kept = {**cue, "id": "1.2", "start": rows[0]["start"], "end": rows[0]["start"] + 0.1}
    lines = [{**said, "lines": ["Parola riservata."]}, {**kept, "lines": ["Buonasera."]}]
    rig.stop()
    (rig.folder() / "cues.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    rig.start()
    assert "Parola riservata" in rig.text("captions.vtt")
    before = rig.get("/media/prova/recording.mp4")[1]
    secret = (rig.folder() / "media" / f"{hit['n']}.m4s").read_bytes()
    assert secret in before

    closed = {"closed": [[hit["start"] + 0.2, hit["start"] + 0.4]]}
    (rig.folder() / "omissis.json").write_text(json.dumps(closed))
    nudge(rig.http_port, "prova")
    wait_for(lambda: rig.get(f"/media/prova/{hit['n']}.m4s")[0] == 404, "still given out")
    for _ in range(2):  # as it is told, and as it is read at the next start
        for part in range(6):
            assert rig.get(f"/media/prova/{hit['n']}.{part}.m4s")[0] == 404
        assert secret not in rig.get("/media/prova/recording.mp4")[1]
        assert rig.get(f"/media/prova/{rows[0]['n']}.m4s")[0] == 200
        for name in ("captions.vtt", "captions.srt", "captions.ttml", "transcript.txt"):
            assert "Parola" not in rig.text(name)
            assert "Buonasera" in rig.text(name)
        assert "Parola" not in rig.text(f"{hit['n']}.vtt")
        with rig.events() as page:
            wait_for(lambda page=page: page.of("state"), "no events")
            assert b"Parola" not in page.raw
        assert "#EXT-X-GAP" in rig.text("recording-video.m3u8")
        rig.stop()
        rig.start()
