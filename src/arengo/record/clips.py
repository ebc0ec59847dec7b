"""Clips: a stretch of a closed sitting as a video of its own, with captions and citation.

A clip is a recipe. Its file is named by the content it was made of (segments, words, cuts), and
is given out only while that is still the content: after a correction it is made again, and with
an omission it is gone before anything else happens.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from arengo import config
from arengo.council.models import Sitting, SittingState
from arengo.kernel import clock, jobs
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import operation, query
from arengo.live.studio.recorder import SegmentRecord, read_lines
from arengo.record.captions import cues_of
from arengo.record.engine.clip_captions import Caption
from arengo.record.errors import SittingNotOver
from arengo.record.models import Clip, ClipState
from arengo.record.omissions import cuts_of
from arengo.record.public_errors import ClipClosed, ClipsBusy, ClipWrong

LONGEST_S = 180
MOST_WAITING = 6
MOST_KEPT = 200
MARGIN_S = 1.0  # sound may lie half a second from its picture


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a clip is made of: `segments` are of one take and cover it."""

    start_s: int
    end_s: int
    segments: tuple[SegmentRecord, ...]
    captions: tuple[Caption, ...]
    key: str


@query
def recipe_of(*, comune: Comune, sitting: Sitting, start_s: int, end_s: int) -> Recipe:
    """Return what a clip of those seconds is made of, as things are now.

    Raises
    ------
    SittingNotOver
    ClipWrong
        It is too long, or no recording holds it from one end to the other.
    ClipClosed
        A part of it may not be seen.
    """
    if sitting.state != SittingState.CLOSED:
        raise SittingNotOver(title=sitting.title)
    if not 0 <= start_s < end_s <= start_s + LONGEST_S:
        raise ClipWrong(most=LONGEST_S)
    cuts = cuts_of(comune=comune, sitting=sitting)
    if any(one.meets(start_s - MARGIN_S, end_s + MARGIN_S) for one in cuts):
        raise ClipClosed
    segments = _covering(_folder(sitting), start_s, end_s)
    captions = tuple(
        Caption(cue.start, cue.end, "\n".join(cue.lines))
        for cue in cues_of(comune=comune, sitting=sitting)
        if cue.start < end_s and cue.end > start_s
    )
    return Recipe(
        start_s, end_s, segments, captions, _key(sitting, start_s, end_s, segments, captions)
    )


def _folder(sitting: Sitting) -> Path:
    return config.load().sitting_folder(sitting.comune_id, sitting.uid)


def _covering(folder: Path, start_s: int, end_s: int) -> tuple[SegmentRecord, ...]:
    """Return the segments that hold a stretch, one after the other in one take."""
    every = [SegmentRecord(**row) for row in read_lines(folder / "segments.jsonl")]
    found = [one for one in every if one.start < end_s and one.start + one.duration > start_s]
    if not found or found[0].start > start_s or {one.take for one in found} != {found[0].take}:
        raise ClipWrong(most=LONGEST_S)
    last = found[-1]
    is_whole = all((folder / "media" / f"{one.n}.m4s").exists() for one in found)
    if last.start + last.duration < end_s or not is_whole:
        raise ClipWrong(most=LONGEST_S)
    return tuple(found)


def _key(
    sitting: Sitting,
    start_s: int,
    end_s: int,
    segments: Iterable[SegmentRecord],
    captions: Iterable[Caption],
) -> str:
    facts = [
        sitting.uid,
        sitting.title,
        start_s,
        end_s,
        [one.sha256 for one in segments],
        [[one.start_s, one.end_s, one.text] for one in captions],
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def file_of(sitting: Sitting, key: str) -> Path:
    """Return where the file of a clip is, or would be."""
    return config.load().data / "clips" / sitting.comune_id / sitting.uid / f"{key}.mp4"


@query
def find_clip(*, comune: Comune, sitting: Sitting, recipe: Recipe) -> Clip | None:
    """Return the clip as far as it was made; None where nobody asked for it as it is now."""
    rows = Clip.objects.filter(sitting=sitting, start_s=recipe.start_s, end_s=recipe.end_s)
    found = rows.filter(key=recipe.key).first()
    is_lost = found and found.state == ClipState.READY and not file_of(sitting, found.key).exists()
    return None if is_lost else found


@operation
def ask_clip(*, comune: Comune, sitting: Sitting, start_s: int, end_s: int) -> Clip:
    """Have a clip made, unless it is there or on its way; return it.

    Raises
    ------
    ClipsBusy
        Enough of them wait: nobody can have the machine make clips without end.
    SittingNotOver, ClipWrong, ClipClosed
    """
    from arengo.record.public_tasks import make_clip_file

    if sitting.comune_id != comune.pk:
        raise NotFound
    recipe = recipe_of(comune=comune, sitting=sitting, start_s=start_s, end_s=end_s)
    found = find_clip(comune=comune, sitting=sitting, recipe=recipe)
    if found and found.state != ClipState.FAILED:
        return found
    under_way = Clip.objects.filter(state__in=(ClipState.WAITING, ClipState.MAKING))
    if (waiting := under_way.count()) >= MOST_WAITING:
        raise ClipsBusy(waiting=waiting)
    Clip.objects.filter(sitting=sitting, start_s=start_s, end_s=end_s).delete()
    made = Clip.objects.create(
        comune=comune, sitting=sitting, start_s=start_s, end_s=end_s, key=recipe.key
    )
    _forget_oldest()
    key = f"clip {made.pk} {clock.now().isoformat()}"
    jobs.enqueue(make_clip_file, comune=comune, key=key, clip_id=made.pk)
    return made


def _forget_oldest() -> None:
    old = Clip.objects.filter(state__in=(ClipState.READY, ClipState.FAILED))
    for one in old.select_related("sitting").order_by("-asked_at", "-id")[MOST_KEPT:]:
        _forget(one)


@operation
def forget_clips(*, comune: Comune, sitting: Sitting) -> int:
    """Forget every clip of a sitting, with its file; return how many they were."""
    rows = list(Clip.objects.filter(sitting=sitting).select_related("sitting").order_by("id"))
    for one in rows:
        _forget(one)
    return len(rows)


def _forget(clip: Clip) -> None:
    path = file_of(clip.sitting, clip.key)
    clip.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@operation
def note_progress(*, comune: Comune, clip_id: int, done: float) -> bool:
    """Write how far a clip is; False when nobody wants it any more."""
    rows = Clip.objects.filter(pk=clip_id)
    return bool(rows.update(state=ClipState.MAKING, done_percent=int(done * 100)))


@operation
def settle_clip(*, comune: Comune, clip_id: int, is_made: bool) -> bool:
    """End the making of a clip; False when it was forgotten meanwhile, and its file must go."""
    state = ClipState.READY if is_made else ClipState.FAILED
    return bool(Clip.objects.filter(pk=clip_id).update(state=state, done_percent=100 * is_made))
