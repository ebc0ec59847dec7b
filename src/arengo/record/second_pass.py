"""The second pass: a closed sitting heard again, offline, and proposed beside what is written.

Nothing changes until a person accepts; what a person wrote is never proposed again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django_tasks import task

from arengo import config
from arengo.council.events import sitting_closed
from arengo.council.models import Sitting, SittingState
from arengo.council.queries import get_sitting
from arengo.kernel import jobs
from arengo.kernel.errors import NotFound
from arengo.kernel.executor import Executor, executor
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import query
from arengo.live.engine.words import Word
from arengo.record.engine.editing import open_offers
from arengo.record.engine.edits import MachineAccepted, MachineRejected
from arengo.record.engine.proposal import differences, proposed
from arengo.record.engine.steps import Offer
from arengo.record.engine.transcript import Heard
from arengo.record.errors import SittingNotOver, StillHeard
from arengo.record.events import omission_made
from arengo.record.listening import best_model, listen
from arengo.record.omissions import cuts_of
from arengo.record.transcripts import append, is_being_heard, transcript_of

ON = "ARENGO_SECOND_PASS"
RESULTS = "second-"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An offer as it is shown: `same` counts those with the same words on both sides."""

    offer: Offer
    old: str
    same: int


def hear_again(
    *,
    comune: Comune,
    sitting: Sitting,
    working: Executor,
    on_progress: Callable[[float], None] = lambda _: None,
) -> int:
    """Hear a sitting again and propose what differs; return how many proposals there are now.

    Stopped, it goes on with what was not heard yet. Heard twice, it proposes nothing twice.

    Raises
    ------
    SittingNotOver, StillHeard
        It is not closed, or its words still come.
    HearingError, WorkerLost
        There is no model, or a stretch could not be heard.
    NothingHeard
        The live hearing wrote nothing to compare with.
    """
    if sitting.state != SittingState.CLOSED:
        raise SittingNotOver(title=sitting.title)
    if is_being_heard(sitting):
        raise StillHeard
    model = best_model(config.load().models)
    folder = config.load().sitting_folder(comune.pk, sitting.uid)
    results = folder / f"{RESULTS}{model.name}"
    words = listen(folder, results, working, model, on_progress)
    _propose(comune, sitting, words)
    shutil.rmtree(results, ignore_errors=True)
    return len(proposals_of(comune=comune, sitting=sitting))


def _propose(comune: Comune, sitting: Sitting, words: Sequence[Word]) -> None:
    """Offer the differences, without what has been omitted meanwhile and what was offered before."""
    cuts = cuts_of(comune=comune, sitting=sitting)
    heard: list[Heard] = [
        (w.text, w.start, w.end, w.probability)
        for w in words
        if not any(w.start < cut.end_s and w.end > cut.start_s for cut in cuts)
    ]
    transcript = transcript_of(comune=comune, sitting=sitting)
    known = {(offer.words, offer.text) for offer in transcript.offers}
    found = [
        one
        for one in differences(transcript, heard)
        if (one.words, one.new) not in known
        and not any(one.start_s < cut.end_s and one.end_s > cut.start_s for cut in cuts)
    ]
    if found:
        append(comune=comune, sitting=sitting, edit=proposed(found), by=None)


@query
def proposals_of(*, comune: Comune, sitting: Sitting) -> tuple[Proposal, ...]:
    """Return what can still be accepted, in order of time; nothing of what is omitted."""
    cuts = cuts_of(comune=comune, sitting=sitting)
    offers = [
        offer
        for offer in open_offers(transcript_of(comune=comune, sitting=sitting))
        if not any(offer.start_s < cut.end_s and offer.end_s > cut.start_s for cut in cuts)
    ]
    kinds = [_kind(offer) for offer in offers]
    found = [
        Proposal(offer, " ".join(offer.seen), kinds.count(kind))
        for offer, kind in zip(offers, kinds, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.offer.start_s, one.offer.id)))


def decide(
    *, comune: Comune, sitting: Sitting, id_: str, is_accepted: bool, is_all: bool, by: User
) -> int:
    """Accept or reject a proposal, or all that are like it; return how many.

    Raises
    ------
    NotFound
        It is not open any more: somebody decided, or wrote there.
    """
    found = proposals_of(comune=comune, sitting=sitting)
    chosen = next((one for one in found if one.offer.id == id_), None)
    if chosen is None:
        raise NotFound
    kind = _kind(chosen.offer)
    ids = tuple(one.offer.id for one in found if _kind(one.offer) == kind) if is_all else (id_,)
    edit = MachineAccepted(ids) if is_accepted else MachineRejected(ids)
    append(comune=comune, sitting=sitting, edit=edit, by=by)
    return len(ids)


def _kind(offer: Offer) -> tuple[str, str]:
    return " ".join(offer.seen).casefold(), offer.text.casefold()


# --- after the close ----------------------------------------------------------------------


@task
def hear_closed(*, comune: Comune, uid: str) -> None:
    """Hear a closed sitting again.

    Raises
    ------
    NotYet
        Its captions still come.
    """
    sitting = get_sitting(comune=comune, uid=uid)
    if is_being_heard(sitting):
        raise jobs.NotYet(f"{uid} is still being heard")
    if not (config.load().sitting_folder(comune.pk, uid) / "segments.jsonl").exists():
        return  # nothing was recorded
    with executor() as working:
        hear_again(comune=comune, sitting=sitting, working=working)


def connect() -> None:
    """Listen to the council, and to what may be heard no more."""
    sitting_closed.connect(_follow, dispatch_uid="record.second_pass")
    omission_made.connect(_forget, dispatch_uid="record.second_pass")


def _follow(*, comune: Comune, uid: str, **signal: Any) -> None:
    if os.environ.get(ON, "on") != "off":
        jobs.enqueue(hear_closed, comune=comune, key=f"second pass {uid}", uid=uid)


def _forget(*, comune: Comune, sitting: Sitting, **signal: Any) -> None:
    """Forget what a hearing that was stopped has left: it is heard again without the passage."""
    folder = config.load().sitting_folder(comune.pk, sitting.uid)
    for results in folder.glob(f"{RESULTS}*"):
        shutil.rmtree(results, ignore_errors=True)
