"""A sitting held for the tests whose folder holds what was said: captions, segments, hours."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

SEGMENT_S = 4.0
SPEECH = "Le risorse per via Sempione ci sono e i lavori cominciano a marzo."
Spoken = tuple[float, str]  # a second of the video, and a caption that lasts four


def folder_of(sitting: Sitting) -> Path:
    """Return the sitting's folder, made."""
    from arengo import config

    folder = config.load().sitting_folder(sitting.comune_id, sitting.uid)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def hold(comune: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting in which Beretta spoke and a vote was proclaimed, an hour ago."""
    from chamber import make_agenda, opinions, play, roll_call, seat_council

    from arengo.kernel import clock

    ids = seat_council(comune)
    began_at = clock.now() - timedelta(hours=1)
    sitting = make_sitting(comune, title="Consiglio comunale", scheduled_at=began_at)
    items = make_agenda(sitting)
    state = play(sitting, at=began_at)
    play(sitting, *roll_call(state), ("sitting_opened", {}), at=began_at)
    play(sitting, *opinions(state), ("item_called", {"item": str(items[1].pk)}), at=began_at)
    spoke_at = began_at + timedelta(seconds=120)
    play(sitting, ("floor_given", {"member": ids["Beretta"]}), at=spoke_at)
    push_board(sitting)
    play(sitting, ("floor_ended", {}), at=spoke_at + timedelta(seconds=30))
    _vote(sitting, spoke_at + timedelta(seconds=60))
    put_words(sitting, [(122.0, SPEECH), (127.0, "Grazie a tutti.")], began_at=began_at)
    push_board(sitting)
    return sitting


def _vote(sitting: Sitting, at: datetime) -> None:
    from chamber import play

    asked = {"method": "hands", "title": "Variazione di bilancio"}
    play(sitting, ("ballot_opened", asked), ("hands_counted", {}), at=at)
    play(sitting, ("ballot_closed", {}), ("proclaimed", {}), at=at + timedelta(seconds=5))


def put_words(sitting: Sitting, spoken: Sequence[Spoken], *, began_at: datetime) -> Path:
    """Write the files of a recording that began at an hour and in which that was said."""
    folder = folder_of(sitting)
    last_s = max(at_s for at_s, _ in spoken) + 60
    _lines(
        folder / "segments.jsonl", [_segment(n, began_at) for n in range(int(last_s / SEGMENT_S))]
    )
    _lines(folder / "cues.jsonl", [_cue(n, *one) for n, one in enumerate(spoken)])
    return folder


def push_board(sitting: Sitting) -> None:
    """Write the board as the chamber does after each event."""
    from chamber import board_of

    from arengo.live.sitting_file import write_board

    board = board_of(sitting)
    write_board(istat_code=sitting.comune_id, uid=sitting.uid, board=board)


def _segment(n: int, began_at: datetime) -> dict[str, Any]:
    from arengo.live.studio.recorder import SegmentRecord

    wall = began_at + timedelta(seconds=n * SEGMENT_S)
    return asdict(SegmentRecord(n, 1, n * SEGMENT_S, SEGMENT_S, wall.isoformat(), 1000, "", ""))


def _cue(n: int, at_s: float, text: str) -> dict[str, Any]:
    texts = text.split()
    each_s = 4.0 / len(texts)
    words = [
        [at_s + k * each_s, at_s + (k + 1) * each_s, word, 0.9, True]
        for k, word in enumerate(texts)
    ]
    times = {"start": at_s, "end": at_s + 4.0}
    return {"id": f"c{n}", "rev": 1, **times, "lines": [text], "final": True, "words": words}


def _lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
