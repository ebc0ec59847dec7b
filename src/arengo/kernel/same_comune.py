"""Triggers by which the database itself refuses rows that mix two Comuni.

Generated from the models, for SQLite and PostgreSQL, after each migrate (SQLite
drops them when a migration rebuilds a table). They see what the ORM's guard
cannot: `create`, `bulk_create`, `QuerySet.update`, and SQL by hand.

- a row may point only at rows of its own Comune;
- a row never changes Comune;
- a row of an append-only table is never updated nor deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections

from arengo.kernel.scope import ComuneModel

PREFIX = "arengo_"


@dataclass(frozen=True, slots=True)
class Rule:
    """One trigger: before `events` on `table`, refuse the row when `broken` (SQL) holds."""

    name: str
    table: str
    events: tuple[str, ...]
    broken: str


def comune_models() -> tuple[type[ComuneModel], ...]:
    """Return every model whose rows belong to a Comune."""
    return tuple(model for model in apps.get_models() if issubclass(model, ComuneModel))


def rules() -> tuple[Rule, ...]:
    """Return every trigger the present models ask for."""
    return tuple(rule for model in comune_models() for rule in _rules_of(model))


def _rules_of(model: type[ComuneModel]) -> Iterator[Rule]:
    table = model._meta.db_table
    moved = 'NEW."comune_id" <> OLD."comune_id"'
    yield Rule(f"{PREFIX}{table}_stays", table, ("UPDATE",), moved)
    if getattr(model, "append_only", False):
        yield Rule(f"{PREFIX}{table}_append_only", table, ("UPDATE", "DELETE"), "1 = 1")
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(target, type) and issubclass(target, ComuneModel):
            yield _same_comune(table, field.attname, target._meta)


def _same_comune(table: str, column: str, target: Any) -> Rule:
    owner = (  # names come from our own models
        f'(SELECT "comune_id" FROM "{target.db_table}" WHERE "{target.pk.column}" = NEW."{column}")'  # noqa: S608
    )
    broken = f'NEW."{column}" IS NOT NULL AND COALESCE({owner}, \'\') <> NEW."comune_id"'
    return Rule(f"{PREFIX}{table}_{column}", table, ("INSERT", "UPDATE"), broken)


def install_after_migrate(*, using: str, **event: Any) -> None:
    """Install the triggers anew, without those of models that are gone."""
    uninstall(using)
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for rule in rules():
            if rule.table in present:
                for statement in statements(rule, connection.vendor):
                    cursor.execute(statement)


def uninstall(using: str) -> None:
    """Drop every trigger of ours; they come back after the next migrate."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in _drops(cursor, connection.vendor):
            cursor.execute(statement)


def installed(using: str = "default") -> frozenset[str]:
    """Return the names of the triggers that the database has."""
    connection = connections[using]
    with connection.cursor() as cursor:
        return frozenset(name for name, _ in _present(cursor, connection.vendor))


def _present(cursor: Any, vendor: str) -> list[tuple[str, str]]:
    if vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid)"
        )
    return [(name, table) for name, table in cursor.fetchall() if name.startswith(PREFIX)]


def _drops(cursor: Any, vendor: str) -> list[str]:
    on_table = vendor != "sqlite"
    return [
        f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if on_table else "")
        for name, table in _present(cursor, vendor)
    ]


def statements(rule: Rule, vendor: str) -> Iterator[str]:
    """Return the SQL of one trigger."""
    if vendor == "sqlite":
        return _sqlite(rule)
    return _postgresql(rule)


def _sqlite(rule: Rule) -> Iterator[str]:
    for event in rule.events:
        name = f"{rule.name}_{event.lower()}" if len(rule.events) > 1 else rule.name
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{rule.table}" WHEN {rule.broken} '
            f"BEGIN SELECT RAISE(ABORT, '{rule.name}'); END"
        )


def _postgresql(rule: Rule) -> Iterator[str]:
    yield (
        f'CREATE OR REPLACE FUNCTION "{rule.name}"() RETURNS trigger LANGUAGE plpgsql AS $$ '
        f"BEGIN IF {rule.broken} THEN RAISE EXCEPTION '{rule.name}' USING ERRCODE = '23514'; "
        "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    yield (
        f'CREATE TRIGGER "{rule.name}" BEFORE {" OR ".join(rule.events)} ON "{rule.table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{rule.name}"()'
    )
