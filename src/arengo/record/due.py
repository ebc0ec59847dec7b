"""What falls due on a day: acts that appear, referti and certificates to be made, and the list.

A day that nobody worked is caught up with: everything due by now is done, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.text import slugify

from arengo.council.engine import publication as engine
from arengo.council.engine.record.certificates import certificate
from arengo.council.publication_law import publication_law
from arengo.kernel import audit
from arengo.kernel.models import Comune
from arengo.kernel.scope import operation, query
from arengo.record.act_file import keep_bytes
from arengo.record.models import Attestation, AttestationKind, PersonalData, Publication
from arengo.record.publication import announce, calendar_of, redaction_of
from arengo.record.render.pdf import pdf

WEEK = timedelta(days=7)
What = Literal["appears", "leaves", "enforceable", "copy_missing"]
RESERVED = "oggetto riservato"


@operation
def do_due(*, comune: Comune, day: date) -> int:
    """Do what is due by a day; return how many things were done."""
    standing = Publication.objects.filter(ended_at=None, first_date__lte=day)
    rows = standing.select_related("line__sitting", "act").select_for_update(of=("self",))
    return sum(_do(comune, one, day) for one in rows.order_by("id"))


def _do(comune: Comune, publication: Publication, day: date) -> int:
    done = 0
    if publication.announced_at is None:
        announce(comune=comune, publication=publication)
        done += 1
    kinds = set(Attestation.objects.filter(publication=publication).values_list("kind", flat=True))
    for kind in _due_kinds(publication, day):
        if kind not in kinds:
            _attest(comune, publication, kind, day)
            done += 1
    return done


def _due_kinds(publication: Publication, day: date) -> Iterator[AttestationKind]:
    if publication.enforceable_date <= day:
        yield AttestationKind.ENFORCEABILITY
    if publication.last_date < day:
        yield AttestationKind.REPORT


def _attest(
    comune: Comune, publication: Publication, kind: AttestationKind, day: date
) -> Attestation:
    """Write a certificate, dated the day it is made."""
    dates, line = calendar_of(publication), publication.line
    law, number = publication_law(), line.written
    if kind == AttestationKind.REPORT:
        attested = engine.publication_report(law, dates, delibera=number, today=day)
        signer = publication.rules["report_signer"]
    else:
        attested = engine.enforceability_certificate(law, dates, delibera=number, today=day)
        signer = publication.rules["certificate_signer"]
    document = certificate(
        attested,
        dates,
        subject=public_subject(comune=comune, publication=publication),
        signer=signer,
        is_demo=publication.is_demo,
    )
    data = pdf(document, comune=comune.name, on=day)
    sha256 = keep_bytes(data, istat_code=comune.pk, uid=line.sitting.uid)
    made = Attestation.objects.create(
        comune=comune,
        publication=publication,
        kind=kind,
        sentence=attested.sentence,
        file_name=f"delibera-{line.year}-{line.code}-{slugify(kind.label)}.pdf",
        size_bytes=len(data),
        sha256=sha256,
    )
    audit.record(
        "record.attest",
        comune=comune,
        by=None,
        subject=line.sitting.uid,
        delibera=number,
        kind=str(kind),
    )
    return made


def public_subject(*, comune: Comune, publication: Publication) -> str:
    """Return the object that everyone may read for ever: without what is left out of it.

    While a copy with omissis that is needed is not there, nothing of the object is told.
    """
    line = publication.line
    if line.is_reserved:
        return RESERVED
    redaction = redaction_of(comune=comune, act=publication.act)
    if redaction is not None:
        return redaction.subject
    return line.subject if publication.personal_data == PersonalData.NONE else RESERVED


# --- deadlines ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something of a publication that falls on a day."""

    day: date
    what: What
    publication: Publication


@query
def deadlines(*, comune: Comune, day: date, until: date | None = None) -> tuple[Deadline, ...]:
    """Return what falls between two days (a week), and what is late: copies that are missing."""
    end = until or day + WEEK
    rows = Publication.objects.filter(ended_at=None).select_related("line__sitting", "act")
    found = [one for row in rows.order_by("id") for one in _deadlines(comune, row, day, end)]
    return tuple(sorted(found, key=lambda one: (one.day, one.publication.pk, one.what)))


def _deadlines(comune: Comune, row: Publication, day: date, end: date) -> Iterator[Deadline]:
    leaves = row.last_date + timedelta(days=1)
    if day < row.first_date <= end:
        yield Deadline(row.first_date, "appears", row)
    if day <= leaves <= end:
        yield Deadline(leaves, "leaves", row)
    if day <= row.enforceable_date <= end and not row.is_immediate:
        yield Deadline(row.enforceable_date, "enforceable", row)
    if needs_copy(comune=comune, publication=row):
        yield Deadline(row.last_date, "copy_missing", row)


def needs_copy(*, comune: Comune, publication: Publication) -> bool:
    """Tell whether the copy with omissis that stays after the term is still to be made."""
    if publication.personal_data == PersonalData.NONE and not publication.line.is_reserved:
        return False
    return redaction_of(comune=comune, act=publication.act) is None
