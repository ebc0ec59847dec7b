"""Profiles for the tests: a ready one, with changes written as keys with dots."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

from arengo.council.engine.profile import Profile, read_profile
from arengo.council.profiles import profile_text

FACTS: dict[str, Any] = tomllib.loads(profile_text("consiglio-16"))


def facts_with(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of the council of 16 with changes; None takes a key away."""
    facts = copy.deepcopy(FACTS)
    for key, value in changes.items():
        *sections, last = key.split(".")
        place = facts
        for section in sections:
            place = place.setdefault(section, {})
        if value is None:
            place.pop(last)
        else:
            place[last] = value
    return facts


def profile_with(changes: dict[str, Any] | None = None) -> Profile:
    return read_profile(facts_with(changes or {}))
