"""A second hearing beside the transcript: where the machine, listening again, heard other words.

Both sequences are cut at silences they share, so that a repeated sentence is never aligned with
its twin minutes away, and each window is aligned by the fewest edits on folded words. Where a
person has written, the machine has nothing to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from rapidfuzz.distance import Levenshtein

from arengo.live.engine.words import plain
from arengo.record.engine.edits import MachineProposed
from arengo.record.engine.steps import Offer
from arengo.record.engine.transcript import Heard, Transcript
from arengo.record.engine.words import Word, text_of

SILENCE_S = 0.3  # a shorter pause is no safe place to cut
WINDOW_S = 10.0  # windows shorter than this gain nothing


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the transcript and what the second hearing has for them ("" for nothing).

    `id` comes from the first word, `words` are a run of one speech, `seen` their texts.
    """

    id: str
    words: tuple[str, ...]
    seen: tuple[str, ...]
    old: str
    new: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class _Mine:
    """A word of the transcript with the speech it is in."""

    word: Word
    segment: str


@dataclass(slots=True)
class _Block:
    """What the alignment leaves unequal: a range of mine over a range of theirs."""

    i: int
    i_end: int
    j: int
    j_end: int


def differences(transcript: Transcript, words: Iterable[Heard]) -> tuple[Difference, ...]:
    """Return where a second hearing differs, in order of time; capitals and accents do not count.

    `words` are (text, start and end in seconds, confidence). Words outside the time that they
    cover are not taken for missing: half a sitting may be heard again.
    """
    theirs = sorted(_clean(words), key=lambda heard: (heard[1], heard[2]))
    if not theirs:
        return ()
    first_s, last_s = theirs[0][1], max(heard[2] for heard in theirs)
    mine = [
        _Mine(word, segment.id)
        for segment in transcript.segments
        for word in segment.words
        if word.end_s > first_s and word.start_s < last_s
    ]
    found: list[Difference] = []
    for ours, others in _windows(mine, theirs):
        for block in _blocks(ours, others):
            for one in _told(ours, others, block):
                both = found and found[-1].words == one.words
                found.append(_joined(found.pop(), one) if both else one)
    return tuple(found)


def proposed(found: Iterable[Difference]) -> MachineProposed:
    """Return differences as the edit that offers them to the editors."""
    return MachineProposed(
        tuple(Offer(one.words, one.seen, one.new, one.start_s, one.end_s) for one in found)
    )


def _clean(words: Iterable[Heard]) -> Iterator[Heard]:
    for text, start_s, end_s, confidence in words:
        shown = " ".join(unicodedata.normalize("NFC", text).split())
        if shown:
            yield shown, start_s, max(start_s, end_s), confidence


def _windows(
    mine: Sequence[_Mine], theirs: Sequence[Heard]
) -> Iterator[tuple[list[_Mine], list[Heard]]]:
    """Yield both sequences cut at the same silences; every window has words of the transcript.

    So what the first hearing missed altogether still finds a word to stand beside.
    """
    at: list[tuple[float, float, _Mine | Heard]] = [
        (one.word.start_s, one.word.end_s, one) for one in mine
    ]
    at += [(heard[1], heard[2], heard) for heard in theirs]
    at.sort(key=lambda one: one[:2])
    ours: list[_Mine] = []
    others: list[Heard] = []
    began_s = quiet_s = at[0][0]
    left = len(mine)
    for start_s, end_s, one in at:
        is_quiet = start_s - quiet_s >= SILENCE_S and start_s - began_s >= WINDOW_S
        if is_quiet and ours and left:
            yield ours, others
            ours, others, began_s = [], [], start_s
        if isinstance(one, _Mine):
            ours.append(one)
            left -= 1
        else:
            others.append(one)
        quiet_s = max(quiet_s, end_s)
    yield ours, others


def _blocks(ours: Sequence[_Mine], others: Sequence[Heard]) -> Iterator[_Block]:
    """Yield the unequal ranges of the best alignment, neighbours joined."""
    keys = [plain(one.word.text) for one in ours]
    codes = Levenshtein.opcodes(keys, [plain(heard[0]) for heard in others])
    block: _Block | None = None
    for code in codes:
        if code.tag == "equal":
            if block:
                yield block
            block = None
        elif block:
            block.i_end, block.j_end = code.src_end, code.dest_end
        else:
            block = _Block(code.src_start, code.src_end, code.dest_start, code.dest_end)
    if block:
        yield block


def _told(ours: Sequence[_Mine], others: Sequence[Heard], block: _Block) -> Iterator[Difference]:
    """Yield a block as differences, one for each speech it reaches into."""
    mine, theirs = ours[block.i : block.i_end], list(others[block.j : block.j_end])
    if not mine:
        yield from _inserted(ours, block.i, theirs)
        return
    for k, run in enumerate(runs := list(_by_segment(mine))):
        until_s = runs[k + 1][0].start_s if k + 1 < len(runs) else float("inf")
        here = _before(theirs, until_s)
        theirs = theirs[len(here) :]
        yield from _difference(run, " ".join(heard[0] for heard in here))


def _before(theirs: Sequence[Heard], until_s: float) -> list[Heard]:
    return list(takewhile(lambda heard: (heard[1] + heard[2]) / 2 < until_s, theirs))


def _by_segment(mine: Sequence[_Mine]) -> Iterator[list[Word]]:
    for name in dict.fromkeys(one.segment for one in mine):
        yield [one.word for one in mine if one.segment == name]


def _inserted(ours: Sequence[_Mine], i: int, theirs: Sequence[Heard]) -> Iterator[Difference]:
    """Yield words missing from the transcript, told with the free neighbour nearest in time."""
    text = " ".join(heard[0] for heard in theirs)
    before = ours[i - 1].word if i else None
    after = ours[i].word if i < len(ours) else None
    beside = [word for word in (before, after) if word and not word.is_touched]
    if not beside:
        return
    nearest = min(beside, key=lambda word: _distance(word, theirs))
    new = f"{nearest.text} {text}" if nearest is before else f"{text} {nearest.text}"
    yield from _difference([nearest], new.strip())


def _joined(before: Difference, after: Difference) -> Difference:
    """Return as one what is missing before a word and what is missing after it."""
    return replace(before, new=before.new + after.new.removeprefix(before.old))


def _distance(word: Word, theirs: Sequence[Heard]) -> float:
    return max(theirs[0][1] - word.end_s, word.start_s - theirs[-1][2])


def _difference(run: Sequence[Word], new: str) -> Iterator[Difference]:
    old = text_of(run)
    if any(word.is_touched for word in run) or old == new:
        return
    yield Difference(
        id=f"d-{run[0].id}",
        words=tuple(word.id for word in run),
        seen=tuple(word.text for word in run),
        old=old,
        new=new,
        start_s=run[0].start_s,
        end_s=run[-1].end_s,
    )
