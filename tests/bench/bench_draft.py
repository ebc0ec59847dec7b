"""From the close of a three-hour sitting to every draft on disk, the verbale first.

A real database and a real folder: 27,000 words in captions, the journal of forty items, three
hours of segments. What is timed is what a clerk waits for after the last key.

    python tests/bench/bench_draft.py
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures

if TYPE_CHECKING:
    from arengo.council.engine.chain import Entry
    from arengo.council.engine.record.facts import Utterance
    from arengo.council.models import Sitting

HOURS = 3
SEGMENT_S = 4.0
CAPTION_WORDS = 12


def prepare() -> tuple[Sitting, Sequence[Utterance]]:
    """Make a database with the sitting in it, and its folder as the studio leaves it."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from bench_akn import long_sitting

    from arengo.council.operations import convene_sitting
    from arengo.kernel.access import get_comune

    entries, heard = long_sitting()
    sitting = convene_sitting(
        comune=get_comune("pero"), title="Tre ore", scheduled_at=entries[0].at, by=None
    )
    _store(sitting, entries)
    _fill_folder(sitting, entries, heard)
    return sitting, heard


def _store(sitting: Sitting, entries: Sequence[Entry]) -> None:
    from arengo.council.engine.chain import body_of
    from arengo.council.models import JournalEntry

    rows = [
        JournalEntry(
            comune=sitting.comune,
            sitting=sitting,
            seq=one.seq,
            at=one.at,
            kind=one.event.kind,
            body=body_of(one.event),
            sha256=one.sha256,
        )
        for one in entries
    ]
    JournalEntry.across.bulk_create(rows)


def _fill_folder(sitting: Sitting, entries: Sequence[Entry], heard: Sequence[Utterance]) -> None:
    from arengo import config
    from arengo.council.engine.board import public_board
    from arengo.council.engine.fold import fold
    from arengo.live.studio import floor
    from arengo.live.studio.recorder import SegmentRecord

    folder = config.load().sitting_folder(sitting.comune_id, sitting.uid)
    folder.mkdir(parents=True)
    began_at = entries[0].at
    segments = (
        asdict(
            SegmentRecord(
                n,
                1,
                n * SEGMENT_S,
                SEGMENT_S,
                (began_at + timedelta(seconds=n * SEGMENT_S)).isoformat(),
                1000,
                "",
                "",
            )
        )
        for n in range(int(HOURS * 3600 / SEGMENT_S))
    )
    _lines(folder / "segments.jsonl", segments)
    _lines(folder / "cues.jsonl", _cues(heard))
    _lines(folder / floor.NAME, _floor_lines(entries))
    board = public_board(fold(entries), entries[-1].at)
    (folder / "board.json").write_text(json.dumps(board), encoding="utf-8")


def _floor_lines(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """Return who had the floor, as the studio notes it from each board."""
    from arengo.council.engine.board import public_board
    from arengo.council.engine.events import FloorEnded, FloorGiven
    from arengo.council.engine.fold import fold
    from arengo.council.engine.state import State
    from arengo.live.studio.floor import Floor

    known, state = Floor(), State()
    for entry in entries:
        state = fold([entry], state)
        if isinstance(entry.event, FloorGiven | FloorEnded):
            yield from known.follow(public_board(state, entry.at))


def _cues(heard: Sequence[Utterance]) -> Iterator[dict[str, Any]]:
    for n, one in enumerate(heard):
        texts = one.text.split()
        each_s = (one.end_s - one.start_s) / len(texts)
        for k in range(0, len(texts), CAPTION_WORDS):
            some = texts[k : k + CAPTION_WORDS]
            at_s = one.start_s + k * each_s
            words = [
                [at_s + j * each_s, at_s + (j + 1) * each_s, word, 0.9, True]
                for j, word in enumerate(some)
            ]
            times = {"start": at_s, "end": at_s + len(some) * each_s}
            text = " ".join(some)
            yield {
                "id": f"{n}-{k}",
                "rev": 1,
                **times,
                "lines": [text],
                "final": True,
                "words": words,
            }


def _lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def main() -> None:
    """Print how long the verbale takes, and everything in every format."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"ARENGO_DATA": data, "DJANGO_SETTINGS_MODULE": "arengo.settings"}
        sitting, heard = prepare()
        from arengo import cli
        from arengo.council.engine.record.document import words_of
        from arengo.record.drafts import account_of, find

        figures.add("draft.words", sum(len(one.text.split()) for one in heard), "words", "-")
        began = time.monotonic()
        verbale = find(account_of(comune=sitting.comune, sitting=sitting), "verbale")
        figures.add("draft.verbale", time.monotonic() - began, "s", "<=60")
        figures.add("draft.verbale.words", len(words_of(verbale.document).split()), "words", "-")
        began = time.monotonic()
        with contextlib.redirect_stdout(io.StringIO()) as told:
            status = cli.main(["record", "build", sitting.uid, "--output", f"{data}/atti"])
        assert status == 0
        figures.add("draft.files", len(told.getvalue().split()), "files", "-")
        figures.add("draft.everything", time.monotonic() - began, "s", "<=60")
    figures.finish()


if __name__ == "__main__":
    main()
