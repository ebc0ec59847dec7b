"""Words heard to sentences in which people are found: what the chair's phrases are read in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from arengo.live.engine.captions import ends_sentence, leans_on_next
from arengo.live.engine.chair_phrases import mended
from arengo.live.engine.names import TITLES, Roll, bare
from arengo.live.engine.words import Word, plain

APART_S = 0.5  # a silence that parts two sentences, unless the first leans on the second
LONGEST_WORD_S = 4.0
WINDOW = 4  # a title and the words among which its name is looked for
OFFICES = frozenset(str.split("sindaco sindaca vicesindaco vicesindaca segretario segretaria"))
CHARGED = frozenset(("assessore", "assessora"))
LINKS = frozenset(("al", "alla", "alle", "ai", "allo"))
LONGEST_CHARGE = 5
CALLED = TITLES - {"consiglieri", "assessori", "signori"}


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person who may speak: `id` as the journal has it, the full name, the office if any."""

    id: str
    name: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as phrases see it, or a person as one sign with the `member` meant, if known."""

    text: str
    start: float
    end: float
    member: str | None = None


class People:
    """Who may be named in a sitting, and by which words."""

    def __init__(self, attendees: Sequence[Attendee], known: Collection[str] = ()) -> None:
        """Take those who may speak, and ordinary words as `Roll` does."""
        self.known = known
        self.roll = Roll([attendee.name for attendee in attendees], known)
        self._surnames: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for attendee, person in zip(attendees, self.roll.people, strict=False):
            key = tuple(plain(bare(part)) for part in person.surname.split())
            self._surnames.setdefault(key, []).append((attendee.id, plain(person.first)))
        self._longest = max(map(len, self._surnames), default=0)
        self._offices = _holders(attendees)

    def tokens(self, words: Sequence[Word], *, has_titles: bool = True) -> tuple[Token, ...]:
        """Return the sentence with its names repaired and each person as one sign.

        Without `has_titles` a title is a word by itself: in a roll call "Presidente Rossi" is a
        "presente" misheard and the next name.
        """
        words = self._named(words) if has_titles else self._called(words)
        out: list[Token] = []
        k = 0
        while k < len(words):
            found = self._name_at(words, k)
            if found:
                count, ids = found
                self._add_person(out, words[k : k + count], ids, has_titles=has_titles)
                k += count
            else:
                out.append(self._word(words[k]))
                k += 1
        return tuple(self._offices_in(out)) if has_titles else tuple(out)

    def _named(self, words: Sequence[Word]) -> Sequence[Word]:
        """Repair the name after each title, where it is not on the roll as it stands."""
        out: list[Word] = []
        k = 0
        while k < len(words):
            window = words[k : k + WINDOW]
            if plain(bare(window[0].text)) not in CALLED or self._has_name(window):
                out.append(window[0])
                k += 1
            else:
                out += self.roll.repair(window)
                k += len(window)
        return out

    def _called(self, words: Sequence[Word]) -> Sequence[Word]:
        """Repair a sentence of the roll call that has words which are no names and not Italian."""
        is_clear = all(
            plain(bare(word.text)) in self.known or self._name_at(words, k)
            for k, word in enumerate(words)
        )
        return words if is_clear else self.roll.repair(words)

    def _has_name(self, window: Sequence[Word]) -> bool:
        return any(self._name_at(window, k) for k in range(1, len(window)))

    def _word(self, word: Word) -> Token:
        return Token(mended(plain(bare(word.text)), self.known), word.start, word.end)

    def _name_at(self, words: Sequence[Word], k: int) -> tuple[int, list[tuple[str, str]]] | None:
        """Return how many words the surname that begins at `k` has, and whose it may be."""
        if not bare(words[k].text)[:1].isupper():
            return None
        for count in range(min(self._longest, len(words) - k), 0, -1):
            key = tuple(plain(bare(word.text)) for word in words[k : k + count])
            if key in self._surnames:
                return count, self._surnames[key]
        return None

    def _add_person(
        self,
        out: list[Token],
        words: Sequence[Word],
        ids: list[tuple[str, str]],
        *,
        has_titles: bool,
    ) -> None:
        """Append the person, taking in the titles and the first name that stand before."""
        end, sign, start = words[-1].end, "%", words[0].start
        if has_titles:
            _drop_charge(out)
        firsts = {first for _, first in ids}
        while has_titles and out and (out[-1].text in CALLED or out[-1].text in firsts):
            taken = out.pop()
            start, sign = taken.start, "@"
            ids = [pair for pair in ids if pair[1] == taken.text] if taken.text in firsts else ids
        member = ids[0][0] if len(ids) == 1 else None
        out.append(Token(sign if member else "?", start, end, member))

    def _offices_in(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """Write an office held by one person, and a title without a name, as signs."""
        for token in tokens:
            if token.text in OFFICES and self._offices.get(token.text[:-1]):
                yield Token("&", token.start, token.end, self._offices[token.text[:-1]])
            elif token.text in CALLED - {"presidente"}:
                yield Token("?", token.start, token.end)
            else:
                yield token


def _holders(attendees: Sequence[Attendee]) -> dict[str, str]:
    """Return who holds each office, by its stem; nobody where two do."""
    held: dict[str, list[str]] = {}
    for attendee in attendees:
        for word in {plain(part)[:-1] for part in attendee.office.split()[:1]}:
            held.setdefault(word, []).append(attendee.id)
    return {word: ids[0] for word, ids in held.items() if len(ids) == 1}


def _drop_charge(out: list[Token]) -> None:
    """Take away what stands between a title and a name: "assessora *all'ambiente* Sangalli"."""
    for k in range(2, min(LONGEST_CHARGE, len(out)) + 1):
        if out[-k].text in CHARGED:
            if k == 2 or out[1 - k].text in LINKS:
                del out[1 - k :]
            return


def cut(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Yield the sentences; whether two words belong together depends on the two alone."""
    sentence: list[Word] = []
    for word in words:
        if sentence and _parts(sentence[-1], word):
            yield tuple(sentence)
            sentence = []
        sentence.append(word)
    if sentence:
        yield tuple(sentence)


def _parts(before: Word, after: Word) -> bool:
    """Tell whether a sentence ends between two words; a new speaker often begins with thanks."""
    if ends_sentence(before) or plain(after.text) == "grazie":
        return True
    if after.text.startswith("Presidente") and not _goes_with(before):
        return True
    return after.start - before.end >= APART_S and not leans_on_next(before.text)


def _goes_with(before: Word) -> bool:
    """Tell whether "Presidente" after this word is no new beginning."""
    said = plain(before.text)
    return leans_on_next(before.text) or said in TITLES or said in ("grazie", "vice")


def usable(words: Sequence[Word]) -> list[Word]:
    """Return the words whose times are times and that have letters, in order."""
    kept = (w for w in words if isfinite(w.start) and isfinite(w.end) and w.end >= w.start >= 0)
    short = (replace(w, end=min(w.end, w.start + LONGEST_WORD_S)) for w in kept if plain(w.text))
    return sorted(short, key=order)


def order(word: Word) -> tuple[float, float, str]:
    """Return what words are sorted by."""
    return word.start, word.end, word.text
