"""The record as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Register the record."""

    name = "arengo.record"
    verbose_name = "Atti della seduta"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the sittings that are closed enter the archive."""
        from arengo.record import (
            albo_tasks,
            bulk_tasks,
            glossary,
            omission_tasks,
            public_tasks,
            second_pass,
            tasks,
        )

        tasks.connect()
        public_tasks.connect()
        albo_tasks.connect()
        bulk_tasks.connect()
        second_pass.connect()
        omission_tasks.connect()
        glossary.connect()
