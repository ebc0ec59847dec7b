"""Sound goes in as it comes; captions come out early, are corrected, and lose or repeat nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scripted import Scripted, speech, spoken

from arengo.live.engine.captions import Cue
from arengo.live.engine.words import Word
from arengo.live.hearing.pace import Delays, Pace
from arengo.live.hearing.recogniser import SAMPLE_RATE, Pcm
from arengo.live.hearing.roll import roll_of
from arengo.live.hearing.stream import Committed, Output, Partial, Stream, boundary
from arengo.live.hearing.transcribe import cues_of, words_of

pytestmark = pytest.mark.slow
SENTENCE = " ".join(word.text for word in spoken())
SPEECH = speech()


def stream_of(words: list[Word]) -> tuple[Stream, Scripted]:
    """Return a stream with a recogniser that knows the words; its clock stands still."""
    recogniser = Scripted(words)
    return Stream(recogniser, roll_of(["Andrea Mantegazza"]), lambda: 0.0), recogniser


def play(stream: Stream, pcm: Pcm, at: float = 0.0, piece_s: float = 0.1) -> list[Output]:
    """Feed sound in pieces, working whenever there is something to do."""
    outputs: list[Output] = []
    size = round(piece_s * SAMPLE_RATE)
    for k in range(0, len(pcm), size):
        stream.feed(pcm[k : k + size], at + k / SAMPLE_RATE)
        outputs += stream.work()
    return outputs


def text_of(outputs: list[Output]) -> str:
    """Return the text of the last revisions."""
    return " ".join(word.text for word in words_of(cues_of(outputs)))


def silence(seconds: float) -> Pcm:
    """Return a quiet room."""
    noise = np.random.default_rng(3).normal(0, 0.001, round(seconds * SAMPLE_RATE))
    return noise.astype(np.float32)


def test_words_are_shown_as_drafts_and_then_made_final() -> None:
    stream, _ = stream_of(spoken())
    outputs = play(stream, SPEECH)
    cues = [output for output in outputs if isinstance(output, Cue)]
    assert not cues[0].is_final
    assert all(cue.is_final for cue in cues_of(outputs))
    assert text_of(outputs) == SENTENCE
    assert any(isinstance(output, Partial) for output in outputs)


def test_silence_is_never_decoded_and_is_reported_as_settled() -> None:
    stream, recogniser = stream_of(spoken())
    outputs = play(stream, silence(10.0))
    assert recogniser.asked == []
    assert [type(output) for output in outputs] == [Committed] * len(outputs)
    assert isinstance(outputs[-1], Committed)
    assert outputs[-1].until > 8.0


def test_a_long_pause_between_two_sentences_repeats_nothing() -> None:
    second = len(SPEECH) / SAMPLE_RATE + 30.0
    stream, _ = stream_of(spoken() + spoken(second))
    outputs = play(stream, np.concatenate([SPEECH, silence(30.0), SPEECH]))
    assert text_of([*outputs, *stream.finish()]) == f"{SENTENCE} {SENTENCE}"


def test_speech_without_a_pause_is_settled_in_parts_and_loses_nothing() -> None:
    voice = SPEECH[: round(5.9 * SAMPLE_RATE)]
    words = [word for turn in range(6) for word in spoken(5.9 * turn)]
    stream, recogniser = stream_of(words)
    outputs = play(stream, np.tile(voice, 6))
    settled = [output.until for output in outputs if isinstance(output, Committed)]
    assert len(settled) >= 2
    assert text_of([*outputs, *stream.finish()]) == " ".join([SENTENCE] * 6)
    assert max(end - start for start, end, _ in recogniser.asked) <= 12.5


def test_half_a_minute_at_once_loses_nothing_and_is_heard_greedily() -> None:
    """A recogniser that far behind drops the beam, here told by the draft's misheard words."""
    voice = np.concatenate([SPEECH] * 5)
    words = [word for turn in range(5) for word in spoken(len(SPEECH) / SAMPLE_RATE * turn)]
    stream, recogniser = stream_of(words)
    stream.feed(voice, 0.0)
    text = text_of(stream.finish())
    assert "".join(c for c in text if not c.isdigit()) == " ".join([SENTENCE] * 5)
    assert not recogniser.asked[0][2]
    assert recogniser.asked[-1][2]


def test_a_gap_ends_what_is_being_heard_and_the_times_go_on() -> None:
    stream, _ = stream_of(spoken() + spoken(100.0))
    outputs = play(stream, SPEECH[: round(6.0 * SAMPLE_RATE)])
    stream.gap()
    outputs += play(stream, SPEECH, at=100.0)
    outputs += stream.finish()
    assert text_of(outputs) == f"{SENTENCE} {SENTENCE}"
    assert cues_of(outputs)[-1].end > 105.0


def test_a_small_hole_in_the_sound_keeps_the_clock() -> None:
    stream, _ = stream_of(spoken())
    cut, hole = round(2.0 * SAMPLE_RATE), round(0.2 * SAMPLE_RATE)
    outputs = play(stream, SPEECH[:cut])
    outputs += play(stream, SPEECH[cut + hole :], at=(cut + hole) / SAMPLE_RATE)
    assert text_of([*outputs, *stream.finish()]) == SENTENCE


def test_finals_never_change_afterwards_and_settled_time_only_grows() -> None:
    stream, _ = stream_of(spoken() + spoken(8.0))
    outputs = [*play(stream, np.concatenate([SPEECH, SPEECH])), *stream.finish()]
    final: set[str] = set()
    for output in outputs:
        if isinstance(output, Cue):
            assert output.id not in final
            final |= {output.id} if output.is_final else set()
    settled = [output.until for output in outputs if isinstance(output, Committed)]
    assert all(one <= two for one, two in itertools.pairwise(settled))


def test_a_boundary_is_at_the_full_stop_before_the_limit() -> None:
    text = "la seduta è aperta. Passiamo ora al primo punto in discussione oggi"
    words = [Word(0.8 * k, 0.8 * k + 0.7, token) for k, token in enumerate(text.split())]
    count, cut = boundary(words, 0.0, 5.0)
    assert count == 4
    assert cut == pytest.approx(3.15)


def test_the_step_follows_what_a_draft_costs() -> None:
    pace = Pace(step_s=0.8, slowest_step_s=2.5)
    assert pace.step_for(0.1) == 0.8
    assert pace.step_for(1.2) == 1.5
    assert pace.step_for(9.0) == 2.5


def test_delays_count_each_word_once() -> None:
    delays = Delays()
    delays.shown([1.0, 2.0], newest=4.0)
    delays.shown([1.0, 2.0, 3.0], newest=6.0)
    assert delays.mean_s == pytest.approx((3.0 + 2.0 + 3.0) / 3)
    assert delays.p95_s == 3.0
