"""Lines: what is an announcement, what is refused and why, and how a stream is cut."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.microphones.errors import LineRefused
from arengo.live.microphones.protocol import LONGEST_LINE, Announcement, Lines, parse_line

AT = datetime(2026, 11, 23, 20, 31, 5, 120_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"MIC 12 ON 2026-11-23T20:31:05.120Z", Announcement("12", True, AT)),
        (b"MIC 12 OFF 2026-11-23T21:31:05.120+01:00\r", Announcement("12", False, AT)),
        (b"  mic\tA-7.b   on ", Announcement("A-7.b", True)),
        (b'{"seat": "12", "on": true, "at": "2026-11-23T20:31:05.120Z"}', Announcement("12", True, AT)),
        (b'{"seat": 12, "on": false, "level": 3}', Announcement("12", False)),
        (b"", None),
        (b" \r", None),
    ],
)  # fmt: skip
def test_a_line_is_read(line: bytes, said: Announcement | None) -> None:
    assert parse_line(line) == said


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"MIC 12 ON 2026-11-23T20:31:05.120", "time"),  # which offset?
        (b"MIC 12 ON yesterday", "time"),
        (b"MIC 12 ON 0001-01-01T00:00:00+23:59", "time"),
        (b"MIC 12 MAYBE", "state"),
        (b"MIC 12", "unknown"),
        (b"MIC 12 ON now or never", "unknown"),
        (b"GET / HTTP/1.1", "unknown"),
        (b"MIC ../../etc ON", "seat"),
        (b"MIC 12345678901234567 ON", "seat"),
        (b"MIC 12\x00 ON", "not_text"),
        (b"\xff\xfe\x00", "not_text"),
        (b'{"seat": "12"', "not_json"),
        (b"{" * 200, "not_json"),
        (b'{"seat": "12", "on": 1}', "state"),
        (b'{"seat": true, "on": true}', "seat"),
        (b'{"seat": null, "on": true}', "seat"),
        (b'{"seat": "12", "on": true, "at": 5}', "time"),
        (b"MIC 12 ON " + b" " * LONGEST_LINE, "too_long"),
    ],
)
def test_anything_else_is_refused_for_a_reason(line: bytes, code: str) -> None:
    with pytest.raises(LineRefused) as refused:
        parse_line(line)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_read_or_refused(line: bytes) -> None:
    try:
        said = parse_line(line)
    except LineRefused:
        return
    assert said is None or said.seat


def cut(*pieces: bytes) -> list[bytes]:
    lines = Lines()
    return [line for piece in pieces for line in lines.feed(piece)]


def test_lines_are_cut_wherever_the_network_cut_them() -> None:
    assert cut(b"MIC 1 ", b"ON\nMIC 2", b" ON\n", b"half") == [b"MIC 1 ON", b"MIC 2 ON"]


def test_a_line_without_end_is_told_once_and_forgotten() -> None:
    """A megabyte in pieces: its beginning comes once, memory stays small, the next line is good."""
    lines = Lines()
    told = [line for _ in range(1024) for line in lines.feed(b"x" * 1024)]
    assert [len(line) for line in told] == [LONGEST_LINE + 1]
    assert list(lines.feed(b"xx\nMIC 1 ON\n")) == [b"MIC 1 ON"]


@given(st.lists(st.binary(max_size=200).filter(lambda b: b"\n" not in b), max_size=6), st.data())
def test_however_it_is_cut_it_is_the_same(lines: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    at = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    edges = [0, *at, len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    assert cut(*pieces) == lines
