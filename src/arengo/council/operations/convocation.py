"""What convenes a sitting: its notice, the supplements, who received them, who will be absent."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from arengo.council.errors import (
    AddressMissing,
    AgendaFrozen,
    NoticeAlreadySent,
    NoticeSettled,
)
from arengo.council.events import sitting_convened
from arengo.council.mail import deliver_notice
from arengo.council.models import (
    Absence,
    Convocation,
    Notice,
    Person,
    Sitting,
    SittingKind,
    SittingMode,
)
from arengo.council.queries.agenda import is_agenda_open
from arengo.council.queries.convocation import Draft, draft_notice
from arengo.kernel import audit, clock, jobs
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation

NO_ADDRESS = "Manca l’indirizzo: consegna l’avviso in altro modo."


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """How and where a sitting is held, until its notice goes out."""

    place: str
    kind: SittingKind
    mode: SittingMode
    call: int


@operation
def set_sitting_facts(
    *, comune: Comune, sitting: Sitting, facts: SittingFacts, by: User | None
) -> Sitting:
    """Say how and where a sitting is held.

    Raises
    ------
    AgendaFrozen, NoticeAlreadySent
    """
    held = _hold(comune, sitting)
    if Convocation.objects.filter(sitting=held).exists():
        raise NoticeAlreadySent(title=held.title)
    Sitting.objects.filter(pk=held.pk).update(
        place=" ".join(facts.place.split()), kind=facts.kind, mode=facts.mode, call=facts.call
    )
    held.refresh_from_db()
    audit.record(
        "council.set_sitting_facts",
        comune=comune,
        by=by,
        subject=held.uid,
        kind=facts.kind,
        mode=facts.mode,
        call=facts.call,
    )
    return held


@operation
def send_notice(
    *,
    comune: Comune,
    sitting: Sitting,
    base_url: str,
    by: User | None,
    second_call_at: datetime | None = None,
    urgency: str = "",
) -> Convocation:
    """Send the notice of a sitting, or a supplement with the items it did not have.

    `base_url` is the address of the installation, for the personal links. A reason of `urgency`
    makes the sitting an urgent one.

    Raises
    ------
    DomainError
        The first of the draft's obstacles.
    """
    held = _hold(comune, sitting)
    draft = draft_notice(
        comune=comune,
        sitting=held,
        at=clock.now(),
        second_call_at=second_call_at,
        urgency=urgency,
    )
    if draft.obstacles:
        raise draft.obstacles[0]
    if urgency and not draft.is_supplement:
        Sitting.objects.filter(pk=held.pk).update(kind=SittingKind.URGENT)
    convocation = _store(comune, held, draft, by)
    for recipient in draft.recipients:
        _copy_to(comune, convocation, recipient.person, base_url)
    audit.record(
        "council.send_notice",
        comune=comune,
        by=by,
        subject=held.uid,
        convocation=convocation.pk,
        people=len(draft.recipients),
    )
    sitting_convened.send(Sitting, comune=comune, uid=held.uid, convocation_id=convocation.pk)
    return convocation


def _store(comune: Comune, sitting: Sitting, draft: Draft, by: User | None) -> Convocation:
    counted = {
        "items": [item.pk for item in draft.items],
        "rule": draft.terms.rule.kind,
        "sentence": draft.terms.sentence,
        "article": draft.terms.article,
        "deadline": draft.terms.deadline.isoformat(),
    }
    return Convocation.objects.create(
        comune=comune,
        sitting=sitting,
        kind=draft.kind,
        subject=draft.subject,
        text=draft.text,
        terms=json.dumps(counted, ensure_ascii=False),
        sent_by=by,
    )


def _copy_to(comune: Comune, convocation: Convocation, person: Person, base_url: str) -> None:
    notice = Notice.objects.create(
        comune=comune,
        convocation=convocation,
        person=person,
        address=person.email,
        token=secrets.token_hex(16),
        error="" if person.email else NO_ADDRESS,
    )
    if notice.address:
        _enqueue(comune, notice, base_url, key=f"council.notice {notice.pk}")


def _enqueue(comune: Comune, notice: Notice, base_url: str, *, key: str) -> None:
    jobs.enqueue(deliver_notice, comune=comune, key=key, notice_id=notice.pk, base_url=base_url)


@operation
def retry_notice(*, comune: Comune, notice: Notice, base_url: str, by: User | None) -> Notice:
    """Send again a copy that failed, to the address that the person has now.

    Raises
    ------
    AddressMissing
    NoticeSettled
        It did not fail, or is on its way again.
    """
    person = Person.objects.get(pk=notice.person_id)
    if not person.email:
        raise AddressMissing(name=person.full_name)
    failed = Notice.objects.filter(pk=notice.pk, sent_at=None).exclude(error="")
    if not failed.update(error="", address=person.email):
        raise NoticeSettled(name=person.full_name)
    notice.refresh_from_db()
    key = f"council.notice {notice.pk} {clock.now().isoformat()}"
    _enqueue(comune, notice, base_url, key=key)
    _audit_notice("council.retry_notice", notice, by)
    return notice


@operation
def note_delivery(*, comune: Comune, notice: Notice, by: User | None) -> Notice:
    """Write that a copy was delivered in another way: by hand, by certified mail.

    Raises
    ------
    NoticeSettled
        It went out already.
    """
    moved = Notice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=clock.now(), error="")
    if not moved:
        raise NoticeSettled(name=notice.person.full_name)
    notice.refresh_from_db()
    _audit_notice("council.note_delivery", notice, by)
    return notice


@operation
def confirm_reading(*, comune: Comune, notice: Notice) -> Notice:
    """Write that its recipient received a copy; only the first time counts."""
    if Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now()):
        _audit_notice("council.confirm_reading", notice, None)
    notice.refresh_from_db()
    return notice


def _audit_notice(action: str, notice: Notice, by: User | None) -> None:
    audit.record(
        action,
        comune=notice.comune,
        by=by,
        subject=notice.convocation.sitting.uid,
        notice=notice.pk,
    )


@operation
def audit_message(*, comune: Comune, convocation: Convocation, by: User | None) -> None:
    """Write who took the messages of a convocation, with their personal links, as files."""
    audit.record(
        "council.take_messages",
        comune=comune,
        by=by,
        subject=convocation.sitting.uid,
        convocation=convocation.pk,
    )


@operation
def announce_absence(
    *, comune: Comune, sitting: Sitting, person: Person, status: str, reason: str, by: User | None
) -> Absence:
    """Write what a person announced about a sitting, or correct it.

    Raises
    ------
    AgendaFrozen
        The sitting began: presence is then the roll call's.
    """
    held = _hold(comune, sitting)
    absence, _ = Absence.objects.update_or_create(
        comune=comune,
        sitting=held,
        person=person,
        defaults={"status": status, "reason": " ".join(reason.split())[:200]},
    )
    audit.record(
        "council.announce_absence", comune=comune, by=by, subject=held.uid, person=person.pk
    )
    return absence


@operation
def withdraw_absence(*, comune: Comune, sitting: Sitting, absence_id: str, by: User | None) -> None:
    """Take back an announced absence.

    Raises
    ------
    NotFound, AgendaFrozen
    """
    held = _hold(comune, sitting)
    is_number = absence_id.isascii() and absence_id.isdigit() and len(absence_id) < 19
    found = Absence.objects.filter(sitting=held, pk=int(absence_id) if is_number else 0).first()
    if found is None:
        raise NotFound
    person = found.person_id
    found.delete()
    audit.record("council.withdraw_absence", comune=comune, by=by, subject=held.uid, person=person)


def _hold(comune: Comune, sitting: Sitting) -> Sitting:
    """Hold the sitting's row until the end: two clerks convene one after the other."""
    held = Sitting.objects.select_for_update().filter(pk=sitting.pk).first()
    if held is None:
        raise NotFound
    if not is_agenda_open(comune=comune, sitting=held):
        raise AgendaFrozen(title=held.title)
    return held
