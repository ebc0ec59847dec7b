"""What was heard in a sitting, from its folder: captions joined with who spoke, speech by speech.

Nothing here writes: the folder is the studio's. What was secret is not in it any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from arengo.council.engine.record.facts import SpokenWord, Utterance
from arengo.live.engine.playlist import Segment
from arengo.live.engine.wall import Anchor, Hours
from arengo.live.studio.attribution import GUEST, attributed
from arengo.live.studio.board import read_board
from arengo.live.studio.cut import read_cuts
from arengo.live.studio.ledger import ledger_of
from arengo.live.studio.recorder import SegmentRecord, read_lines
from arengo.live.studio.rows import Row, row_of
from arengo.record.engine import transcript as engine

PAUSE_S = 6.0  # a longer silence ends an utterance

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a folder tells: `utterances` in order of time, `anchors` from video to hour."""

    utterances: tuple[Utterance, ...]
    anchors: tuple[Anchor, ...]
    duration_s: float


@dataclass(frozen=True, slots=True)
class _Said:
    """A word with whose it is: `member` as the rows have it; `cue` is the caption's id."""

    word: SpokenWord
    member: str | None
    confidence: float
    cue: str


@dataclass(frozen=True, slots=True)
class _Listened:
    """All that a folder tells: words in order, names of who is no member, hours, length."""

    said: Sequence[_Said]
    names: Mapping[str, str]
    anchors: tuple[Anchor, ...]
    duration_s: float


def heard_in(folder: Path) -> Heard:
    """Read what was said in a sitting; a folder that is absent or empty tells nothing."""
    told = _listen(folder)
    found = tuple(_utterance(one, told.names, told.anchors) for one in _runs(told.said))
    return Heard(found, told.anchors, told.duration_s)


def base_in(folder: Path) -> engine.Transcript:
    """Return the same words as the transcript that nobody has corrected yet."""
    return engine.base(_rows(_listen(folder).said))


def timing_in(folder: Path) -> Heard:
    """Return the hours and length of a sitting's video, without its words."""
    anchors, duration_s, _ = _timing(folder)
    return Heard((), anchors, duration_s)


def _timing(folder: Path) -> tuple[tuple[Anchor, ...], float, list[Segment]]:
    records = [SegmentRecord(**row) for row in read_lines(folder / "segments.jsonl")]
    segments = list(ledger_of(records).recorded()) if records else []
    duration_s = records[-1].start + records[-1].duration if records else 0.0
    hours = Hours()
    for segment in segments:
        hours.add(segment)
    return tuple(hours.anchors), duration_s, segments


def _listen(folder: Path) -> _Listened:
    anchors, duration_s, segments = _timing(folder)
    if not anchors:
        return _Listened((), {}, (), duration_s)
    cues = latest_cues(read_lines(folder / "cues.jsonl"))
    secrets, board = read_cuts(folder).sinces, read_board(folder)
    spoke = attributed(folder, segments, cues, secrets, board)
    spoke.settle(duration_s)
    return _Listened(list(_said(cues, spoke.rows)), spoke.names, anchors, duration_s)


def _rows(said: Sequence[_Said]) -> Iterator[engine.Row]:
    """Yield the words of one caption that one person said, as the transcript takes them."""
    for (cue, member), run in groupby(said, lambda one: (one.cue, one.member)):
        words = list(run)
        heard = [(w.word.text, w.word.start_s, w.word.end_s, w.word.confidence) for w in words]
        yield engine.Row(cue, member or "", heard, min(one.confidence for one in words))


def latest_cues(rows: Iterable[Line]) -> list[Line]:
    """Return the last revision of each final caption that still has text, by time."""
    held: dict[str, Line] = {}
    for row in rows:
        if row["id"] not in held or row["rev"] >= held[row["id"]]["rev"]:
            held[row["id"]] = row
    kept = (row for row in held.values() if row["lines"] and row["final"])
    return sorted(kept, key=lambda row: (row["start"], row["end"]))


def hour_of(anchors: Sequence[Anchor], at_s: float) -> datetime:
    """Return the instant of a second of the video; `anchors` are at least one."""
    k = max(0, bisect_right(anchors, at_s, key=lambda anchor: anchor.start_s) - 1)
    return anchors[k].wall + timedelta(seconds=at_s - anchors[k].start_s)


def _said(cues: Iterable[Line], rows: Sequence[Row]) -> Iterator[_Said]:
    for cue in cues:
        for word in _words(cue):
            row = row_of(rows, word.start_s, word.end_s)
            yield _Said(word, row[2] if row else None, row[3] if row else 0.0, str(cue["id"]))


def _words(cue: Line) -> Iterator[SpokenWord]:
    """Yield a caption's words; one that came without them has its time shared out evenly."""
    given = cue.get("words") or []
    if given:
        for start_s, end_s, text, probability, *_ in given:
            yield SpokenWord(text.strip(), start_s, max(start_s, end_s), float(probability))
        return
    texts = " ".join(cue["lines"]).split()
    each_s = (cue["end"] - cue["start"]) / max(1, len(texts))
    for n, text in enumerate(texts):
        start_s = cue["start"] + n * each_s
        yield SpokenWord(text, start_s, start_s + each_s)


def _runs(said: Sequence[_Said]) -> Iterator[list[_Said]]:
    """Yield the words that one person said without a break."""
    run: list[_Said] = []
    for one in said:
        if run and (
            one.member != run[-1].member or one.word.start_s - run[-1].word.end_s > PAUSE_S
        ):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _utterance(
    run: Sequence[_Said], names: Mapping[str, str], anchors: Sequence[Anchor]
) -> Utterance:
    words = tuple(one.word for one in run)
    member = run[0].member
    is_guest = member is not None and member.startswith(GUEST)
    return Utterance(
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
        at=hour_of(anchors, words[0].start_s),
        member=None if is_guest else member,
        confidence=min(one.confidence for one in run),
        text=" ".join(word.text for word in words),
        words=words,
        name=names.get(member or "", "") if is_guest else "",
    )
