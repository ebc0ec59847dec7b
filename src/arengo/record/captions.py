"""The captions of a sitting as files: WebVTT, SubRip, TTML.

They are read from the sitting's folder, from which the studio takes away what was secret; once
somebody has corrected a word they are laid out anew from the transcript.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from arengo import config
from arengo.council.models import Sitting
from arengo.council.queries.people import ROME
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.live.engine.captions import Captioner, Cue
from arengo.live.engine.subtitles import srt, ttml, whole_vtt
from arengo.live.engine.words import Word as Spoken
from arengo.live.studio.cues import CueSheet
from arengo.live.studio.recorder import read_lines
from arengo.record.drafts import Written
from arengo.record.engine.transcript import Transcript
from arengo.record.errors import FormatAbsent, NothingHeard
from arengo.record.omissions import cuts_of
from arengo.record.transcripts import is_edited, transcript_of

SHORTEST_S = 0.02  # a word of no length would stand in no caption

KINDS: Mapping[str, tuple[str, Callable[[Iterable[Cue]], str]]] = {
    "vtt": ("text/vtt; charset=utf-8", whole_vtt),
    "srt": ("application/x-subrip; charset=utf-8", srt),
    "ttml": ("application/ttml+xml", ttml),
}


def write_captions(*, comune: Comune, sitting: Sitting, format_: str) -> Written:
    """Return the captions of a sitting as a file.

    Raises
    ------
    FormatAbsent
        Captions are not written so.
    NothingHeard
        The sitting has none.
    """
    if format_ not in KINDS:
        raise FormatAbsent(format=format_, known=", ".join(KINDS))
    cues = cues_of(comune=comune, sitting=sitting)
    if not cues:
        raise NothingHeard(title=sitting.title)
    content_type, writer = KINDS[format_]
    day = (sitting.opened_at or sitting.scheduled_at).astimezone(ROME)
    return Written(f"{day:%Y-%m-%d}-sottotitoli.{format_}", content_type, writer(cues).encode())


@query
def cues_of(*, comune: Comune, sitting: Sitting) -> list[Cue]:
    """Return the final captions of a sitting, as corrected, without those that are omitted."""
    cuts = cuts_of(comune=comune, sitting=sitting)
    found = _cues(comune, sitting)
    return [cue for cue in found if not any(cut.meets(cue.start, cue.end) for cut in cuts)]


def _cues(comune: Comune, sitting: Sitting) -> list[Cue]:
    if is_edited(sitting):
        return laid_out(transcript_of(comune=comune, sitting=sitting))
    folder = config.load().sitting_folder(comune.pk, sitting.uid)
    return [cue for cue in CueSheet(read_lines(folder / "cues.jsonl")).all() if cue.is_final]


def laid_out(transcript: Transcript) -> list[Cue]:
    """Return a transcript as captions: no caption holds two voices."""
    captioner = Captioner()
    cues: list[Cue] = []
    for segment in transcript.segments:
        words = [
            Spoken(word.start_s, max(word.end_s, word.start_s + SHORTEST_S), word.text, 1.0)
            for word in segment.words
            if word.text
        ]
        if words:
            cues += captioner.settle(words, words[-1].end, is_pause=True)
    return cues


def has_captions(*, comune: Comune, sitting: Sitting) -> bool:
    """Tell whether something was heard in a sitting."""
    path = config.load().sitting_folder(comune.pk, sitting.uid) / "cues.jsonl"
    return path.exists() and path.stat().st_size > 0
