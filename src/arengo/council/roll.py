"""The roll of the council as a file: one person a line, `name;role;group`."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from arengo.council.errors import RollUnreadable

HEADINGS = {"nome", "nominativo", "nome e cognome", "consigliere", "full_name", "name"}


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person of the roll."""

    full_name: str
    role_label: str = ""
    group: str = ""


def read_roll(text: str) -> tuple[RollLine, ...]:
    r"""Read a roll written with semicolons, commas or tabs; a heading line is skipped.

    Raises
    ------
    RollUnreadable
        A line has no name; the line is named.

    Examples
    --------
    >>> read_roll("nome;carica;gruppo\nAnna Bo;Sindaca;Insieme\n")
    (RollLine(full_name='Anna Bo', role_label='Sindaca', group='Insieme'),)
    """
    lines = text.lstrip("\ufeff").splitlines()
    delimiter = max(";,\t", key=text.count)
    found = []
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
        values = [" ".join(cell.split()) for cell in cells]
        if not any(values) or (number == 1 and values[0].casefold() in HEADINGS):
            continue
        if not values[0]:
            raise RollUnreadable(line=number)
        found.append(RollLine(*values[:3]))
    return tuple(found)


PARTICLES = {"de", "di", "da", "del", "della", "dello", "dei", "degli", "dal", "dalla", "la", "lo", "li", "le", "d’", "d'", "van", "von", "el", "al", "ben"}  # fmt: skip


def split_name(full_name: str) -> tuple[str, str]:
    """Return given and family name; particles («De», «Della») belong to the family name.

    Examples
    --------
    >>> split_name("Maria Teresa De Rossi")
    ('Maria Teresa', 'De Rossi')
    """
    words = full_name.split()
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])
