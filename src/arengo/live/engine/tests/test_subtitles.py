"""Every subtitle format parses, keeps its text, and stays aligned with the segments."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.captions import Cue
from arengo.live.engine.subtitles import latest, segment_vtt, srt, transcript, ttml, whole_vtt

CUES = [
    Cue("c0", 0, 0.0, 2.5, ("Signor sindaco, colleghi,", "buonasera."), is_final=True),
    Cue("c3500", 1, 3.5, 6.0, ("R&D costa <50.000 euro",), is_final=True),
    Cue("c9000", 1, 9.0, 10.0, (), is_final=True),
    Cue("c3723004", 0, 3723.004, 3725.0, ("Si passa al voto.",), is_final=True),
]


def test_a_segment_holds_the_cues_that_touch_it_and_the_map_of_the_timeline() -> None:
    text = segment_vtt(CUES, 2.0, 4.0)
    assert text.startswith("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n")
    assert "00:00:00.000 --> 00:00:02.500\nSignor sindaco, colleghi,\nbuonasera.\n" in text
    assert "00:00:03.500 --> 00:00:06.000\nR&amp;D costa &lt;50.000 euro\n" in text
    assert "voto" not in text


def test_a_cue_across_a_boundary_is_identical_in_both_segments() -> None:
    def blocks(text: str) -> list[str]:
        return text.split("\n\n")[1:]

    assert (
        blocks(segment_vtt(CUES, 2.0, 4.0))[-1].strip()
        == blocks(segment_vtt(CUES, 4.0, 6.0))[0].strip()
    )


def test_a_segment_without_speech_is_still_a_valid_file() -> None:
    assert segment_vtt(CUES, 100.0, 102.0) == (
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n"
    )


def test_withdrawn_cues_are_in_no_format() -> None:
    for text in (whole_vtt(CUES), srt(CUES), ttml(CUES), transcript(CUES)):
        assert "00:00:09" not in text
    assert [cue.id for cue in latest(CUES)] == ["c0", "c3500", "c3723004"]


def test_srt_numbers_its_cues_and_writes_commas() -> None:
    assert "3\n01:02:03,004 --> 01:02:05,000\nSi passa al voto." in srt(CUES)


def test_ttml_is_xml_with_a_paragraph_a_cue() -> None:
    root = ET.fromstring(ttml(CUES, title="Consiglio <del> 3 & 4"))
    found = root.findall(".//{http://www.w3.org/ns/ttml}p")
    assert ["".join(p.itertext()) for p in found][1:] == [
        "R&D costa <50.000 euro",
        "Si passa al voto.",
    ]
    assert found[2].get("begin") == "01:02:03.004"


def test_transcript_is_text_in_paragraphs_with_times() -> None:
    assert transcript(CUES) == (
        "[0:00:00] Signor sindaco, colleghi, buonasera. R&D costa <50.000 euro\n\n"
        "[1:02:03] Si passa al voto.\n"
    )


def test_transcript_says_who_speaks_where_that_changes_and_is_known() -> None:
    names = {0.0: "Anna Rossi, Lista Olona", 3.5: "", 3723.004: "Luca Bianchi (probabile)"}
    assert transcript(CUES, lambda start, end: names[start]) == (
        "Anna Rossi, Lista Olona\n[0:00:00] Signor sindaco, colleghi, buonasera.\n\n"
        "[0:00:03] R&D costa <50.000 euro\n\n"
        "Luca Bianchi (probabile)\n[1:02:03] Si passa al voto.\n"
    )
    alike = transcript(CUES, lambda start, end: "Anna Rossi")
    assert alike.count("Anna Rossi") == 1


@pytest.mark.slow
@given(st.lists(st.text(min_size=1, max_size=42), min_size=1, max_size=2))
def test_any_text_survives_in_vtt_and_ttml_without_breaking_them(lines: list[str]) -> None:
    cue = Cue("c1", 0, 1.0, 2.0, tuple(lines), is_final=True)
    blocks = re.findall(r"(?m)^[\d:.]+ --> [\d:.]+\n(?:.+\n)+", whole_vtt([cue]))
    assert len(blocks) == 1
    paragraph = ET.fromstring(ttml([cue])).find(".//{http://www.w3.org/ns/ttml}p")
    assert paragraph is not None
    shown = " ".join(paragraph.itertext())
    assert shown.split() == unescape(" ".join(blocks[0].split("\n")[1:])).split()
