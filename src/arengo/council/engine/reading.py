"""Reads plain facts (from TOML or JSON) into frozen dataclasses, and writes them back.

Whatever does not fit is refused with the key where it stands and what to write instead.
Known types: `object` (anything, read later), text, whole numbers, yes or no, dates, `Literal`, tuples of these, other dataclasses,
and tables `tuple[tuple[str, Rule], ...]`, which in a file are one section for each name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from arengo.council.engine.errors import ProfileUnusable

T = TypeVar("T")
NAMES: dict[type, str] = {
    str: "un testo fra virgolette",
    int: "un numero intero, zero o più",
    bool: "true o false",
}


def read(cls: type[T], facts: object, where: str = "") -> T:
    """Return the dataclass of a section.

    Raises
    ------
    ProfileUnusable
        A key is unknown, missing, of another type, or an article is left empty.
    """
    if not isinstance(facts, Mapping):
        raise ProfileUnusable(where or "il file", "qui serve una sezione con le sue chiavi.")
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]  # always a dataclass
    for key in facts:
        if key not in known:
            raise ProfileUnusable(
                _inside(where, str(key)), f"chiave sconosciuta: si può scrivere {_or(known)}."
            )
    hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable
    return cls(
        **{name: _field(f, hints[name], facts, _inside(where, name)) for name, f in known.items()}
    )


def plain(value: object) -> Any:
    """Return a dataclass, or a part of one, as JSON can hold it; `read` gives it back."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: getattr(value, f.name) for f in fields(value)}
        return {name: plain(one) for name, one in named.items() if one is not None}
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return {name: plain(one) for name, one in value}
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _inside(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _or(names: Any) -> str:
    listed = [f"«{name}»" for name in names]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} o {listed[-1]}"


def _field(field: Field[Any], hint: Any, facts: Mapping[str, Any], where: str) -> Any:
    if field.name not in facts:
        if field.default is not MISSING:
            return field.default
        if NoneType in get_args(hint):
            return None
        raise ProfileUnusable(where, f"manca: {_wanted(field.name, hint)}.")
    value = _value(hint, facts[field.name], where)
    if field.name == "article" and not value.strip():
        raise ProfileUnusable(
            where, "manca la citazione: scrivi la norma o l'articolo del regolamento."
        )
    return value


def _wanted(name: str, hint: Any) -> str:
    if name == "article":
        return "scrivi la norma o l'articolo del regolamento da cui viene questa regola"
    if get_origin(hint) is Literal:
        return f"scrivi {_or(get_args(hint))}"
    return f"serve {NAMES.get(hint, 'questa parte')}"


def _value(hint: Any, value: object, where: str) -> Any:
    if hint is object:
        return value
    origin = get_origin(hint)
    if origin is UnionType:
        return None if value is None else _value(get_args(hint)[0], value, where)
    if origin is tuple:
        return _tuple(get_args(hint)[0], value, where)
    if origin is Literal:
        return _one_of(get_args(hint), value, where)
    if hint is date:
        return _date(value, where)
    if is_dataclass(hint):
        return read(hint, value, where)  # type: ignore[arg-type]  # a class, by its annotation
    return _simple(hint, value, where)


def _tuple(item: Any, value: object, where: str) -> tuple[Any, ...]:
    if get_origin(item) is tuple:  # a table: one section for each name
        name, rule = get_args(item)
        return _table(name, rule, value, where)
    if not isinstance(value, list | tuple):
        raise ProfileUnusable(where, "qui serve un elenco fra parentesi quadre.")
    found = tuple(_value(item, one, where) for one in value)
    if not is_dataclass(item) and len(set(found)) != len(found):
        raise ProfileUnusable(where, "una voce è ripetuta: lasciane una sola.")
    return found


def _table(name: Any, rule: Any, value: object, where: str) -> tuple[tuple[Any, Any], ...]:
    if not isinstance(value, Mapping):
        raise ProfileUnusable(where, "qui serve una sezione per ogni nome.")
    places = {key: _inside(where, str(key)) for key in value}
    return tuple(
        (_value(name, key, places[key]), _value(rule, one, places[key]))
        for key, one in value.items()
    )


def _one_of(choices: tuple[Any, ...], value: object, where: str) -> Any:
    if value not in choices or not isinstance(value, str):
        raise ProfileUnusable(where, f"«{value}» non è previsto: scrivi {_or(choices)}.")
    return value


def _date(value: object, where: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]  # another type is refused below
    except (TypeError, ValueError):
        raise ProfileUnusable(
            where, f"«{value}» non è una data: scrivi anno-mese-giorno, per esempio 2024-06-10."
        ) from None


def _simple(hint: type, value: object, where: str) -> Any:
    if type(value) is not hint or (isinstance(value, int) and value < 0):
        raise ProfileUnusable(where, f"«{value}» non va bene: serve {NAMES[hint]}.")
    return value
