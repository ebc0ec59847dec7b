"""The line protocol: bytes in, announcements or refusals out. No sockets, no clock.

A line is `MIC <seat> ON|OFF [<time>]`, or `{"seat": "12", "on": true, "at": "<time>"}`; see
docs/reference/microphones.md. Times are ISO 8601 with their offset.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from arengo.live.microphones.errors import LineRefused

LONGEST_LINE = 256
SEAT = re.compile(r"[A-Za-z0-9_.-]{1,16}")
STATES = {"ON": True, "OFF": False}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A microphone went on or off, as the system says; `sent_at` is by the system's clock."""

    seat: str
    is_on: bool
    sent_at: datetime | None = None


def parse_line(line: bytes) -> Announcement | None:
    """Read one line without its end; None for an empty one, which keeps a connection alive.

    Raises
    ------
    LineRefused
        `too_long`, `not_text`, `not_json`, `unknown`, `seat`, `state` or `time`.
    """
    if len(line) > LONGEST_LINE:
        raise LineRefused("too_long")
    text = _text(line)
    if not text:
        return None
    return _from_json(text) if text.startswith("{") else _from_words(text.split())


def _text(line: bytes) -> str:
    try:
        text = line.decode("utf-8").strip(" \t\r")
    except UnicodeDecodeError as error:
        raise LineRefused("not_text") from error
    if not text.isprintable() and "\t" not in text:
        raise LineRefused("not_text")
    return text


def _from_words(words: list[str]) -> Announcement:
    if words[0].upper() != "MIC" or not 3 <= len(words) <= 4:
        raise LineRefused("unknown")
    state = STATES.get(words[2].upper())
    if state is None:
        raise LineRefused("state")
    return Announcement(_seat(words[1]), state, _time(words[3]) if len(words) == 4 else None)


def _from_json(text: str) -> Announcement:
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LineRefused("not_json") from error
    if not isinstance(facts.get("on"), bool):
        raise LineRefused("state")
    seat, at = facts.get("seat"), facts.get("at")
    if isinstance(seat, bool) or not isinstance(seat, str | int):
        raise LineRefused("seat")
    return Announcement(_seat(str(seat)), facts["on"], None if at is None else _time(at))


def _seat(text: str) -> str:
    if not SEAT.fullmatch(text):
        raise LineRefused("seat")
    return text


def _time(text: object) -> datetime:
    """Read a time; without an offset it could mean two instants, so it is refused."""
    try:
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else _refuse_time()
    except (ValueError, OverflowError) as error:
        raise LineRefused("time") from error


def _refuse_time() -> datetime:
    raise LineRefused("time")


class Lines:
    """Cut a stream of bytes into lines; it never holds more than one line of the longest."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_skipping = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the lines that are complete; of one that is too long, its beginning, once."""
        *complete, rest = data.split(b"\n")
        for piece in complete:
            line, was_skipping = self._rest + piece, self._is_skipping
            self._rest, self._is_skipping = b"", False
            if not was_skipping:
                yield line[: LONGEST_LINE + 1]
        if self._is_skipping:
            return
        self._rest += rest[: LONGEST_LINE + 1]
        if len(self._rest) > LONGEST_LINE:
            yield self._rest[: LONGEST_LINE + 1]
            self._rest, self._is_skipping = b"", True
