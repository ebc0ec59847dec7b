"""`arengo transcribe`: a file to captions, as well as possible or as it would have been live.

Offline, the whole file goes through the final pass alone. Live, the streaming path runs
against a clock that is honest without waiting: audio arrives on it in pieces at its own
speed, every decoding moves it by the time it really took, and idle waits are skipped.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from arengo.live.engine.captions import Cue
from arengo.live.engine.names import Roll
from arengo.live.engine.subtitles import latest, srt, transcript, whole_vtt
from arengo.live.engine.words import Word, plain
from arengo.live.hearing import sound
from arengo.live.hearing.messages import cue_message
from arengo.live.hearing.pace import Pace, percentile
from arengo.live.hearing.recogniser import SAMPLE_RATE, Pcm, Recogniser
from arengo.live.hearing.stream import Notice, Output, Stream

NEVER_S = 1e9
ARRIVES_EACH_S = 0.1
SAME_WORD_S = 1.0
OFFLINE = Pace(
    step_s=NEVER_S, slowest_step_s=NEVER_S, pause_s=NEVER_S, settle_s=NEVER_S, behind_s=NEVER_S
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An output and when it came: `at` on the listener's clock, `newest` on the audio's."""

    output: Output
    at: float
    newest: float


@dataclass(frozen=True, slots=True)
class Delay:
    """A word of the final captions: seconds after its end until it was first shown.

    `shown_s` counts whatever committed word stood there first, `right_s` the word as it is
    finally spelled.
    """

    word: Word
    shown_s: float
    right_s: float


def offline(
    recogniser: Recogniser, roll: Roll, pieces: Iterator[Pcm], heard: Callable[[float], None]
) -> list[Cue]:
    """Return final cues; `heard` is told the seconds done."""
    stream = Stream(recogniser, roll, time.perf_counter, OFFLINE)
    outputs: list[Output] = []
    at = 0.0
    for pcm in pieces:
        stream.feed(pcm, at)
        at += len(pcm) / SAMPLE_RATE
        while stream.is_due():
            outputs += stream.work()
        heard(at)
    outputs += stream.finish()
    return cues_of(outputs)


def live(
    recogniser: Recogniser,
    roll: Roll,
    pieces: Iterator[Pcm],
    heard: Callable[[float], None],
    pace: Pace | None = None,
) -> list[Shown]:
    """Return everything the streaming path puts out, with when; pieces are of 0.1 s."""
    stream = Stream(recogniser, roll, time.perf_counter, pace)
    shown: list[Shown] = []
    now = arrived = 0.0
    following = next(pieces, None)
    while following is not None or stream.is_due():
        while following is not None and (
            arrived + len(following) / SAMPLE_RATE <= now or not stream.is_due()
        ):
            stream.feed(following, arrived)
            arrived += len(following) / SAMPLE_RATE
            now = max(now, arrived)
            following = next(pieces, None)
        began = time.perf_counter()
        outputs = stream.work()
        now += time.perf_counter() - began
        shown += (Shown(output, now, max(now, arrived)) for output in outputs)
        heard(arrived)
    began = time.perf_counter()
    outputs = stream.finish()
    now += time.perf_counter() - began
    return shown + [Shown(output, now, now) for output in outputs]


def cues_of(outputs: Sequence[Output]) -> list[Cue]:
    """Return the last revision of each cue, in order."""
    return latest(output for output in outputs if isinstance(output, Cue))


def words_of(cues: Sequence[Cue]) -> list[Word]:
    """Return the words of cues in order."""
    return [word for cue in cues for word in cue.words]


def delays(shown: Sequence[Shown]) -> list[Delay]:
    """Return the delay of each word of the final captions."""
    cues = cues_of([item.output for item in shown])
    seen = _first_seen(shown)
    return [_delay(word, seen) for word in words_of(cues)]


def _first_seen(shown: Sequence[Shown]) -> list[tuple[float, Word]]:
    """Return every word a cue ever held with the moment it came, once for each place."""
    seen: dict[tuple[str, int], tuple[float, Word]] = {}
    for item in shown:
        if isinstance(item.output, Cue):
            for word in item.output.words:
                seen.setdefault((plain(word.text), round(word.middle * 10)), (item.newest, word))
    return list(seen.values())


def _delay(word: Word, seen: Sequence[tuple[float, Word]]) -> Delay:
    near = [(at, other) for at, other in seen if abs(other.middle - word.middle) < SAME_WORD_S]
    same = [at for at, other in near if plain(other.text) == plain(word.text)]
    there = [at for at, other in near if other.start < word.end and other.end > word.start]
    return Delay(word, min(there + same) - word.end, min(same) - word.end)


def summary(values: Sequence[Delay]) -> dict[str, float]:
    """Return the mean and 95th percentile of the delays, in seconds."""
    shown = [value.shown_s for value in values]
    right = [value.right_s for value in values]
    return {
        "delay_mean_s": round(sum(shown) / max(len(shown), 1), 3),
        "delay_p95_s": round(percentile(shown, 0.95), 3),
        "delay_as_spelled_mean_s": round(sum(right) / max(len(right), 1), 3),
        "delay_as_spelled_p95_s": round(percentile(right, 0.95), 3),
    }


def rendered(
    form: str, cues: Sequence[Cue], recogniser: Recogniser, shown: Sequence[Shown] = ()
) -> str:
    """Return the text of the output file in one of the four formats."""
    match form:
        case "vtt":
            return whole_vtt(cues)
        case "srt":
            return srt(cues)
        case "txt":
            return transcript(cues)
    content: dict[str, object] = {
        "language": "it",
        "model": recogniser.name,
        "sha256": recogniser.sha256,
        "cues": [cue_message(cue) for cue in cues],
    }
    if shown:
        content |= _live_part(shown)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _live_part(shown: Sequence[Shown]) -> dict[str, object]:
    values = delays(shown)
    return {
        **summary(values),
        "words": [
            {
                "word": value.word.text,
                "start": value.word.start,
                "end": value.word.end,
                "delay_s": round(value.shown_s, 2),
                "delay_as_spelled_s": round(value.right_s, 2),
            }
            for value in values
        ],
        "refused": [item.output.message for item in shown if isinstance(item.output, Notice)],
    }


def transcribe(
    path: Path,
    recogniser: Recogniser,
    roll: Roll,
    *,
    is_live: bool,
    heard: Callable[[float], None],
) -> tuple[list[Cue], list[Shown]]:
    """Transcribe a file; the second part is empty unless live."""
    if not is_live:
        return offline(recogniser, roll, sound.chunks(path), heard), []
    shown = live(recogniser, roll, sound.chunks(path, ARRIVES_EACH_S), heard)
    return cues_of([item.output for item in shown]), shown
