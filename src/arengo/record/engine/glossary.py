"""Find and replace, and the glossary that corrections teach: «Rosi» is «Rossi» in this town.

Texts are found as whole words: over several words, inside an elision («dell'assemblea»), beside
punctuation, with either apostrophe. What was struck is not found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, groupby

from rapidfuzz.distance import Levenshtein

from arengo.live.engine.words import plain
from arengo.record.engine.editing import Logged
from arengo.record.engine.edits import Edit, Replaced, TextFixed, Undone
from arengo.record.engine.transcript import Transcript
from arengo.record.engine.words import Segment, text_of

SHORTEST = 4  # letters; «a» for «ha» depends on its sentence and teaches nothing
LONGEST = 3  # words; longer corrections are another wording, not another spelling
Finder = Callable[[str], Iterator[re.Match[str]]]  # matches in order, none over another
Right = Callable[[re.Match[str]], str]  # what stands in place of a match
WORD = re.compile(r"\w+")
EDGES = ' \t\n.,;:!?…"«»“”()[]–—'


@dataclass(frozen=True, slots=True)
class Pair:
    """What the machine writes, what editors put in its place, how many times they did."""

    wrong: str
    right: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of the transcript: the words it touches, what they say, what they would say.

    `new` equals `old` when nothing was to be replaced.
    """

    segment: str
    words: tuple[str, ...]
    seen: tuple[str, ...]
    old: str
    new: str
    start_s: float

    def fix(self) -> TextFixed:
        """Return the correction of this place."""
        return TextFixed(self.words, self.seen, self.new)


# --- find and replace -------------------------------------------------------------------


def find(transcript: Transcript, text: str, *, is_exact: bool = False) -> tuple[Occurrence, ...]:
    """Return where a text stands as whole words; `is_exact` minds capitals."""
    pattern = _pattern([text], is_exact=is_exact)
    return tuple(_places(transcript, pattern.finditer, lambda match: match[0])) if pattern else ()


def replacing(
    transcript: Transcript, text: str, by: str, *, is_exact: bool = False
) -> Replaced | None:
    """Return the edit that puts `by` wherever `text` stands, None when it stands nowhere.

    A capital at the beginning of a sentence is kept. Matches in one word, or in words that
    they share, are one correction.
    """
    pattern = _pattern([text], is_exact=is_exact)
    if not pattern:
        return None
    new = " ".join(by.split())
    found = _places(transcript, pattern.finditer, partial(_in_case, text, new))
    fixes = tuple(one.fix() for one in found if one.old != one.new)
    return Replaced(text, new, fixes) if fixes else None


# --- the glossary -----------------------------------------------------------------------


def learn(log: Iterable[Logged]) -> tuple[Pair, ...]:
    """Return what standing corrections teach, the most frequent first.

    Not learned: short words, rewordings, capitals of a sentence's first word, and a pair whose
    contrary was corrected as often.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for edit in _standing(log):
        match edit:
            case TextFixed(_, seen, text):
                counts.update(_pairs(seen, text))
            case Replaced(wrong, right, fixes) if _teaches(wrong, right):
                counts[wrong, right] += len(fixes)
    kept = {pair: n for pair, n in counts.items() if n > counts[pair[1], pair[0]]}
    ordered = sorted(kept.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Pair(wrong, right, n) for (wrong, right), n in ordered)


def suggest(
    transcript: Transcript, glossary: Sequence[Pair], *, at_least: int = 1
) -> tuple[Occurrence, ...]:
    """Return where the machine wrote again what editors corrected `at_least` that many times.

    The more frequent pair wins; one that does not begin with a letter or a digit is not looked
    for. Words that a person answers for are left alone.
    """
    rights: dict[str, Pair] = {}
    for pair in sorted(glossary, key=lambda pair: -pair.count):
        if pair.count >= at_least:
            rights.setdefault(_key(pair.wrong), pair)

    def right(match: re.Match[str]) -> str:
        pair = rights.get(_key(match[0]))
        return _in_case(pair.wrong, pair.right, match) if pair else match[0]

    touched = {word.id for word in transcript.words() if word.is_touched}
    return tuple(
        one
        for one in _places(transcript, _finder(rights), right)
        if one.old != one.new and touched.isdisjoint(one.words)
    )


def _standing(log: Iterable[Logged]) -> Iterator[Edit]:
    """Yield the edits that were not undone; the last word counts, so from the end."""
    entries = list(log)
    undone: set[int] = set()
    kept: list[Edit] = []
    for one in reversed(entries):
        if one.seq in undone:
            continue
        if isinstance(one.edit, Undone):
            undone.add(one.edit.seq)
        kept.append(one.edit)
    return reversed(kept)


def _pairs(seen: Sequence[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield what a correction changed, without the words that it left."""
    old, new = " ".join(seen).split(), text.split()
    codes = Levenshtein.opcodes(old, new)
    for is_equal, group in groupby(codes, lambda code: code.tag == "equal"):
        if is_equal:
            continue
        run = list(group)
        i, j = run[0].src_start, run[0].dest_start
        wrong, right = _bare(old[i : run[-1].src_end], new[j : run[-1].dest_end])
        is_first = i == 0 or old[i - 1].endswith((".", "?", "!", "…"))
        if _teaches(wrong, right) and not (is_first and _is_capital(wrong, right)):
            yield wrong, right


