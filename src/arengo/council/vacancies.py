"""Why a seat falls vacant, and how it is filled again: data with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A reason for leaving a seat; `is_filled` tells whether somebody takes it over."""

    key: str
    label: str
    text: str
    article: str
    source: str
    valid_from: date
    is_filled: bool
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filling:
    """Who takes over a vacant seat, in words, with the article."""

    text: str
    article: str
    source: str
    valid_from: date


@cache
def vacancies() -> tuple[Vacancy, ...]:
    """Return the reasons, in the order in which a page lists them."""
    return tuple(
        Vacancy(
            key=one["key"],
            label=one["label"],
            text=one["text"].format(days=one.get("days", "")),
            article=one["article"],
            source=one["source"],
            valid_from=one["valid_from"],
            is_filled=one["seat"] == "next",
            keeps=tuple(one.get("keeps", ())),
        )
        for one in _facts()["reason"]
    )


@cache
def filling() -> Filling:
    """Return who takes over a vacant seat.

    Source: TUEL (d.lgs. 267/2000) art. 45 c. 1.
    """
    return Filling(**_facts()["filling"])


@cache
def _facts() -> dict[str, Any]:
    text = resources.files("arengo.council").joinpath("data/vacancies.toml").read_text("utf-8")
    return tomllib.loads(text)
