"""Checks made before anything starts."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections


def sqlite_is_tuned(**called_with: Any) -> list[CheckMessage]:
    """Refuse SQLite without IMMEDIATE and WAL: it answers "database is locked" under load."""
    if connections["default"].vendor != "sqlite":
        return []
    options = connections["default"].settings_dict["OPTIONS"]
    tuned = options.get("transaction_mode") == "IMMEDIATE" and "journal_mode=WAL" in options.get(
        "init_command", ""
    )
    if tuned:
        return []
    return [
        Error(
            "SQLite must run with WAL and IMMEDIATE transactions",
            hint="use arengo.kernel.database.SQLITE_OPTIONS",
            id="arengo.E001",
        )
    ]
