"""Who is speaking: console, microphones, words and voice hints fused, with a confidence.

Each source makes a track of its own; at every instant what they say is weighed:

* the console's key decides (1.0; 0.9 while another seat's only open microphone says otherwise),
  and, where `Hall.late_keys_s` is set, counts from when words or microphones began to agree;
* else supports of the same person add up as independent ones, the strongest other person's
  support is taken off, and where too little is left the answer is unknown;
* a voice hint strengthens or weakens what others say and never names anybody alone.

Unknown is a member of None with confidence 0, to be shown as unknown. Nobody is guessed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Literal

from arengo.live.engine.chair_words import ChairTrack, Posts
from arengo.live.engine.open_microphones import ALONE_BESIDE_CHAIR, Microphone, microphone_marks
from arengo.live.engine.sentences import Attendee, People
from arengo.live.engine.tracks import Mark, between, held
from arengo.live.engine.words import Word

KEY = 1.0
PROMPT_S = 1.0  # a key pressed so soon is as good as the times of words
KEY_CONTESTED = 0.9
VOICE = 0.25  # below `LEAST`: a voice alone names nobody
LEAST = 0.3  # above 1/4, which is the most that two persons equally supported can reach
CONSOLE, MICROPHONES, WORDS, VOICES = "console", "microphones", "words", "voice"


@dataclass(frozen=True, slots=True)
class Key:
    """A fact of the console: the floor given to `member`, taken from `member`, or the chair's."""

    at_s: float
    kind: Literal["given", "taken", "chair"]
    member: str | None = None


