"""The roll of a sitting, from a file or the studio, with what must not be taken for a name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from arengo.live.engine.names import Roll
from arengo.live.engine.wer import spelled
from arengo.live.engine.words import plain
from arengo.live.hearing.recogniser import HearingError

FULL_NAME = ("name", "nome e cognome", "nominativo", "full name")


class NamesUnreadable(HearingError):
    """The file of names cannot be read."""


def roll_of(names: Sequence[str]) -> Roll:
    """Return the roll of these full names."""
    return Roll(tuple(names), lexicon())


@cache
def lexicon() -> frozenset[str]:
    """Return the words that are left alone, as `plain` writes them (about 30,000 forms)."""
    text = (Path(__file__).parent / "data" / "lexicon.txt").read_text(encoding="utf-8")
    forms = {spelled(number) for number in range(1, 1000)}
    for section in text.split("\n[")[1:]:
        title, _, body = section.partition("]")
        for word in body.split():
            forms.update(FORMS.get(title, _as_it_is)(plain(word)))
    return frozenset(forms)


def _as_it_is(word: str) -> Iterator[str]:
    yield word


def _declined(word: str) -> Iterator[str]:
    yield word
    stem, last = word[:-1], word[-1]
    if last in "oae":
        hard = "h" if stem.endswith(("c", "g")) else ""
        yield from (stem + end for end in ("o", "a", "e", "i", hard + "e", hard + "i"))
        yield from (stem.removesuffix("i") + end for end in ("i", "e"))


def _conjugated(word: str) -> Iterator[str]:
    yield word
    stem, kind = word[:-3], word[-3:]
    hard = "h" if kind == "are" and stem.endswith(("c", "g")) else ""
    bare = stem[:-1] if stem.endswith(("ci", "gi")) else stem  # mangerà, but consiglierà
    for end in ENDINGS.get(kind, ()):
        yield stem + end
        yield from (stem + hard + end, bare + end)
    yield from (word[:-1] + end for end in ("lo", "la", "li", "le", "ne", "ci", "si", "mi", "vi"))


ENDINGS = {
    "are": str.split("""o i a iamo ate ano avo avi ava avamo avate avano ai asti o ammo aste arono ero erai era
    eremo erete eranno erei eresti erebbe eremmo ereste erebbero ino asse assi assimo assero ando
    ato ata ati ate ante anti"""),
    "ere": str.split("""o i e iamo ete ono evo evi eva evamo evate evano ei esti emmo este erono ette ettero
    ero erai era eremo erete eranno erei eresti erebbe eremmo ereste erebbero ra ranno rebbe
    rebbero a ano esse essi essimo essero endo uto uta uti ute ente enti go gono ga gano se sero
    so sa si sse ssero"""),
    "ire": str.split("""o i e iamo ite ono isco isci isce iscono isca iscano ivo ivi iva ivamo ivate ivano
    ii isti immo iste irono iro irai ira iremo irete iranno irei iresti irebbe iremmo ireste
    irebbero a ano isse issi issimo issero endo ito ita iti ite ente enti"""),
}  # without accents, as `plain` writes words
FORMS = {"nouns": _declined, "verbs": _conjugated}


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
