"""Who may have spoken in a sitting: the council of that day, and the guests already named."""

from __future__ import annotations

from arengo.council.models import Sitting
from arengo.council.queries.journal import state_of
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.live.studio.attribution import GUEST
from arengo.record.transcripts import transcript_of


@query
def speakers_of(*, comune: Comune, sitting: Sitting) -> tuple[tuple[str, str], ...]:
    """Return ids and names, by name: of the journal's members and of who the words name."""
    members = state_of(comune=comune, sitting=sitting).members.values()
    named = {one.id: one.name for one in members}
    for segment in transcript_of(comune=comune, sitting=sitting).segments:
        if segment.speaker.startswith(GUEST):
            named[segment.speaker] = segment.speaker.removeprefix(GUEST)
    return tuple(sorted(named.items(), key=lambda one: (one[1], one[0])))
