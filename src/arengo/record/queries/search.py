"""What a citizen finds in the closed sittings of a Comune, the latest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import connection

from arengo.council.engine.italian import name_forms
from arengo.council.engine.search import Query, key_range, matches, parse, to_fts5, to_tsquery
from arengo.council.models import Person
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.models import Decision, Passage
from arengo.record.queries.decisions import votes_after

PAGE = 20
MOST_COUNTED = 1000
SQLITE = (
    "SELECT rowid FROM record_words WHERE record_words MATCH %s AND rowid BETWEEN %s AND %s "
    "ORDER BY rowid DESC LIMIT %s"
)
POSTGRESQL = (
    "SELECT id FROM record_passage WHERE tokens @@ %s::tsquery AND id BETWEEN %s AND %s "
    "ORDER BY id DESC LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `pieces` are its text in order, and whether each is what was looked for.

    `vote` is the one that followed on the same item, None where none did.
    """

    passage: Passage
    pieces: tuple[tuple[str, bool], ...]
    vote: Decision | None = None

    @property
    def second(self) -> int | None:
        """Return the whole second of the video it begins at, None without a video."""
        start_s = self.passage.start_s
        return None if start_s is None else int(start_s)

    @property
    def clock(self) -> str:
        """Return that second as the player shows it, «1:02:03»."""
        at = self.second or 0
        return f"{at // 3600}:{at // 60 % 60:02d}:{at % 60:02d}"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found; `is_more` when there is more than the `total` counted."""

    hits: tuple[Hit, ...]
    total: int
    is_more: bool
    page: int
    pages: int


@query
def search(*, comune: Comune, text: str, page: int = 1) -> Found:
    """Return a page of the passages of a Comune in which that is; a page too far is the last.

    Raises
    ------
    SearchUnreadable
        It is too long, has nothing to look for, or a filter has no sense.
    """
    asked = parse(text, _names())
    keys = _keys(comune, asked)
    counted = keys[:MOST_COUNTED]
    pages = max(1, -(-len(counted) // PAGE))
    page = min(max(1, page), pages)
    hits = list(_hits(asked, counted[(page - 1) * PAGE : page * PAGE]))
    votes = votes_after(comune=comune, passages=[one.passage for one in hits])
    told = tuple(replace(one, vote=votes.get(one.passage.pk)) for one in hits)
    return Found(told, len(counted), len(keys) > MOST_COUNTED, page, pages)


@query
def has_archive(*, comune: Comune) -> bool:
    """Tell whether any sitting of the Comune can be searched."""
    return Passage.objects.exists()


def _names() -> frozenset[str]:
    return name_forms(str(one) for one in Person.objects.order_by("id"))


def _keys(comune: Comune, asked: Query) -> list[int]:
    """Return the rows found, the latest first, one more than are counted."""
    low, high = key_range(comune.pk, asked.since, asked.until)
    is_sqlite = connection.vendor == "sqlite"
    said = to_fts5(asked) if is_sqlite else to_tsquery(asked)
    if not said:
        rows = Passage.objects.filter(pk__range=(low, high)).order_by("-id")
        return list(rows.values_list("id", flat=True)[: MOST_COUNTED + 1])
    with connection.cursor() as cursor:
        cursor.execute(SQLITE if is_sqlite else POSTGRESQL, [said, low, high, MOST_COUNTED + 1])
        return [key for (key,) in cursor.fetchall()]


def _hits(asked: Query, keys: list[int]) -> Iterator[Hit]:
    rows = Passage.objects.select_related("sitting").in_bulk(keys)
    for key in keys:
        if key in rows:
            yield Hit(rows[key], tuple(_pieces(rows[key].text, matches(asked, rows[key].text))))


def _pieces(text: str, places: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces, those that were looked for told from the rest."""
    at = 0
    for start, end in places:
        if end <= at:
            continue
        if start > at:
            yield text[at:start], False
        yield text[max(at, start) : end], True
        at = end
    if at < len(text):
        yield text[at:], False
