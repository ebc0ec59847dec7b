"""Omissions: a passage that nobody may see, hear or read any more, closed everywhere at once.

First the row is written, then, once it is in, the sitting's `omissis.json`, at which the studio
closes segments and captions; whatever is made of words is made through `engine.omissis.without`,
so that it never tells them. The index of the archive is made again, and its bytes forgotten.
A process killed in between is followed by the job, which does the same again.
"""

from __future__ import annotations

import json
import secrets
from functools import partial

from django.db import transaction

from arengo import config
from arengo.council.models import Sitting, SittingState
from arengo.kernel import audit, clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.live.sitting_file import nudge
from arengo.live.studio.omitted import NAME
from arengo.live.studio.recorder import sync_folder, write_atomically
from arengo.record import events
from arengo.record.engine.omissis import Cut
from arengo.record.errors import OmissionUnreasoned, SittingNotOver, StretchWrong
from arengo.record.models import Omission, OmissionStep, StepState, Target

# Where the record itself follows an omission; who follows it elsewhere marks its own place.
FOLLOWED = (Target.VIDEO, Target.CAPTIONS, Target.TRANSCRIPT, Target.SEARCH)


@query
def cuts_of(*, comune: Comune, sitting: Sitting) -> tuple[Cut, ...]:
    """Return what may not be read of a sitting, in order of time."""
    rows = Omission.objects.filter(sitting=sitting).order_by("start_s", "id")
    return tuple(Cut(*one) for one in rows.values_list("start_s", "end_s"))


@query
def omissions_of(*, comune: Comune, sitting: Sitting) -> list[Omission]:
    """Return the omissions of a sitting, in the order in which they were made."""
    rows = Omission.objects.filter(sitting=sitting).select_related("ordered_by")
    return list(rows.order_by("number"))


@operation
def order(
    *,
    comune: Comune,
    sitting: Sitting,
    start_s: float,
    end_s: float,
    reason: str,
    by: User,
    law: str = "",
) -> Omission:
    """Close a passage of a closed sitting to everyone, for a reason.

    Raises
    ------
    SittingNotOver
        The sitting goes on: while it does, the secret session is what cuts.
    StretchWrong
        The passage ends before it begins, or is not in the sitting.
    OmissionUnreasoned
        No reason is given.
    NotFound
        The sitting is another Comune's.
    """
    if sitting.comune_id != comune.pk:
        raise NotFound
    held = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if held.state != SittingState.CLOSED:
        raise SittingNotOver(title=held.title)
    if not 0 <= start_s < end_s < float("inf"):
        raise StretchWrong
    if not reason.strip():
        raise OmissionUnreasoned
    made = Omission.objects.create(
        comune=comune,
        sitting=held,
        number=Omission.objects.filter(sitting=held).count() + 1,
        start_s=start_s,
        end_s=end_s,
        reason=reason.strip(),
        law=law.strip(),
        ordered_by=by,
        ordered_at=clock.now(),
        share=secrets.token_hex(32),
    )
    for target in FOLLOWED:
        mark(comune=comune, omission=made, target=target, state=StepState.WAITING)
    audit.record(
        "record.omit", comune=comune, by=by, subject=held.uid, omission=made.number, reason=reason
    )
    _propagate(comune, held, made)
    return made


def _propagate(comune: Comune, sitting: Sitting, made: Omission) -> None:
    from arengo.record.tasks import index_later, recut_later  # they import what is made of this

    transaction.on_commit(partial(write_closed, comune=comune, sitting=sitting))
    index_later(comune=comune, uid=sitting.uid, reason=f"omissis {made.number}")
    recut_later(comune=comune, uid=sitting.uid, reason=f"omissis {made.number}")
    events.omission_made.send(
        Sitting, comune=comune, sitting=sitting, start_s=made.start_s, end_s=made.end_s
    )


@operation
def mark(
    *, comune: Comune, omission: Omission, target: Target, state: StepState, note: str = ""
) -> None:
    """Write how far an omission has come somewhere."""
    OmissionStep.objects.update_or_create(
        comune=comune,
        omission=omission,
        target=target,
        defaults={"state": state, "at": clock.now(), "note": note},
    )


@operation
def mark_all(
    *, comune: Comune, sitting: Sitting, target: Target, state: StepState, note: str = ""
) -> None:
    """Write how far every omission of a sitting has come somewhere."""
    for omission in omissions_of(comune=comune, sitting=sitting):
        mark(comune=comune, omission=omission, target=target, state=state, note=note)


@query
def steps_of(*, comune: Comune, omission: Omission) -> list[OmissionStep]:
    """Return how far an omission has come, place by place."""
    order_ = {target: k for k, target in enumerate(Target.values)}
    rows = OmissionStep.objects.filter(omission=omission)
    return sorted(rows, key=lambda one: order_[one.target])


def write_closed(*, comune: Comune, sitting: Sitting) -> None:
    """Tell the studio what it may give to nobody, as the database has it now."""
    closed = [[one.start_s, one.end_s] for one in cuts_of(comune=comune, sitting=sitting)]
    folder = config.load().sitting_folder(comune.pk, sitting.uid)
    if closed:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / NAME, json.dumps({"closed": closed}).encode())
        sync_folder(folder)
        nudge(sitting.uid)
