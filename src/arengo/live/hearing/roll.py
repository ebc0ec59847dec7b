"""The roll of a sitting, from a file or the studio, with what must not be taken for a name."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from arengo.live.engine.names import Roll
from arengo.live.hearing.recogniser import HearingError

FULL_NAME = ("name", "nome e cognome", "nominativo", "full name")


class NamesUnreadable(HearingError):
    """The file of names cannot be read."""


def roll_of(names: Sequence[str]) -> Roll:
    """Return the roll of these full names."""
    return Roll(tuple(names))


def names_in(path: Path) -> list[str]:
    """Return the full names of a CSV (comma or semicolon) or of a list with one a line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NamesUnreadable(f"I nomi in {path} non si leggono: {error}.") from error
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise NamesUnreadable(f"{path} è vuoto: ci vuole un nome per riga.")
    mark = ";" if lines[0].count(";") > lines[0].count(",") else ","
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=mark))
    return _full_names([cell.strip().casefold() for cell in rows[0]], rows)


def _full_names(header: list[str], rows: list[list[str]]) -> list[str]:
    for title in FULL_NAME:
        if title in header:
            return [row[header.index(title)].strip() for row in rows[1:]]
    if "nome" in header and "cognome" in header:
        first, last = header.index("nome"), header.index("cognome")
        return [f"{row[first].strip()} {row[last].strip()}" for row in rows[1:]]
    is_headed = header[0] in ("nome", "cognome")
    return [row[0].strip() for row in rows[is_headed:]]
