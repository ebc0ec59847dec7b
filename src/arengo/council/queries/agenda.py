"""What is asked about the agenda of a sitting: items, documents, opinions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.urls import reverse

from arengo.council.engine import events as e
from arengo.council.engine.procedures import Procedure, opinions_due, procedure_of
from arengo.council.models import (
    AgendaItem,
    Convocation,
    Document,
    JournalEntry,
    Opinion,
    OpinionType,
    Sitting,
    SittingState,
)
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import query

R = TypeVar("R", Document, Opinion)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item with what hangs on it. `is_announced`: the councillors were told of it.

    `missing` are the opinions that the law wants and nobody gave yet, in Italian.
    """

    item: AgendaItem
    procedure: Procedure
    documents: tuple[Document, ...]
    opinions: tuple[Opinion, ...]
    missing: tuple[str, ...]
    is_announced: bool

    @property
    def is_reserved(self) -> bool:
        """Whether no document of it may be public."""
        return is_reserved(self.item)


def is_reserved(item: AgendaItem) -> bool:
    """Tell whether an item's documents are for the members alone, however they are marked."""
    return item.is_secret or item.is_sensitive


@query
def agenda_items(*, comune: Comune, sitting: Sitting) -> tuple[AgendaItem, ...]:
    """Return the items of a sitting, in order."""
    found = AgendaItem.objects.filter(sitting=sitting).select_related("rapporteur")
    return tuple(found.order_by("position"))


@query
def get_item(*, comune: Comune, sitting: Sitting, item_id: str) -> AgendaItem:
    """Return an item of this sitting, or raise `NotFound`."""
    found = None
    if item_id.isascii() and item_id.isdigit() and len(item_id) < 19:
        items = AgendaItem.objects.filter(sitting=sitting, pk=int(item_id))
        found = items.select_related("rapporteur").first()
    if found is None:
        raise NotFound
    return found


@query
def agenda_lines(*, comune: Comune, sitting: Sitting) -> tuple[ItemLine, ...]:
    """Return the items of a sitting with their documents and opinions, in order."""
    items = agenda_items(comune=comune, sitting=sitting)
    documents = _by_item(Document.objects.filter(item__in=items).order_by("id"))
    opinions = _by_item(Opinion.objects.filter(item__in=items).order_by("-type", "id"))
    announced = announced_items(comune=comune, sitting=sitting)
    return tuple(
        ItemLine(
            item,
            procedure_of(item.type),
            tuple(documents[item.pk]),
            tuple(opinions[item.pk]),
            _missing(item, opinions[item.pk]),
            item.pk in announced,
        )
        for item in items
    )


def _by_item(rows: Iterable[R]) -> defaultdict[int, list[R]]:
    found: defaultdict[int, list[R]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def _missing(item: AgendaItem, given: Iterable[Opinion]) -> tuple[str, ...]:
    types = {opinion.type for opinion in given}
    due = opinions_due(item.type, affects_spending=item.affects_spending)
    return tuple(str(OpinionType(type_).label) for type_ in due if type_ not in types)


@query
def announced_items(*, comune: Comune, sitting: Sitting) -> frozenset[int]:
    """Return the ids of the items that some notice already told of."""
    notices = Convocation.objects.filter(sitting=sitting).order_by("id")
    return frozenset(pk for one in notices for pk in json.loads(one.terms)["items"])


@query
def is_agenda_open(*, comune: Comune, sitting: Sitting) -> bool:
    """Tell whether the agenda may still be changed here: later the console does it."""
    is_prepared = sitting.state == SittingState.PREPARED
    return is_prepared and not JournalEntry.objects.filter(sitting=sitting).exists()


@query
def get_document(
    *, comune: Comune, sitting: Sitting, document_uid: str, is_for_public: bool = True
) -> Document:
    """Return a document of this sitting, or raise `NotFound`.

    `is_for_public` leaves out what only the members may read: documents so marked, and every
    one of a secret or sensitive item.
    """
    found = Document.objects.filter(uid=document_uid, item__sitting=sitting)
    document = found.select_related("item").first()
    if document is None or (is_for_public and not is_public(document)):
        raise NotFound
    return document


def is_public(document: Document) -> bool:
    """Tell whether anyone may read a document."""
    return document.is_public and not is_reserved(document.item)


@query
def journal_items(*, comune: Comune, sitting: Sitting) -> tuple[e.Item, ...]:
    """Return the agenda as the journal's first entry holds it, with its public documents only."""
    lines = agenda_lines(comune=comune, sitting=sitting)
    return tuple(_journal_item(comune, sitting, line) for line in lines)


def _journal_item(comune: Comune, sitting: Sitting, line: ItemLine) -> e.Item:
    item = line.item
    return e.Item(
        id=str(item.pk),
        number=str(item.position),
        title=item.title,
        type=item.type,
        subject=item.subject,
        is_secret=item.is_secret,
        is_sensitive=item.is_sensitive,
        is_secret_ballot=item.is_secret_ballot,
        is_supplementary=item.is_supplementary,
        wants_immediate=item.wants_immediate,
        proposer=item.proposer,
        rapporteur=item.rapporteur.full_name if item.rapporteur else "",
        opinions_due=opinions_due(item.type, affects_spending=item.affects_spending),
        documents=tuple(
            e.Document(one.title, document_address(comune, sitting, one))
            for one in line.documents
            if one.is_public and not line.is_reserved
        ),
    )


def document_address(comune: Comune, sitting: Sitting, document: Document) -> str:
    """Return the public address of a document, without the host."""
    return reverse("council:document", args=[comune.slug, sitting.uid, document.uid])


@query
def journal_opinions(*, comune: Comune, sitting: Sitting) -> tuple[e.OpinionGiven, ...]:
    """Return the opinions given before the sitting, as the journal takes them."""
    found = Opinion.objects.filter(item__sitting=sitting).order_by("item__position", "-type", "id")
    return tuple(
        e.OpinionGiven(item=str(one.item_id), type=one.type, verdict=one.verdict, by=one.by)
        for one in found
    )
