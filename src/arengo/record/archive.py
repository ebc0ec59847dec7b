"""The index of the closed sittings: written whole, sitting by sitting, and forgotten for good.

On SQLite a word that is removed from the index hides at once, but its bytes stay in the file
until the index is merged anew and the write-ahead log emptied (docs/decisions/0020-search.md).
`forget_bytes` does that in short steps, so that no vote has to wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from arengo.council.engine.search import (
    SITTING_BITS,
    UTTERANCE_BITS,
    fts5_document,
    row_key,
    tsvector,
)
from arengo.council.models import Sitting, SittingState
from arengo.council.queries.people import ROME
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import operation
from arengo.record.errors import SittingNotOver
from arengo.record.models import Passage
from arengo.record.passages import Piece

PAGES_A_STEP = 500  # of the index, merged in one transaction


class TraceLeft(RuntimeError):
    """The write-ahead log could not be emptied: what was removed may still be in it."""


@operation
def index_sitting(*, comune: Comune, sitting: Sitting, passages: Iterable[Piece]) -> int:
    """Replace all that the archive has of a closed sitting; return how many passages it has now.

    What was there and is not there any more is forgotten in the file too, after the commit.

    Raises
    ------
    SittingNotOver
        It is not closed.
    NotFound
        It is another Comune's.
    TraceLeft
        What there is now is stored; what was there before is not yet forgotten. Do it again.
    """
    if sitting.comune_id != comune.pk:
        raise NotFound
    if sitting.state != SittingState.CLOSED:
        raise SittingNotOver(title=sitting.title)
    held = list(Passage.objects.filter(sitting=sitting).order_by("id"))
    first = _first_key(comune, sitting, held)
    rows = [_row(first + k, comune, sitting, one) for k, one in enumerate(passages)]
    if held:  # even where nothing changes: the last time may have been cut short
        transaction.on_commit(forget_bytes)
    if _facts(rows) != _facts(held):
        _remove(held)
        Passage.objects.bulk_create(rows, batch_size=500)
        _tell(rows)
    return len(rows)


def _row(key: int, comune: Comune, sitting: Sitting, one: Piece) -> Passage:
    return Passage(
        id=key,
        comune=comune,
        sitting=sitting,
        start_s=one.start_s,
        kind=one.kind,
        speaker=one.speaker[:200],
        member=one.member[:40],
        item_number=one.item_number[:40],
        item_title=one.item_title,
        text=one.text,
        votes=" ".join(one.votes),
    )


def _facts(rows: Sequence[Passage]) -> list[tuple[Any, ...]]:
    return [(row.pk, row.kind, row.start_s, row.member, row.said) for row in rows]


def _first_key(comune: Comune, sitting: Sitting, held: Sequence[Passage]) -> int:
    """Return the number of the sitting's first row: its own, or the first free of its day."""
    if held:
        return held[0].pk
    day = _day(sitting)
    for number in range(1 << SITTING_BITS):
        first = row_key(comune.pk, day, number, 0)
        last = row_key(comune.pk, day, number, (1 << UTTERANCE_BITS) - 1)
        if not Passage.objects.filter(pk__range=(first, last)).exists():
            return first
    message = f"{1 << SITTING_BITS} sittings of {comune.pk} on {day} are there: no number is left"
    raise ValueError(message)


def _day(sitting: Sitting) -> date:
    return (sitting.opened_at or sitting.scheduled_at).astimezone(ROME).date()


# --- the two databases ----------------------------------------------------------------------


def _remove(rows: Sequence[Passage]) -> None:
    if not rows:
        return
    if connection.vendor == "sqlite":
        forget = "INSERT INTO record_words(record_words, rowid, tokens) VALUES ('delete', %s, %s)"
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.fetchall()
            cursor.executemany(forget, [(row.pk, fts5_document(row.said)) for row in rows])
    Passage.objects.filter(sitting_id=rows[0].sitting_id).delete()


def _tell(rows: Sequence[Passage]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            tell = "INSERT INTO record_words(rowid, tokens) VALUES (%s, %s)"
            cursor.executemany(tell, [(row.pk, fts5_document(row.said)) for row in rows])
        else:
            tell = "UPDATE record_passage SET tokens = %s::tsvector WHERE id = %s"
            cursor.executemany(tell, [(tsvector(row.said), row.pk) for row in rows])


def forget_bytes() -> None:
    """Have SQLite write over what was removed from the index; PostgreSQL's vacuum does it itself.

    Each step is a transaction of its own: writers come in between. Outside any transaction.

    Raises
    ------
    TraceLeft
        Somebody has been reading all the while: it is to be done again.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.fetchall()
        _merge(cursor, -PAGES_A_STEP)
        while _merge(cursor, PAGES_A_STEP) > 1:
            pass
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone()
    if is_busy:
        raise TraceLeft


def _merge(cursor: Any, pages: int) -> int:
    """Merge some pages of the index; return how much changed: less than two when all is done."""
    before = _changes(cursor)
    cursor.execute("INSERT INTO record_words(record_words, rank) VALUES ('merge', %s)", [pages])
    return _changes(cursor) - before


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])
