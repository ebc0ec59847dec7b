"""Who speaks, as rows that pages and files are given."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from arengo.live.engine.speakers import Span

SURE = 0.75  # below it a name is "probabile"; live/static/live/speakers.js has the same

Row = tuple[float, float, str | None, float]
"""Start and end in seconds of the sitting, member's id or None for unknown, confidence."""


def rows_of(spans: Iterable[Span]) -> list[Row]:
    """Return the rows of spans that follow one another; alike ones are joined."""
    rows: list[Row] = []
    for span in spans:
        append(rows, (round(span.start_s, 2), round(span.end_s, 2), span.member, span.confidence))
    return rows


def append(rows: list[Row], row: Row) -> None:
    """Add a row after the others, or join it to the last one that says the same."""
    if row[1] <= row[0]:
        return
    if rows and rows[-1][2:] == row[2:] and rows[-1][1] == row[0]:
        rows[-1] = (rows[-1][0], row[1], row[2], row[3])
    else:
        rows.append(row)


def since(rows: Sequence[Row], at_s: float) -> list[Row]:
    """Return the rows from a time on, the first one cut there."""
    k = max(0, bisect_right(rows, at_s, key=_start) - 1)
    return [(max(at_s, start), end, *rest) for start, end, *rest in rows[k:] if end > at_s]  # type: ignore[misc]  # a Row


def before(rows: Sequence[Row], at_s: float) -> list[Row]:
    """Return the rows up to a time, the last one cut there."""
    kept = list(rows[: bisect_left(rows, at_s, key=_start)])
    if kept:
        start, end, member, confidence = kept[-1]
        kept[-1] = (start, min(end, at_s), member, confidence)
    return kept


def lasting(rows: list[Row], until_s: float) -> list[Row]:
    """Return the rows with the last one lasting until a time: since then nothing has changed."""
    if rows:
        rows[-1] = (rows[-1][0], until_s, *rows[-1][2:])
    return rows


def overlaid(rows: Iterable[Row], upper: Row) -> list[Row]:
    """Return the rows with another one laid over them."""
    rows = list(rows)
    found = before(rows, upper[0])
    for row in (upper, *since(rows, upper[1])):
        append(found, row)
    return found


def shape(rows: Sequence[Row]) -> list[tuple[float, str | None, float]]:
    """Return what makes rows alike: the end of the last one is only how far we are."""
    return [(start, member, confidence) for start, _, member, confidence in rows]


def row_of(rows: Sequence[Row], start_s: float, end_s: float) -> Row | None:
    """Return the row that most of a stretch lies in; after the last one, the last one."""
    if not rows:
        return None
    k = max(0, bisect_right(rows, start_s, key=_start) - 1)
    last = bisect_left(rows, end_s, key=_start)
    if start_s >= rows[-1][1]:
        return rows[-1]
    return max(
        rows[k : max(last, k + 1)], key=lambda row: min(row[1], end_s) - max(row[0], start_s)
    )


def _start(row: Row) -> float:
    return row[0]
