"""A clip from its recipe to its file, and its citation."""

from __future__ import annotations

import logging

from django.conf import settings

from arengo import config
from arengo.council.engine.record.italian import day
from arengo.council.models import Sitting
from arengo.council.queries.people import ROME
from arengo.kernel.models import Comune
from arengo.live.studio.recorder import read_lines
from arengo.record.clips import (
    Recipe,
    file_of,
    note_progress,
    recipe_of,
    settle_clip,
)
from arengo.record.engine.clip_captions import ass
from arengo.record.models import Clip
from arengo.record.render.clip import CARD_S, ClipFailed, make_clip
from arengo.record.transcripts import is_edited

log = logging.getLogger(__name__)
STEP = 0.05  # of the whole: how often the progress is written


def citation(sitting: Sitting, start_s: int, end_s: int) -> tuple[str, ...]:
    """Return where a clip comes from, line by line, as the last card says it."""
    on = (sitting.opened_at or sitting.scheduled_at).astimezone(ROME).date()
    comune = sitting.comune
    address = (
        f"{settings.PUBLIC_URL}/{comune.slug}/sedute/{sitting.uid}/clip/?da={start_s}&a={end_s}"
    )
    lines = [
        f"Comune di {comune.name}",
        "Consiglio comunale (dimostrazione)" if sitting.is_demo else "Consiglio comunale",
        f"Seduta del {day(on)}, da {_clock(start_s)} a {_clock(end_s)}",
        address,
    ]
    words = "Sottotitoli corretti a mano." if is_edited(sitting) else "Sottotitoli automatici."
    return (*lines, f"{words} Non sostituisce il verbale.")


def _clock(at: int) -> str:
    return f"{at // 3600}:{at // 60 % 60:02d}:{at % 60:02d}"


def make(*, comune: Comune, clip_id: int) -> None:
    """Make the file of a clip; what was forgotten or changed meanwhile leaves nothing behind."""
    clip = Clip.objects.select_related("sitting__comune").filter(pk=clip_id).first()
    if clip is None:
        return
    sitting, target = clip.sitting, file_of(clip.sitting, clip.key)
    recipe = recipe_of(comune=comune, sitting=sitting, start_s=clip.start_s, end_s=clip.end_s)
    is_made = recipe.key == clip.key and _make(comune, clip, recipe)
    if not settle_clip(comune=comune, clip_id=clip.pk, is_made=is_made):
        target.unlink(missing_ok=True)


def _make(comune: Comune, clip: Clip, recipe: Recipe) -> bool:
    sitting = clip.sitting
    folder = config.load().sitting_folder(comune.pk, sitting.uid)
    first = recipe.segments[0]
    takes = {row["take"]: row for row in read_lines(folder / "takes.jsonl")}
    script = ass(
        recipe.captions,
        start_s=recipe.start_s,
        end_s=recipe.end_s,
        card=citation(sitting, recipe.start_s, recipe.end_s),
        card_s=CARD_S,
    )
    told = [0.0]

    def progress(done: float) -> None:
        if done - told[0] >= STEP:
            told[0] = done
            note_progress(comune=comune, clip_id=clip.pk, done=done)

    media = folder / "media"
    try:
        make_clip(
            [media / f"init-{first.take}.mp4", *(media / f"{n.n}.m4s" for n in recipe.segments)],
            script,
            file_of(sitting, clip.key),
            from_s=recipe.start_s - first.start,
            to_s=recipe.end_s - first.start,
            has_sound=bool(takes.get(first.take, {}).get("audio")),
            on_progress=progress,
        )
    except ClipFailed as failed:
        log.warning("clip %s of %s: %s", clip.pk, sitting.uid, failed)
        return False
    return True
