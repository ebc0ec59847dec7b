"""What the public pages keep of a closed sitting: its decisions and who was there.

All of it is made anew from the journal each time, so that nothing withdrawn stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arengo import config
from arengo.council.engine.board import public_board
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.attendance import stays
from arengo.council.models import Sitting, SittingState
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import operation
from arengo.live.engine.wall import Anchor, Hours, sitting_time
from arengo.live.studio.ledger import ledger_of
from arengo.live.studio.recorder import SegmentRecord, read_lines
from arengo.record.drafts import account_of
from arengo.record.engine.plain_words import PlainDecision, plain_decisions
from arengo.record.errors import NothingToTell, SittingNotOver
from arengo.record.heard import Heard
from arengo.record.models import Attendance, Decision

SILENT = Heard((), (), 0.0)  # decisions are the journal's: nothing said is read for them


@operation
def keep_decisions(*, comune: Comune, sitting: Sitting) -> int:
    """Replace what is kept of a closed sitting; return how many decisions it has.

    Raises
    ------
    SittingNotOver
        It is not closed.
    NotFound
        It is another Comune's.
    """
    if sitting.comune_id != comune.pk:
        raise NotFound
    if sitting.state != SittingState.CLOSED:
        raise SittingNotOver(title=sitting.title)
    Decision.objects.filter(sitting=sitting).delete()
    Attendance.objects.filter(sitting=sitting).delete()
    try:
        found = account_of(comune=comune, sitting=sitting, heard=SILENT)
    except NothingToTell:
        return 0
    anchors = anchors_in(config.load().sitting_folder(comune.pk, sitting.uid))
    rows = [
        _row(comune, sitting, place, one, anchors)
        for place, one in enumerate(plain_decisions(found.end))
    ]
    Decision.objects.bulk_create(rows)
    Attendance.objects.create(comune=comune, sitting=sitting, members=_members(found))
    return len(rows)


def _row(
    comune: Comune, sitting: Sitting, place: int, one: PlainDecision, anchors: Sequence[Anchor]
) -> Decision:
    start_s = sitting_time(anchors, one.decided_at) if anchors else None
    return Decision(
        comune=comune,
        sitting=sitting,
        place=place,
        ballot=one.ballot[:60],
        item=one.item[:40],
        number=one.number[:40],
        title=one.title,
        result=one.result[:20],
        told=list(one.sentences),
        cast=dict(one.cast),
        start_s=None if start_s is None else round(max(0.0, start_s), 2),
        decided_at=one.decided_at,
    )


def anchors_in(folder: Path) -> list[Anchor]:
    """Return from which second of the video which hour is seen; none without a video."""
    records = [SegmentRecord(**row) for row in read_lines(folder / "segments.jsonl")]
    hours = Hours()
    for segment in ledger_of(records).recorded() if records else ():
        hours.add(segment)
    return hours.anchors


def _members(found: Account) -> dict[str, dict[str, Any]]:
    """Return of each member the status, and the periods of presence by the hour («20:35»)."""
    board = public_board(found.end, found.ended_at or found.moments[-1].at)
    status = {one["id"]: one["status"] for one in board["members"]}
    return {
        member: {
            "status": listed[0].status if listed else status[member],
            "periods": [
                [found.hour(one.since), found.hour(one.until) if one.until else ""]
                for one in listed
            ],
        }
        for member, listed in stays(found).items()
    }
