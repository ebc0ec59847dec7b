"""Verbali and resoconti given to everyone: no term, no albo; withdrawn with a reason.

While an omission is not carried out in its file, a release is withheld (`acts_omitted`): it is
nowhere on the pages until the copy without the passage takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from arengo.kernel import audit, clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record.act_file import act_path
from arengo.record.acts import is_sealed
from arengo.record.errors import ActNotReady, ActReleased, ReasonMissing
from arengo.record.events import act_published
from arengo.record.models import Act, ActState, Release
from arengo.record.publication import READY, signed_version
from arengo.record.queries.published import PublicFile

OTHERS = ("verbale", "resoconto_integrale", "resoconto_sommario", "attendance", "votes")


@dataclass(frozen=True, slots=True)
class Releasable:
    """A signed act that is no delibera, and its standing release if it has one."""

    act: Act
    release: Release | None


@query
def releasable(*, comune: Comune) -> tuple[Releasable, ...]:
    """Return the signed acts that are for everyone or may be, latest sitting first."""
    acts = Act.objects.filter(kind__in=OTHERS, state__in=READY, is_reserved=False)
    standing = {row.act_id: row for row in Release.objects.filter(withdrawn_at=None)}
    rows = acts.select_related("sitting").order_by("-adopted_date", "sitting_id", "id")
    return tuple(Releasable(act, standing.get(act.pk)) for act in rows)


@query
def released(*, comune: Comune) -> tuple[Release, ...]:
    """Return what is for everyone now, latest sitting first."""
    rows = Release.objects.filter(withdrawn_at=None, withheld_at=None)
    found = rows.select_related("act__sitting", "version")
    return tuple(found.order_by("-act__adopted_date", "act__sitting_id", "act_id"))


@query
def released_file(*, comune: Comune, uid: str, name: str) -> PublicFile:
    """Return the file of a released act, or raise `NotFound`."""
    rows = Release.objects.filter(act__sitting__uid=uid, act__name=name)
    found = rows.filter(withdrawn_at=None, withheld_at=None).select_related("version").first()
    if found is None or is_sealed(found.version):
        raise NotFound
    version = found.version
    path = act_path(istat_code=comune.pk, uid=uid, sha256=version.sha256)
    if not path.exists():
        raise NotFound
    return PublicFile(path, version.file_name, version.content_type, version.sha256)


@query
def act_numbered(*, comune: Comune, act_id: int) -> Act:
    """Return an act that may be released, or raise `NotFound`."""
    found = Act.objects.filter(pk=act_id, kind__in=OTHERS).select_related("sitting").first()
    if found is None:
        raise NotFound
    return found


@operation
def release(*, comune: Comune, act: Act, by: User | None) -> Release:
    """Give a signed act to everyone.

    Raises
    ------
    ActNotReady
        It is not signed, is reserved, or an omission closed its file.
    ActReleased
        It is for everyone already.
    """
    held = Act.objects.select_for_update().select_related("sitting").get(pk=act.pk)
    version = signed_version(comune=comune, act=held)
    if version is None or held.state not in READY or held.is_reserved or is_sealed(version):
        raise ActNotReady
    if Release.objects.filter(act=held, withdrawn_at=None).exists():
        raise ActReleased
    made = Release.objects.create(comune=comune, act=held, version=version, by=by)
    if held.state != ActState.PUBLISHED:
        held.state = ActState.PUBLISHED
        held.save(update_fields=["state"])
    audit.record(
        "record.release", comune=comune, by=by, subject=held.sitting.uid, document=held.name
    )
    act_published.send(Release, comune=comune, act=held)
    return made


@operation
def withdraw(*, comune: Comune, act: Act, reason: str, by: User | None) -> Release:
    """Take a released act from everyone at once; the reason is kept.

    Raises
    ------
    NotFound
        It is not for everyone.
    ReasonMissing
    """
    why = " ".join(reason.split())
    if not why:
        raise ReasonMissing
    rows = Release.objects.select_for_update().filter(act=act, withdrawn_at=None)
    found = rows.first()
    if found is None:
        raise NotFound
    found.withdrawn_at, found.reason = clock.now(), why
    found.save(update_fields=["withdrawn_at", "reason"])
    audit.record(
        "record.withdraw",
        comune=comune,
        by=by,
        subject=act.sitting.uid,
        document=act.name,
        reason=why[:500],
    )
    return found
