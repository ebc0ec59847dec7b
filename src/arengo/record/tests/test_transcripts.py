"""The stored transcript: what the machine heard, what people made of it, who was first."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from spoken_sitting import folder_of, hold

from arengo.council.engine.record.document import words_of
from arengo.council.models import Sitting
from arengo.kernel.models import Comune, Job, User
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record import base_file
from arengo.record.captions import write_captions
from arengo.record.drafts import account_of, find
from arengo.record.engine.chain import verify
from arengo.record.engine.edits import SpeakerSet, TextFixed, Undone
from arengo.record.engine.errors import Overtaken
from arengo.record.engine.transcript import lines
from arengo.record.errors import NothingHeard, NotYetEditable, StillHeard, TranscriptLost
from arengo.record.passages import passages_of
from arengo.record.transcripts import append, log_of, transcript_of, utterances_of

FIX = TextFixed(("c0.4",), ("Sempione",), "Sanzio")


def closed(sitting: Sitting) -> Sitting:
    """Close a sitting."""
    open_broadcast(comune=sitting.comune, sitting=sitting, by=None)
    return close_broadcast(comune=sitting.comune, sitting=sitting, by=None)


def quiet(sitting: Sitting) -> None:
    """Make the last caption an old one."""
    os.utime(folder_of(sitting) / "cues.jsonl", (1_000_000, 1_000_000))


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which Beretta spoke, of which nothing more is being heard."""
    sitting = closed(hold(pero, make_sitting))
    quiet(sitting)
    return sitting


def test_a_correction_reaches_everything_that_is_made_of_words(held: Sitting, anna: User) -> None:
    append(comune=held.comune, sitting=held, edit=FIX, by=anna)
    assert "via Sanzio" in lines(transcript_of(comune=held.comune, sitting=held))[0]
    account = account_of(comune=held.comune, sitting=held)
    assert "via Sanzio" in words_of(find(account, "verbale").document)
    said = passages_of(comune=held.comune, sitting=held)
    assert any("via Sanzio" in one.text for one in said)
    for format_ in ("vtt", "srt", "ttml"):
        data = write_captions(comune=held.comune, sitting=held, format_=format_).data.decode()
        assert "Sanzio" in data
        assert "Sempione" not in data


def test_what_nobody_changed_is_told_as_before(held: Sitting, anna: User) -> None:
    before = utterances_of(comune=held.comune, sitting=held)
    append(comune=held.comune, sitting=held, edit=FIX, by=anna)
    append(comune=held.comune, sitting=held, edit=Undone(1), by=anna)
    after = utterances_of(comune=held.comune, sitting=held)
    assert [(one.text, one.member, one.at) for one in after] == [
        (one.text, one.member, one.at) for one in before
    ]


def test_who_comes_second_is_told_by_name_who_was_first(
    held: Sitting, anna: User, bruno: User
) -> None:
    append(comune=held.comune, sitting=held, edit=FIX, by=bruno)
    other = TextFixed(("c0.4",), ("Sempione",), "Sempioni")
    with pytest.raises(Overtaken) as refused:
        append(comune=held.comune, sitting=held, edit=other, by=anna)
    assert bruno.full_name in str(refused.value)
    assert refused.value.facts["now"] == "Sanzio"
    assert len(log_of(comune=held.comune, sitting=held)) == 1


def test_a_speaker_given_meanwhile_is_told_by_name(held: Sitting, anna: User, bruno: User) -> None:
    first = transcript_of(comune=held.comune, sitting=held).segments[0]
    given = SpeakerSet(first.id, "=Ugo Ospite", first.speaker)
    append(comune=held.comune, sitting=held, edit=given, by=bruno)
    assert utterances_of(comune=held.comune, sitting=held)[0].name == "Ugo Ospite"
    with pytest.raises(Overtaken, match="«Ugo Ospite»"):
        append(comune=held.comune, sitting=held, edit=given, by=anna)


def test_the_same_key_writes_once(held: Sitting, anna: User) -> None:
    for _ in range(2):
        done = append(comune=held.comune, sitting=held, edit=FIX, by=anna, command="k1")
        assert done.seq == 1
    log = log_of(comune=held.comune, sitting=held)
    assert len(log) == 1
    assert verify(log) is None


def test_edits_of_one_minute_ask_for_the_archive_once(held: Sitting, anna: User) -> None:
    for edit in (FIX, Undone(1), Undone(2)):
        append(comune=held.comune, sitting=held, edit=edit, by=anna)
    assert Job.across.filter(task__endswith="index_corrected").count() in {1, 2}


def test_captions_that_come_after_the_first_edit_change_nothing(held: Sitting, anna: User) -> None:
    append(comune=held.comune, sitting=held, edit=FIX, by=anna)
    (folder_of(held) / "cues.jsonl").write_text("", encoding="utf-8")
    assert "via Sanzio" in lines(transcript_of(comune=held.comune, sitting=held))[0]


def test_an_open_sitting_is_not_corrected_yet(
    pero: Comune, make_sitting: Callable[..., Sitting], anna: User
) -> None:
    with pytest.raises(NotYetEditable, match="dopo la chiusura"):
        append(comune=pero, sitting=hold(pero, make_sitting), edit=FIX, by=anna)


def test_the_last_words_are_waited_for(held: Sitting, anna: User) -> None:
    (folder_of(held) / "cues.jsonl").touch()
    with pytest.raises(StillHeard):
        append(comune=held.comune, sitting=held, edit=FIX, by=anna)


def test_a_sitting_without_words_has_nothing_to_correct(
    pero: Comune, make_sitting: Callable[..., Sitting], anna: User
) -> None:
    over = closed(make_sitting(pero))
    with pytest.raises(NothingHeard):
        append(comune=pero, sitting=over, edit=FIX, by=anna)


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_text("x")])
def test_words_that_are_not_those_corrected_are_refused(
    held: Sitting, anna: User, spoil: Callable[[Path], object]
) -> None:
    append(comune=held.comune, sitting=held, edit=FIX, by=anna)
    spoil(folder_of(held) / base_file.NAME)
    with pytest.raises(TranscriptLost, match=r"transcript\.jsonl"):
        transcript_of(comune=held.comune, sitting=held)
