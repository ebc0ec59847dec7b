"""An omission on disk: originals in the seal, black in their place, whenever it is cut short."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from spoken_sitting import folder_of, hold

from arengo.council.models import Sitting, SittingState
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope
from arengo.live.engine.fmp4 import Run, RunSample, fragment, fragment_times
from arengo.live.engine.media import AudioConfig, VideoConfig
from arengo.live.studio.recorder import TakeRecord
from arengo.record import recut, seal
from arengo.record.captions import cues_of
from arengo.record.drafts import account_of, drafts_of
from arengo.record.models import Omission, StepState, Target
from arengo.record.omissions import order, steps_of
from arengo.record.recut import recut_captions, recut_media
from arengo.record.tasks import recut_omitted
from arengo.record.transcripts import transcript_of

SAID = "Sempione"
SEGMENT_S = 4.0
CLOSED = [30, 31]  # seconds 120 to 128: the cut and a second on each side


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting with a recording; via Sempione is named from second 122 to 126."""
    sitting = hold(pero, make_sitting)
    with scope(pero):
        began_at = sitting.scheduled_at
        Sitting.objects.filter(pk=sitting.pk).update(
            state=SittingState.CLOSED,
            opened_at=began_at,
            closed_at=began_at + timedelta(minutes=10),
        )
        sitting.refresh_from_db()
    record(folder_of(sitting))
    return sitting


@pytest.fixture
def omission(pero: Comune, held: Sitting, db: None) -> Omission:
    """Return an omission of the name."""
    clerk = User.objects.create_user("segretaria@pero.it", "Segretaria Comunale")
    return order(comune=pero, sitting=held, start_s=122, end_s=126, reason="Dati", by=clerk)


def record(folder: Path) -> None:
    """Write the segments that the journal names, and have the captions be an hour old."""
    (folder / "media").mkdir()
    take = TakeRecord(
        1,
        "rtmp",
        0.0,
        VideoConfig(b"\x01\x64\x00\x1f\xff", 64, 36),
        AudioConfig("aac", bytes.fromhex("1190"), 48_000, 2),
    )
    (folder / "takes.jsonl").write_text(json.dumps(take.facts()) + "\n")
    for number in range(28, 35):
        (folder / "media" / f"{number}.m4s").write_bytes(segment(number))
    was = (folder / "cues.jsonl").stat().st_mtime - 3600
    os.utime(folder / "cues.jsonl", (was, was))


def segment(number: int) -> bytes:
    """Return a segment that begins with a key frame."""
    picture = f"picture of {number}".encode()
    video = Run(
        round(number * SEGMENT_S * 90_000),
        [RunSample(3600, k == 0, 0, picture) for k in range(100)],
    )
    audio = Run(round(number * SEGMENT_S * 48_000), [RunSample(1024, True, 0, b"s")] * 187)
    return fragment(number + 1, video=video, audio=audio)


def test_originals_go_into_the_seal_and_black_stands_in_their_place(
    pero: Comune, held: Sitting, omission: Omission
) -> None:
    media = folder_of(held) / "media"
    assert recut_media(comune=pero, sitting=held) == len(CLOSED)
    with scope(pero):
        assert seal.names_in(omission) == [f"{n}.m4s" for n in CLOSED]
    for number in CLOSED:
        assert not (media / f"{number}.m4s").exists()
        (now,) = fragment_times((media / f"{number}.black.m4s").read_bytes())
        (was,) = fragment_times(segment(number))
        assert now.video
        assert was.video
        assert (now.video.base_time, now.video.end) == (was.video.base_time, was.video.end)
    assert (media / "29.m4s").read_bytes() == segment(29)
    assert (media / "32.m4s").read_bytes() == segment(32)
    assert traces(folder_of(held), [f"picture of {n}" for n in CLOSED]) == []
    assert recut_media(comune=pero, sitting=held) == 0


@pytest.mark.parametrize("step", ["make_black", "sync_folder"])
def test_one_that_is_killed_is_taken_up_again(
    pero: Comune,
    held: Sitting,
    omission: Omission,
    step: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def dies(*_: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(recut, step, dies)
        with pytest.raises(OSError, match="killed"):
            recut_media(comune=pero, sitting=held)
    assert (folder_of(held) / "media" / "30.m4s").exists()
    assert recut_media(comune=pero, sitting=held) == len(CLOSED)
    assert traces(folder_of(held), [f"picture of {n}" for n in CLOSED]) == []


def test_a_segment_nobody_can_read_is_sealed_and_stays_a_gap(
    pero: Comune, held: Sitting, omission: Omission
) -> None:
    media = folder_of(held) / "media"
    (media / "31.m4s").write_bytes(b"rubbish")
    assert recut_media(comune=pero, sitting=held) == len(CLOSED)
    assert not (media / "31.m4s").exists()
    assert not (media / "31.black.m4s").exists()
    with scope(pero):
        assert seal.is_in(omission, "31.m4s")


def test_the_words_leave_the_captions_file_and_everything_made_of_it(
    pero: Comune, held: Sitting, omission: Omission
) -> None:
    path = folder_of(held) / "cues.jsonl"
    was = path.stat().st_mtime
    assert SAID in path.read_text()
    assert recut_captions(comune=pero, sitting=held) == 1
    assert path.stat().st_mtime == was
    assert SAID not in path.read_text()
    told = f"{drafts_of(account_of(comune=pero, sitting=held))}"
    told += f"{cues_of(comune=pero, sitting=held)} {transcript_of(comune=pero, sitting=held)}"
    assert SAID not in told
    assert "[omissis]" in told
    assert "Grazie" in told
    assert recut_captions(comune=pero, sitting=held) == 0
    assert traces(folder_of(held), [SAID]) == []


def test_the_job_says_how_far_it_has_come(
    pero: Comune, held: Sitting, omission: Omission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = {step.target: step.state for step in steps_of(comune=pero, omission=omission)}
    assert before[Target.VIDEO] == before[Target.CAPTIONS] == StepState.WAITING
    with monkeypatch.context() as broken:
        broken.setattr(seal, "write_atomically", full)
        with scope(pero), pytest.raises(OSError, match="No space"):
            recut_omitted.call(comune=pero, uid=held.uid)
    steps = {step.target: step for step in steps_of(comune=pero, omission=omission)}
    assert steps[Target.VIDEO].state == StepState.FAILED
    assert "No space" in steps[Target.VIDEO].note
    with scope(pero):
        recut_omitted.call(comune=pero, uid=held.uid)
    steps = {step.target: step for step in steps_of(comune=pero, omission=omission)}
    for target in (Target.VIDEO, Target.CAPTIONS, Target.TRANSCRIPT):
        assert steps[target].state == StepState.DONE, target


def traces(folder: Path, marks: list[str]) -> list[tuple[str, str]]:
    """Return in which files of a folder which of these texts stand."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        (path.name, mark) for path in files for mark in marks if mark.encode() in path.read_bytes()
    ]
