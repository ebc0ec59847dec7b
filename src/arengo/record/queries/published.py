"""What everyone may read of the acts: the albo of today, the register of delibere, released acts.

Whatever leaves the albo leaves these answers on the day itself: they ask the calendar, no job.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from arengo.council.engine.publication import Text
from arengo.council.engine.record.delibere import ASIDE
from arengo.council.engine.record.document import Document, votes_of
from arengo.council.queries.people import today
from arengo.kernel.errors import DomainError, NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.live.engine.wall import sitting_time
from arengo.record.act_file import act_path
from arengo.record.acts import is_sealed, read_tree, sealed_of
from arengo.record.due import public_subject
from arengo.record.models import (
    Attestation,
    Publication,
    PublicationEnd,
    Redaction,
    RegisterLine,
)
from arengo.record.publication import redaction_of, shown
from arengo.record.redaction import copy_without
from arengo.record.register import line_numbered
from arengo.record.transcripts import heard_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class PublicDelibera:
    """A delibera of the public register; `text` says which copy of it everyone may read."""

    line: RegisterLine
    publication: Publication
    subject: str
    text: Text
    is_on_albo: bool
    is_enforceable: bool

    @property
    def is_annulled(self) -> bool:
        """Tell whether its publication was annulled."""
        return self.publication.end == PublicationEnd.ANNULLED


@dataclass(frozen=True, slots=True)
class Notice:
    """What hangs on the albo today."""

    publication: Publication
    subject: str
    text: Text

    @property
    def line(self) -> RegisterLine:
        """Return the line of the register."""
        return self.publication.line


@dataclass(frozen=True, slots=True)
class PublicText:
    """The text of a delibera on its page; `second` of the video at which it was proclaimed."""

    document: Document
    second: float | None


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that everyone may take."""

    path: Path
    file_name: str
    content_type: str
    sha256: str


# --- the register ---------------------------------------------------------------------------


@query
def public_register(
    *, comune: Comune, year: int | None = None, words: str = ""
) -> tuple[PublicDelibera, ...]:
    """Return the delibere that were published, latest first; of a year, with all of some words."""
    wanted = words.casefold().split()
    found = (_public(comune, one) for one in _begun(year))
    return tuple(one for one in found if _has(one, wanted))


def _has(one: PublicDelibera, wanted: list[str]) -> bool:
    said = f"{one.line.written} {one.subject}".casefold()
    return all(word in said for word in wanted)


def _begun(year: int | None) -> list[Publication]:
    """Return the last publication that has begun of each delibera."""
    rows = Publication.objects.filter(first_date__lte=today()).select_related(
        "line__sitting", "line__comune", "act", "version"
    )
    if year is not None:
        rows = rows.filter(line__year=year)
    latest = {row.line_id: row for row in rows.order_by("id")}
    return sorted(
        latest.values(), key=lambda row: (row.is_demo, -row.line.year, -row.line.number, row.pk)
    )


@query
def register_years(*, comune: Comune) -> tuple[int, ...]:
    """Return the years of the public register, latest first."""
    rows = Publication.objects.filter(first_date__lte=today())
    return tuple(sorted(set(rows.values_list("line__year", flat=True)), reverse=True))


def _public(comune: Comune, publication: Publication) -> PublicDelibera:
    day = today()
    return PublicDelibera(
        line=publication.line,
        publication=publication,
        subject=public_subject(comune=comune, publication=publication),
        text=shown(publication, day).archive,
        is_on_albo=publication.is_on_albo(day),
        is_enforceable=publication.ended_at is None and publication.enforceable_date <= day,
    )


@query
def public_delibera(*, comune: Comune, year: int, code: str) -> PublicDelibera:
    """Return a published delibera by its number, or raise `NotFound`."""
    line = line_numbered(comune=comune, year=year, code=code)
    rows = Publication.objects.filter(line=line, first_date__lte=today())
    found = rows.select_related("line__sitting", "line__comune", "act", "version")
    last = found.order_by("-id").first()
    if last is None:
        raise NotFound
    return _public(comune, last)


@query
def attestations_of(*, comune: Comune, publication: Publication) -> tuple[Attestation, ...]:
    """Return the certificates of a publication."""
    return tuple(Attestation.objects.filter(publication=publication).order_by("id"))


