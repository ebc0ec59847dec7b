"""Captions of the demo sitting, as they would have come live, against what was said.

The clip's sound arrives on a clock that moves at its own speed and by the time each
decoding really takes (`arengo transcribe --live`). A word counts as shown when it first
stands in a caption as committed text; its delay is the newest sound received by then
minus the end of the word. `as_spelled` waits for the word's final spelling.

Word error rates count figures and words alike (see `arengo.live.engine.wer`). The offline
rate is the better of two: faster-whisper's own transcription with beam 5 on whole windows
of 30 s, and Arengo's final pass alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from faster_whisper import WhisperModel
from figures import Figures
from rapidfuzz.distance import Levenshtein

from arengo import config
from arengo.live.demo.reference import CLIP, load_reference
from arengo.live.engine.captions import LIMITS, Cue
from arengo.live.engine.names import Roll
from arengo.live.engine.wer import errors, folded
from arengo.live.engine.words import plain
from arengo.live.hearing import models, sound, transcribe
from arengo.live.hearing.roll import roll_of


def main() -> None:
    """Print every figure of the captions; status 1 when one is short of its goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print the captions too")
    arguments = parser.parse_args()
    reference = load_reference()
    text = " ".join(turn.text for turn in reference.turns)
    roll = roll_of(reference.roster)
    figures = Figures()
    cues = _live(figures, roll, reference.duration)
    if arguments.show:
        print("\n".join(f"{cue.start:7.2f} {' / '.join(cue.lines)}" for cue in cues))
    heard = _text(cues)
    streaming = errors(text, heard).rate
    offline = _offline(figures, roll, text)
    figures.add("captions.wer_streaming", streaming, "%", "-")
    figures.add("captions.wer_streaming_minus_offline", streaming - offline, "points", "<=2")
    _names(figures, roll, text, heard, reference.duration / 600)
    _limits(figures, cues)
    figures.finish()


def _live(figures: Figures, roll: Roll, duration: float) -> list[Cue]:
    recogniser = models.load(models.DEFAULT, config.load().models)
    pieces = sound.chunks(CLIP, transcribe.ARRIVES_EACH_S)
    began = time.process_time()
    shown = transcribe.live(recogniser, roll, pieces, lambda _: None)
    cpu = time.process_time() - began
    delays = transcribe.summary(transcribe.delays(shown))
    figures.add("captions.delay_mean", delays["delay_mean_s"], "s", "<=3.3")
    figures.add("captions.delay_p95", delays["delay_p95_s"], "s", "<=6")
    figures.add("captions.delay_as_spelled_mean", delays["delay_as_spelled_mean_s"], "s", "-")
    figures.add("captions.delay_as_spelled_p95", delays["delay_as_spelled_p95_s"], "s", "-")
    figures.add("captions.cpu_per_second_of_sound", cpu / duration, "s", "-")
    return transcribe.cues_of([item.output for item in shown])


def _offline(figures: Figures, roll: Roll, text: str) -> float:
    folder = config.load().models
    recogniser = models.load(models.DEFAULT, folder)
    cues = transcribe.offline(recogniser, roll, sound.chunks(CLIP), lambda _: None)
    ours = errors(text, _text(cues)).rate
    stock = errors(text, _stock(folder / models.DEFAULT)).rate
    figures.add("captions.wer_offline_arengo", ours, "%", "-")
    figures.add("captions.wer_offline_faster_whisper", stock, "%", "-")
    return min(ours, stock)


def _stock(folder: Path) -> str:
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)
    segments, _ = model.transcribe(str(CLIP), language="it", beam_size=5, vad_filter=True)
    return " ".join(segment.text for segment in segments)


def _names(figures: Figures, roll: Roll, text: str, heard: str, tens_of_minutes: float) -> None:
    """Count the surnames said and rightly written, and those written that nobody said."""
    said, written = folded(text), folded(heard)
    surnames = {word for person in roll.people for word in folded(plain(person.surname))}
    total = sum(word in surnames for word in said)
    lost = false = 0
    for edit in Levenshtein.editops(said, written):
        lost += edit.tag != "insert" and said[edit.src_pos] in surnames
        false += edit.tag != "delete" and written[edit.dest_pos] in surnames
    figures.add("captions.surnames_right", 100 * (total - lost) / total, "%", ">=95")
    figures.add("captions.surnames_false", false / tens_of_minutes, "per_10_min", "<=1")


def _limits(figures: Figures, cues: Sequence[Cue]) -> None:
    broken = sum(
        len(cue.lines) > 2
        or any(len(line) > LIMITS.line_chars for line in cue.lines)
        or not 0.999 <= cue.end - cue.start <= LIMITS.longest_s + 0.001
        or len(" ".join(cue.lines)) > LIMITS.chars_per_s * (cue.end - cue.start) + 0.05
        for cue in cues
    )
    figures.add("captions.cues_over_a_limit", broken, "cues", "==0")


def _text(cues: Sequence[Cue]) -> str:
    return " ".join(" ".join(cue.lines) for cue in cues)


if __name__ == "__main__":
    main()