def _bare(old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """Return both texts without outer punctuation and without an elision that they share."""
    wrong, right = (" ".join(part).replace("’", "'").strip(EDGES) for part in (old, new))
    lead, mark, rest = wrong.partition("'")
    if mark and rest and right.startswith(lead + mark):
        return rest, right.removeprefix(lead + mark)
    return wrong, right


def _teaches(wrong: str, right: str) -> bool:
    if not wrong or not right or wrong == right:
        return False
    words = wrong.split()
    return (
        len(words) <= LONGEST
        and len(right.split()) <= LONGEST
        and (len(words) > 1 or len(plain(wrong)) >= SHORTEST)
    )


def _is_capital(wrong: str, right: str) -> bool:
    """Tell whether only the first letter's case differs."""
    return wrong[1:] == right[1:] and wrong.casefold() == right.casefold()


# --- places -----------------------------------------------------------------------------


def _key(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _pattern(texts: Iterable[str], *, is_exact: bool = False) -> re.Pattern[str] | None:
    """Return what finds any of the texts as whole words, longest first; None for no text."""
    plainly = (" ".join(unicodedata.normalize("NFC", text).split()) for text in texts)
    spelled = sorted(set(plainly) - {""}, key=lambda text: (-len(text), text))
    if not spelled:
        return None
    return re.compile("|".join(map(_spelled, spelled)), 0 if is_exact else re.IGNORECASE)


def _spelled(text: str) -> str:
    """Return one text as a pattern; only a letter or a digit at its edge asks for a whole word."""
    body = r"\s+".join(re.escape(word) for word in text.split())
    body = re.sub("['’]", "['’]", body)
    before = r"(?<!\w)" if text[0].isalnum() else ""
    return before + body + (r"(?!\w)" if text[-1].isalnum() else "")


def _finder(texts: Iterable[str]) -> Finder:
    """Return what finds many texts at once: only those whose first word is met are tried."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        if first := WORD.match(text):
            by_first[first[0].casefold()].append(text)
    patterns = {first: _pattern(some) for first, some in by_first.items()}

    def matches(text: str) -> Iterator[re.Match[str]]:
        end = 0
        for word in WORD.finditer(text):
            pattern = patterns.get(word[0].casefold())
            found = pattern.match(text, word.start()) if pattern and word.start() >= end else None
            if found:
                yield found
                end = found.end()

    return matches


def _in_case(asked: str, new: str, match: re.Match[str]) -> str:
    """Return the new text, with a capital where the place has one that was not asked for."""
    if match[0][:1].isupper() and asked.strip()[:1].islower():
        return new[:1].upper() + new[1:]
    return new


def _places(transcript: Transcript, finder: Finder, right: Right) -> Iterator[Occurrence]:
    for segment in transcript.segments:
        yield from _places_in(segment, finder, right)


def _places_in(segment: Segment, finder: Finder, right: Right) -> Iterator[Occurrence]:
    text = " ".join(word.text for word in segment.words)
    starts = list(accumulate((len(word.text) + 1 for word in segment.words), initial=0))[:-1]
    group: list[re.Match[str]] = []
    last = -1
    for match in finder(text):
        if group and bisect_right(starts, match.start()) - 1 > last:
            yield _place(segment, starts, group, right)
            group = []
        group.append(match)
        last = bisect_right(starts, match.end() - 1) - 1
    if group:
        yield _place(segment, starts, group, right)


def _place(
    segment: Segment, starts: Sequence[int], group: Sequence[re.Match[str]], right: Right
) -> Occurrence:
    """Return the words that some matches share as one place."""
    text = group[0].string
    first = bisect_right(starts, group[0].start()) - 1
    last = bisect_right(starts, group[-1].end() - 1) - 1
    words = segment.words[first : last + 1]
    at, parts = starts[first], []
    for match in group:
        parts += [text[at : match.start()], right(match)]
        at = match.end()
    parts.append(text[at : starts[last] + len(words[-1].text)])
    return Occurrence(
        segment=segment.id,
        words=tuple(word.id for word in words),
        seen=tuple(word.text for word in words),
        old=text_of(words),
        new=" ".join("".join(parts).split()),
        start_s=words[0].start_s,
    )
