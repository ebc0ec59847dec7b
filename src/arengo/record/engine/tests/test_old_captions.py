"""Captions of old recordings: each word once, at its second."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.record.engine.old_captions import CaptionsUnreadable, old_captions

ROLLING = """WEBVTT
Kind: captions
Language: it

00:00:00.000 --> 00:00:02.000 align:start position:0%
_
buongiorno<00:00:00.500><c> a</c><00:00:01.000><c> tutti</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
buongiorno a tutti
_

00:00:02.010 --> 00:00:03.000 align:start position:0%
buongiorno a tutti
presente

00:00:03.000 --> 00:00:03.010 align:start position:0%
presente
_

00:00:03.010 --> 00:00:04.000 align:start position:0%
presente
presente

00:00:04.000 --> 00:00:06.000 align:start position:0%
presente
&gt;&gt; via<00:00:05.000><c> Sempione</c>
""".replace("_", " ")  # a line with a blank, as YouTube writes it
SRT = "1\r\n00:00:01,000 --> 00:00:03,000\r\n- <i>Favorevole.</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}Favorevole.\r\n"


def test_what_rolls_is_told_once_with_the_seconds_of_its_words() -> None:
    cues = old_captions(ROLLING)
    texts = ["buongiorno a tutti", "presente", "presente", "via Sempione"]
    assert [cue.lines[0] for cue in cues] == texts
    assert cues[0].words == ((0.0, 0.5, "buongiorno"), (0.5, 1.0, "a"), (1.0, 2.0, "tutti"))
    assert cues[3].words == ((4.0, 5.0, "via"), (5.0, 6.0, "Sempione"))


def test_a_file_whose_blank_lines_were_stripped_tells_the_same() -> None:
    stripped = "\n".join(line.rstrip() for line in ROLLING.split("\n"))
    assert old_captions(stripped) == old_captions(ROLLING)


def test_what_was_said_twice_stays_twice_where_nothing_rolls() -> None:
    cues = old_captions(SRT)
    assert [(cue.start_s, cue.lines) for cue in cues] == [
        (1.0, ("Favorevole.",)),
        (3.0, ("Favorevole.",)),
    ]


def test_names_of_cues_and_notes_are_not_said() -> None:
    text = "WEBVTT\n\nuno\n00:01.000 --> 00:02.000\nSì\n\nNOTE controllare\n\ndue\n00:03.000 --> 00:04.000\nNo\n"
    assert [cue.lines for cue in old_captions(text)] == [("Sì",), ("No",)]


def test_hours_of_a_sitting_of_two_days_are_read() -> None:
    (cue,) = old_captions("WEBVTT\n\n47:59:58.000 --> 47:59:59.000\nFine\n")
    assert cue.start_s == 172798.0


def test_a_file_without_times_is_refused() -> None:
    with pytest.raises(CaptionsUnreadable):
        old_captions("WEBVTT\n\nniente\n")


@given(st.lists(st.sampled_from([*ROLLING.split("\n"), "\x00", "-->", "NOTE x", "<c", "1"])))
def test_words_are_in_the_time_of_their_caption(lines: list[str]) -> None:
    try:
        cues = old_captions("\n".join(lines))
    except CaptionsUnreadable:
        return
    for cue in cues:
        assert " ".join(word for *_, word in cue.words) == " ".join(cue.lines)
        assert all(start <= end for start, end, _ in cue.words)
