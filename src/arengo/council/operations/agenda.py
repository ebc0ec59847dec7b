"""What changes the agenda of a sitting, until the sitting begins."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from typing import Literal

from django.db import transaction

from arengo.council.document_file import remove_document, write_document
from arengo.council.engine.file_kind import kind_of
from arengo.council.engine.procedures import procedure_of
from arengo.council.errors import (
    AgendaFrozen,
    DocumentEmpty,
    DocumentRefused,
    DocumentTooLarge,
    ItemAnnounced,
    ItemTitleMissing,
)
from arengo.council.models import (
    AgendaItem,
    Convocation,
    Document,
    ItemType,
    Opinion,
    OpinionType,
    Person,
    Sitting,
)
from arengo.council.queries.agenda import announced_items, is_agenda_open, is_reserved
from arengo.kernel import audit
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation

MEGABYTE = 1024 * 1024
LIMIT_MB = 20
# What the councillors were told of an item, so that it stays as it was told.
ANNOUNCED = ("title", "type", "is_secret")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What a clerk says of an item; an empty `subject` is the usual one of its type."""

    title: str
    type: ItemType = ItemType.PROPOSAL
    subject: str = ""
    text: str = ""
    proposer: str = ""
    rapporteur: Person | None = None
    is_secret: bool = False
    is_sensitive: bool = False
    is_secret_ballot: bool = False
    wants_immediate: bool = False
    affects_spending: bool = False


@operation
def add_item(*, comune: Comune, sitting: Sitting, facts: ItemFacts, by: User | None) -> AgendaItem:
    """Put an item at the end of the agenda; after a notice went out it is a supplementary one.

    Raises
    ------
    ItemTitleMissing, AgendaFrozen
    """
    facts = _checked(facts)
    _hold(comune, sitting)
    item = AgendaItem.objects.create(
        comune=comune,
        sitting=sitting,
        position=AgendaItem.objects.filter(sitting=sitting).count() + 1,
        is_supplementary=Convocation.objects.filter(sitting=sitting).exists(),
        **_columns(facts),
    )
    audit.record("council.add_item", comune=comune, by=by, subject=sitting.uid, item=item.pk)
    return item


@operation
def edit_item(*, comune: Comune, item: AgendaItem, facts: ItemFacts, by: User | None) -> AgendaItem:
    """Correct an item.

    Raises
    ------
    ItemTitleMissing, AgendaFrozen
    ItemAnnounced
        What a notice told of it would change.
    """
    facts = _checked(facts)
    _hold(comune, item.sitting)
    item.refresh_from_db()
    columns = _columns(facts)
    if any(getattr(item, name) != columns[name] for name in ANNOUNCED):
        _refuse_announced(comune, item)
    AgendaItem.objects.filter(pk=item.pk).update(**columns)
    item.refresh_from_db()
    audit.record("council.edit_item", comune=comune, by=by, subject=item.sitting.uid, item=item.pk)
    return item


@operation
def remove_item(*, comune: Comune, item: AgendaItem, by: User | None) -> None:
    """Take an item off the agenda with its documents and opinions; the later ones move up.

    Raises
    ------
    AgendaFrozen, ItemAnnounced
    """
    sitting = item.sitting
    _hold(comune, sitting)
    _refuse_announced(comune, item)
    for document in Document.objects.filter(item=item).order_by("id"):
        remove_item_document(comune=comune, document=document, by=by)
    Opinion.objects.filter(item=item).delete()
    item_id, title = item.pk, item.title
    item.delete()
    for number, later in enumerate(AgendaItem.objects.filter(sitting=sitting).order_by("position")):
        AgendaItem.objects.filter(pk=later.pk).update(position=number + 1)
    audit.record(
        *("council.remove_item",),
        comune=comune,
        by=by,
        subject=sitting.uid,
        item=item_id,
        title=title,
    )


@operation
def move_item(
    *, comune: Comune, item: AgendaItem, direction: Literal["up", "down"], by: User | None
) -> AgendaItem:
    """Change places with the item before or after; at the end of the list nothing moves.

    Raises
    ------
    AgendaFrozen
    ItemAnnounced
        One of the two is in a notice.
    """
    _hold(comune, item.sitting)
    item.refresh_from_db()
    position = item.position - 1 if direction == "up" else item.position + 1
    other = AgendaItem.objects.filter(sitting=item.sitting, position=position).first()
    if other is None:
        return item
    for one in (item, other):
        _refuse_announced(comune, one)
    _swap(item, other)
    audit.record("council.move_item", comune=comune, by=by, subject=item.sitting.uid, item=item.pk)
    item.refresh_from_db()
    return item


