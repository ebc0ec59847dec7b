"""An omission carried out on disk: originals into the seal, black and silence in their place.

Each segment goes through four steps, every one of which is safe to be killed after and to be done
again: it is sealed, something black is written, the original is taken away, the studio is told.
Before the first, the studio gives nothing of it out already. Captions are written anew with
«[omissis]» in the place of the words, and the lines as they were go into the seal.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from av.error import FFmpegError

from arengo import config
from arengo.council.models import Sitting
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.live.engine.playlist import Segment, black_name, segment_name
from arengo.live.studio.black import make_black
from arengo.live.studio.ledger import ledger_of
from arengo.live.studio.omitted import Stretch, closed_numbers
from arengo.live.studio.recorder import (
    TakeRecord,
    journalled,
    read_lines,
    read_takes,
    sync_folder,
    write_atomically,
)
from arengo.record import seal
from arengo.record.engine.omissis import MARK, Cut
from arengo.record.models import Omission

log = logging.getLogger(__name__)

CUES = "cues.jsonl"

Line = dict[str, Any]


@query
def recut_media(*, comune: Comune, sitting: Sitting) -> int:
    """Put black in the place of what is omitted, originals in the seal; return how many were there.

    Raises
    ------
    OSError
        The disk does not take it. What is not done stays closed; do it again.
    """
    folder = _folder(sitting)
    segments = list(ledger_of(journalled(folder)).recorded())
    takes = {take.take: take for take in read_takes(folder)}
    return sum(
        _recut(folder, omission, segment, takes)
        for omission in _omissions(sitting)
        for segment in _closed(folder, segments, omission)
    )


def _closed(folder: Path, segments: Sequence[Segment], omission: Omission) -> list[Segment]:
    numbers = closed_numbers(folder, segments, (Stretch(omission.start_s, omission.end_s),))
    return [one for one in segments if one.number in numbers]


def _recut(
    folder: Path, omission: Omission, segment: Segment, takes: Mapping[int, TakeRecord]
) -> bool:
    media = folder / "media"
    original = media / segment_name(segment.number)
    if not original.exists():
        return False
    data = original.read_bytes()
    if not seal.is_in(omission, original.name):
        seal.put(omission, original.name, data)
    if not (media / black_name(segment.number)).exists():
        _blacken(folder, takes[segment.take], segment.number, data)
    sync_folder(media)
    original.unlink()
    sync_folder(media)
    return True


def _blacken(folder: Path, take: TakeRecord, number: int, data: bytes) -> None:
    """Write what stands in a segment's place; one that is not ours to read stays a gap."""
    try:
        make_black(folder, take, number, data)
    except (ValueError, LookupError, FFmpegError) as error:
        log.warning("%s: segment %s stays a gap: %s", folder, number, error)


@query
def recut_captions(*, comune: Comune, sitting: Sitting) -> int:
    """Take the omitted words out of the captions' file, into the seal; return how many lines had some.

    The file keeps its time of change: nothing is being heard.

    Raises
    ------
    OSError
        The disk does not take it. Do it again.
    """
    folder = _folder(sitting)
    return sum(_recut_captions(folder / CUES, omission) for omission in _omissions(sitting))


def _recut_captions(path: Path, omission: Omission) -> int:
    rows = read_lines(path)
    cut = Cut(omission.start_s, omission.end_s)
    hit = {row["id"] for row in rows if _tells(row, cut)}
    if not hit:
        return 0
    held = [row for row in rows if row["id"] in hit]
    seal.put(omission, _free_name(omission), _text(held))
    newest = {row["id"]: row for row in rows}
    kept = [row for row in rows if row["id"] not in hit or row is newest[row["id"]]]
    _rewrite(path, [without_words(row, cut) if row["id"] in hit else row for row in kept])
    return len(held)


def _tells(row: Line, cut: Cut) -> bool:
    """Tell whether a line meets a cut and has words there that are not taken out yet."""
    if not cut.meets(row["start"], row["end"]) or not row["lines"]:
        return False
    words = row.get("words") or []
    cut_words = [word for word in words if cut.meets(word[0], word[1])]
    return row["lines"] != [MARK] or any(word[2] != MARK for word in cut_words)


def without_words(row: Line, cut: Cut) -> Line:
    """Return a caption with «[omissis]» in the place of the words in a cut, and shown as that alone.

    One whose words have no times is cut whole.
    """
    if not row["lines"]:
        return {**row, "words": []}
    words = row.get("words") or [[row["start"], row["end"], MARK, 1.0]]
    return {**row, "lines": [MARK], "words": list(_kept(words, cut))}


def _kept(words: Sequence[list[Any]], cut: Cut) -> Iterator[list[Any]]:
    is_inside = False
    for word in words:
        is_cut = cut.meets(word[0], word[1])
        if is_cut and not is_inside:
            yield [word[0], word[1], MARK, 1.0]
        if not is_cut:
            yield word
        is_inside = is_cut


def _rewrite(path: Path, rows: Sequence[Line]) -> None:
    was = path.stat()
    write_atomically(path, _text(rows))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    sync_folder(path.parent)


def _text(rows: Sequence[Line]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _free_name(omission: Omission) -> str:
    taken = set(seal.names_in(omission))
    return next(name for k in count(1) if (name := f"cues-{k}.jsonl") not in taken)


def _omissions(sitting: Sitting) -> list[Omission]:
    rows = Omission.objects.filter(sitting=sitting).select_related("sitting")
    return list(rows.order_by("number"))


def _folder(sitting: Sitting) -> Path:
    return config.load().sitting_folder(sitting.comune_id, sitting.uid)
