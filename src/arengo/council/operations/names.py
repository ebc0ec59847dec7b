"""How people are written, and homonyms told apart."""

from __future__ import annotations

from arengo.council.errors import HomonymKnown, NameMissing
from arengo.council.models import Person
from arengo.council.register import name_key
from arengo.kernel.models import Comune


def new_person(
    comune: Comune, given_name: str, family_name: str, distinction: str = "", email: str = ""
) -> Person:
    """Write a person, or refuse a homonym; part of an operation, never one alone."""
    given, family, told_apart = names = spaced(given_name, family_name, distinction)
    refuse_homonym(names)
    return Person.objects.create(
        comune=comune,
        given_name=given,
        family_name=family,
        distinction=told_apart,
        email=email.strip(),
    )


def spaced(given_name: str, family_name: str, distinction: str) -> tuple[str, str, str]:
    """Return the three with single spaces, or raise `NameMissing`."""
    given, family, told = (
        " ".join(text.split()) for text in (given_name, family_name, distinction)
    )
    if not family:
        raise NameMissing
    return given, family, told


def refuse_homonym(names: tuple[str, str, str], but: Person | None = None) -> None:
    """Refuse the name of another person unless a distinction of its own tells them apart."""
    given, family, told_apart = names
    key = name_key(given, family)
    for other in Person.objects.order_by("id"):
        is_same = other != but and name_key(other.given_name, other.family_name) == key
        if is_same and told_apart.casefold() in ("", other.distinction.casefold()):
            raise HomonymKnown(name=other.full_name)
