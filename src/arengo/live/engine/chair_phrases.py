"""The phrases by which a chair gives the floor, takes it back and runs a sitting, as heard.

Patterns are matched on one sentence written as plain words with a space between (no accents,
no punctuation, no elided articles) in which people stand as one sign each:

====  ==================================================================================
`@`   a person named with a title or a first name ("la consigliera Brambilla")
`%`   a bare surname ("Brambilla")
`&`   an office that one person holds ("la sindaca")
`?`   a title whose name is not understood or not on the roll ("il consigliere Xyz")
====  ==================================================================================

Recognition errors that were seen in real captions are in the patterns themselves ("alla
parola" for "ha la parola"); others are mended by `mended`, against `KEYWORDS`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from arengo.live.engine.names import distance, sound

WHO = r"(?P<who>[@%&?])"
HELD = r"(?P<who>[@&])"
VERBS = "interroga|interpella|illustra|relaziona|espone|interviene|presenta|risponde|replica"

LEANING = (
    r"( (a|ad|al|alla|allo|il|la|lo|l|per|ora|adesso|quindi|anche|subito|di|dichiarazione|voto"
    r"|replica|nuovo))*"
)
AFTER = r"( [^\s@%&?]+)"  # any word that is no person

# A person gets the floor, whoever spoke before.
HANDS_OVER = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!preso )(?<!avuto )(?<!tolto )\b(la|alla) parola{LEANING} {WHO}",
        rf"\b\w*laparola{LEANING} {WHO}",
        rf"\bper( la)?( sua)? dichiarazione di voto{AFTER}{{0,6}} {WHO}",
        rf"^per( la)? (replica|risposta|fatto personale){LEANING} {WHO}",
        rf"\b(chiede|chiesto) di (intervenire|parlare|replicare){LEANING} {WHO}",
        r"(?P<who>[@%]) (ha|a) chiesto (la parola|di intervenire)\b",
        rf"\bprego{LEANING} {WHO}",
        r"(?P<who>[@%&?]) prego\b",
        rf"\btocca{LEANING} {WHO}",
    )
)
# The same, but a member says such things of others too: only where nobody else has the floor.
HANDS_OVER_WEAKLY = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(la|alla) parola(?! (data|presa|detta|tolta)){AFTER}{{0,4}} {WHO}",
        rf"\b({VERBS}|riferisce){AFTER}{{0,3}} {HELD}",
        rf"^relazione{AFTER}{{0,2}} {HELD}",
        rf"{HELD} ({VERBS})\b",
        r"^(?P<who>@)$",
        rf"(?P<who>[@&]){AFTER}{{0,3}} (per|con) (l )?appello\b",
    )
)
YIELDS = re.compile(r"\b(lascio|cedo|passo) la parola\b")  # a member may say it as well
ASKS_BACK = re.compile(
    r"(?P<who>[@&]) ((si (ritiene|dichiara)|e|ha) )?(soddisfatt[oa]|vuole|intende|desidera)"
    r"( (della|dalla|per la) risposta)?"
)
CHAIR_SAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bdi ?chiaro (aperta|chiusa|valida|sospesa|tolta)\b",
        r"\bseduta e? ?(aperta|chiusa|sospesa|tolta)\b",
        r"\b(metto|mettiamo|pongo|poniamo) (in|ai) vot",
        r"^(ora )?chi e (favorevole|contrario|astenuto)\b",
        r"^(favorevoli|contrari|astenuti)( (favorevoli|contrari|astenuti))*$",
        r"\bproclamo\b",
        r"\b(primo|secondo|terzo|quarto|quinto|prossimo|ultimo|ulteriore) punto( \S+){0,2} ordine del",
        r"\bpassiamo( \S+){0,3} (interrogazioni|interpellanze|mozioni|punto|votazione|voto|appello)\b",
        r"\b(apro|chiudo) la discussione\b",
        r"\baperta la discussione\b",
        r"\b(non essendoci|se non ci sono) altr[ie]\b",
        r"\bci sono (altri )?(interventi|dichiarazioni)\b",
        r"\bche alzi la mano\b",
    )
)
CHAIR_MAY_SAY = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bil consiglio (approva|respinge)\b",
        r"\balzi ?la mano\b",
        r"\bpunto( numero)? \S+ (all )?ordine del giorno\b",
        r"\bvotiamo\b",
        r"\bpassiamo\b",
    )
)
THANKS = re.compile(r"^(\S+ )?grazie( (a|al|alla|molte|mille))? (?P<who>[@%&?])")
TO_THE_CHAIR = re.compile(r"^(molte )?(grazie )?(signora? )?(?P<who>presidente|&|@)\b")
GOES_ON = re.compile(r"^(prego|(h?a|avete) (\S+ )?minut)")
ASKS_OF = re.compile(r"\b(chiedo|domando|chiediamo)( [^\s@%&?]+){0,3} (?P<who>[@])")
CALLS_ROLL = re.compile(r"\bprocedo( con| al)? (l )?appello\b")
ROLL_CALL = re.compile(r"\bappello\b")

KEYWORDS = str.split(
    "parola relaziona illustra interroga interpella dichiarazione votazione proclamo discussione "
    "soddisfatta soddisfatto appello presente favorevole favorevoli contrario contraria contrari "
    "astenuto astenuta astenuti assente interrogazioni grazie prego seduta"
)
_SOUNDS = tuple((word, sound(word)) for word in KEYWORDS)
SHARE = 0.16  # of a keyword's sounds may be wrong, in a word that is not Italian
ANSWERS = frozenset(
    str.split("presente favorevole contrario contraria astenuto astenuta si no eccomi")
)
LIKE_ANSWERS = frozenset(("presenti", "presidente", "presenta"))  # right after a name


def mended(text: str, known: Collection[str] = ()) -> str:
    """Return the keyword that a plain word which is not Italian sounds like, or the word itself.

    >>> mended("interloga")
    'interroga'
    """
    if len(text) < 5 or text in known or text in KEYWORDS:
        return text
    said = sound(text)
    cost, word, size = min((distance(said, key), word, len(key)) for word, key in _SOUNDS)
    return word if cost <= SHARE * size else text
