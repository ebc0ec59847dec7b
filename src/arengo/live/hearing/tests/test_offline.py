"""The second pass: how a recording is cut, and that what is read goes back to its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from scripted import TRUTH, speech

from arengo import config
from arengo.live.engine.wer import errors
from arengo.live.engine.words import Word, joined
from arengo.live.hearing import models, offline
from arengo.live.hearing.offline import Window, batches, placed, to_the_end, transcribe, windows
from arengo.live.hearing.recogniser import SAMPLE_RATE, Heard, Pcm


@dataclass
class Counting:
    """Hears one word in each sound, a second in: the number of samples."""

    asked: list[int] = field(default_factory=list)

    def read(self, sounds: Sequence[Pcm], *, language: str) -> list[Heard]:
        """Return a word for each sound."""
        self.asked.append(len(sounds))
        return [Heard((Word(1.0, 1.5, f"suono{len(sound)}"),)) for sound in sounds]


def test_windows_are_cut_at_pauses_and_never_too_long() -> None:
    voiced = [(0.0, 9.0), (9.5, 14.0), (14.5, 20.0), (60.0, 64.0)]
    cut = windows(voiced, 17.0)
    assert cut == [Window(((0.0, 14.0),)), Window(((14.5, 20.0), (60.0, 64.0)))]


def test_a_voice_without_a_breath_is_cut_in_equal_parts() -> None:
    assert [w.length_s for w in windows([(0.0, 50.0)], 17.0)] == pytest.approx([50 / 3] * 3)


def test_a_word_after_a_left_out_silence_goes_back_to_its_place() -> None:
    window = Window(((10.0, 15.0), (60.0, 64.0)))
    assert placed(Word(1.0, 2.0, "a"), window) == Word(11.0, 12.0, "a")
    assert placed(Word(6.0, 7.0, "b"), window) == Word(61.0, 62.0, "b")


def test_silence_is_never_read() -> None:
    reader = Counting()
    assert transcribe(np.zeros(20 * SAMPLE_RATE, np.float32), reader) == []
    assert reader.asked == []


def test_a_reading_goes_on_where_it_stopped_with_the_same_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offline, "BATCH", 1)
    sound = np.concatenate([speech()] * 6)
    whole = list(batches(sound, Counting()))
    again = list(batches(sound, Counting(), since_s=whole[0].until_s))
    assert len(whole) > 1
    assert again == whole[1:]
    assert whole[-1].until_s == len(sound) / SAMPLE_RATE


@dataclass
class Forgetful:
    """Hears the first sentence of a sound and takes the second one for its echo."""

    lengths: list[int] = field(default_factory=list)

    def read(self, sounds: Sequence[Pcm], *, language: str) -> list[Heard]:
        """Return one word a second in, whatever is said after it."""
        self.lengths += [len(sound) for sound in sounds]
        return [Heard((Word(1.0, 1.5, "presente."),)) for _ in sounds]


def test_a_sentence_said_twice_is_read_twice_where_the_model_ends_early() -> None:
    reader = Forgetful()
    (heard,) = to_the_end(reader, [np.zeros(4 * SAMPLE_RATE, np.float32)], "it")
    assert heard.words == (Word(1.0, 1.5, "presente."), Word(2.5, 3.0, "presente."))
    assert reader.lengths == [4 * SAMPLE_RATE, round(2.5 * SAMPLE_RATE)]


def test_a_sound_that_was_read_to_its_end_is_not_read_again() -> None:
    reader = Forgetful()
    to_the_end(reader, [np.zeros(2 * SAMPLE_RATE, np.float32)], "it")
    assert len(reader.lengths) == 1


@pytest.mark.slow
def test_the_real_model_reads_the_sentence_of_each_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offline, "windows", lambda voiced: windows(voiced, 8.0))
    folder = config.load().models / models.DEFAULT
    reader = offline.WindowReader(folder, name=models.DEFAULT, sha256="")
    done: list[float] = []
    sentence = speech()
    words = transcribe(np.concatenate([sentence] * 2), reader, on_progress=done.append)
    truth = " ".join(TRUTH.split()[::3])
    assert errors(f"{truth} {truth}", joined(words)).rate < 20.0
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert done == [2 * len(sentence) / SAMPLE_RATE]