@dataclass(frozen=True, slots=True)
class VoiceHint:
    """Between two times a voice sounds like a consenting member's; `score` from 0 to 1."""

    start_s: float
    end_s: float
    member: str
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of who speaks, in any order; `words` are of final captions."""

    keys: tuple[Key, ...] = ()
    microphones: tuple[Microphone, ...] = ()
    words: tuple[Word, ...] = ()
    voices: tuple[VoiceHint, ...] = ()


@dataclass(frozen=True, slots=True)
class Hall:
    """Who may speak, who presides, who calls the roll, whose each seat's microphone is.

    `known` are the ordinary words that are never taken for a name (`hearing.roll.lexicon`).
    `late_keys_s` is how late the clerk's keys may be where another source tells (2.5 is usual);
    at 0 a key counts from when it was pressed.
    """

    people: tuple[Attendee, ...]
    chair: str | None = None
    secretary: str | None = None
    seats: Mapping[str, str] = field(default_factory=dict)
    known: Collection[str] = frozenset()
    late_keys_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """From `start_s` to `end_s` `member` speaks, as `sources` say; None is unknown."""

    start_s: float
    end_s: float
    member: str | None
    confidence: float
    sources: tuple[str, ...]


def attribute(hall: Hall, evidence: Evidence, start_s: float, end_s: float) -> tuple[Span, ...]:
    """Return who speaks from `start_s` to `end_s`: spans without holes that do not overlap."""
    attribution = Attribution(hall)
    attribution.add(evidence)
    return attribution.spans(start_s, end_s)


class Attribution:
    """The same as `attribute`, fed as facts come, in any order, asked at any time."""

    def __init__(self, hall: Hall) -> None:
        self._roll = frozenset(person.id for person in hall.people)
        posts = Posts(_on(self._roll, hall.chair), _on(self._roll, hall.secretary))
        self._hall, self._posts = hall, posts
        self._words = ChairTrack(People(hall.people, hall.known), posts)
        self._keys: list[Mark] = []
        self._events: list[Microphone] = []
        self._microphones: list[Mark] = []
        self._voices: list[VoiceHint] = []

    def add(self, evidence: Evidence) -> None:
        """Take new facts; those whose time is no number are left out."""
        for key in evidence.keys:
            if isfinite(key.at_s):
                insort(self._keys, self._key_mark(key), key=_order)
        self._hear_microphones(evidence.microphones)
        self._words.hear(evidence.words)
        for hint in evidence.voices:
            if hint.member in self._roll and isfinite(hint.start_s + hint.end_s + hint.score):
                insort(self._voices, hint, key=_hint_order)

    def replace_words(self, since_s: float, words: Sequence[Word]) -> None:
        """Take words in place of all that begin at `since_s` or later: captions are revised."""
        self._words.hear(words, since_s)

    def replace_keys(self, since_s: float, keys: Sequence[Key]) -> None:
        """Take keys in place of all from `since_s` on: what was undone counts for nothing."""
        del self._keys[bisect_left(self._keys, since_s, key=_at) :]
        self.add(Evidence(keys=tuple(keys)))

    def replace_microphones(self, since_s: float, events: Sequence[Microphone]) -> None:
        """Take events of microphones in place of all from `since_s` on."""
        self._hear_microphones(events, since_s)

    def spans(self, start_s: float, end_s: float) -> tuple[Span, ...]:
        """Return who speaks from `start_s` to `end_s`, as far as is known now."""
        return self._spans(self._backdated(start_s, end_s), start_s, end_s)

    def heard(self, start_s: float, end_s: float) -> tuple[Span, ...]:
        """Return the same without the console: what a clerk who is behind wants to be told."""
        return self._spans((), start_s, end_s)

    def _spans(self, keys: Sequence[Mark], start_s: float, end_s: float) -> tuple[Span, ...]:
        if not start_s < end_s:
            return ()
        tracks = [
            (CONSOLE, keys),
            (MICROPHONES, between(self._microphones, start_s, end_s)),
            (WORDS, between(self._words.marks, start_s, end_s)),
        ]
        hints = [v for v in self._voices if v.start_s < end_s and v.end_s > start_s]
        edges = {mark.at_s for _, marks in tracks for mark in marks}
        edges |= {edge for hint in hints for edge in (hint.start_s, hint.end_s)}
        inside = sorted({start_s, *(edge for edge in edges if start_s < edge < end_s)})
        ends = [*inside[1:], end_s]
        return tuple(
            _merged(self._span(tracks, hints, *pair) for pair in zip(inside, ends, strict=True))
        )

    def at(self, at_s: float) -> Span:
        """Return who speaks at a time; the span is a moment long."""
        return self.spans(at_s, at_s + 0.001)[0]

    def _backdated(self, start_s: float, end_s: float) -> Sequence[Mark]:
        """Return the keys, each from when words or microphones began to say the same.

        A clerk presses a key a second or two after the change; never before the key before it.
        """
        late_s = self._hall.late_keys_s
        if late_s <= 0:
            return between(self._keys, start_s, end_s)
        keys = between(self._keys, start_s - late_s, end_s + late_s)
        marks = []
        for k, key in enumerate(keys):
            since_s = max(key.at_s - late_s, keys[k - 1].at_s if k else 0.0)
            began = [
                _began(track, key, since_s) for track in (self._microphones, self._words.marks)
            ]
            marks.append(replace(key, at_s=min(began)))
        return marks

    def _key_mark(self, key: Key) -> Mark:
        member = self._posts.chair if key.kind == "chair" else _on(self._roll, key.member)
        if key.kind == "taken":
            return Mark(key.at_s, barred=member)
        return Mark(key.at_s, ((member, KEY),) if member else ((UNNAMED, KEY),))

    def _hear_microphones(self, events: Sequence[Microphone], since_s: float | None = None) -> None:
        """Take events, each with the mark it makes; only those from the first new one on change."""
        new = sorted((e for e in events if isfinite(e.at_s)), key=_event_order)
        touched = [event.at_s for event in new[:1]] + ([] if since_s is None else [since_s])
        if not touched:
            return
        k = bisect_left(self._events, min(touched), key=_at)
        later = [e for e in self._events[k:] if since_s is None or e.at_s < since_s]
        self._events[k:] = sorted([*later, *new], key=_event_order)
        self._microphones = microphone_marks(
            self._events,
            self._hall.seats,
            self._roll,
            self._posts.chair,
            known=self._microphones[:k],
        )

    def _span(
        self,
        tracks: Sequence[tuple[str, Sequence[Mark]]],
        hints: Sequence[VoiceHint],
        start_s: float,
        end_s: float,
    ) -> Span:
        holding = {source: mark for source, marks in tracks if (mark := held(marks, start_s))}
        said = _supports(holding, [h for h in hints if h.start_s <= start_s < h.end_s])
        return _decide(said, start_s, end_s)


UNNAMED = ""  # the console gave the floor to somebody who is not on the roll
Said = dict[str, dict[str, float]]
"""Per source, the weight of each member."""


def _began(marks: Sequence[Mark], key: Mark, since_s: float) -> float:
    """Return since when, up to the key, a source has been naming whom the key names, and alone."""
    named = [member for member, _ in key.weights]
    at_s = key.at_s
    for mark in reversed(between(marks, since_s, key.at_s)):
        if not named or [member for member, _ in mark.weights] != named:
            break
        at_s = mark.at_s
    is_this_change = since_s < at_s < key.at_s - PROMPT_S
    return at_s if is_this_change else key.at_s


def _on(roll: frozenset[str], member: str | None) -> str | None:
    return member if member in roll else None


def _at(one: Mark | Microphone) -> float:
    return one.at_s


def _order(mark: Mark) -> tuple[float, str]:
    return mark.at_s, repr(mark)


def _event_order(event: Microphone) -> tuple[float, bool, str, str]:
    return event.at_s, event.is_on, event.seat, event.member or ""


def _hint_order(hint: VoiceHint) -> tuple[float, float, str, float]:
    return hint.start_s, hint.end_s, hint.member, hint.score


def _supports(holding: Mapping[str, Mark], hints: Sequence[VoiceHint]) -> Said:
    """Return what each source says; words older than the console's "taken" are not heard."""
    said = {source: dict(mark.weights) for source, mark in holding.items()}
    console, words = holding.get(CONSOLE), holding.get(WORDS)
    if console and words and console.barred and words.at_s <= console.at_s:
        said[WORDS].pop(console.barred, None)
    for hint in hints:
        weight = VOICE * min(1.0, max(0.0, hint.score))
        voices = said.setdefault(VOICES, {})
        voices[hint.member] = max(weight, voices.get(hint.member, 0.0))
    return said


