"""Who is speaking in the demo sitting, told from keys and words, against who really was.

Speech time is the time of the reference's turns. The words are the recogniser's own, as the
streaming path wrote them in the end (`arengo transcribe --live`), names and errors included.

The console's keys are pressed at the start of each turn of another speaker than before: what a
clerk who follows perfectly would do. `keys_of_the_floor` has none in the roll call, where a
clerk marks presence and gives nobody the floor; `keys_late` has these a second and a half late,
and `keys_late_dated_back` the same where `Hall.late_keys_s` is set. `wrong` is the time given to a name that was not the speaker's; the rest is unknown.
`reference_words` is what the chair's words would give if every word were heard.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import replace

from figures import Figures

from arengo import config
from arengo.live.demo.reference import CLIP, ROLL, Reference, load_reference
from arengo.live.engine.sentences import Attendee
from arengo.live.engine.speakers import Evidence, Hall, Key, Span, attribute
from arengo.live.engine.words import Word
from arengo.live.hearing import models, sound, transcribe
from arengo.live.hearing.roll import lexicon, roll_of

LATE_S = 1.5
ROLL_CALL = "Appello"


def main() -> None:
    """Print every figure; status 1 when one is short of its goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print the spans of the words alone")
    arguments = parser.parse_args()
    reference = load_reference()
    hall = _hall()
    words = _heard(reference)
    figures = Figures()
    keys = _keys(reference)
    _add(figures, "console_and_chair", hall, reference, Evidence(keys=keys, words=words), ">=100")
    floor = _keys(reference, skips=ROLL_CALL)
    _add(figures, "keys_of_the_floor", hall, reference, Evidence(keys=floor, words=words), "-")
    late = tuple(Key(key.at_s + LATE_S, key.kind, key.member) for key in floor)
    dated = replace(hall, late_keys_s=2.5)
    _add(figures, "keys_late", hall, reference, Evidence(keys=late, words=words), "-")
    _add(figures, "keys_late_dated_back", dated, reference, Evidence(keys=late, words=words), "-")
    began = time.perf_counter()
    spans = _add(figures, "chair_alone", hall, reference, Evidence(words=words), ">=80")
    figures.add("speakers.cpu_chair_alone", 1000 * (time.perf_counter() - began), "ms", "-")
    figures.add("speakers.wrong", _shares(reference, spans)[1], "%", "<=5")
    spoken = tuple(Word(word.start, word.end, word.word) for word in reference.words)
    _add(figures, "reference_words", hall, reference, Evidence(words=spoken), "-")
    if arguments.show:
        print("\n".join(f"{s.start_s:7.2f} {s.confidence:.2f} {s.member}" for s in spans))
    figures.finish()


def _add(
    figures: Figures, name: str, hall: Hall, reference: Reference, known: Evidence, goal: str
) -> tuple[Span, ...]:
    spans = attribute(hall, known, 0, reference.duration)
    right, wrong = _shares(reference, spans)
    figures.add(f"speakers.{name}", round(right, 6), "%", goal)
    figures.add(f"speakers.{name}_wrong", wrong, "%", "-")
    return spans


def _hall() -> Hall:
    with ROLL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    people = tuple(Attendee(row["nominativo"], row["nominativo"], row["carica"]) for row in rows)
    return Hall(people, _holder(rows, "Presidente"), _holder(rows, "Segretari"), known=lexicon())


def _holder(rows: Sequence[dict[str, str]], office: str) -> str:
    (name,) = (row["nominativo"] for row in rows if row["carica"].startswith(office))
    return name


def _heard(reference: Reference) -> tuple[Word, ...]:
    """Return the words of the final captions of the streaming path."""
    recogniser = models.load(models.DEFAULT, config.load().models)
    pieces = sound.chunks(CLIP, transcribe.ARRIVES_EACH_S)
    shown = transcribe.live(recogniser, roll_of(reference.roster), pieces, lambda _: None)
    return tuple(transcribe.words_of(transcribe.cues_of([item.output for item in shown])))


def _keys(reference: Reference, skips: str = "") -> tuple[Key, ...]:
    """Return a key at the start of each turn of another speaker than before.

    In the scene that is skipped the clerk presses none.
    """
    keys: list[Key] = []
    last = ""
    for turn in reference.turns:
        if turn.scene == skips:
            continue
        if turn.speaker != last:
            keys.append(Key(turn.start, "given", turn.speaker))
        last = turn.speaker
    return tuple(keys)


def _shares(reference: Reference, spans: Sequence[Span]) -> tuple[float, float]:
    """Return the percentages of speech time that are rightly and wrongly attributed."""
    right = wrong = 0.0
    for turn in reference.turns:
        for span in spans:
            shared = max(0.0, min(span.end_s, turn.end) - max(span.start_s, turn.start))
            right += shared * (span.member == turn.speaker)
            wrong += shared * (span.member not in (None, turn.speaker))
    total = sum(turn.end - turn.start for turn in reference.turns)
    return 100 * right / total, 100 * wrong / total


if __name__ == "__main__":
    main()
