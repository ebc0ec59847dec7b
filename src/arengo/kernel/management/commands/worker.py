"""Run jobs, and see to those whose worker died."""

from __future__ import annotations

import logging
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from arengo.kernel import jobs

TENDED_EVERY_S = jobs.LEASE.total_seconds() / 3

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Work until told to stop; several workers may run at once."""

    help = "Esegue i lavori in coda / Run queued jobs"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let a caller empty the queue and leave."""
        parser.add_argument("--batch", action="store_true", help="leave when the queue is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work in the main thread, tend in another."""
        stopped = threading.Event()
        threading.Thread(target=tend, args=(stopped,), name="tend", daemon=True).start()
        try:
            call_command(
                "db_worker",
                batch=options["batch"],
                reload=False,
                startup_delay=False,
                verbosity=options["verbosity"],
            )
        finally:
            stopped.set()


def tend(stopped: threading.Event) -> None:
    """Renew this process's leases, sweep and purge, three times a lease."""
    while True:
        try:
            jobs.renew_leases()
            jobs.sweep()
            jobs.purge()
            jobs.tended.send(None)
        except Exception:
            log.exception("jobs could not be tended; trying again")
        finally:
            close_old_connections()
        if stopped.wait(TENDED_EVERY_S):
            return
