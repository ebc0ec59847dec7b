"""The people of a council as a file: the Comune's own list, or the public register's columns.

The register is the «Anagrafe degli amministratori locali e regionali» of the Ministero
dell'Interno: a few lines of title, semicolons, upper case, an apostrophe for an accent, one
row a charge. Whatever it holds, only names, charges, dates in office, list and the *year* of
birth (to tell homonyms apart) leave this module.

    read_register(data, comune="Pero", province="MI") -> RegisterFile(rows, problems)
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from arengo.council.errors import RegisterUnreadable, RollUnreadable
from arengo.council.models import MandateKind, OfficeKind
from arengo.council.roll import PARTICLES, read_roll, split_name

MAX_BYTES = 8_000_000  # one region of the register; the whole of Italy is larger
MAX_ROWS = 150  # people of one Comune: the largest council has 48 seats and its giunta
SEARCHED_LINES = 20  # titles before the headings

ALIASES = {
    "family_name": {"cognome"},
    "given_name": {"nome"},
    "full_name": {"nome_e_cognome", "nominativo", "consigliere", "full_name", "name"},
    "family_first": {"cognome_e_nome"},
    "charge": {"descrizione_carica", "carica", "ruolo"},
    "more": {"incarico"},
    "elected_on": {"data_elezione"},
    "starts_on": {"data_entrata_in_carica", "in_carica_dal", "dal", "data_inizio"},
    "group": {"gruppo", "gruppo_consiliare"},
    "list": {"lista", "partito", "lista_partito", "lista_appartenenza", "lista_elettorale", "lista_appartenenza_collegamento"},
    "birth": {"data_nascita", "data_di_nascita", "anno_nascita", "anno_di_nascita"},
    "comune": {"denominazione_comune", "comune"},
    "province": {"sigla_provincia"},
    "distinction": {"distinzione", "per_distinguere"},
}  # fmt: skip
COLUMNS = {name: field for field, names in ALIASES.items() for name in names}
GRAVE = dict(zip("aeiou", "àèìòù", strict=True))
DATES = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?:\s.*)?$"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T\s].*)?$"),
)
CHARGES = (
    ("vicesindac", OfficeKind.DEPUTY_MAYOR),
    ("vicepresident", OfficeKind.VICE),
    ("vice president", OfficeKind.VICE),
    ("president", OfficeKind.PRESIDENT),
    ("capogruppo", OfficeKind.LEADER),
    ("assessor", OfficeKind.ASSESSORE),
    ("sindac", OfficeKind.MAYOR),
)
OUTSIDE = ("estern", "non di origine elettiva", "non consiglier")


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A person of the file; `is_list`: the group is the electoral list, not the council's."""

    line: int
    given_name: str
    family_name: str
    charge: str = ""
    starts_on: date | None = None
    group: str = ""
    is_list: bool = False
    birth_year: str = ""
    distinction: str = ""

    @property
    def full_name(self) -> str:
        """Return given and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def key(self) -> str:
        """Return what homonyms share."""
        return name_key(self.given_name, self.family_name)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be taken: the column as the file calls it, and what to do."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """What a file holds."""

    rows: tuple[RegisterRow, ...]
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row by field, with what tells whether two rows are one person."""

    number: int
    cells: Mapping[str, str]
    names: Mapping[str, str]

    def get(self, field: str) -> str:
        return " ".join(self.cells.get(field, "").split())