def _swap(one: AgendaItem, other: AgendaItem) -> None:
    """Exchange two positions, which are unique at each step: 0 is nobody's."""
    AgendaItem.objects.filter(pk=one.pk).update(position=0)
    AgendaItem.objects.filter(pk=other.pk).update(position=one.position)
    AgendaItem.objects.filter(pk=one.pk).update(position=other.position)


@operation
def add_document(
    *,
    comune: Comune,
    item: AgendaItem,
    title: str,
    content: bytes,
    by: User | None,
    is_public: bool = True,
) -> Document:
    """Attach a file to an item; what it is, is read from its bytes.

    A document of a secret or sensitive item is never public.

    Raises
    ------
    DocumentEmpty, DocumentTooLarge, DocumentRefused, AgendaFrozen
    """
    check_size(len(content))
    kind = kind_of(content)
    if kind is None:
        raise DocumentRefused
    _hold(comune, item.sitting)
    document = Document.objects.create(
        comune=comune,
        item=item,
        uid=secrets.token_hex(16),
        title=" ".join(title.split())[:200] or kind.label,
        content_type=kind.content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_public=is_public and not is_reserved(item),
    )
    _audit_document("council.add_document", document, by)
    write_document(content, istat_code=comune.pk, uid=document.uid)
    return document


def check_size(size: int) -> None:
    """Refuse a file that is empty or over the limit, before reading it.

    Raises
    ------
    DocumentEmpty, DocumentTooLarge
    """
    if not size:
        raise DocumentEmpty
    if size > LIMIT_MB * MEGABYTE:
        raise DocumentTooLarge(size_mb=-(-size // MEGABYTE), limit_mb=LIMIT_MB)


@operation
def remove_item_document(*, comune: Comune, document: Document, by: User | None) -> None:
    """Take a document off its item; its digest stays in the audit trail.

    Raises
    ------
    AgendaFrozen
    """
    _hold(comune, document.item.sitting)
    _audit_document("council.remove_document", document, by)
    uid = document.uid
    document.delete()
    transaction.on_commit(partial(remove_document, istat_code=comune.pk, uid=uid))


def _audit_document(action: str, document: Document, by: User | None) -> None:
    audit.record(
        action,
        comune=document.comune,
        by=by,
        subject=document.item.sitting.uid,
        item=document.item_id,
        document=document.uid,
        sha256=document.sha256,
    )


@operation
def give_opinion(
    *,
    comune: Comune,
    item: AgendaItem,
    type: OpinionType,
    verdict: Literal["favourable", "contrary"],
    given_on: date,
    by_whom: str,
    by: User | None,
) -> Opinion:
    """Write the opinion of an office on an item (TUEL art. 49 c. 1), or correct it.

    Raises
    ------
    AgendaFrozen
    """
    _hold(comune, item.sitting)
    opinion, _ = Opinion.objects.update_or_create(
        comune=comune,
        item=item,
        type=type,
        defaults={"verdict": verdict, "given_on": given_on, "by": " ".join(by_whom.split())},
    )
    audit.record(
        "council.give_opinion",
        comune=comune,
        by=by,
        subject=item.sitting.uid,
        item=item.pk,
        type=type,
        verdict=verdict,
    )
    return opinion


def _checked(facts: ItemFacts) -> ItemFacts:
    title = " ".join(facts.title.split())
    if not title:
        raise ItemTitleMissing
    usual = procedure_of(facts.type).subject or "proposal"
    return replace(facts, title=title, subject=facts.subject or usual)


def _columns(facts: ItemFacts) -> dict[str, object]:
    plain = asdict(replace(facts, rapporteur=None))
    return plain | {"rapporteur": facts.rapporteur}


def _hold(comune: Comune, sitting: Sitting) -> None:
    """Hold the sitting's row until the end, and refuse what has begun."""
    held = Sitting.objects.select_for_update().filter(pk=sitting.pk).first()
    if held is None:
        raise NotFound
    if not is_agenda_open(comune=comune, sitting=held):
        raise AgendaFrozen(title=held.title)


def _refuse_announced(comune: Comune, item: AgendaItem) -> None:
    if item.pk in announced_items(comune=comune, sitting=item.sitting):
        raise ItemAnnounced(title=item.title)
