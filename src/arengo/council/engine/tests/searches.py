"""A few utterances, and what must be found in them on either database."""

from __future__ import annotations

from arengo.council.engine.italian import name_forms
from arengo.council.engine.search import Utterance

ROLL = name_forms(["Anna De Santis", "Carlo Rossi", "Lucia Conti", "Mario D'Angelo"])
SAID = {
    1: Utterance("Parliamo dell'edilizia scolastica in via Sempione", "Anna De Santis", "1", "Scuole", ("approved", "favour")),
    2: Utterance("Perché la città non ha approvato i pareri?", "Carlo Rossi", "2", "Bilancio consuntivo", ("rejected", "against")),
    3: Utterance("Le delibere dei consiglieri, e gli atti degli uffici", "Lucia Conti", "2", "Bilancio consuntivo", ("rejected", "abstained")),
    4: Utterance("Il piano di governo del territorio, cioè il P.G.T., costa 412.000 euro", "Anna De Santis", "3", "Urbanistica"),
    5: Utterance("Il signor Rossi ha un cappotto rosso e i conti in ordine", "Mario D’Angelo", "3", "Urbanistica"),
    6: Utterance("DELL’AULA NON SI PARLA, IL GOVERNO DEL PIANO SÌ", "Carlo Rossi", "3/A", "Programma 2027"),
}  # fmt: skip

WORDS_FOUND = [
    ("edilizia", [1]),
    ("l'edilizia", [1]),
    ("dell’edilizia", [1]),
    ("EDILIZIE scolastiche", [1]),
    ("edilizia bilancio", []),
    ("perché", [2]),
    ("perche'", [2]),
    ("PERCHE", [2]),
    ("citta", [2]),
    ("citta'", [2]),
    ("approvazione", [2]),
    ("parere", [2]),
    ("delibera", [3]),
    ("consigliere", [3]),
    ("atto ufficio", [3]),
    ("consiglio", []),
    ("pgt", [4]),
    ("P.G.T.", [4]),
    ("412.000", [4]),
    ('"piano di governo"', [4]),
    ("«governo del piano»", [6]),
    ("piano governo", [4, 6]),
    ('"piani di governo"', []),
    ("aula", [6]),
    ("non", [2, 6]),
    ("non aula", [6]),
    ('"via Sempione"', [1]),
    ('"via sempione', [1]),
    ("Rossi", [5]),
    ("rosso", [5]),
    ("conti", [5]),
    ("D'Angelo", []),
]
FILTERS_FOUND = [
    ("persona:rossi", [2, 6]),
    ("persona: Rossi", [2, 6]),
    ('persona:"Anna De Santis"', [1, 4]),
    ('persona:"de santis" piano', [4]),
    ("persona:d'angelo", [5]),
    ("persona:rossi persona:conti", [2, 3, 6]),
    ("persona:sempione", []),
    ("punto:2", [2, 3]),
    ("punto:bilanci", [2, 3]),
    ('punto:"bilancio consuntivo" delibera', [3]),
    ("punto:1 punto:2", [1, 2, 3]),
    ("punto:3", [4, 5]),
    ("punto:3a", [6]),
    ('punto:"3 A"', [6]),
    ("punto:2027", [6]),
    ('punto:"2027 programmi"', [6]),
    ("voto:respinta", [2, 3]),
    ("voto:respinto voto:astenuta", [3]),
    ("voto:contrario persona:Rossi", [2]),
    ("voto:contrario persona:Conti", []),
    ("VOTO:Favorevole", [1]),
]
HOSTILE = (
    *("' OR 1=1", "' OR 1=1 --", '"; DROP TABLE words; --', "NEAR(a b, 3)", "a AND b OR NOT c"),
    *("tokens:piano", "^piano", "piano*", "{a b}:c", "(piano", "piano)", "- piano", '"a" + "b"'),
    *("p_rossi", "=piano", "v_against", "a\x00b", "\ud800 piano", "piano & !'x' | <->", "\\' :*A"),
    *(
        "persona:' OR 1=1",
        'persona:"x" OR "y',
        "punto:3)",
        "ﬁne ½ Ⅷ ß İ",
        "😀 piano",
        "👨‍👩‍👧",
        "कि",
        "市議会",
    ),
)
