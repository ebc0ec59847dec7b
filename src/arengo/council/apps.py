"""The council as a Django app."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Register the council."""

    name = "arengo.council"
    verbose_name = "Consiglio"
    default_auto_field = "django.db.models.BigAutoField"
