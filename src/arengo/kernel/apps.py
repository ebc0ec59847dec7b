"""The kernel as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    """Register the kernel; after each migrate, restore triggers and the list of Comuni."""

    name = "arengo.kernel"
    verbose_name = "Fondamenta"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what must follow every migrate."""
        from arengo.kernel import comuni, same_comune, startup

        post_migrate.connect(same_comune.install_after_migrate, sender=self)
        post_migrate.connect(comuni.load_after_migrate, sender=self)
        checks.register(startup.sqlite_is_tuned, checks.Tags.database)
