"""Italian words as an index keeps them: folded forms and stems.

«Perché», «perche'» and «PERCHÉ» are one form; «dell'edilizia» is two, of which only the second
has a stem worth looking for. Accents go before stemming, because people leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.italian_stemmer import ItalianStemmer

LONGEST_FORM = 64
APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʹ′`´", "'"))
COMBINING = "\u0300-\u036f"
# An acronym with its dots («P.G.T.» is «pgt»), or letters and figures with their accents.
WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?|(?:[^\W_]|[{COMBINING}])+")
ELIDED = frozenset(
    str.split("l un dell nell all dall sull coll d c n m t s v quest quell bell anch sant gl")
)
# Words of grammar: so common that they tell nothing, and kept in exact phrases only.
STOP = ELIDED - {"sant", "bell"} | frozenset(
    str.split("""a ad al allo alla ai agli alle con col da dal dallo dalla dai dagli dalle di del dello
    della dei degli delle in nel nello nella nei negli nelle su sul sullo sulla sui sugli sulle per
    tra fra il lo la i gli le uno una e ed o od ma se che chi cui non ne ci vi si mi ti li io tu
    lui lei noi voi loro questo questa questi queste quello quella quelli quelle come dove quando
    anche piu perche quindi allora poi gia cosi molto suo sua suoi sue nostro nostra ha ho hanno
    abbiamo avete sono sia siamo siete era erano essere stato stata stati state fa fare""")
)
# The algorithm takes some nouns for verbs: «delibere» like «scrivere», «telefono» like «dicono».
# Their other number is not mistaken, and stands for both.
OTHER_NUMBER = {
    "anziano": "anziani", "benefici": "beneficio", "buche": "buca", "buchi": "buco",
    "camere": "camera", "chiavi": "chiave", "commerci": "commercio", "comparti": "comparto",
    "coperti": "coperto", "delibere": "delibera", "deserti": "deserto", "diversi": "diverso",
    "edifici": "edificio", "esercizi": "esercizio", "imprevisti": "imprevisto", "intere": "intera",
    "lettere": "lettera", "libere": "libera", "lontano": "lontani", "microfono": "microfoni",
    "monete": "moneta", "obbligatori": "obbligatorio", "opere": "opera", "paghe": "paga",
    "pareti": "parete", "primavere": "primavera", "quotidiano": "quotidiani",
    "ribassi": "ribasso", "richiamo": "richiami", "risparmi": "risparmio", "scoperti": "scoperto",
    "sottopassi": "sottopasso", "stipendi": "stipendio", "telecamere": "telecamera",
    "telefono": "telefoni", "tessere": "tessera",
}  # fmt: skip
LIKE_INFINITIVES = frozenset(
    str.split("""alimentare altare alveare cadavere carattere carcere cellulare cenere circolare
    consiliare domiciliare dovere elementare esemplare familiare genere immobiliare martire militare
    mobiliare nucleare parere particolare pendolare piacere polvere popolare potere regolare scolare
    secolare similare singolare solare titolare veicolare""")
)
# «Consigliere» and «cantiere» are not infinitives either, nor is «consigliere» a «consiglio».
OF_TRADE = re.compile(r"(.+(?:ier|gner))[aei]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its folded form, and where it stands in the text as given."""

    form: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return letters and figures in lower case, without accents; the rest is left out.

    >>> fold("Perché")
    'perche'
    """
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in spread if one.isalnum())[:LONGEST_FORM]


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text, elided articles too («dell'aula»: «dell», «aula»)."""
    for found in WORD.finditer(text.translate(APOSTROPHES)):
        form = _folded(found.group())
        if form:
            yield Token(form, found.start(), found.end())


def forms(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, in order."""
    found = WORD.findall(text.translate(APOSTROPHES))
    return tuple(form for form in map(_folded, found) if form)


@lru_cache(maxsize=2**17)
def stem(form: str) -> str:
    """Return what the inflections of a folded word share.

    >>> stem("edilizia"), stem("consiglieri")
    ('ediliz', 'consiglier')

    References
    ----------
    M. F. Porter, "Snowball: a language for stemming algorithms" (2001); its Italian algorithm.
    """
    form = OTHER_NUMBER.get(form, form)
    if form in LIKE_INFINITIVES or OF_TRADE.fullmatch(form):
        return form[:-1]
    # A stemmer keeps the word it is at, so threads cannot share one.
    found = str(ItalianStemmer().stemWord(form))
    # It leaves short words whole («atto», «atti») and an i before an o («operaio», «operai»).
    is_whole = found == form and form.endswith(("a", "e", "o"))
    return found[:-1] if len(found) > 2 and (is_whole or found.endswith("i")) else found


def name_forms(names: Iterable[str]) -> frozenset[str]:
    """Return the words of names on the roll that are looked for as they are, never by stem."""
    return frozenset(form for name in names for form in forms(name) if form not in STOP)


# A sitting says some three thousand different words, thirty thousand times.
_folded = lru_cache(maxsize=2**17)(fold)
