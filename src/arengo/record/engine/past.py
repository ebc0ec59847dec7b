"""What an old recording is: its date and title, from the name of its file or from a list.

    2019-03-28 Consiglio comunale.mp4      28.03.2019_ore_21.00.mp3      CC 28 marzo 2019.mkv

The list is a CSV with a heading: `file`, `data`, `ora` (may be missing), `titolo` (may be missing).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

MEDIA = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".mp3", ".m4a", ".aac", ".wav")
CAPTIONS = (".vtt", ".srt")
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
EVENING = time(21, 0)  # when no hour is told
LONGEST_TITLE = 200
COLUMNS = ("file", "data", "ora", "titolo")

_DATES = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-._ ]?)(?P<m>[01]\d)(?P=s)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(
        r"(?<!\d)(?P<d>[0-3]?\d)(?P<s>[-._/ ])(?P<m>[01]?\d)(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)"
    ),
    re.compile(
        rf"(?<!\d)(?P<d>[0-3]?\d)°?[-_. ]+(?P<n>{'|'.join(MONTHS)})[-_. ]+(?P<y>(?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    ),
)
_HOUR = re.compile(r"(?:ore|h)[-_. ]*(?P<h>[0-2]?\d)[.:,_-](?P<i>[0-5]\d)(?!\d)", re.IGNORECASE)
_YOUTUBE = re.compile(r"\s*\[[\w-]{11}\]$")


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a recording; its hour is the evening's when nobody tells it."""

    on: date
    at: time
    title: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a list says by name of file, and which cells it says wrongly (for people)."""

    rows: Mapping[str, Told]
    problems: tuple[str, ...]


def told_by_name(stem: str) -> Told | None:
    """Return what the name of a file without its ending tells; None where it has no date."""
    stem = _YOUTUBE.sub("", stem)
    for pattern in _DATES:
        for found in pattern.finditer(stem):
            on = _date(found)
            if on:
                return _told(stem[: found.start()] + " " + stem[found.end() :], on)
    return None


def _told(rest: str, on: date) -> Told:
    hour = _HOUR.search(rest)
    at = _hour_of(hour["h"], hour["i"]) if hour else None
    if hour and at:
        rest = rest[: hour.start()] + " " + rest[hour.end() :]
    return Told(on, at or EVENING, title_of(rest, on))


def title_of(text: str, on: date) -> str:
    """Return a title that can be read; one without letters says what and when."""
    words = " ".join(re.sub(r"[_\s]+", " ", text).split()).strip(" -–.,")
    words = re.sub(r"\s+(?:del|di|-)$", "", words)
    if not any(c.isalpha() for c in words):
        words = f"Consiglio comunale del {on.day} {MONTHS[on.month - 1]} {on.year}"
    return words[:LONGEST_TITLE]


def _date(found: re.Match[str]) -> date | None:
    facts = found.groupdict()
    name = facts.get("n")
    month = MONTHS.index(name.lower()) + 1 if name else int(found["m"])
    try:
        return date(int(found["y"]), month, int(found["d"]))
    except ValueError:
        return None


def _hour_of(hour: str, minute: str) -> time | None:
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None


def read_manifest(text: str, names: Iterable[str]) -> Manifest:
    """Read a list of recordings; `names` are the files that are there.

    A wrong row is told by its number and column, and leaves the others as they are.
    """
    lines = text.removeprefix("\ufeff").replace("\x00", "").splitlines()
    delimiter = max(";,\t", key=lines[0].count) if lines else ";"
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        return Manifest({}, (f"L'elenco non si legge come CSV: {error}.",))
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    missing = [name for name in ("file", "data") if name not in head]
    if missing:
        wanted = ", ".join(missing)
        return Manifest({}, (f"L'elenco non ha la colonna {wanted}: serve {'; '.join(COLUMNS)}.",))
    known, problems = set(names), list[str]()
    found: dict[str, Told] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: cell.strip() for name, cell in zip(head, row, strict=False)}
        if any(cells.values()):
            wrong = list(_wrong(cells, known, found))
            problems += [f"Elenco, riga {number}, colonna {column}: {why}" for column, why in wrong]
            if not wrong:
                found[cells["file"]] = _row(cells)
    return Manifest(found, tuple(problems))


def _wrong(
    cells: Mapping[str, str], known: set[str], found: Mapping[str, Told]
) -> Iterator[tuple[str, str]]:
    """Yield the cells that cannot be used, with what to write instead."""
    name = cells.get("file", "")
    if name not in known:
        yield "file", f"«{name}» non è nella cartella."
    elif name in found:
        yield "file", f"«{name}» c'è già in una riga sopra."
    if _day(cells.get("data", "")) is None:
        yield "data", f"«{cells.get('data', '')}» non è una data: scrivi AAAA-MM-GG."
    if cells.get("ora") and _clock(cells["ora"]) is None:
        yield "ora", f"«{cells['ora']}» non è un'ora: scrivi HH:MM."


def _row(cells: Mapping[str, str]) -> Told:
    on = _day(cells["data"])
    assert on
    at = _clock(cells.get("ora", "")) or EVENING
    return Told(on, at, title_of(cells.get("titolo", ""), on))


def _day(text: str) -> date | None:
    found = next((one for pattern in _DATES if (one := pattern.fullmatch(text))), None)
    return _date(found) if found else None


def _clock(text: str) -> time | None:
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text)
    return _hour_of(found[1], found[2]) if found else None
