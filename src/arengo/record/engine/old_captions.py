"""Captions that came with an old recording: WebVTT and SubRip, YouTube's rolling ones too.

YouTube's automatic captions roll: each cue shows again the line before, and a moment later the
line stays alone. What was shown already is dropped; the times inside a line (`<00:00:01.000>`)
become those of its words.

Source: W3C WebVTT, Candidate Recommendation of 4 April 2019, §4 and §6.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}")
_INSIDE = re.compile(rf"<{_TIME}>")
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_ASIDE = ("NOTE", "STYLE", "REGION")
_CHANGE = re.compile(r"^(?:>>+|-)\s*")  # another voice, as captioners write it

Spoken = tuple[float, float, str]  # a word with its seconds


@dataclass(frozen=True, slots=True)
class OldCue:
    """A caption in seconds of the recording; its words have times, told or shared out."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]
    words: tuple[Spoken, ...]


class CaptionsUnreadable(ValueError):
    """There is not one caption in it; the message is for people."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """A caption as it stands in the file."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]


def old_captions(text: str) -> tuple[OldCue, ...]:
    """Return the captions of a file in order of time, each line once.

    Raises
    ------
    CaptionsUnreadable
        Nothing in the file has times.
    """
    raw = sorted(_raw(text), key=lambda one: (one.start_s, one.end_s))
    if not raw:
        raise CaptionsUnreadable("Il file di sottotitoli non ha nessuna riga con i tempi.")
    is_rolling = any(_INSIDE.search(line) for one in raw for line in one.lines)
    return tuple(_unrolled(raw) if is_rolling else _plain(raw))


def _raw(text: str) -> Iterator[_Raw]:
    """Yield what stands after each line of times, up to the next one or a note."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = [k for k, line in enumerate(lines) if _TIMING.match(line)]
    for k, after in pairwise([*at, len(lines)]):
        found = _TIMING.match(lines[k])
        assert found
        start_s, end_s = _seconds(found.groups()[:4]), _seconds(found.groups()[4:])
        held = _payload(lines[k + 1 : after], is_last=after == len(lines))
        if end_s > start_s and held:
            yield _Raw(start_s, end_s, held)


def _payload(lines: Sequence[str], *, is_last: bool) -> tuple[str, ...]:
    """Return the lines of a cue, without the next one's name and the notes between them."""
    kept = list(lines)
    if not is_last and len(kept) > 1 and kept[-1].strip() and not kept[-2].strip():
        kept.pop()
    for k, line in enumerate(kept):
        if line.split(" ")[0].strip() in _ASIDE and k and not kept[k - 1].strip():
            kept = kept[:k]
            break
    return tuple(line for line in kept if _shown(line))


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _shown(line: str) -> str:
    """Return a line as it is read: no tags, no signs, no control characters."""
    text = html.unescape(_TAG.sub("", line)).replace("\u200b", "")
    text = "".join(c if c.isprintable() else " " for c in text)
    return _CHANGE.sub("", " ".join(text.split()))


def _plain(raw: Sequence[_Raw]) -> Iterator[OldCue]:
    for one in raw:
        lines = tuple(_shown(line) for line in one.lines)
        texts = " ".join(lines).split()
        yield OldCue(one.start_s, one.end_s, lines, tuple(shared(texts, one.start_s, one.end_s)))


def _unrolled(raw: Sequence[_Raw]) -> Iterator[OldCue]:
    """Yield each line when it is shown first, until the next one comes."""
    found: list[OldCue] = []
    before: tuple[str, ...] = ()
    for one in raw:
        shown = tuple(_shown(line) for line in one.lines)
        for line in one.lines[_again(before, shown) :]:
            words = tuple(_timed(line, one.start_s, one.end_s))
            found.append(OldCue(one.start_s, one.end_s, (_shown(line),), words))
        before = shown
    yield from found


def _again(before: tuple[str, ...], shown: tuple[str, ...]) -> int:
    """Return how many lines at the top are the last ones of the caption before."""
    most = min(len(before), len(shown))
    return next((k for k in range(most, 0, -1) if before[-k:] == shown[:k]), 0)


def _timed(line: str, start_s: float, end_s: float) -> Iterator[Spoken]:
    """Yield the words of a line by the times inside it."""
    edges = [start_s, *(_seconds(found.groups()) for found in _INSIDE.finditer(line)), end_s]
    for (from_s, to_s), piece in zip(pairwise(edges), _pieces(line), strict=True):
        yield from shared(_shown(piece).split(), from_s, max(from_s, to_s))


def _pieces(line: str) -> list[str]:
    ends = [0]
    for found in _INSIDE.finditer(line):
        ends += [found.start(), found.end()]
    ends.append(len(line))
    return [line[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)]


def shared(texts: Sequence[str], start_s: float, end_s: float) -> Iterator[Spoken]:
    """Yield words with a stretch of time shared out by their letters."""
    whole = sum(len(text) for text in texts) or 1
    done = 0
    for text in texts:
        from_s = start_s + (end_s - start_s) * done / whole
        done += len(text)
        yield round(from_s, 3), round(start_s + (end_s - start_s) * done / whole, 3), text
