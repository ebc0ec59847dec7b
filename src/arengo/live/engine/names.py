"""Repair the names of the roll in recognised text, and touch nothing that is right.

A recogniser has never read the surnames of a small town's council: it writes what they
sound like ("Mante gazza", "Galviati"). Names and words are compared by how they sound in
Italian; how near they must be depends on the evidence around: a title ("la consigliera …"),
a first name, a sentence of one word as in the roll call, a capital letter, and how sure the
recogniser was. An ordinary Italian word is left alone unless a title stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from arengo.live.engine.captions import ends_sentence
from arengo.live.engine.words import Word, plain

TITLES = frozenset(
    str.split("""consigliere consigliera consiglieri consigliere assessore assessora assessori sindaco
    sindaca vicesindaco vicesindaca presidente segretario segretaria dottore dottor dottoressa
    signor signora signori avvocato avvocata ingegnere architetto geometra professore professor
    professoressa collega onorevole capogruppo""")
)
PARTICLES = frozenset(
    str.split("de di del della dello dei degli dal dalla la lo li le van von el al d'")
)
# What a council says all the time and a recogniser should expect; the written forms it repairs.
COUNCIL_WORDS = str.split(
    "assessore assessora consigliere consigliera consiglieri favorevole favorevoli contrari "
    "astenuti seduta delibera emendamento interrogazione mozione giunta sindaca presidente"
)
ELIDED_WORDS = str.split(
    "assessore assessora appello esito ordine emendamento interrogazione interpellanza opposizione "
    "aula amministrazione illuminazione ambiente assemblea ufficio avanzo articolo approvazione"
)
SPOKEN_TITLES = str.split("consigliere consigliera assessore assessora sindaco sindaca")
ELISIONS = ("l'", "dell'", "all'", "dall'", "nell'", "sull'")
TERM_SHARE = 0.13
HINT_SHARE = 0.6
HINT_SHARE_ORDINARY = 0.35
APART_S = 0.25
SAME_NAME_S = 4.0
HINT_SURE = 0.6
LONGEST_WINDOW = 3
ELISION = re.compile(
    r"^((?:[dlnu]|dell|nell|all|dall|sull|un|quell|bell|sant)['’])(?=\w)", re.IGNORECASE
)
TRAIL = ".,;:!?…\"'»”)"
VOWELS = "aeiou"
NEAR_SOUNDS = frozenset(
    map(
        frozenset,
        str.split("ei ou ao ae bp dt gk vf sz mn lr bv cg sS cS zc lL nN gJ cC CJ SC zs gj"),
    )
)


@dataclass(frozen=True, slots=True)
class Person:
    """One name of the roll as it is written."""

    first: str
    surname: str


@dataclass(frozen=True, slots=True)
class Repair:
    """`count` words from `first` are to be written `text`; `cost` is the distance that was found."""

    first: int
    count: int
    text: str
    cost: float


def person(name: str) -> Person:
    """Split a full name: "Anna De Santis", "DE SANTIS Anna" and "Rossi, Anna" alike."""
    if "," in name:
        surname, _, first = name.partition(",")
        return Person(first.strip(), _cased(surname.strip()))
    tokens = name.split()
    shouted = [token for token in tokens if len(token) > 1 and token.isupper()]
    if shouted and len(shouted) < len(tokens):
        rest = [token for token in tokens if token not in shouted]
        return Person(" ".join(rest), _cased(" ".join(shouted)))
    start = len(tokens) - 1
    while start > 1 and plain(tokens[start - 1]) in PARTICLES:
        start -= 1
    return Person(_cased(" ".join(tokens[:start])), _cased(" ".join(tokens[start:])))


def _cased(text: str) -> str:
    return text.title() if text.isupper() else text


class Roll:
    """The people of a sitting, and the Italian words that must not be taken for them."""

    def __init__(self, names: Sequence[str] = (), known: Collection[str] = ()) -> None:
        """Take full names, and ordinary words without accents in lower case."""
        self.people = tuple(person(name) for name in names if name.strip())
        self._known = known
        self._surnames = {p.surname: sound(p.surname) for p in self.people if p.surname}
        self._firsts = {plain(p.first.split()[0]): p.first for p in self.people if p.first}
        self._terms = TERMS | {
            f"{title} {name}": sound(title + name)
            for title in SPOKEN_TITLES
            for name in self._surnames
        }
        self._first_of = {(plain(p.first), p.surname) for p in self.people}

    @property
    def hotwords(self) -> tuple[str, ...]:
        """Return the surnames, which a recogniser may be told to expect."""
        return tuple(self._surnames)

    def repair(self, words: Sequence[Word], before: Sequence[Word] = ()) -> list[Word]:
        """Return the words with the names repaired; `before` are those said just before."""
        context = [*before, *words]
        out = list(words)
        for found in sorted(self._chosen(context, len(before)), key=lambda r: -r.first):
            k = found.first - len(before)
            out[k : k + found.count] = _written(out[k : k + found.count], found.text)
        return out

    def adopt(self, words: Sequence[Word], hinted: Sequence[Word]) -> list[Word]:
        """Return the words with the names that the same sound gave when they were expected.

        A name is taken over where it sounds like the words it replaces and these are not
        ordinary Italian, or where the words have a hole.
        """
        out = list(words)
        for name, spoken in self._names_in(hinted):
            found = self._replaced(out, name, spoken)
            if found is not None:
                first, count = found
                trail = out[first + count - 1].text if count else spoken[-1].text
                out[first : first + count] = _written(
                    [replace(word, text="") for word in spoken[:-1]]
                    + [replace(spoken[-1], text=trail)],
                    name,
                )
        return out

    def _names_in(self, words: Sequence[Word]) -> Iterator[tuple[str, Sequence[Word]]]:
        """Yield each surname that stands in the words as on the roll, with its words."""
        for name in self._surnames:
            parts = [plain(part) for part in name.split()]
            for k in range(len(words) - len(parts) + 1):
                window = words[k : k + len(parts)]
                if [plain(bare(word.text)) for word in window] == parts:
                    yield name, window

    def _replaced(
        self, words: Sequence[Word], name: str, spoken: Sequence[Word]
    ) -> tuple[int, int] | None:
        """Return the place and number of the words that a hinted name stands for, if any do."""
        start, end = spoken[0].start, spoken[-1].end
        inside = [k for k, w in enumerate(words) if start < w.middle < end]
        first = inside[0] if inside else sum(word.middle <= start for word in words)
        window = words[first : first + len(inside)]
        last = plain(name.split()[-1])  # where a pass puts a name may be seconds off
        near = [w for w in words if start - SAME_NAME_S < w.middle < end + SAME_NAME_S]
        if any(plain(bare(word.text)) == last for word in near):
            return None
        if not inside:
            is_hole = all(w.end <= start + 0.1 or w.start >= end - 0.1 for w in words)
            return (first, 0) if is_hole and spoken[0].probability > HINT_SURE else None
        cost = distance(sound("".join(bare(w.text) for w in window)), self._surnames[name])
        is_ordinary = all(self._is_known(bare(word.text)) for word in window)
        if is_ordinary and not self._evidence(words, first, len(inside), name):
            return None
        share = HINT_SHARE_ORDINARY if is_ordinary else HINT_SHARE
        return (first, len(inside)) if cost <= share * len(self._surnames[name]) else None

    def _chosen(self, words: Sequence[Word], start: int) -> Iterator[Repair]:
        """Yield the repairs that do not overlap, the surest first."""
        taken: set[int] = set()
        for found in sorted(self._possible(words, start), key=lambda r: (r.cost, -r.count)):
            span = set(range(found.first, found.first + found.count))
            if not span & taken:
                taken |= span
                yield found

    def _possible(self, words: Sequence[Word], start: int) -> Iterator[Repair]:
        for first in range(start, len(words)):
            for count in range(1, min(LONGEST_WINDOW, len(words) - first) + 1):
                if any(w.text[-1:] in TRAIL for w in words[first : first + count - 1]):
                    break
                found = self._nearest(words, first, count) or self._term(words, first, count)
                if found:
                    yield found

    def _term(self, words: Sequence[Word], first: int, count: int) -> Repair | None:
        """Return the council's word that one or two words sound like, one of them being none."""
        window = words[first : first + count]
        if count > 2 or not self._known or all(self._is_known(bare(w.text)) for w in window):
            return None
        key = sound("".join(word.text for word in window))
        cost, term = min((distance(key, other), term) for term, other in self._terms.items())
        if cost > TERM_SHARE * len(key) or term == window[0].text.strip(TRAIL).casefold():
            return None
        if window[0].text[:1].isupper():
            term = term[:1].upper() + term[1:]
        return Repair(first, count, term, cost / len(key) + 0.01 * (count - 1))

    def _nearest(self, words: Sequence[Word], first: int, count: int) -> Repair | None:
        """Return the surname a window sounds like, if it is near enough and no other is as near."""
        window = words[first : first + count]
        said = "".join(bare(word.text) for word in window)
        key = sound(said)
        if len(key) < 3 or (count == 1 and plain(said) in TITLES):
            return None
        ranked = sorted((distance(key, other), name) for name, other in self._surnames.items())
        if not ranked or (len(ranked) > 1 and ranked[1][0] - ranked[0][0] < 0.5):
            return None
        cost, name = ranked[0]
        if cost > self._allowed(words, first, count, name):
            return None
        return Repair(first, count, name, cost / len(key) + 0.01 * (count - 1))

    def _allowed(self, words: Sequence[Word], first: int, count: int, name: str) -> float:
        """Return the distance in sounds that the evidence allows."""
        window = words[first : first + count]
        is_known = all(self._is_known(bare(word.text)) for word in window)
        evidence = self._evidence(words, first, count, name)
        length = len(self._surnames[name])
        share = (0.16, 0.24, 0.4)[evidence]
        if is_known:
            share = (-1.0, -1.0 if count == 1 and window[0].text[:1].islower() else 0.1, 0.2)[
                evidence
            ]
        if length <= 4:
            share /= 2
        sure = min(word.probability for word in window)
        return share * length * (1.0 if sure < 0.8 else 0.6) if share > 0 else share

    def _is_known(self, text: str) -> bool:
        return plain(text) in self._known

    def _evidence(self, words: Sequence[Word], first: int, count: int, name: str) -> int:
        """Return 2 after a title or the first name, 1 alone or capitalised, 0 otherwise."""
        previous = words[first - 1] if first else None
        is_start = previous is None or ends_sentence(previous)
        if previous and not ends_sentence(previous):
            said = plain(ELISION.sub("", previous.text))
            if said in TITLES or (said, name) in self._first_of:
                return 2
        is_alone = _stands_alone(words, first, count)
        is_capital = bare(words[first].text)[:1].isupper() and not is_start
        return 1 if is_alone or is_capital else 0


