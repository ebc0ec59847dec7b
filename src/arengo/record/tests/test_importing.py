"""Old recordings come in whole, once, with their words; what is torn is told and stops nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection

from arengo import cli, config
from arengo.council.models import Sitting, SittingState
from arengo.kernel.executor import Here
from arengo.kernel.models import AuditEntry, Comune
from arengo.kernel.scope import scope
from arengo.live.demo.reference import CLIP
from arengo.live.engine.words import Word
from arengo.live.studio.recorder import SegmentRecord, read_lines
from arengo.record import importing, listening, past_sittings
from arengo.record.errors import ImportRunning, NothingToImport, NothingToTell, RoomMissing
from arengo.record.importing import Result, bring_in, survey
from arengo.record.models import ImportRun, PastRecording, PastState
from arengo.record.queries.search import search

VTT = (
    "WEBVTT\n\n00:00:02.000 --> 00:00:05.000\n"
    "Le<00:00:03.000><c> buche</c><00:00:04.000><c> di via Sempione</c>\n"
)


@pytest.fixture(autouse=True)
def words_left(transactional_db: None) -> Iterator[None]:
    """Empty SQLite's index after a test that is not rolled back."""
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO record_words(record_words) VALUES ('delete-all')")


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve seconds of the demo sitting, H.264 and AAC."""
    path = tmp_path_factory.mktemp("old") / "short.mp4"
    copied = ["-t", "12", "-c", "copy", "-movflags", "+faststart"]
    subprocess.run(["ffmpeg", "-v", "error", "-i", CLIP, *copied, path], check=True)
    return path


@pytest.fixture
def old(tmp_path: Path, short: Path) -> Path:
    """Return a folder with a recording and its captions."""
    folder = tmp_path / "vecchie"
    folder.mkdir()
    shutil.copy(short, folder / "2019-03-28 Bilancio.mp4")
    (folder / "2019-03-28 Bilancio.it.vtt").write_text(VTT)
    return folder


def bring(comune: Comune, folder: Path) -> Result:
    return bring_in(comune=comune, folder=folder, found=survey(folder), executor=Here())


def past(comune: Comune) -> list[PastRecording]:
    with scope(comune):
        return list(PastRecording.objects.select_related("sitting").order_by("id"))


def hear_nothing(*asked: object) -> bytes:
    raise AssertionError("captions came with it")


def hear_one(model: str, workers: int, pcm: bytes, start_s: float) -> bytes:
    return listening.packed([Word(start_s + 1.0, start_s + 2.0, f"parola{start_s:.0f}.")])


@pytest.mark.slow
def test_a_recording_with_captions_becomes_a_closed_sitting_found_by_its_words(
    pero: Comune, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "listen", hear_nothing)
    result = bring(pero, old)
    assert [one.name for one in result.done] == ["2019-03-28 Bilancio.mp4"]
    (one,) = past(pero)
    sitting = one.sitting
    assert sitting is not None
    assert (sitting.title, sitting.state) == ("Bilancio", SittingState.CLOSED)
    assert sitting.opened_at
    assert sitting.opened_at.isoformat() == "2019-03-28T20:00:00+00:00"
    (hit,) = search(comune=pero, text='"via Sempione"').hits
    assert (hit.passage.sitting_id, hit.passage.start_s) == (sitting.pk, 2.0)
    folder = config.load().sitting_folder(pero.pk, sitting.uid)
    records = [SegmentRecord(**row) for row in read_lines(folder / "segments.jsonl")]
    assert sum(record.duration for record in records) == pytest.approx(12.0, abs=0.1)
    assert all((folder / "media" / f"{r.n}.m4s").stat().st_size == r.bytes for r in records)
    assert (folder / "sitting.json").exists()
    assert not list(config.load().data.glob("imports/*/[0-9a-f]*"))
    assert AuditEntry.across.filter(action="council.record_past_sitting").count() == 1


@pytest.mark.slow
def test_a_past_sitting_has_no_journal_and_says_so(pero: Comune, old: Path) -> None:
    from arengo.record.drafts import account_of

    bring(pero, old)
    sitting = past(pero)[0].sitting
    assert sitting is not None
    with pytest.raises(NothingToTell):
        account_of(comune=pero, sitting=sitting)


@pytest.mark.slow
def test_the_same_folder_again_brings_nothing_in_twice(pero: Comune, old: Path) -> None:
    bring(pero, old)
    (old / "2019-03-28 Bilancio.mp4").rename(old / "2019-03-29 Altro.mp4")
    again = bring(pero, old)
    assert (len(again.done), len(again.known)) == (0, 1)
    assert Sitting.across.filter(comune=pero).count() == 1


@pytest.mark.slow
def test_one_torn_file_among_others_is_told_and_skipped(pero: Comune, old: Path) -> None:
    (old / "2019-01-01 rotto.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(5000))
    (old / "senza data.mp4").write_bytes(b"x")
    result = bring(pero, old)
    assert [one.name for one in result.done] == ["2019-03-28 Bilancio.mp4"]
    assert [one.name for one in result.failed] == ["2019-01-01 rotto.mp4"]
    assert "non si legge" in result.failed[0].problem
    assert "senza data.mp4" in result.problems[0]
    with scope(pero):
        assert ImportRun.objects.get().finished_at


class Stop(BaseException):
    """The process is killed here."""


@pytest.mark.slow
def test_what_was_heard_before_a_kill_is_not_heard_again(
    pero: Comune, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old / "2019-03-28 Bilancio.it.vtt").unlink()
    monkeypatch.setattr(listening, "PIECE_S", 4.0)
    cut = listening.pieces
    monkeypatch.setattr(listening, "pieces", lambda folder: cut(folder, 4.0, 0.5))
    heard: list[float] = []

    def dying(model: str, workers: int, pcm: bytes, start_s: float) -> bytes:
        if len(heard) == 1:
            raise Stop
        heard.append(start_s)
        return hear_one(model, workers, pcm, start_s)

    monkeypatch.setattr(listening, "hear", dying)
    with pytest.raises(Stop):
        bring(pero, old)
    assert Sitting.across.count() == 0
    assert past(pero)[0].state != PastState.DONE

    def going_on(model: str, workers: int, pcm: bytes, start_s: float) -> bytes:
        heard.append(start_s)
        return hear_one(model, workers, pcm, start_s)

    monkeypatch.setattr(listening, "hear", going_on)
    result = bring(pero, old)
    assert len(result.done) == 1
    assert len(heard) == len(set(heard)) >= 3
    said = " ".join(h.passage.text for h in search(comune=pero, text="parola0").hits)
    assert [f"parola{start:.0f}." in said for start in heard] == [True] * len(heard)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["note_sitting", "write_sitting_file", "_index"])
def test_killed_between_any_two_steps_of_publishing_it_goes_on_to_one_sitting(
    pero: Comune, old: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def killed(**facts: object) -> None:
        raise Stop

    where = past_sittings if step == "note_sitting" else importing
    with monkeypatch.context() as patched:
        patched.setattr(where, step, killed if step != "_index" else lambda *_: killed())
        with pytest.raises(Stop):
            bring(pero, old)
    assert search(comune=pero, text="Sempione").total == 0
    assert len(bring(pero, old).done) == 1
    assert Sitting.across.filter(comune=pero).count() == 1
    assert search(comune=pero, text="Sempione").total == 1


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.slow
def test_a_disk_without_room_is_told_before_anything_is_written(
    pero: Comune, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10, 9, 1))
    with pytest.raises(RoomMissing, match="Libera spazio"):
        bring(pero, old)
    assert past(pero) == []


@pytest.mark.slow
def test_a_disk_that_fills_leaves_nothing_half_done(
    pero: Comune, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*asked: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(importing, "repackage", full)
        with pytest.raises(RoomMissing):
            bring(pero, old)
    assert not list(config.load().data.glob("imports/*/[0-9a-f]*"))
    assert Sitting.across.count() == 0
    assert len(bring(pero, old).done) == 1


@pytest.mark.slow
def test_two_imports_at_once_are_refused(pero: Comune, old: Path) -> None:
    found = survey(old)
    drafts = config.load().data / "imports" / pero.pk
    drafts.mkdir(parents=True)
    with importing._alone(drafts), pytest.raises(ImportRunning):
        bring_in(comune=pero, folder=old, found=found, executor=Here())


@pytest.mark.slow
def test_sound_alone_is_encoded_and_brought_in(pero: Comune, tmp_path: Path, short: Path) -> None:
    folder = tmp_path / "audio"
    folder.mkdir()
    for name in ("28.03.2019.mp3", "29.03.2019.wav", "30.03.2019.m4a"):
        subprocess.run(["ffmpeg", "-v", "error", "-i", short, "-vn", folder / name], check=True)
        (folder / name).with_suffix(".srt").write_text(
            "1\n00:00:01,000 --> 00:00:02,000\nBuonasera.\n"
        )
    result = bring(pero, folder)
    assert len(result.done) == 3
    assert all(one.duration_s == pytest.approx(12.0, abs=0.3) for one in result.done)
    assert search(comune=pero, text="buonasera").total == 3


@pytest.mark.slow
def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToImport, match="non ci sono registrazioni"):
        survey(tmp_path)


@pytest.mark.slow
def test_the_command_says_what_came_in_and_what_did_not(
    pero: Comune, old: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARENGO_EXECUTOR", "here")
    (old / "2019-01-01 rotto.mp4").write_bytes(b"niente")
    assert cli.main(["archive", "import", str(old), "--comune", pero.slug]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "1 nuove, 0 già presenti, 1 non importate" in told
    assert "2019-01-01 rotto.mp4: Il file non si legge" in told