@query
def public_text(*, comune: Comune, found: PublicDelibera) -> PublicText | None:
    """Return the text that everyone may read on the page of a delibera; None when there is none.

    It is the text that was frozen when it was shared, without what was left out of it. Of a
    reserved delibera no text is on a page.
    """
    if found.text == "none" or found.line.is_reserved:
        return None
    try:
        tree = read_tree(comune=comune, act=found.publication.act)
    except DomainError:
        return None
    second = _second(comune, found.line, tree)
    if found.text == "full":
        return PublicText(tree, second)
    redaction = redaction_of(comune=comune, act=found.publication.act)
    if redaction is None:
        return None
    return PublicText(copy_without(tree, redaction.texts, line=found.line), second)


def _second(comune: Comune, line: RegisterLine, tree: Document) -> float | None:
    """Return the second of the video at which the delibera was proclaimed."""
    decided = [one.proclaimed_at for one in votes_of(tree) if one.subject not in ASIDE]
    anchors = heard_of(comune=comune, sitting=line.sitting).anchors
    if not anchors or not decided or decided[-1] is None:
        return None
    return max(0.0, sitting_time(anchors, decided[-1]))


# --- the albo -------------------------------------------------------------------------------


@query
def albo_today(*, comune: Comune) -> tuple[Notice, ...]:
    """Return what hangs on the albo today, latest first."""
    day = today()
    rows = Publication.objects.filter(
        ended_at=None, first_date__lte=day, last_date__gte=day
    ).select_related("line__sitting", "line__comune", "act", "version")
    return tuple(_notice(comune, one, day) for one in rows.order_by("-first_date", "-id"))


def _notice(comune: Comune, publication: Publication, day: date) -> Notice:
    text = shown(publication, day).albo
    line = publication.line
    subject = (
        line.subject if text == "full" else public_subject(comune=comune, publication=publication)
    )
    return Notice(publication, subject, text)


@query
def albo_notice(*, comune: Comune, year: int, code: str) -> Notice:
    """Return a notice that hangs on the albo today; raise `NotFound` for any other."""
    for one in albo_today(comune=comune):
        if one.publication.year == year and one.publication.code == code:
            return one
    raise NotFound


# --- files ----------------------------------------------------------------------------------


@query
def albo_file(*, comune: Comune, notice: Notice) -> PublicFile:
    """Return the file of a notice, or raise `NotFound`."""
    return _file(comune, notice.publication, notice.text)


@query
def register_file(*, comune: Comune, found: PublicDelibera) -> PublicFile:
    """Return the file that stays of a delibera, or raise `NotFound`."""
    return _file(comune, found.publication, found.text)


@query
def attestation_file(*, comune: Comune, found: PublicDelibera, kind: str) -> PublicFile:
    """Return a certificate, or raise `NotFound`."""
    rows = Attestation.objects.filter(publication=found.publication, kind=kind)
    made = rows.first()
    if made is None or found.is_annulled:
        raise NotFound
    return _at(comune, found.line, made.sha256, made.file_name, "application/pdf")


def _file(comune: Comune, publication: Publication, text: Text) -> PublicFile:
    if text == "none":
        raise NotFound
    if text == "full" and not is_sealed(publication.version):
        version = publication.version
        return _at(
            comune, publication.line, version.sha256, version.file_name, version.content_type
        )
    redaction = redaction_of(comune=comune, act=publication.act)
    if text == "full" or redaction is None or _is_closed(publication, redaction):
        raise NotFound
    return _at(comune, publication.line, redaction.sha256, redaction.file_name, "application/pdf")


def _is_closed(publication: Publication, redaction: Redaction) -> bool:
    """Tell whether an omission closed the copy."""
    closed = sealed_of(publication.act)
    return closed.filter(version__sha256=redaction.sha256).exists()


def _at(comune: Comune, line: RegisterLine, sha256: str, name: str, kind: str) -> PublicFile:
    path = act_path(istat_code=comune.pk, uid=line.sitting.uid, sha256=sha256)
    if not path.exists():
        raise NotFound
    return PublicFile(path, name, kind, sha256)


def has_file(*, comune: Comune, found: PublicDelibera) -> bool:
    """Tell whether a file of a delibera is there for everyone."""
    try:
        register_file(comune=comune, found=found)
    except NotFound:
        return False
    return True