def name_key(given_name: str, family_name: str) -> str:
    """Return a name without case, accents, apostrophes and spaces.

    Examples
    --------
    >>> name_key("NICOLO'", "DE ROSSI") == name_key("Nicolò", "De Rossi")
    True
    """
    plain = unicodedata.normalize("NFKD", f"{given_name} {family_name}".casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def read_register(data: bytes, *, comune: str, province: str = "") -> RegisterFile:
    """Read the people of one Comune, in UTF-8, UTF-16 or Windows-1252, however separated.

    Parameters
    ----------
    data
        The file as it was uploaded.
    comune, province
        Whose rows are kept when the file has a column of Comuni (and one of provinces).

    Returns
    -------
    RegisterFile
        One row a person: two charges of one person (same name and birth date) are joined.

    Raises
    ------
    RegisterUnreadable
        It is empty, no text, or holds nobody of this Comune; the reason says what to do.
    """
    text = _decode(data)
    lines = [line for line in _lines(text) if _is_of(line, comune, province)]
    if not lines:
        raise RegisterUnreadable(
            why=_(
                "non contiene nessuna persona del Comune di {comune}. Controlla di aver scelto il file giusto."
            ).format(comune=comune)
        )
    read = [_read(line) for line in lines]
    rows = _join([one for one in read if isinstance(one, tuple)])
    if len(rows) > MAX_ROWS:
        raise RegisterUnreadable(
            why=_(
                "contiene {count} persone, troppe per un Comune. Tieni solo le righe del tuo."
            ).format(count=len(rows))
        )
    return RegisterFile(rows, tuple(one for one in read if isinstance(one, RowProblem)))


def _decode(data: bytes) -> str:
    if not data.strip():
        raise RegisterUnreadable(why=_("è vuoto. Scegli un file CSV con una riga per persona."))
    if len(data) > MAX_BYTES:
        raise RegisterUnreadable(
            why=_("è troppo grande (più di 8 MB). Tieni solo le righe del tuo Comune.")
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise RegisterUnreadable(
            why=_("è un foglio di calcolo. Aprilo e salvalo come CSV, poi riprova.")
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data:
        raise RegisterUnreadable(why=_("non è un testo. Salvalo come CSV, poi riprova."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _lines(text: str) -> Iterator[_Line]:
    heading = _heading(text)
    if heading is None:
        yield from _plain(text)
        return
    skipped, delimiter = heading
    body = io.StringIO("".join(text.splitlines(keepends=True)[skipped:]), newline="")
    try:
        table = csv.reader(body, delimiter=delimiter)
        titles = next(table)
        names = {
            COLUMNS[slug]: title.strip() for title in titles if (slug := _slug(title)) in COLUMNS
        }
        fields = [COLUMNS.get(_slug(title), "") for title in titles]
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield _Line(skipped + table.line_num, dict(zip(fields, cells, strict=False)), names)
    except csv.Error as error:
        raise RegisterUnreadable(
            why=_("una riga ha virgolette non chiuse o è lunghissima. Correggila e riprova.")
        ) from error


def _plain(text: str) -> Iterator[_Line]:
    """Yield the lines of a roll without headings: name;charge;group."""
    if not re.search(r"[;,\t]", text):
        raise RegisterUnreadable(
            why=_(
                "mancano i titoli delle colonne. La prima riga deve dire almeno «nome» e «cognome»."
            )
        )
    try:
        roll = read_roll(text)
    except RollUnreadable as refusal:
        raise RegisterUnreadable(why=_(refusal.message).format(**refusal.facts)) from refusal
    names = {"full_name": "nome", "charge": "carica", "group": "gruppo"}
    for number, one in enumerate(roll, start=1):
        cells = {"full_name": one.full_name, "charge": one.role_label, "group": one.group}
        yield _Line(number, cells, names)


def _heading(text: str) -> tuple[int, str] | None:
    """Return how many lines come before the headings, and what separates them."""
    found = [
        (_titles(line.split(mark)), -at, mark)
        for at, line in enumerate(text.splitlines()[:SEARCHED_LINES])
        for mark in ";,\t|"
    ]
    known, at, mark = max(found, default=(0, 0, ";"))
    return (-at, mark) if known else None


def _titles(cells: list[str]) -> int:
    """Return how many cells are known headings; one alone counts only at the beginning."""
    slugs = [_slug(cell) for cell in cells]
    known = len({COLUMNS[slug] for slug in slugs if slug in COLUMNS})
    return known if known > 1 or slugs[0] in COLUMNS else 0


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")


def _is_of(line: _Line, comune: str, province: str) -> bool:
    town, code = line.get("comune"), line.get("province")
    same_town = not town or name_key(town, "") == name_key(comune, "")
    return same_town and (not code or not province or code.casefold() == province.casefold())


def _read(line: _Line) -> tuple[RegisterRow, str] | RowProblem:
    """Return the person of a line with the birth date as written, or why there is none."""
    if any("\n" in cell for cell in line.cells.values()):
        return _problem(
            line, "family_name", _("le virgolette non sono chiuse: chiudile o toglile.")
        )
    given, family = _names(line)
    if not family:
        return _problem(line, "family_name", _("manca il cognome: scrivilo o togli la riga."))
    charge = ", ".join(part for part in (line.get("charge"), line.get("more")) if part)
    if "commissari" in charge.casefold():
        return _problem(line, "charge", _("un commissario non siede in Consiglio: togli la riga."))
    dates = [line.get("starts_on"), line.get("elected_on")]
    written = next(filter(None, dates), "")
    starts_on = _date(written)
    if written and starts_on is None:
        field = "starts_on" if dates[0] else "elected_on"
        return _problem(
            line,
            field,
            _("la data «{written}» non esiste: scrivila come 31/12/2026.").format(
                written=written[:30]
            ),
        )
    year = re.search(r"(?:19|20)\d\d", line.get("birth"))
    row = RegisterRow(
        line=line.number,
        given_name=given[:80],
        family_name=family[:80],
        charge=charge[:100],
        starts_on=starts_on,
        group=(line.get("group") or line.get("list"))[:100],
        is_list=not line.get("group"),
        birth_year=year[0] if year else "",
        distinction=line.get("distinction")[:40],
    )
    return row, line.get("birth")


def _problem(line: _Line, field: str, sentence: str) -> RowProblem:
    return RowProblem(line.number, line.names.get(field, "nome"), sentence)


def _names(line: _Line) -> tuple[str, str]:
    whole = line.get("full_name") or ("" if "family_name" in line.names else line.get("given_name"))
    if "family_name" in line.names:
        given, family = line.get("given_name"), line.get("family_name")
    elif line.get("family_first"):
        given, family = _family_first(line.get("family_first"))
    else:
        given, family = split_name(whole)
    return _written(given), _written(family)


def _family_first(name: str) -> tuple[str, str]:
    words = name.split()
    at = 1
    while at < len(words) - 1 and words[at - 1].casefold() in PARTICLES:
        at += 1
    return " ".join(words[at:]), " ".join(words[:at])


def _written(name: str) -> str:
    """Return `D'Angelo` for `D'ANGELO` and `Nicolò` for `NICOLO'`; other names as they are."""
    return " ".join(map(_word, name.split())) if name.isupper() else name


def _word(word: str) -> str:
    low = word.lower()
    if len(low) > 2 and low[-1] in "'’`" and low[-2] in GRAVE:
        low = low[:-2] + GRAVE[low[-2]]
    return re.sub(r"(^|[-'’])(\w)", lambda found: found[1] + found[2].upper(), low)


def _date(text: str) -> date | None:
    for pattern in DATES:
        if found := pattern.match(text):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def _join(read: list[tuple[RegisterRow, str]]) -> tuple[RegisterRow, ...]:
    """Make one row of the charges of one person: same name, same birth date."""
    found: dict[tuple[str, str], RegisterRow] = {}
    for row, birth in read:
        key = (row.key, birth or f"line {row.line}")
        found[key] = _both(found[key], row) if key in found else row
    return tuple(found.values())


def _both(first: RegisterRow, second: RegisterRow) -> RegisterRow:
    dates = [one.starts_on for one in (first, second) if one.starts_on]
    charges = [first.charge, *([second.charge] if second.charge not in first.charge else [])]
    return replace(
        first,
        charge=", ".join(filter(None, charges))[:100],
        starts_on=min(dates, default=None),
        group=first.group or second.group,
    )


def rows_text(rows: Iterable[RegisterRow]) -> str:
    """Return the rows as text that a page can carry from preview to confirmation."""
    plain = [{**asdict(row), "starts_on": row.starts_on and str(row.starts_on)} for row in rows]
    return json.dumps(plain, ensure_ascii=False)


def rows_from(text: str) -> tuple[RegisterRow, ...]:
    """Return the rows of `rows_text`.

    Raises
    ------
    RegisterUnreadable
        It is another text.
    """
    try:
        plain = [{**one, "starts_on": _date(one["starts_on"] or "")} for one in json.loads(text)]
        return tuple(_checked(RegisterRow(**one)) for one in plain)
    except (ValueError, TypeError, KeyError) as error:
        raise RegisterUnreadable(
            why=_("l’anteprima è scaduta. Carica di nuovo il file.")
        ) from error


def _checked(row: RegisterRow) -> RegisterRow:
    """Hold a carried row to what `read_register` makes."""
    texts = (row.given_name, row.family_name, row.charge, row.group, row.distinction)
    if any(len(text) > 100 for text in texts) or not row.family_name.strip():
        raise ValueError(row.line)
    return replace(row, line=int(row.line), birth_year=str(row.birth_year)[:4])


def offices_in(charge: str) -> tuple[tuple[OfficeKind, str], ...]:
    """Return the offices that a charge names, each with the Comune's own words for it.

    Examples
    --------
    >>> offices_in("Consigliere candidato sindaco")
    ()
    >>> offices_in("Assessora al Bilancio, Vicesindaca")[1]
    (OfficeKind.DEPUTY_MAYOR, 'Vicesindaca')
    """
    found: dict[OfficeKind, str] = {}
    for part in re.split(r"\s*[,;/–]\s*|\s+-\s+", charge):
        said = part.casefold()
        if "candidat" not in said:
            kind = next((kind for start, kind in CHARGES if start in said), None)
            if kind is not None:
                found.setdefault(kind, "" if said == kind.label.casefold() else part)
    return tuple(found.items())


def mandate_in(charge: str, *, assessors_sit: bool) -> MandateKind:
    """Return by what right a charge sits in the council.

    `assessors_sit`: who is only an assessore is a councillor too; false in Comuni over 15,000
    inhabitants.
    """
    # law: TUEL (d.lgs. 267/2000) art. 64 c. 1-3
    said, offices = charge.casefold(), {kind for kind, _label in offices_in(charge)}
    if OfficeKind.MAYOR in offices:
        return MandateKind.MAYOR
    if any(word in said for word in OUTSIDE):
        return MandateKind.EXTERNAL
    in_giunta = offices & {OfficeKind.ASSESSORE, OfficeKind.DEPUTY_MAYOR}
    if in_giunta and "consiglier" not in said and not assessors_sit:
        return MandateKind.EXTERNAL
    return MandateKind.COUNCILLOR
