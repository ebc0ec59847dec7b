"""Rule profiles that come with Arengo, and those read from a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from arengo.council.engine.errors import ProfileUnusable
from arengo.council.engine.profile import Profile, profile_facts, read_profile


class ProfileUnreadable(ProfileUnusable):
    """Refuse a profile that is not there, or is not a file of the right kind."""

    code = "profile_unreadable"


DATA = files("arengo.council.engine") / "data"
CHAIR_WITH_PRESIDENT = '"president", "vice_president", "eldest"'
CHAIR_OF_MAYOR = '"mayor", "vice_mayor", "eldest"'
# law: TUEL art. 39 c. 1, up to 15,000 inhabitants the mayor presides unless the statute says
# otherwise; the class from 10,000 to 30,000 has both, and starts with a president.
CHAIR_ORDERS = {10: CHAIR_OF_MAYOR, 12: CHAIR_OF_MAYOR}


def ready_profiles() -> dict[str, Profile]:
    """Return one profile for each class of population, by name ("consiglio-16"), smallest first."""
    return {name: _ready(name) for name in _classes()}


def profile_text(name: str) -> str:
    """Return a ready profile as the text of a TOML file, to start one's own from.

    Raises
    ------
    ProfileUnusable
        There is no ready profile of that name.
    """
    row = _classes().get(name)
    if row is None:
        raise ProfileUnreadable(
            name, f"non è un profilo pronto: scegli fra {', '.join(_classes())}."
        )
    text = (DATA / "profile_template.toml").read_text(encoding="utf-8")
    up_to = row.get("up_to")
    return Template(text).substitute(
        name=f"Regole di partenza: {_class_words(row)}",
        valid_from=row["valid_from"],
        assigned=row["assigned"],
        source=row["source"],
        over=row["over"],
        up_to_line="# senza limite superiore" if up_to is None else f"up_to = {up_to}",
        chair_order=CHAIR_ORDERS.get(row["assigned"], CHAIR_WITH_PRESIDENT),
    )


def profile_for(population: int, *, is_provincial_capital: bool = False) -> Profile:
    """Return the ready profile of a Comune with these inhabitants.

    Raises
    ------
    ProfileUnusable
        The population is not above zero.
    """
    return _ready(class_for(population, is_provincial_capital))


def class_for(population: int, is_provincial_capital: bool = False) -> str:
    """Return the name of the class of population.

    A provincial capital has at least the council of the class above 100,000 inhabitants.
    Source: TUEL art. 37 c. 1 lett. d.
    """
    # law: TUEL art. 37 c. 1 lett. d
    least = _classes()["consiglio-32"]["over"] + 1 if is_provincial_capital else 1
    for name, row in _classes().items():
        if (
            row["over"]
            < (max(population, least) if population > 0 else 0)
            <= row.get("up_to", population)
        ):
            return name
    raise ProfileUnusable("population", "scrivi quanti abitanti ha il Comune, più di zero.")


def load_profile(given: str) -> Profile:
    """Return the profile of a TOML file, or the ready one of that name.

    Raises
    ------
    ProfileUnusable
        The file is not there, not readable, not TOML, or not a sound profile.
    """
    if given in _classes():
        return _ready(given)
    if not given.endswith(".toml"):
        raise ProfileUnreadable(
            given,
            f"non è un profilo pronto né un file .toml. Pronti: {', '.join(_classes())}.",
        )
    return read_profile(_facts(Path(given)))


def _facts(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProfileUnreadable(str(path), f"non si legge: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileUnreadable(str(path), f"non è un file TOML valido: {error}.") from error


@cache
def _ready(name: str) -> Profile:
    return read_profile(tomllib.loads(profile_text(name)))


@cache
def _classes() -> dict[str, Mapping[str, Any]]:
    facts = tomllib.loads((DATA / "population_classes.toml").read_text(encoding="utf-8"))
    return {row["key"]: row for row in facts["classes"]}


def _class_words(row: Mapping[str, Any]) -> str:
    council = f"Consiglio di {row['assigned']} membri e il Sindaco"
    over, least, up_to = (
        f"{n:,}".replace(",", ".") for n in (row["over"], row["over"] + 1, row.get("up_to", 0))
    )
    if not row["over"]:
        return f"{council}, fino a {up_to} abitanti"
    if "up_to" not in row:
        return f"{council}, oltre {over} abitanti"
    return f"{council}, da {least} a {up_to} abitanti"


def profile_of_case(case: Mapping[str, Any]) -> Profile:
    """Return the profile a case names: a ready one, one with changes, or one written out.

    Changes are keys with dots, such as "counting.abstained_vote"; null takes a key away.

    Raises
    ------
    ProfileUnusable
        There is none, its name is unknown, or it is not sound.
    """
    given = case.get("profile")
    if isinstance(given, str):
        return load_profile(given)
    if not isinstance(given, Mapping):
        raise ProfileUnreadable("profile", "il caso non dice con quale profilo va provato.")
    if "from" not in given:
        return read_profile(given)
    facts = profile_facts(load_profile(str(given["from"])))
    changes = given.get("changes", {})
    if not isinstance(changes, Mapping):
        raise ProfileUnreadable("profile.changes", "scrivi le chiavi da cambiare e i loro valori.")
    for key, value in changes.items():
        _change(facts, str(key).split("."), value)
    return read_profile(facts)


def _change(facts: dict[str, Any], path: list[str], value: object) -> None:
    *sections, key = path
    for section in sections:
        inner = facts.setdefault(section, {})
        if not isinstance(inner, dict):
            raise ProfileUnreadable(".".join(path), "questa chiave non è una sezione.")
        facts = inner
    if value is None:
        facts.pop(key, None)
    else:
        facts[key] = value
