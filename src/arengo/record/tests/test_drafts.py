"""The drafts of a sitting: journal and words from the database and the folder, to files."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from chamber import make_agenda, play, seat_council
from spoken_sitting import SPEECH, hold

from arengo import cli
from arengo.council import akn_schema
from arengo.council.engine.record.document import words_of
from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune
from arengo.record.commands import put
from arengo.record.drafts import account_of, drafts_of, find, write, writers_of
from arengo.record.errors import DraftAbsent, FormatAbsent, NothingToTell
from arengo.record.heard import heard_in, latest_cues


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting in which Beretta spoke and a vote was proclaimed."""
    return hold(pero, make_sitting)


def test_words_are_given_to_who_had_the_floor_and_to_their_hour(held: Sitting) -> None:
    account = account_of(comune=held.comune, sitting=held)
    said = [one.said for one in account.heard]
    assert [one.text for one in said] == [f"{SPEECH} Grazie a tutti."]
    assert account.end.members[said[0].member or ""].name.endswith("Beretta")
    assert said[0].at == account.moments[0].at + timedelta(seconds=122)


def test_the_verbale_quotes_them(held: Sitting) -> None:
    account = account_of(comune=held.comune, sitting=held)
    assert "via Sempione" in words_of(find(account, "verbale").document)


def test_every_document_is_written_in_every_format_it_has(held: Sitting) -> None:
    account = account_of(comune=held.comune, sitting=held)
    for draft in drafts_of(account):
        for format_ in writers_of(draft.document):
            written = write(account, draft, format_)
            assert written.data, written.file_name
            if format_ == "akn":
                assert akn_schema.validate(written.data) == ()


def test_what_is_not_there_is_refused_with_what_is(held: Sitting) -> None:
    account = account_of(comune=held.comune, sitting=held)
    with pytest.raises(DraftAbsent, match="verbale"):
        find(account, "romanzo")
    with pytest.raises(FormatAbsent, match="akn"):
        write(account, find(account, "verbale"), "exe")


def test_a_sitting_without_a_journal_says_when_it_will_have_one(
    pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    with pytest.raises(NothingToTell, match="appello"):
        account_of(comune=pero, sitting=make_sitting(pero))


def test_a_sitting_without_video_has_its_documents_all_the_same(
    pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    seat_council(pero)
    sitting = make_sitting(pero, scheduled_at=clock.now())
    make_agenda(sitting)
    play(sitting, ("roll_call_began", {}))
    account = account_of(comune=pero, sitting=sitting)
    assert account.heard == ()
    assert find(account, "verbale").document.sections


def test_a_folder_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert heard_in(tmp_path / "nessuna").utterances == ()


def test_the_last_revision_of_a_caption_stands_and_a_withdrawn_one_is_gone() -> None:
    cue = {"start": 1.0, "end": 2.0, "final": True}
    rows = [
        {"id": "a", "rev": 2, "lines": ["giusto"], **cue},
        {"id": "a", "rev": 1, "lines": ["sbagliato"], **cue},
        {"id": "b", "rev": 1, "lines": ["segreto"], **cue},
        {"id": "b", "rev": 2, "lines": [], **cue},
    ]
    assert [row["lines"] for row in latest_cues(rows)] == [["giusto"]]


# --- from the command line ------------------------------------------------------------------


def test_one_command_writes_all_of_a_sitting(
    held: Sitting, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["record", "build", held.uid, "--output", str(tmp_path / "atti")]) == 0
    names = {path.name for path in (tmp_path / "atti").iterdir()}
    assert set(capsys.readouterr().out.split()) == names
    assert any(name.endswith("-verbale.akn.xml") for name in names)


def test_one_command_writes_one_document(
    held: Sitting, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    target = tmp_path / "verbale.xml"
    asked = ["record", "export", held.uid, "--format", "akn"]
    assert cli.main([*asked, "--output", str(target)]) == 0
    assert cli.main(asked) == 0
    assert capsysbinary.readouterr().out.startswith(target.read_bytes()[:400])


@pytest.mark.parametrize(
    ("format_", "begins"), [("vtt", b"WEBVTT"), ("srt", b"1\n00:02:02,000"), ("ttml", b"<?xml")]
)
def test_captions_are_written_too(
    held: Sitting, tmp_path: Path, format_: str, begins: bytes
) -> None:
    target = tmp_path / f"seduta.{format_}"
    asked = ["record", "export", held.uid, "--format", format_, "--output", str(target)]
    assert cli.main(asked) == 0
    assert target.read_bytes().startswith(begins)
    assert b"via Sempione" in target.read_bytes()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["export", "ffff", "--format", "akn"], "Nessuna seduta «ffff»"),
        (["export", "SEDUTA", "--format", "exe"], "non si scrive in formato «exe»"),
        (["export", "SEDUTA", "--format", "akn", "--document", "x"], "non ha il documento «x»"),
    ],
)
def test_what_cannot_be_written_is_said(
    held: Sitting, asked: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [held.uid if word == "SEDUTA" else word for word in asked]
    assert cli.main(["record", *words]) == 2
    assert told in capsys.readouterr().err


def test_a_full_disk_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = tmp_path / "verbale.pdf"
    put(target, b"prima")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(target, b"dopo")
    assert [path.name for path in tmp_path.iterdir()] == ["verbale.pdf"]
    assert target.read_bytes() == b"prima"