def _stands_alone(words: Sequence[Word], first: int, count: int) -> bool:
    """Tell whether a window has a stop or a silence on both sides, as in a roll call."""
    one, last = words[first], words[first + count - 1]
    previous = words[first - 1] if first else None
    following = words[first + count] if first + count < len(words) else None
    opens = previous is None or ends_sentence(previous) or one.start - previous.end >= APART_S
    closes = ends_sentence(last) or (
        following is not None and following.start - last.end >= APART_S
    )
    return opens and closes


def bare(text: str) -> str:
    """Return the word without an elided article and without punctuation."""
    return ELISION.sub("", text).strip(TRAIL + "(«“-–—")


def _written(window: Sequence[Word], text: str) -> list[Word]:
    """Return the name in the window's place, one word for each of its parts."""
    elided = None if "'" in text else ELISION.match(window[0].text)
    parts = text.split()
    last = window[-1].text
    trail = last[len(last.rstrip(TRAIL)) :]
    parts[0] = (elided[0] if elided else "") + parts[0]
    parts[-1] += trail
    start, end = window[0].start, window[-1].end
    step = (end - start) / len(parts)
    sure = min(word.probability for word in window)
    return [
        replace(
            window[0],
            start=start + k * step,
            end=start + (k + 1) * step,
            text=part,
            probability=sure,
        )
        for k, part in enumerate(parts)
    ]


