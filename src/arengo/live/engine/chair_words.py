"""Who has the floor, from the words alone: what the chair says, and what is said to the chair.

A fold over sentences: each changes the `Floor` and leaves marks, "from here on, this person".
Words are late, not their times: a handover counts from the end of the announcement in the
sitting's time. Where a name is not understood nobody is named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from arengo.live.engine import chair_phrases as phrases
from arengo.live.engine.roll_call import call_roll
from arengo.live.engine.sentences import People, Token, cut, order, usable
from arengo.live.engine.tracks import Mark
from arengo.live.engine.words import Word

ANNOUNCED = 0.6  # the chair named this person
CHAIRING = 0.6  # the chair said what only a chair says
THANKED = 0.5  # somebody was thanked: most likely by the chair
ASKED = 0.45  # who was asked a question, and then thanks the asker
OPENING = 0.4  # who spoke before the sitting was declared open
CALLING = 0.55  # the roll call
CHAIR_LASTS_S = 30.0  # a chair who says nothing of a chair for so long may not be speaking
THANKS_LAST_S = 8.0  # nor one who was only heard to thank: the next announcement may be lost
HOLE_S = 5.0  # a silence so long may hide a lost announcement: who speaks after it is unknown
PREGO_S = 4.0
LONG_TAIL = 8  # so many words after a name belong to who was named: a full stop was lost
Mode = Literal["opening", "floor", "doubt", "roll"]


@dataclass(frozen=True, slots=True)
class Posts:
    """The ids of who presides and of the secretary; None when not known."""

    chair: str | None = None
    secretary: str | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Who speaks as far as words tell, since when that is doubted, whom a question was put to."""

    speaker: str | None = None
    mode: Mode = "opening"
    since_s: float | None = None  # of an opening without a name, or of a doubt
    until_s: float = inf  # when the chair, not recognised again, is no longer taken for granted
    handed_s: float | None = None  # when the floor was last handed over
    asked: str | None = None
    called: str | None = None  # by the roll call, and has not answered
    last_end_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the phrases see it."""

    tokens: tuple[Token, ...]
    text: str

    @property
    def start(self) -> float:
        """Return when its first word begins."""
        return self.tokens[0].start

    @property
    def end(self) -> float:
        """Return when its last word ends."""
        return self.tokens[-1].end

    def token_at(self, position: int) -> int:
        """Return which token a place in the text belongs to."""
        return self.text.count(" ", 0, position)

    def who(self, found: re.Match[str]) -> Token:
        """Return the person of a match."""
        return self.tokens[self.token_at(found.start("who"))]


Told = tuple[Floor, tuple[Mark, ...]]


def tell(floor: Floor, words: Sequence[Word], people: People, posts: Posts) -> Told:
    """Return the floor after a sentence, and what it tells of who was speaking."""
    floor, lost = _after_hole(floor, words[0].start, posts)
    if floor.mode == "roll":
        told = _in_roll_call(floor, words, people, posts)
        if told:
            return told
    tokens = people.tokens(words)
    sentence = Sentence(tokens, " ".join(token.text for token in tokens))
    after, marks = _read(floor, sentence, posts)
    return replace(after, last_end_s=sentence.end), (*lost, *marks)


def _after_hole(floor: Floor, start_s: float, posts: Posts) -> Told:
    """Forget which member speaks when captions have a hole: the chair may have spoken in it.

    The chair waits in silence too, at every vote, and is recognised again by what follows.
    """
    is_hole = start_s - floor.last_end_s > HOLE_S
    if not is_hole or floor.mode != "floor" or floor.speaker in (None, posts.chair):
        return floor, ()
    return Floor(None, "floor"), (_mark(floor.last_end_s, None, 0.0),)


def _read(floor: Floor, said: Sentence, posts: Posts) -> Told:
    for reader in (_hands_over, _asks_back, _calls_roll, _chairs, _speaks_to_chair, _thanks):
        told = reader(floor, said, posts)
        if told:
            return told
    return _plain(floor, said, posts)


def _is_free(floor: Floor, posts: Posts) -> bool:
    """Tell whether no member has the floor, so that a weaker phrase may be the chair's."""
    return floor.mode != "floor" or floor.speaker in (None, posts.chair, posts.secretary)


