"""How people are named in the record: with their office, and in its gender.

Whether somebody is «la consigliera» or «il consigliere» is read from the office's own label, as
the Comune wrote it. Where a label does not tell («Presidente del Consiglio comunale», or none)
the record says the name first and the office in brackets, and chooses words without gender.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from arengo.council.engine.events import Member
from arengo.council.engine.state import State
from arengo.council.engine.words import joined

Gender = Literal["f", "m", ""]
Forms = tuple[str, str, str, str]  # masculine, feminine, then the two plurals
FEMININE = frozenset(
    ["consigliera", "sindaca", "vicesindaca", "prosindaca", "assessora", "segretaria",
     "vicesegretaria", "presidentessa", "delegata"]
)  # fmt: skip
MASCULINE = frozenset(
    ["consigliere", "sindaco", "vicesindaco", "prosindaco", "assessore", "segretario",
     "vicesegretario", "delegato"]
)  # fmt: skip
ARTICLES: dict[str, dict[Gender, str]] = {
    "": {"m": "il ", "f": "la "},
    "di": {"m": "del ", "f": "della "},
    "a": {"m": "al ", "f": "alla "},
    "da": {"m": "dal ", "f": "dalla "},
}
ELIDED = {"": "l'", "di": "dell'", "a": "all'", "da": "dall'"}
VOWELS = tuple("aeiouàèéìòù")
UNKNOWN_VOICE = "voce non identificata"


def gender(office: str) -> Gender:
    """Return the gender of an office's label: "f", "m", or "" where it does not tell."""
    first = office.strip().lower().split(" ", 1)[0]
    if first in FEMININE:
        return "f"
    return "m" if first in MASCULINE else ""


def called(member: Member, preposition: str = "") -> str:
    """Return «la consigliera Lucia Brambilla», «dell'assessore Giorgio Pozzoli».

    `preposition` is "", "di", "a" or "da". Without a gender: «di Ambrogio Colnaghi (Presidente
    del Consiglio comunale)».
    """
    which = gender(member.office)
    if not which:
        office = f" ({member.office.strip()})" if member.office.strip() else ""
        return f"{preposition} {member.name}{office}".strip()
    office = member.office.strip()
    office = office[0].lower() + office[1:]
    article = ELIDED[preposition] if office.startswith(VOWELS) else ARTICLES[preposition][which]
    return f"{article}{office} {member.name}"


def named(state: State, member: str, preposition: str = "") -> str:
    """Return how the record calls a member by id; who is not of the council keeps the name."""
    found = state.members.get(member)
    if found:
        return called(found, preposition)
    return f"{preposition} {member or UNKNOWN_VOICE}".strip()


def listed(state: State, members: Iterable[str]) -> str:
    """Return the names of members one after the other, «nessuno» for none."""
    names = [bare(state, one) for one in members]
    return joined(names) if names else "nessuno"


def bare(state: State, member: str) -> str:
    """Return a member's name alone."""
    found = state.members.get(member)
    return found.name if found else member


def agreed(state: State, members: Sequence[str], forms: Forms) -> str:
    """Return the form of a word that agrees with people.

    Feminine where every office says so; otherwise masculine, as in the law's own Italian.
    """
    offices = [state.members[m].office for m in members if m in state.members]
    is_feminine = bool(offices) and all(gender(office) == "f" for office in offices)
    return forms[(0 if len(members) == 1 else 2) + is_feminine]
