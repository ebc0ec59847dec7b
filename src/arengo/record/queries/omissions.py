"""What the page of omissions shows: words that go, acts they are in, how far each order has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import query
from arengo.record.acts import TREE, is_sealed
from arengo.record.acts_omitted import holds_in
from arengo.record.engine.omissis import Cut
from arengo.record.models import (
    Act,
    ActVersion,
    Omission,
    OmissionStep,
    SealOpening,
    StepState,
    Target,
)
from arengo.record.omissions import omissions_of
from arengo.record.transcripts import utterances_of

AROUND = 8  # words shown before and after those that go
LONGEST = 400  # words shown of those that go


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go: words, with some before and after, and the acts that hold them."""

    before: str
    going: str
    after: str
    count: int
    acts: tuple[Act, ...]

    @property
    def is_shortened(self) -> bool:
        """Tell whether not all the words are shown."""
        return self.count > LONGEST


@dataclass(frozen=True, slots=True)
class Place:
    """How far an omission has come somewhere; `state` is empty where nothing was written yet."""

    name: str
    state: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A request to open the seal, and what the reader may do with it."""

    row: SealOpening
    may_approve: bool
    may_read: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An omission as the page tells it."""

    omission: Omission
    places: tuple[Place, ...]
    openings: tuple[Opening, ...]

    @property
    def is_under_way(self) -> bool:
        """Tell whether something of it is still to be done."""
        return any(one.state != StepState.DONE for one in self.places)

    @property
    def is_of_now(self) -> bool:
        """Tell whether a request waits for somebody, or the reader has something to open."""
        return any(one.may_read or not one.row.approved_by_id for one in self.openings)


@query
def preview(*, comune: Comune, sitting: Sitting, start_s: float, end_s: float) -> Preview:
    """Return what an omission of those seconds would take away."""
    cut = Cut(start_s, end_s)
    said = [w for one in utterances_of(comune=comune, sitting=sitting) for w in one.words]
    going = [w.text for w in said if cut.meets(w.start_s, w.end_s)]
    before = [w.text for w in said if w.end_s <= start_s][-AROUND:]
    after = [w.text for w in said if w.start_s >= end_s][:AROUND]
    return Preview(
        " ".join(before),
        " ".join(going[:LONGEST]),
        " ".join(after),
        len(going),
        tuple(_acts_with(comune, sitting, cut)),
    )


def _acts_with(comune: Comune, sitting: Sitting, cut: Cut) -> Iterable[Act]:
    rows = ActVersion.objects.filter(act__sitting=sitting, content_type=TREE)
    found: dict[int, Act] = {}
    for one in rows.select_related("act").order_by("act_id", "number"):
        if one.act_id not in found and not is_sealed(one) and holds_in(comune, sitting, one, cut):
            found[one.act_id] = one.act
    return found.values()


@query
def told_to(*, comune: Comune, sitting: Sitting, reader: User) -> tuple[Told, ...]:
    """Return the omissions of a sitting, the last one first, as a reader may act on them."""
    rows = omissions_of(comune=comune, sitting=sitting)
    steps: dict[tuple[int, str], OmissionStep] = {
        (one.omission_id, one.target): one
        for one in OmissionStep.objects.filter(omission__sitting=sitting)
    }
    openings = SealOpening.objects.filter(omission__sitting=sitting).order_by("-id")
    asked: dict[int, list[Opening]] = {}
    for one in openings.select_related("requested_by", "approved_by"):
        asked.setdefault(one.omission_id, []).append(_opening(one, reader))
    return tuple(
        Told(one, tuple(_places(one, steps)), tuple(asked.get(one.pk, ())))
        for one in reversed(rows)
    )


def _places(omission: Omission, steps: dict[tuple[int, str], OmissionStep]) -> Iterable[Place]:
    for target in Target:
        step = steps.get((omission.pk, target))
        state = StepState(step.state) if step else StepState.WAITING
        yield Place(str(target.label), state, str(state.label), step.note if step else "")


def _opening(row: SealOpening, reader: User) -> Opening:
    is_over = row.expires_at is not None and row.expires_at <= clock.now()
    return Opening(
        row,
        may_approve=row.approved_by_id is None and row.requested_by_id != reader.pk,
        may_read=row.expires_at is not None
        and not is_over
        and reader.pk in (row.requested_by_id, row.approved_by_id),
        is_over=is_over,
    )
