"""The law of publication that comes with Arengo."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from arengo.council.engine.publication_terms import PublicationLaw, read_law


@cache
def publication_law() -> PublicationLaw:
    """Return what `engine/data/publication.toml` says."""
    path = files("arengo.council.engine") / "data" / "publication.toml"
    return read_law(tomllib.loads(path.read_text(encoding="utf-8")))
