"""The live sitting as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Register the live room's stored part, and carry the chamber's news to the studio."""

    name = "arengo.live"
    verbose_name = "Diretta"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the council; give it the ballot box."""
        from arengo.live import chamber

        chamber.connect()
