"""Arengo's own templates, shipped as files: they word the documents as the engine does."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def own_template(kind: str) -> str:
    """Return the template of a kind of document that every Comune begins with."""
    return (files("arengo.record") / "data" / f"{kind}.txt").read_text(encoding="utf-8")
