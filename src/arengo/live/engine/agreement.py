"""LocalAgreement-2: a word is committed once two hypotheses in a row agree on it.

After Macháček, Dabre and Bojar, "Turning Whisper into Real-Time Transcription System",
arXiv 2307.14743. Two things differ. The committed words are found again in a new
hypothesis by edit distance and time, not by time alone, so that a recogniser which
rewrites or shifts what it said before causes neither repeats nor holes. And a word older
than `oldest_s` is committed without agreement, which bounds the delay: the final pass
corrects it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from arengo.live.engine.words import Word, plain

LOST_SHARE = 0.6
LOST_LETTERS = 4
LOST_S = 1.0
SECONDS_PER_EDIT = 1.0  # a second of disagreement in time weighs as much as one wrong word


class Agreement:
    """What is committed in the stretch being heard; nothing committed is ever taken back."""

    def __init__(self, oldest_s: float = 4.0) -> None:
        """Commit words without agreement when they ended more than `oldest_s` ago."""
        self._oldest_s = oldest_s
        self._committed: list[Word] = []
        self._tail: list[Word] = []

    @property
    def committed(self) -> tuple[Word, ...]:
        """Return the committed words of the stretch."""
        return tuple(self._committed)

    @property
    def tail(self) -> tuple[Word, ...]:
        """Return what the last hypothesis says beyond the committed words."""
        return tuple(self._tail)

    def insert(self, hypothesis: Sequence[Word], now: float) -> list[Word]:
        """Take a new hypothesis of the whole stretch, heard up to `now`; return new commitments."""
        tail = list(hypothesis[continuation(self._committed, hypothesis) :])
        agreed = agreement(self._tail, tail)
        while agreed < len(tail) and tail[agreed].end < now - self._oldest_s:
            agreed += 1
        self._tail = tail
        return self._commit(agreed)

    def commit_all(self) -> list[Word]:
        """Commit the whole last hypothesis: the speaker paused."""
        return self._commit(len(self._tail))

    def forget(self, until: float) -> None:
        """Drop what lies before `until`: a final pass has replaced it."""
        self._committed = [word for word in self._committed if word.middle > until]
        self._tail = [word for word in self._tail if word.middle > until]

    def _commit(self, count: int) -> list[Word]:
        floor = self._committed[-1].end if self._committed else float("-inf")
        new = []
        for word in self._tail[:count]:
            start = max(word.start, floor)
            floor = max(word.end, start)
            new.append(replace(word, start=start, end=floor))
        self._committed += new
        self._tail = self._tail[count:]
        return new


def agreement(one: Sequence[Word], two: Sequence[Word]) -> int:
    """Return how many first words are the same, but for case and punctuation."""
    count = 0
    for a, b in zip(one, two, strict=False):
        if plain(a.text) != plain(b.text):
            break
        count += 1
    return count


def continuation(committed: Sequence[Word], hypothesis: Sequence[Word]) -> int:
    """Return where in the hypothesis the words after the committed ones begin.

    It is the prefix with the least edit distance to the committed words plus the distance
    in time between the two ends.
    """
    if not committed:
        return 0
    distances = prefix_distances(
        [plain(word.text) for word in committed], [plain(word.text) for word in hypothesis]
    )
    ends = [committed[0].start, *(word.end for word in hypothesis)]
    last = committed[-1].end
    costs = [
        distance + SECONDS_PER_EDIT * abs(end - last)
        for distance, end in zip(distances, ends, strict=True)
    ]
    return costs.index(min(costs))


def prefix_distances(target: Sequence[str], words: Sequence[str]) -> list[int]:
    """Return the edit distance from `target` to each prefix of `words`, the empty one first."""
    row = list(range(len(words) + 1))
    for i, wanted in enumerate(target, start=1):
        above, row = row, [i]
        for j, word in enumerate(words, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (word != wanted)))
    return row


def restored(final: Sequence[Word], drafts: Sequence[Word]) -> list[Word]:
    """Return the final words, with the stretches that the final pass lost taken from the drafts.

    A careful pass over the same sound now and then skips what the quick one had heard, most
    of all in a roll call. Where the drafts have much more text between two words that both
    have, theirs stands; where both have a word a second apart, the drafts know its time, for
    a lost stretch is given to its neighbours.
    """
    words: list[Word] = []
    for is_same, heard, kept in _blocks(drafts, final):
        if is_same:
            words += map(_timed_as, kept, heard)
        else:
            words += heard if _is_lost(heard, kept) else kept
    return _in_order(words)


def _timed_as(word: Word, draft: Word) -> Word:
    is_far = abs(word.middle - draft.middle) > LOST_S
    return replace(word, start=draft.start, end=draft.end) if is_far else word


def _blocks(
    drafts: Sequence[Word], final: Sequence[Word]
) -> Iterator[tuple[bool, Sequence[Word], Sequence[Word]]]:
    """Yield the stretches on which the two agree and those between them, in order."""
    codes = Levenshtein.opcodes([plain(w.text) for w in drafts], [plain(w.text) for w in final])
    start = 0
    ops = list(codes)
    while start < len(ops):
        end = start + 1
        is_same = ops[start].tag == "equal"
        while end < len(ops) and (ops[end].tag == "equal") == is_same:
            end += 1
        first, last = ops[start], ops[end - 1]
        yield (
            is_same,
            drafts[first.src_start : last.src_end],
            final[first.dest_start : last.dest_end],
        )
        start = end


def _is_lost(heard: Sequence[Word], kept: Sequence[Word]) -> bool:
    had, have = (sum(len(plain(word.text)) for word in words) for words in (heard, kept))
    return have < LOST_SHARE * had and had - have >= LOST_LETTERS


def _in_order(words: Sequence[Word]) -> list[Word]:
    """Return the words with times that never go back, for they come from two passes."""
    ordered: list[Word] = []
    floor = float("-inf")
    for word in words:
        start = max(word.start, floor)
        floor = max(word.end, start)
        ordered.append(replace(word, start=start, end=floor))
    return ordered
