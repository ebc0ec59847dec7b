"""What a citizen looks for in the sittings: read, then said to each database.

A query is words, "exact phrases" and filters: `persona:Rossi`, `punto:3` or `punto:bilancio`,
`dal:1/3/2026`, `al:2026`, `voto:contrario`. `parse` makes a `Query`; `to_fts5` and `to_tsquery` say
it to SQLite and to PostgreSQL in the tokens that `fts5_document` and `tsvector` gave them. Tokens
hold letters, figures and their mark only, so that nothing typed can be taken for syntax. Marks:

    =edilizia  the form, in its place (phrases, names)     p_rossi    who speaks
    ediliz     the stem                                    n_3        the number of the item
    v_against  the vote, see `VOTES`                       i_bilanc   a stem of its title
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from arengo.council.engine.italian import APOSTROPHES, ELIDED, STOP, forms, stem, tokens
from arengo.kernel.errors import Invalid

T = TypeVar("T")
Vote = Literal["approved", "rejected", "tie", "favour", "against", "abstained", "not_voting"]
LONGEST_QUERY = 300
MOST_TERMS = 30
FIRST_YEAR, LAST_YEAR = 1900, 2199
FIRST_DAY = date(FIRST_YEAR, 1, 1)

# What may follow `voto:`: the outcome of a vote on the item, or how the speaker voted on it.
VOTES: dict[str, Vote] = {
    **dict.fromkeys(str.split("approvato approvata approvati approvate"), "approved"),
    **dict.fromkeys(str.split("respinto respinta respinti respinte"), "rejected"),
    **dict.fromkeys(str.split("parita"), "tie"),
    **dict.fromkeys(str.split("favorevole favorevoli favore si"), "favour"),
    **dict.fromkeys(str.split("contrario contraria contrari contrarie contro no"), "against"),
    **dict.fromkeys(str.split("astenuto astenuta astenuti astenute astensione"), "abstained"),
    **dict.fromkeys(str.split("nonvotante nonvotanti"), "not_voting"),
}
CHUNK = re.compile(
    r"""(?:(?P<key>persona|punto|dal|al|voto)\s*:\s*(?=\S))?"""
    r"""(?:["“”«](?P<quoted>[^"“”»]*)["“”»]?|(?P<bare>[^\s"“”«»]+))""",
    re.IGNORECASE,
)
EMPTY_FILTER = re.compile(r"(?:persona|punto|dal|al|voto)\s*:", re.IGNORECASE)
DAY = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")
ITEM_NUMBER = re.compile(r"\d{1,3}(?:bis|ter|quater|[a-z])?")  # «3», «3 bis», «3/A»
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


class SearchUnreadable(Invalid):
    """Refuse a query; `where` is the part of it, `sentence` says what to write."""

    code = "search_unreadable"
    message = "{where}: {sentence}"

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(where=where, sentence=sentence)


@dataclass(frozen=True, slots=True)
class Word:
    """A word looked for by its stem, or `is_exact`: a name of the roll, a word of grammar."""

    form: str
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, as they are."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: every term and every vote, one of the people, one of the items.

    `people` are the words of a name; `items` the number of an item, or words of its title.
    `since` and `until` are both included.
    """

    terms: tuple[Word | Phrase, ...] = ()
    people: tuple[tuple[str, ...], ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    votes: tuple[Vote, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """What an index is told of some words: who said them, on which item, and how it was voted.

    `votes`: the outcomes of the item, and how the speaker voted on it; nothing of a secret ballot.
    """

    text: str
    speaker: str = ""
    item_number: str = ""
    item_title: str = ""
    votes: tuple[Vote, ...] = ()


# ---- Reading


def parse(text: str, names: Collection[str] = frozenset()) -> Query:
    """Read what was typed.

    Parameters
    ----------
    names : words never looked for by stem, from `italian.name_forms`.

    Raises
    ------
    SearchUnreadable
        It is too long, has nothing to look for, or a filter has no sense.
    """
    if len(text) > LONGEST_QUERY:
        raise SearchUnreadable(
            "Ricerca troppo lunga",
            f"usa al massimo {LONGEST_QUERY} caratteri (ne hai scritti {len(text)}).",
        )
    read = _Reader(names)
    for chunk in CHUNK.finditer(text.translate(APOSTROPHES)):
        read.chunk(chunk)
    return read.query()


class _Reader:
    """Collects the parts of a query in order."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names
        self.terms: list[Word | Phrase] = []
        self.filters: dict[str, list[str]] = {}

    def chunk(self, chunk: re.Match[str]) -> None:
        bare, quoted, key = chunk["bare"], chunk["quoted"], (chunk["key"] or "").lower()
        if key or EMPTY_FILTER.fullmatch(bare or ""):
            value = bare or quoted or ""
            name = key or bare.rstrip(": ").lower()
            self.filters.setdefault(name, []).append(value if key else "")
        elif bare:
            self._bare(forms(bare))
        elif found := forms(quoted):
            self.terms.append(Phrase(found))

    def _bare(self, found: tuple[str, ...]) -> None:
        """Take «dell'edilizia» for a word, «412.000» and «vice-sindaco» for phrases."""
        while len(found) > 1 and found[0] in ELIDED:
            found = found[1:]
        if len(found) > 1:
            self.terms.append(Phrase(found))
        elif found:
            self.terms.append(Word(found[0], found[0] in self.names or found[0] in STOP))

    def query(self) -> Query:
        query = Query(
            terms=self._telling_terms(),
            people=self._values("persona", _person),
            items=self._values("punto", _item),
            votes=self._values("voto", _vote),
            since=max(self._values("dal", _first_day), default=None),
            until=min(self._values("al", _last_day), default=None),
        )
        _check(query)
        return query

    def _telling_terms(self) -> tuple[Word | Phrase, ...]:
        terms = tuple(dict.fromkeys(self.terms))
        telling = tuple(one for one in terms if not _is_grammar(one))
        return telling or terms

    def _values(self, key: str, read: Callable[[str], T]) -> tuple[T, ...]:
        return tuple(dict.fromkeys(read(value) for value in self.filters.get(key, ())))


def _is_grammar(term: Word | Phrase) -> bool:
    return isinstance(term, Word) and term.form in STOP


def _check(query: Query) -> None:
    if query == Query():
        raise SearchUnreadable(
            "Niente da cercare", "scrivi almeno una parola, oppure un filtro come persona:Rossi."
        )
    if len(query.terms) > MOST_TERMS:
        raise SearchUnreadable("Troppe parole", f"usane al massimo {MOST_TERMS}.")
    if query.since and query.until and query.until < query.since:
        raise SearchUnreadable(
            "Periodo", f"il {query.until:%d/%m/%Y} viene prima del {query.since:%d/%m/%Y}."
        )


def _person(value: str) -> tuple[str, ...]:
    found = forms(value)
    if not found:
        raise SearchUnreadable("persona:", "scrivi un nome, per esempio persona:Rossi.")
    return found


def _item(value: str) -> tuple[str, ...]:
    found = forms(value)
    if ITEM_NUMBER.fullmatch("".join(found)):
        return ("".join(found),)
    found = tuple(form for form in found if form not in STOP)
    if not found:
        raise SearchUnreadable(
            "punto:", "scrivi un numero o parole del titolo, per esempio punto:3 o punto:bilancio."
        )
    return found


def _vote(value: str) -> Vote:
    found = VOTES.get("".join(forms(value)))
    if found is None:
        raise SearchUnreadable(
            f"voto:{value}",
            "scrivi approvato, respinto, favorevole, contrario o astenuto.",
        )
    return found


def _first_day(value: str) -> date:
    year, month, day = _numbers("dal", value)
    return _day("dal", value, year, month or "1", day or "1")


def _last_day(value: str) -> date:
    year, month, day = _numbers("al", value)
    first = _day("al", value, year, month or "12", day or "1")
    if day:
        return first
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _numbers(key: str, value: str) -> tuple[str, str | None, str | None]:
    """Return year, month and day of «1/3/2026», «2026-03-01», «3/2026», «2026»; None if not said."""
    if iso := ISO_DAY.fullmatch(value.rstrip(".,;")):
        return iso[1], iso[2], iso[3]
    if written := DAY.fullmatch(value.rstrip(".,;")):
        return written[3], written[2], written[1]
    raise _unreadable_day(key, value)


def _day(key: str, value: str, year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise _unreadable_day(key, value) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _unreadable_day(key, value)
    return found


def _unreadable_day(key: str, value: str) -> SearchUnreadable:
    sentence = f"la data non esiste o non si legge. Scrivila così: {key}:01/03/2026 o {key}:2026."
    return SearchUnreadable(f"{key}:{value}", sentence)


# ---- Writing the index


def fts5_document(said: Utterance) -> str:
    """Return the tokens of an utterance for SQLite, forms first so that phrases hold together.

    The table is tokenised by `FTS5_TOKENIZER`. What was indexed is said again to be deleted.
    """
    found = forms(said.text)
    return " ".join([*(f"={form}" for form in found), *_marks(said, found)])


def tsvector(said: Utterance) -> str:
    """Return an utterance for PostgreSQL, to be cast to `tsvector` and never parsed again."""
    found = forms(said.text)
    places: dict[str, list[int]] = {}
    for place, form in enumerate(found, start=1):
        places.setdefault(form, []).append(place)
    words = (f"'={form}':{','.join(map(str, at))}" for form, at in places.items())
    return " ".join([*words, *(f"'{mark}'" for mark in _marks(said, found))])


FTS5_TOKENIZER = "ascii tokenchars '=_'"


def _marks(said: Utterance, found: Iterable[str]) -> list[str]:
    number = "".join(forms(said.item_number))
    marks = [
        *(stem(form) for form in found if form not in STOP),
        *(f"p_{form}" for form in forms(said.speaker)),
        *([f"n_{number}"] if number else []),
        *(f"i_{stem(form)}" for form in forms(said.item_title) if form not in STOP),
        *(f"v_{vote}" for vote in said.votes),
    ]
    return list(dict.fromkeys(marks))


# ---- Asking the index


def to_fts5(query: Query) -> str:
    """Return the query for `MATCH` in SQLite; "" when only dates were asked for."""
    return " AND ".join(
        _joined(group, " OR ", " AND ", lambda phrase: f'"{" ".join(phrase)}"')
        for group in _groups(query)
    )


def to_tsquery(query: Query) -> str:
    """Return the query for PostgreSQL, to be cast to `tsquery`; "" when only dates were asked for."""
    return " & ".join(
        _joined(group, " | ", " & ", lambda phrase: " <-> ".join(f"'{one}'" for one in phrase))
        for group in _groups(query)
    )


Tokens = tuple[str, ...]  # one after the other
Group = list[list[Tokens]]  # one of these, all of whose phrases are there


def _groups(query: Query) -> list[Group]:
    """Return what must hold, all together."""
    groups: list[Group] = [[[_term(term)]] for term in query.terms]
    groups += [[[(f"v_{vote}",)]] for vote in query.votes]
    groups.append([[(f"p_{form}",) for form in name] for name in query.people])
    groups.append([[(token,) for token in _item_tokens(item)] for item in query.items])
    return [group for group in groups if group]


def _term(term: Word | Phrase) -> Tokens:
    if isinstance(term, Phrase):
        return tuple(f"={form}" for form in term.forms)
    return (f"={term.form}" if term.is_exact else stem(term.form),)


def _item_tokens(item: tuple[str, ...]) -> list[str]:
    if ITEM_NUMBER.fullmatch(item[0]):
        return [f"n_{item[0]}"]
    return [f"i_{stem(form)}" for form in item]


def _joined(group: Group, either: str, both: str, said: Callable[[Tokens], str]) -> str:
    choices = [f"({both.join(said(phrase) for phrase in choice)})" for choice in group]
    return choices[0] if len(choices) == 1 else f"({either.join(choices)})"


def matches(query: Query, text: str) -> tuple[tuple[int, int], ...]:
    """Return where the words looked for stand in a text, as (start, end), to show them."""
    words = list(tokens(text))
    found: set[tuple[int, int]] = set()
    for term in query.terms:
        wanted = term.forms if isinstance(term, Phrase) else (term.form,)
        by_stem = isinstance(term, Word) and not term.is_exact
        for first in range(len(words) - len(wanted) + 1):
            here = words[first : first + len(wanted)]
            if all(_same(one.form, form, by_stem) for one, form in zip(here, wanted, strict=True)):
                found.add((here[0].start, here[-1].end))
    return tuple(sorted(found))


def _same(form: str, wanted: str, by_stem: bool) -> bool:
    return stem(form) == stem(wanted) if by_stem else form == wanted


# ---- The order of the rows

DAY_BITS, SITTING_BITS, UTTERANCE_BITS = 17, 5, 20


def row_key(comune: str, day: date, sitting: int, utterance: int) -> int:
    """Return the number of an utterance's row: by Comune, day, sitting of the day, order.

    An index gives rows in the order of this number, so that the latest come first without being
    sorted, and Comune and dates are a range of it (`key_range`).

    Raises
    ------
    ValueError
        A part is out of its bounds: 32 sittings a day, 1,048,576 utterances a sitting.
    """
    days = (day - FIRST_DAY).days
    parts = ((days, DAY_BITS), (sitting, SITTING_BITS), (utterance, UTTERANCE_BITS))
    key = int(comune)
    for value, bits in parts:
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{value} does not fit {bits} bits")
        key = (key << bits) | value
    return key


def key_range(comune: str, since: date | None = None, until: date | None = None) -> tuple[int, int]:
    """Return the first and last row number of a Comune between two days, both included."""
    last_day = date(LAST_YEAR, 12, 31)
    first = row_key(comune, since or FIRST_DAY, 0, 0)
    last = row_key(comune, until or last_day, (1 << SITTING_BITS) - 1, (1 << UTTERANCE_BITS) - 1)
    return first, last