def _hands_over(floor: Floor, said: Sentence, posts: Posts) -> Told | None:
    found = _first(phrases.HANDS_OVER, said.text)
    if not found and _is_free(floor, posts):
        found = _first(phrases.HANDS_OVER_WEAKLY, said.text)
    if not found:
        return None
    who = said.who(found)
    is_long = len(said.tokens) - 1 - said.token_at(found.end() - 1) > LONG_TAIL
    end = who.end if is_long else said.end
    after = Floor(who.member, "floor", until_s=_until(who.member, end, posts), handed_s=end)
    if phrases.ROLL_CALL.search(said.text) and who.member == posts.secretary:
        after = replace(after, mode="roll")
    marks = _chair_marks(floor, said, posts, found)
    if phrases.YIELDS.search(said.text) and not _is_free(floor, posts):
        marks = ()
    return after, (*marks, _mark(end, who.member, ANNOUNCED))


def _until(member: str | None, start_s: float, posts: Posts) -> float:
    return start_s + CHAIR_LASTS_S if member is not None and member == posts.chair else inf


def _asks_back(floor: Floor, said: Sentence, posts: Posts) -> Told | None:
    """A question of the chair to somebody, who answers: "consigliera X, è soddisfatta?"."""
    found = phrases.ASKS_BACK.search(said.text)
    if not found or not said.who(found).member:
        return None
    who = said.who(found)
    last = said.token_at(found.end() - 1)
    end = said.end if len(said.tokens) - 1 - last <= 2 else said.tokens[last].end
    after = Floor(who.member, "floor", handed_s=end)
    marks = (_mark(who.start, posts.chair, CHAIRING), _mark(end, who.member, ANNOUNCED))
    return after, (*_undoubted(floor, posts, is_chair=False), *marks)


def _calls_roll(floor: Floor, said: Sentence, posts: Posts) -> Told | None:
    """The secretary begins the roll call, and the chair's announcement was not understood."""
    if not posts.secretary or not _is_free(floor, posts):
        return None
    if not phrases.CALLS_ROLL.search(said.text):
        return None
    return Floor(posts.secretary, "roll"), (_mark(said.start, posts.secretary, CALLING),)


def _chairs(floor: Floor, said: Sentence, posts: Posts) -> Told | None:
    """The chair says what only a chair says."""
    found = _first(phrases.CHAIR_SAYS, said.text)
    if not found and _is_free(floor, posts):
        found = _first(phrases.CHAIR_MAY_SAY, said.text)
    if not found:
        return None
    marks = _chair_marks(floor, said, posts, found)
    return Floor(posts.chair, "floor", until_s=said.start + CHAIR_LASTS_S), marks


def _chair_marks(
    floor: Floor, said: Sentence, posts: Posts, found: re.Match[str]
) -> tuple[Mark, ...]:
    """Give the chair the sentence, and what was in doubt before it."""
    first = said.token_at(found.start())
    is_joined = first > LONG_TAIL and not _is_free(floor, posts)
    start = said.tokens[first].start if is_joined else said.start
    before = _undoubted(floor, posts, is_chair=True)
    return (*before, _mark(start, posts.chair, CHAIRING))


def _undoubted(floor: Floor, posts: Posts, *, is_chair: bool) -> tuple[Mark, ...]:
    """Say who spoke since the doubt began, now that the next sentence is heard."""
    if floor.since_s is None:
        return ()
    if floor.mode == "opening":
        return (_mark(floor.since_s, posts.chair, OPENING),) if is_chair else ()
    if is_chair:
        return (_mark(floor.since_s, posts.chair, THANKED),)
    return (_mark(floor.since_s, floor.asked, ASKED),)


def _speaks_to_chair(floor: Floor, said: Sentence, posts: Posts) -> Told | None:
    """Who begins with "grazie, presidente" is not the chair: somebody whom nobody named."""
    found = phrases.TO_THE_CHAIR.search(said.text)
    if not found:
        return None
    who = said.who(found)
    if who.text != "presidente" and who.member != posts.chair:
        return None
    if floor.mode == "floor" and floor.speaker != posts.chair:
        return floor, ()
    return Floor(None, "floor"), (_mark(said.start, None, 0.0),)


def _thanks(floor: Floor, said: Sentence, posts: Posts) -> Told | None:
    """Who thanks the person that spoke is the chair, or answers that person's question."""
    found = phrases.THANKS.search(said.text)
    if not found or floor.mode != "floor":
        return None
    who = said.who(found)
    if floor.speaker in (None, posts.chair) or who.member not in (None, floor.speaker):
        return None
    if floor.asked and floor.asked != floor.speaker:
        doubt = Floor(None, "doubt", since_s=said.start, asked=floor.asked)
        return doubt, (_mark(said.start, None, 0.0),)
    after = Floor(posts.chair, "floor", until_s=said.start + THANKS_LAST_S)
    return after, (_mark(said.start, posts.chair, THANKED),)


