"""The journal of a sitting as stored: one row an event, chained, never changed nor deleted."""

from __future__ import annotations

from django.db import models

from arengo.council.models.people import Person
from arengo.council.models.sitting import Sitting
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel


class JournalEntry(ComuneModel):
    """An event of a sitting; triggers refuse to change or delete one.

    `body` is the event's canonical JSON, `sha256` closes the row over `previous`
    (`arengo.council.engine.chain.link`). `command` is the key that a screen gave to what it
    asked for, so that asking twice writes once.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    body = models.TextField()
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    command = models.CharField(max_length=40, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "seq"], name="council_journal_seq"
            ),
            models.UniqueConstraint(
                fields=["comune", "sitting", "command"],
                condition=~models.Q(command=""),
                name="council_journal_command",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Device(ComuneModel):
    """When a councillor's page was last heard from, and which one it is: not part of the record."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    device = models.CharField(max_length=40)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "person", "device"], name="council_device_one"
            ),
        )

    def __str__(self) -> str:
        return self.device
