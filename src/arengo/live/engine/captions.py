"""From words with times to captions that can be read: where to break, how long to stay.

Limits follow the usual practice for live Italian captions (EBU/ARTE and the BBC's
guidelines agree within a character): two lines of 42 characters, 17 characters a
second, one to seven seconds, broken where the sentence breaks.

`Captioner` turns committed words into cues as they come (`draft`) and rewrites them
when the final pass has been made (`settle`). A cue keeps its id through its revisions;
a cue whose words vanished is withdrawn: same id, no lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from arengo.live.engine.words import Word, joined, plain

# Words that lean on the next one: a line or a cue must not end with them.
PROCLITICS = frozenset(
    str.split("""il lo la i gli le l un uno una di a da in con su per tra fra del dello della dei degli delle
    al allo alla ai agli alle dal dallo dalla dai dagli dalle nel nello nella nei negli nelle sul
    sullo sulla sui sugli sulle col e o ed od ma se che chi cui non mi ti si ci vi ne è ha ho hanno
    sono questo questa questi queste quel quello quella quei quegli quelle signor signora
    consigliere consigliera assessore assessora sindaco sindaca presidente dottor dottoressa
    numero articolo comma più meno molto ogni""")
)
# Words that open a clause: a good place to break is just before them.
OPENERS = frozenset(
    str.split("""e ed o oppure ma però che perché poiché quando mentre se come dove quindi dunque infatti
    inoltre anche ossia cioè affinché benché sebbene quale quali cui per con di da in su""")
)
IMPOSSIBLE = float("inf")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader can follow; a silence of `pause_s` always ends a cue."""

    line_chars: int = 42
    chars_per_s: float = 17.0
    shortest_s: float = 1.0
    longest_s: float = 7.0
    pause_s: float = 1.5
    bridge_s: float = 0.4  # a smaller hole between two cues only makes the screen flicker


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption: `rev` grows by one at each change; no lines means withdrawn."""

    id: str
    rev: int
    start: float
    end: float
    lines: tuple[str, ...]
    is_final: bool
    words: tuple[Word, ...] = ()


def break_cost(before: Word, after: Word) -> float:
    """Return how bad it is to break between two words: 0 after a full stop, 3 after an article."""
    text = before.text.rstrip("\"'»”)")
    if ends_sentence(before):
        return 0.0
    if text.endswith((";", ":")):
        return 0.2
    if text.endswith(","):
        return 0.5
    cost = 1.2 if plain(after.text) in OPENERS else 2.0
    if leans_on_next(before.text):
        cost = 3.5
    return cost - (0.8 if after.start - before.end >= 0.35 else 0.0)


def ends_sentence(word: Word) -> bool:
    """Tell whether the word carries a full stop or its like."""
    return word.text.rstrip("\"'»”)").endswith((".", "?", "!", "…"))


def leans_on_next(text: str) -> bool:
    """Tell whether a word leans on the next one (articles, prepositions, titles, elisions)."""
    return text.endswith(("'", "’")) or plain(text) in _PLAIN_PROCLITICS


_PLAIN_PROCLITICS = frozenset(plain(word) for word in PROCLITICS)


def layout(
    words: Sequence[Word], limits: Limits = LIMITS, keep: int = 0, *, is_open: bool = False
) -> tuple[str, ...]:
    """Return one line, or the two best ones, or nothing when the words do not fit.

    Two lines are balanced; when more words may come (`is_open`) the first is rather full.

    `keep` is how many words the first line had at the last revision: it stays so unless
    that has become clearly worse, for a line already being read should not reflow.
    """
    text = joined(words)
    if len(text) <= limits.line_chars:
        return (text,)
    best = IMPOSSIBLE
    lines: tuple[str, ...] = ()
    size = -1
    for k in range(1, len(words)):
        size += len(words[k - 1].text) + 1
        rest = len(text) - size - 1
        if size > limits.line_chars:
            break
        if rest > limits.line_chars:
            continue
        uneven = limits.line_chars - size if is_open else abs(size - rest)
        cost = (
            break_cost(words[k - 1], words[k])
            + (4.0 if is_open else 1.0) * uneven / limits.line_chars
        )
        cost -= 2.0 if k == keep else 0.0
        if cost < best:
            best = cost
            lines = (text[:size], text[size + 1 :])
    return lines


def cut(
    words: Sequence[Word],
    limits: Limits = LIMITS,
    prefer: Sequence[float] = (),
    is_open: bool = False,
) -> list[tuple[Word, ...]]:
    """Split words into groups that each make one readable cue, at the least cost.

    Dynamic programming over all break places. `prefer` are start times of cues already
    shown, which cost less to keep; `is_open` says that more words may follow the last one.
    """
    words = pieces(words, limits)
    best = [0.0] + [IMPOSSIBLE] * len(words)
    came_from = [0] * (len(words) + 1)
    for end in range(1, len(words) + 1):
        for start in range(end - 1, -1, -1):
            if not _fits(words, start, end, limits):
                break
            cost = best[start] + _cost(words, start, end, limits, prefer, is_open)
            if cost < best[end]:
                best[end], came_from[end] = cost, start
    return _walk(words, came_from)


def _walk(words: list[Word], came_from: list[int]) -> list[tuple[Word, ...]]:
    groups: list[tuple[Word, ...]] = []
    end = len(words)
    while end > 0:
        groups.append(tuple(words[came_from[end] : end]))
        end = came_from[end]
    return groups[::-1]


def pieces(words: Sequence[Word], limits: Limits = LIMITS) -> list[Word]:
    """Split words longer than a line, drop empty ones."""
    return [piece for word in words for piece in _pieces(word, limits.line_chars)]


def _pieces(word: Word, width: int) -> list[Word]:
    texts = [word.text[k : k + width] for k in range(0, len(word.text), width)]
    step = (word.end - word.start) / max(len(texts), 1)
    starts = [word.start + k * step for k in range(len(texts))]
    return [
        Word(start, start + step, text, word.probability)
        for start, text in zip(starts, texts, strict=True)
    ]


def _fits(words: Sequence[Word], start: int, end: int, limits: Limits) -> bool:
    if end - start == 1:
        return True
    if words[end - 1].end - words[start].start > limits.longest_s:
        return False
    if words[start + 1].start - words[start].end > limits.pause_s:
        return False
    return bool(layout(words[start:end], limits))


def _cost(
    words: Sequence[Word],
    start: int,
    end: int,
    limits: Limits,
    prefer: Sequence[float],
    is_open: bool,
) -> float:
    group = words[start:end]
    chars = len(joined(group))
    is_last = end == len(words)
    until = group[-1].end if is_last else words[end].start
    cost = 1.0 + 3.0 * max(0.0, chars / limits.chars_per_s - max(until - group[0].start, 1.0))
    if not is_last:
        cost += 1.5 * break_cost(group[-1], words[end])
        if any(abs(words[end].start - time) < 0.3 for time in prefer):
            cost -= 1.5
    if chars < 20 and not (is_last and is_open):
        cost += (20 - chars) / 10
    return cost + 0.6 * _sentence_ends_inside(group) + _line_cost(group, limits)


def _sentence_ends_inside(group: Sequence[Word]) -> int:
    return sum(ends_sentence(word) for word in group[:-1])


def _line_cost(group: Sequence[Word], limits: Limits) -> float:
    lines = layout(group, limits)
    if len(lines) < 2:
        return 0.0
    k = lines[0].count(" ")
    return 0.3 * break_cost(group[k], group[k + 1])


def timed(
    groups: Sequence[tuple[Word, ...]], floor: float, limits: Limits = LIMITS
) -> list[tuple[float, float]]:
    """Return when each group is shown: never early, never overlapping, long enough to be read.

    Speech faster than the reading speed pushes the next cues later; pauses take it up.
    """
    times: list[tuple[float, float]] = []
    for group in groups:
        start = round(max(group[0].start, floor), 3)
        reading = len(joined(group)) / limits.chars_per_s
        end = max(group[-1].end, start + limits.shortest_s, start + reading)
        floor = round(min(end, start + limits.longest_s) + 0.0005, 3)
        times.append((start, min(floor, round(start + limits.longest_s, 3))))
    return times


def bridged(
    times: Sequence[tuple[float, float]], limits: Limits = LIMITS
) -> list[tuple[float, float]]:
    """Close the small holes between cues, where the screen would only flicker."""
    ends = [end for _, end in times]
    for k, (start, end) in enumerate(times[:-1]):
        following = times[k + 1][0]
        if following - end < limits.bridge_s and following - start <= limits.longest_s:
            ends[k] = max(end, following)
    return [(start, end) for (start, _), end in zip(times, ends, strict=True)]


class Captioner:
    """Keeps the cues that may still change, and says what changed."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._carried: list[Word] = []  # final words whose cue is still open
        self._words: list[Word] = []  # committed words that no final pass has seen
        self._cues: list[Cue] = []  # shown, not final
        self._floor = 0.0  # no later cue may start before
        self._last_id = -1
        self.settled_until = 0.0  # every cue that ends by then is final

    def draft(self, words: Sequence[Word]) -> list[Cue]:
        """Take newly committed words; return the cues that are new or changed."""
        self._words += pieces(words, self._limits)
        return self._publish([], [*self._carried, *self._words])

    def settle(self, words: Sequence[Word], until: float, *, is_pause: bool) -> list[Cue]:
        """Take the final words of everything up to `until`; return the cues that changed.

        Without a pause at `until` the last cue stays open, so that the next words join it.
        """
        final = [*self._carried, *pieces(words, self._limits)]
        self._words = [word for word in self._words if word.middle > until]
        kept = 0 if is_pause else self._open_words(final)
        self._carried = final[len(final) - kept :]
        cues = self._publish(final[: len(final) - kept], [*self._carried, *self._words])
        self.settled_until = max(self.settled_until, self._carried_start(until))
        return cues

    def _carried_start(self, until: float) -> float:
        return min(self._carried[0].start, until) if self._carried else until

    def _open_words(self, final: list[Word]) -> int:
        """Return how many of the last words make a cue that is not complete."""
        groups = cut(final, self._limits, [cue.start for cue in self._cues], is_open=True)
        return len(groups[-1]) if groups and not ends_sentence(final[-1]) else 0

    def _publish(self, final: Sequence[Word], rest: Sequence[Word]) -> list[Cue]:
        prefer = [cue.start for cue in self._cues]
        settled = cut(final, self._limits, prefer)
        groups = settled + cut(rest, self._limits, prefer, is_open=True)
        times = timed(groups, self._floor, self._limits)
        n = len(settled)  # what is final must not depend on what may still change
        times = bridged(times[:n], self._limits) + bridged(times[n:], self._limits)
        matched = _match(groups, self._cues)
        changed: list[Cue] = []
        shown: list[Cue] = []
        for k, (group, (start, end), old) in enumerate(zip(groups, times, matched, strict=True)):
            cue = self._cue(group, start, end, old, is_final=k < n)
            shown.append(cue)
            if cue is not old:
                changed.append(cue)
        changed += self._withdrawn(matched)
        self._cues = shown[n:]
        if n:
            self._floor = shown[n - 1].end
        return changed

    def _cue(
        self, group: tuple[Word, ...], start: float, end: float, old: Cue | None, is_final: bool
    ) -> Cue:
        keep = old.lines[0].count(" ") + 1 if old and len(old.lines) == 2 else 0
        lines = layout(group, self._limits, keep, is_open=not is_final)
        if old is None:
            return Cue(self._new_id(start), 0, start, end, lines, is_final, group)
        new = Cue(old.id, old.rev, start, end, lines, is_final, group)
        return old if new == old else replace(new, rev=old.rev + 1)

    def _withdrawn(self, matched: Sequence[Cue | None]) -> list[Cue]:
        kept = {cue.id for cue in matched if cue}
        return [
            Cue(cue.id, cue.rev + 1, cue.start, cue.end, (), True)
            for cue in self._cues
            if cue.id not in kept
        ]

    def _new_id(self, start: float) -> str:
        """Return an id that a restarted process cannot give again: the start in milliseconds."""
        self._last_id = max(self._last_id + 1, round(start * 1000))
        return f"c{self._last_id}"


def _match(groups: Sequence[tuple[Word, ...]], old: Sequence[Cue]) -> list[Cue | None]:
    """Give each group the old cue it overlaps most, in order, each old cue once."""
    free = list(old)
    matched: list[Cue | None] = []
    for group in groups:
        best = max(free, key=lambda cue: _overlap(group, cue.words), default=None)
        if best is not None and _overlap(group, best.words) <= 0.0:
            best = None
        matched.append(best)
        if best is not None:
            free = free[free.index(best) + 1 :]
    return matched


def _overlap(a: Sequence[Word], b: Sequence[Word]) -> float:
    return min(a[-1].end, b[-1].end) + 0.01 - max(a[0].start, b[0].start)
