"""The live sitting as a Django app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Register the live room's stored part."""

    name = "arengo.live"
    verbose_name = "Diretta"
    default_auto_field = "django.db.models.BigAutoField"
