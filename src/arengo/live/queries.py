"""What the pages of the live room ask."""

from __future__ import annotations

from collections.abc import Sequence

from arengo.council.models import Sitting, SittingState
from arengo.kernel.models import Comune, Membership, User
from arengo.kernel.scope import query
from arengo.live.access import operators_now
from arengo.live.models import Source, StreamKey


@query
def public_sittings(*, comune: Comune, limit: int = 50) -> tuple[Sitting, ...]:
    """Return the sittings of the Comune, latest first, each with its Comune."""
    found = Sitting.objects.select_related("comune").order_by("-scheduled_at", "-id")
    return tuple(found[:limit])


def latest_sittings(*, limit: int = 20) -> tuple[Sitting, ...]:
    """Return the latest sittings of the whole installation, the open ones first."""
    every = Sitting.across.select_related("comune")
    opened = every.filter(state=SittingState.OPEN).order_by("-opened_at", "-id")[:limit]
    others = every.exclude(state=SittingState.OPEN).order_by("-scheduled_at", "-id")[:limit]
    return (*opened, *others)[:limit]


def operated_sittings(*, user: User, limit: int = 50) -> tuple[Sitting, ...]:
    """Return the sittings of the Comuni where `user` works the regia, latest first."""
    codes = operators_now(Membership.across.filter(user=user)).values("comune_id")
    found = Sitting.across.filter(comune_id__in=codes).select_related("comune")
    return tuple(found.order_by("-scheduled_at", "-id")[:limit])


def operated_comuni(*, user: User) -> tuple[Comune, ...]:
    """Return the Comuni where `user` works the regia, by name."""
    codes = operators_now(Membership.across.filter(user=user)).values("comune_id")
    return tuple(Comune.objects.filter(pk__in=codes).order_by("name", "pk"))


@query
def stream_keys(*, comune: Comune, sitting: Sitting) -> Sequence[StreamKey]:
    """Return the keys of a sitting, revoked ones too, oldest first."""
    return tuple(StreamKey.objects.filter(sitting=sitting).order_by("id"))


@query
def sources(*, comune: Comune, sitting: Sitting) -> Sequence[Source]:
    """Return the sources that the studio fetches or listens for, oldest first."""
    return tuple(Source.objects.filter(sitting=sitting).order_by("id"))