def _decide(said: Said, start_s: float, end_s: float) -> Span:
    if said.get(CONSOLE):
        return _by_key(said, start_s, end_s)
    ranked = sorted(_added(said).items(), key=lambda item: (-item[1], item[0]))
    best, support = ranked[0] if ranked else ("", 0.0)
    against = ranked[1][1] if len(ranked) > 1 else 0.0
    confidence = round(support * (1 - against), 3)
    if confidence < LEAST:
        return Span(start_s, end_s, None, 0.0, ())
    return Span(start_s, end_s, best, confidence, _agreeing(said, best))


def _by_key(said: Said, start_s: float, end_s: float) -> Span:
    (member,) = said[CONSOLE]
    if member == UNNAMED:
        return Span(start_s, end_s, None, 0.0, ())
    heard = said.get(MICROPHONES, {})
    is_contested = any(w >= ALONE_BESIDE_CHAIR for other, w in heard.items() if other != member)
    confidence = KEY_CONTESTED if is_contested else KEY
    return Span(start_s, end_s, member, confidence, _agreeing(said, member))


def _added(said: Said) -> dict[str, float]:
    """Return each member's support, the sources being independent."""
    doubt: dict[str, float] = {}
    for weights in said.values():
        for member, weight in weights.items():
            doubt[member] = doubt.get(member, 1.0) * (1 - weight)
    return {member: 1 - left for member, left in doubt.items()}


def _agreeing(said: Said, member: str) -> tuple[str, ...]:
    return tuple(
        source for source in (CONSOLE, MICROPHONES, WORDS, VOICES) if member in said.get(source, {})
    )


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Yield the spans, joined where they say the same."""
    last: Span | None = None
    for span in spans:
        if last and replace(span, start_s=last.start_s) == replace(last, end_s=span.end_s):
            last = replace(last, end_s=span.end_s)
        else:
            if last:
                yield last
            last = span
    if last:
        yield last
