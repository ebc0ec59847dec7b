"""The database's address is read, or refused with the form it should have."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from arengo.kernel.database import SQLITE_OPTIONS, database
from arengo.kernel.startup import sqlite_is_tuned

DEFAULT = Path("/data/arengo.sqlite3")


def test_sqlite_is_the_default() -> None:
    found = database("", default=DEFAULT)
    assert found["NAME"] == "/data/arengo.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_sqlite_file_can_be_named() -> None:
    assert database("sqlite:////srv/a%20b.sqlite3", default=DEFAULT)["NAME"] == "//srv/a b.sqlite3"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgres://ada:s%40c@db.example:5433/arengo", ("ada", "s@c", "db.example", "5433")),
        ("postgresql://arengo@%2Ftmp%2FPG/arengo", ("arengo", "", "/tmp/PG", "")),
        ("postgres:///arengo", ("", "", "", "")),
    ],
)
def test_a_postgresql_address_is_taken_apart(url: str, parts: tuple[str, ...]) -> None:
    found = database(url, default=DEFAULT)
    assert tuple(found[name] for name in ("USER", "PASSWORD", "HOST", "PORT")) == parts
    assert found["NAME"] == "arengo"


@pytest.mark.parametrize("url", ["mysql://h/n", "postgres://host", "postgres://h:x/n", "arengo"])
def test_another_address_is_refused_with_the_right_form(url: str) -> None:
    with pytest.raises(SystemExit, match="postgres://user:password@host:port/name"):
        database(url, default=DEFAULT)


def test_the_journal_is_really_wal(db: None) -> None:
    if connection.vendor == "postgresql":
        assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)


def test_sqlite_without_immediate_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    for options, faults in (({}, 1), (SQLITE_OPTIONS, 0)):
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
        assert len(sqlite_is_tuned()) == faults
