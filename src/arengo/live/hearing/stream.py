"""Streaming: PCM in; cues, partial text and what is final out.

Voice activity cuts the sound into stretches of speech. A growing stretch is decoded
greedily at each step, and LocalAgreement says which words are committed: they make draft
cues. At a pause, or when the stretch is long, a careful final pass replaces them: beam 5
with the names of the roll, name repair, guard. Silence is never decoded.

No clock but the one passed in, no input or output: the process and `arengo transcribe`
drive it.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from arengo.live.engine.agreement import Agreement, restored
from arengo.live.engine.captions import Captioner, Cue, break_cost
from arengo.live.engine.guard import Judgement, Stretch, judge, voiced_s
from arengo.live.engine.names import Roll
from arengo.live.engine.words import Word, joined, plain
from arengo.live.hearing.pace import Pace
from arengo.live.hearing.recogniser import SAMPLE_RATE, Heard, Pcm, Recogniser
from arengo.live.hearing.vad import VoiceActivity, VoiceTrack

SLICE = SAMPLE_RATE // 4
HOLE_S = 0.5  # a smaller hole in the audio is filled with silence, a larger one ends the stretch
JITTER_S = 0.03
ENOUGH_VOICE_S = 0.2
STARVED_LETTERS_PER_S = 9.0  # Italian in a council has about thirteen
ROLL_CALL_LETTERS_PER_S = 13.0
SHORT_TURN_S = 1.1
SHORTEST_HALF_S = 1.0


@dataclass(frozen=True, slots=True)
class Partial:
    """Words not committed yet: shown only in low latency, and likely to change."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Committed:
    """Every cue that ends by `until` is final."""

    until: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for the journal, in Italian."""

    code: str
    message: str


Output = Cue | Partial | Committed | Notice


@dataclass(slots=True)
class Speech:
    """A stretch of speech being heard: its samples and where the voice is."""

    base: float
    track: VoiceTrack
    parts: list[Pcm] = field(default_factory=list)
    samples: int = 0
    is_closed: bool = False
    drafted_until: float = 0.0
    is_flushed: bool = False

    @property
    def end(self) -> float:
        """Return the sitting time after the last sample."""
        return self.base + self.samples / SAMPLE_RATE

    @property
    def length_s(self) -> float:
        """Return the seconds held."""
        return self.samples / SAMPLE_RATE

    @property
    def silence_s(self) -> float:
        """Return the seconds since a voice was heard."""
        return self.end - self.track.last_voice

    def add(self, pcm: Pcm) -> None:
        """Append samples."""
        self.parts.append(pcm)
        self.samples += len(pcm)

    def pcm(self) -> Pcm:
        """Return all samples held."""
        self.parts = [np.concatenate(self.parts)] if self.parts else [np.zeros(0, np.float32)]
        return self.parts[0]

    def between(self, start: float, end: float) -> Pcm:
        """Return the samples between two sitting times."""
        first = max(0, round((start - self.base) * SAMPLE_RATE))
        return self.pcm()[first : round((end - self.base) * SAMPLE_RATE)]

    def drop(self, until: float) -> None:
        """Forget the audio before a sitting time."""
        count = min(max(0, round((until - self.base) * SAMPLE_RATE)), self.samples)
        self.parts = [self.pcm()[count:]]
        self.samples -= count
        self.base += count / SAMPLE_RATE
        self.track.forget(self.base)


class Stream:
    """Listens to one sitting; see the module."""

    def __init__(
        self,
        recogniser: Recogniser,
        roll: Roll,
        clock: Callable[[], float],
        pace: Pace | None = None,
    ) -> None:
        """Listen with a recogniser already loaded; `clock` gives seconds that only grow."""
        self._recogniser, self._roll, self._clock = recogniser, roll, clock
        self._pace = pace or Pace()
        self._voice = VoiceActivity()
        self._agreement = Agreement()
        self._captioner = Captioner()
        self._queue: deque[Speech] = deque()  # closed stretches, then the one going on
        self._idle: Speech | None = None  # the audio just before a voice is heard
        self._cost_s = 0.0
        self._partial = ""
        self._said: list[Word] = []  # the last final words, context for the names
        self._end: float | None = None
        self._heard_until = 0.0

    # ---- sound in

    def feed(self, pcm: Pcm, at: float) -> None:
        """Take samples that begin at `at` seconds; holes and overlaps are mended."""
        if self._end is not None and not -JITTER_S <= at - self._end <= JITTER_S:
            pcm, at = self._mended(pcm, at)
        for k in range(0, len(pcm), SLICE):
            self._take(pcm[k : k + SLICE], at + k / SAMPLE_RATE)

    def gap(self) -> None:
        """End the stretch: what follows is not continuous with what came before."""
        if self._queue:
            self._queue[-1].is_closed = True
        self._idle = None
        self._end = None
        self._voice.reset()

    def _mended(self, pcm: Pcm, at: float) -> tuple[Pcm, float]:
        assert self._end is not None
        hole = at - self._end
        if 0 < hole <= HOLE_S:
            silence = np.zeros(round(hole * SAMPLE_RATE), np.float32)
            return np.concatenate([silence, pcm]), self._end
        if -HOLE_S <= hole < 0:
            return pcm[round(-hole * SAMPLE_RATE) :], self._end
        self.gap()
        return pcm, at

    def _take(self, pcm: Pcm, at: float) -> None:
        if self._end is None:
            self._end = at
        self._end += len(pcm) / SAMPLE_RATE
        speech = self._current(at)
        speech.add(pcm)
        speech.track.feed(self._voice.feed(pcm))
        if speech is self._idle:
            self._wake(speech)
        elif speech.silence_s >= self._pace.end_s:
            speech.is_closed = True

    def _current(self, at: float) -> Speech:
        if self._queue and not self._queue[-1].is_closed:
            return self._queue[-1]
        if self._idle is None:
            self._idle = Speech(at, VoiceTrack(at))
        return self._idle

    def _wake(self, idle: Speech) -> None:
        """Begin a stretch when there is voice enough; until then keep only a short lead."""
        voiced = idle.track.voiced
        if sum(end - start for start, end in voiced) >= ENOUGH_VOICE_S:
            idle.drop(voiced[0][0] - self._pace.lead_s)
            idle.drafted_until = idle.base
            self._queue.append(idle)
            self._idle = None
        elif idle.silence_s > 1.0:
            idle.drop(idle.end - self._pace.lead_s)

    # ---- captions out

    @property
    def backlog_s(self) -> float:
        """Return the seconds of speech received that no decoding has heard yet."""
        return sum(speech.end - max(speech.drafted_until, speech.base) for speech in self._queue)

    def is_due(self) -> bool:
        """Tell whether there is something to decode now."""
        return bool(self._queue) and self._task(self._queue[0]) is not None

    def work(self) -> list[Output]:
        """Decode once, if it is time; return what changed."""
        if not self._queue:
            return self._silence()
        task = self._task(self._queue[0])
        if task is None:
            return []
        began = self._clock()
        outputs = [*task(self._queue[0])]
        if task in (self._draft, self._flush):
            self._cost_s = self._clock() - began
        return outputs

    def _silence(self) -> list[Output]:
        """Say, once a second, that nothing will be captioned in the silence so far."""
        if self._idle is None or self._idle.base < self._heard_until + 1.0:
            return []
        self._heard_until = self._idle.base
        return [Committed(self._heard_until)]

    def finish(self) -> list[Output]:
        """Hear everything left, and make all of it final."""
        self.gap()
        outputs: list[Output] = []
        while self._queue:
            outputs += self.work()
        return outputs

    def _task(self, speech: Speech) -> Callable[[Speech], Iterator[Output]] | None:
        pace = self._pace
        if speech.length_s > self._recogniser.longest_s:
            return self._settle_part
        if speech.is_closed:
            return self._settle_all
        if speech.length_s >= pace.settle_s:
            return self._settle_part
        if speech.silence_s >= pace.pause_s:
            return None if speech.is_flushed else self._flush
        if speech.end - speech.drafted_until >= pace.step_for(self._cost_s):
            return self._draft
        return None

    def _draft(self, speech: Speech) -> Iterator[Output]:
        speech.is_flushed = False
        yield from self._show(self._agreement.insert(self._hypothesis(speech), speech.end))

    def _flush(self, speech: Speech) -> Iterator[Output]:
        speech.is_flushed = True
        new = self._agreement.insert(self._hypothesis(speech), speech.end)
        yield from self._show([*new, *self._agreement.commit_all()])

    def _hypothesis(self, speech: Speech) -> Sequence[Word]:
        heard = self._recogniser.hear(speech.pcm(), speech.base)
        speech.drafted_until = speech.end
        return self._judged(heard, speech).words

    def _show(self, new: Sequence[Word]) -> Iterator[Output]:
        before = [*self._said, *self._agreement.committed][-4:]
        yield from self._captioner.draft(self._roll.repair(new, before[: len(before) - len(new)]))
        yield from self._tail()

    def _tail(self) -> Iterator[Output]:
        tail = self._agreement.tail
        text = joined(tail).rstrip(".?!… ")  # a guess at the end of what was heard so far
        if text != self._partial:
            self._partial = text
            at = tail[0].start if tail else self._heard_until
            yield Partial(at, tail[-1].end if tail else at, text)

    def _settle_all(self, speech: Speech) -> Iterator[Output]:
        """Make the last of a closed stretch final."""
        words, notices = self._final(speech)
        yield from notices
        self._queue.popleft()
        yield from self._settled(words, speech.end, is_pause=True)

    def _settle_part(self, speech: Speech) -> Iterator[Output]:
        """Make a long stretch final up to its best boundary, and keep the rest."""
        words, notices = self._final(speech)
        yield from notices
        heard_until = min(speech.end, speech.base + self._recogniser.longest_s)
        count, cut = boundary(words, speech.base, heard_until - self._pace.right_s)
        speech.drop(cut)
        speech.drafted_until = min(speech.drafted_until, speech.end)
        yield from self._settled(words[:count], cut, is_pause=False)

    def _final(self, speech: Speech) -> tuple[list[Word], list[Notice]]:
        is_behind = self.backlog_s > self._pace.behind_s
        if voiced_s((speech.base, speech.end), speech.track.voiced) < ENOUGH_VOICE_S / 2:
            return [], []
        until = min(speech.end, speech.base + self._recogniser.longest_s)
        words, notices = self._careful(speech, speech.base, until, is_final=not is_behind)
        drafts = [word for word in self._agreement.committed if word.middle < until]
        return self._roll.repair(restored(words, drafts), self._said[-4:]), notices

    def _careful(
        self, speech: Speech, start: float, end: float, *, is_final: bool, splits: int = 2
    ) -> tuple[list[Word], list[Notice]]:
        """Hear a stretch with care; one that gives too few words for its voice, half by half.

        Short turns one after another, as in a roll call, make recognisers skip: there the
        sound is split at a silence and heard again, if that finds more.
        """
        heard = self._recogniser.hear(
            speech.between(start, end), start, names=self._roll.hotwords, is_final=is_final
        )
        judgement = self._judged(heard, speech)
        words = self._roll.adopt(judgement.words, heard.hinted)
        notices = [Notice("refused", reason) for reason in judgement.refused]
        voiced = speech.track.voiced
        middle = silence_near_middle(voiced, start, end)
        inside = [stretch for stretch in voiced if start <= stretch[0] < end]
        wanted = ROLL_CALL_LETTERS_PER_S if is_roll_call(inside) else STARVED_LETTERS_PER_S
        is_starved = letters(words) < wanted * voiced_s((start, end), voiced)
        if not (is_final and splits and is_starved and middle):
            return words, notices
        halves = [
            self._careful(speech, *part, is_final=True, splits=splits - 1)
            for part in ((start, middle), (middle, end))
        ]
        found = [word for part, _ in halves for word in part]
        return (found, notices) if letters(found) > 1.08 * letters(words) else (words, notices)

    def _judged(self, heard: Heard, speech: Speech) -> Judgement:
        return judge(
            heard.words,
            speech.track.voiced,
            no_speech=heard.no_speech,
            log_probability=heard.log_probability,
        )

    def _settled(self, words: Sequence[Word], until: float, *, is_pause: bool) -> Iterator[Output]:
        self._agreement.forget(until)
        self._said = [*self._said, *words][-8:]
        self._heard_until = until
        yield from self._captioner.settle(words, until, is_pause=is_pause)
        yield from self._tail()
        yield Committed(self._captioner.settled_until)


def letters(words: Sequence[Word]) -> int:
    """Return how many letters and figures the words have."""
    return sum(len(plain(word.text)) for word in words)


def is_roll_call(voiced: Sequence[Stretch]) -> bool:
    """Tell whether the voice comes in short turns: at least three, most of them of a word."""
    short = sum(end - start < SHORT_TURN_S for start, end in voiced)
    return len(voiced) >= 3 and short > len(voiced) / 2


def silence_near_middle(voiced: Sequence[Stretch], start: float, end: float) -> float | None:
    """Return the middle of the silence nearest to the middle of a stretch, if it can be split."""
    silences = [(one[1] + two[0]) / 2 for one, two in itertools.pairwise(voiced)]
    inside = [at for at in silences if start + SHORTEST_HALF_S < at < end - SHORTEST_HALF_S]
    return min(inside, key=lambda at: abs(at - (start + end) / 2), default=None)


def boundary(words: Sequence[Word], base: float, limit: float) -> tuple[int, float]:
    """Return how many words come before the best place to cut, and its time in seconds.

    It is not later than `limit`, so that every word before it was heard with what follows;
    a full stop, a comma or a silence make a place good, and so does being late.
    """
    best, count, cut = float("inf"), 0, limit
    for k in range(1, len(words)):
        one, two = words[k - 1], words[k]
        at = (one.end + two.start) / 2
        if not base + 2.0 <= at <= limit:
            continue
        cost = break_cost(one, two) - 2.0 * min(two.start - one.end, 1.0) + 0.3 * (limit - at)
        if cost < best:
            best, count, cut = cost, k, at
    if count:
        return count, cut
    count = sum(word.middle <= limit for word in words)
    return count, max(words[count].start if count < len(words) else limit, base + 2.0)