def _plain(floor: Floor, said: Sentence, posts: Posts) -> Told:
    """A sentence that names no one: what was goes on, unless it was in doubt or is too old."""
    if floor.mode == "opening":
        return replace(floor, since_s=said.start if floor.since_s is None else floor.since_s), ()
    if floor.mode == "doubt":
        after = Floor(floor.asked, "floor")
        return after, _undoubted(floor, posts, is_chair=False)
    if floor.handed_s is not None and _is_prego(said, floor.handed_s):
        chair = _mark(floor.handed_s, posts.chair, CHAIRING)
        return replace(floor, handed_s=said.end), (chair, _mark(said.end, floor.speaker, ANNOUNCED))
    if said.end > floor.until_s:
        return Floor(None, "floor"), (_mark(max(said.start, floor.until_s), None, 0.0),)
    asked = phrases.ASKS_OF.search(said.text)
    return (replace(floor, asked=said.who(asked).member) if asked else floor), ()


def _is_prego(said: Sentence, handed_s: float) -> bool:
    is_soon = said.start - handed_s <= PREGO_S
    is_short = len(said.tokens) <= LONG_TAIL
    return is_soon and is_short and phrases.GOES_ON.search(said.text) is not None


def _in_roll_call(floor: Floor, words: Sequence[Word], people: People, posts: Posts) -> Told | None:
    """Read a sentence of the roll call; None when the chair has taken over."""
    tokens = people.tokens(words)
    text = " ".join(token.text for token in tokens)
    if _first((*phrases.HANDS_OVER, *phrases.CHAIR_SAYS), text):
        return None
    bare = people.tokens(words, has_titles=False)
    called = call_roll(bare, posts.secretary, floor.called, floor.last_end_s, CALLING)
    mode: Mode = "floor" if called.is_over else "roll"
    after = replace(floor, mode=mode, called=called.waiting, last_end_s=bare[-1].end)
    return after, called.marks


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.search(text))), None)


def _mark(at_s: float, member: str | None, weight: float) -> Mark:
    return Mark(at_s, ((member, weight),) if member else ())


# ---- the words of a sitting, as they come


@dataclass(frozen=True, slots=True)
class Step:
    """A sentence that was read: where its words begin, the floor before it, its marks."""

    start: float
    first: int
    before: Floor
    marks: tuple[Mark, ...]


class ChairTrack:
    """The marks of all words heard so far; only what new words may change is read again."""

    def __init__(self, people: People, posts: Posts) -> None:
        self._people, self._posts = people, posts
        self._words: list[Word] = []
        self._steps: list[Step] = []
        self._floor = Floor()
        self.marks: list[Mark] = []

    def hear(self, words: Sequence[Word], since_s: float | None = None) -> None:
        """Add words; with `since_s` they replace all that begin at that time or later."""
        new = usable(words)
        touched = [word.start for word in new[:1]] + ([] if since_s is None else [since_s])
        if not touched:
            return
        old = self._back_to(min(touched))
        kept = old if since_s is None else [word for word in old if word.start < since_s]
        self._go_on(sorted([*kept, *new], key=order))

    def _back_to(self, at_s: float) -> list[Word]:
        """Forget the sentences that words at this time may change, and return their words."""
        k = max(0, bisect_left(self._steps, at_s, key=lambda step: step.start) - 1)
        if k >= len(self._steps):
            return []
        first, self._floor = self._steps[k].first, self._steps[k].before
        gone = sum(len(step.marks) for step in self._steps[k:])
        del self.marks[len(self.marks) - gone :], self._steps[k:]
        old, self._words = self._words[first:], self._words[:first]
        return old

    def _go_on(self, words: Sequence[Word]) -> None:
        for sentence in cut(words):
            before = self._floor
            self._floor, marks = tell(before, sentence, self._people, self._posts)
            self._steps.append(Step(sentence[0].start, len(self._words), before, marks))
            self._words += sentence
            self.marks += self._in_order(marks)

    def _in_order(self, marks: Sequence[Mark]) -> Iterator[Mark]:
        """Yield the marks, none before the last one: times of words may overlap."""
        at_s = self.marks[-1].at_s if self.marks else 0.0
        for mark in marks:
            at_s = max(at_s, mark.at_s)
            yield replace(mark, at_s=at_s)
