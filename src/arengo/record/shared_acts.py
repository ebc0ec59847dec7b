"""What is asked about the acts of all sittings at once: by councillors, and by who verifies a file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.acts import links_of
from arengo.record.engine.acts import first_break
from arengo.record.models import Act, ActState, ActVersion, Approval, Signature, VersionCause

SHA256 = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[0-9a-f]{16}")
SHOWN = 200
# What anybody may verify: who holds an older file is told that it is not the act.
FOR_EVERYONE = (ActState.SIGNED, ActState.PUBLISHED)


@query
def shared_acts(*, comune: Comune) -> tuple[Act, ...]:
    """Return the acts that councillors may read, the latest sitting first."""
    found = Act.objects.exclude(state=ActState.RECALLED).select_related("sitting")
    return tuple(found.order_by("-adopted_date", "sitting_id", "id")[:SHOWN])


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of a file: `version` is None for one that was changed, `act` if its code is known."""

    act: Act
    version: ActVersion | None
    is_act: bool
    is_whole: bool
    head: str
    versions: tuple[ActVersion, ...]
    signatures: tuple[Signature, ...]
    approval: Approval | None


@query
def verified(*, comune: Comune, sha256: str, code: str = "") -> Verified | None:
    """Return what a file is by its sha256, else by the act's code that it bears.

    None for anything that is not for everyone, and for what is not ours.
    """
    public = Act.objects.filter(state__in=FOR_EVERYONE, is_reserved=False)
    version = None
    if SHA256.fullmatch(sha256):
        found = ActVersion.objects.filter(sha256=sha256, act__in=public).select_related("act")
        version = found.order_by("number").first()
    if version is None and not CODE.fullmatch(code):
        return None
    act = version.act if version else public.filter(uid=code).first()
    return _verified(act, version) if act else None


def _verified(act: Act, version: ActVersion | None) -> Verified:
    every = tuple(ActVersion.objects.filter(act=act).select_related("act").order_by("number"))
    signed = [one for one in every if one.cause == VersionCause.SIGNED]
    return Verified(
        act,
        version,
        is_act=bool(version and signed and version.pk == signed[-1].pk),
        is_whole=not first_break(links_of(every)),
        head=every[-1].head,
        versions=every,
        signatures=tuple(Signature.objects.filter(act=act).order_by("id")),
        approval=Approval.objects.filter(act=act).select_related("sitting").first(),
    )


@query
def heads(*, comune: Comune) -> tuple[tuple[Act, str], ...]:
    """Return the acts that anybody may verify with the head of each one's chain, latest first."""
    acts = Act.objects.filter(state__in=FOR_EVERYONE, is_reserved=False).select_related("sitting")
    found = list(acts.order_by("-adopted_date", "-id")[:SHOWN])
    rows = ActVersion.objects.filter(act__in=[one.pk for one in found]).order_by("number")
    last = dict(rows.values_list("act_id", "head"))
    return tuple((one, last[one.pk]) for one in found if one.pk in last)