SPELLINGS = (
    (re.compile(r"sc(?=[ei])"), "S"),
    (re.compile(r"S(?:i)(?=[aou])"), "S"),
    (re.compile(r"gli?(?=[aeou])"), "L"),
    (re.compile(r"gli"), "Li"),
    (re.compile(r"gn"), "N"),
    (re.compile(r"c?ch"), "k"),
    (re.compile(r"g?gh"), "g"),
    (re.compile(r"c?ci(?=[aou])"), "C"),
    (re.compile(r"c?c(?=[ei])"), "C"),
    (re.compile(r"g?gi(?=[aou])"), "J"),
    (re.compile(r"g?g(?=[ei])"), "J"),
    (re.compile(r"c?q"), "k"),
    (re.compile(r"c"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"y|j"), "i"),
    (re.compile(r"w"), "v"),
    (re.compile(r"h"), ""),
    (re.compile(r"ts|tz"), "z"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=8192)
def sound(text: str) -> str:
    """Return how a word sounds in Italian, one letter a sound, double consonants single.

    >>> sound("Cecchi"), sound("Tagliabue"), sound("Gnocchi")
    ('Ceki', 'taLabue', 'Noki')
    """
    letters = re.sub(r"[^a-z]", "", plain(text))
    for pattern, letter in SPELLINGS:
        letters = pattern.sub(letter, letters)
    return letters


TERMS = {
    term: sound(term)
    for term in (*COUNCIL_WORDS, *(a + word for a in ELISIONS for word in ELIDED_WORDS))
}


@lru_cache(maxsize=65536)
def distance(one: str, two: str) -> float:
    """Return the edit distance between two sounds; near sounds (p and b) cost half."""
    if abs(len(one) - len(two)) > 4:
        return 9.0
    row = [float(k) for k in range(len(two) + 1)]
    for i, a in enumerate(one, start=1):
        above, row = row, [float(i)]
        for j, b in enumerate(two, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + _change(a, b)))
    return row[-1]


def _change(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return 0.5 if frozenset((a, b)) in NEAR_SOUNDS else 1.0
