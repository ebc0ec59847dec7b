"""The notice that convenes a sitting, and who received it."""

from __future__ import annotations

from django.db import models

from arengo.council.models.people import Person
from arengo.council.models.sitting import Sitting
from arengo.kernel import clock
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel


class ConvocationKind(models.TextChoices):
    """What a notice is for."""

    NOTICE = "notice", "Avviso di convocazione"
    SUPPLEMENT = "supplement", "Ordine del giorno suppletivo"


class Convocation(ComuneModel):
    """A notice as it was sent: its text never changes. `terms` tells how the notice was counted."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=ConvocationKind)
    subject = models.CharField("oggetto", max_length=200)
    text = models.TextField("testo")
    terms = models.TextField("termini", blank=True)
    sent_at = models.DateTimeField(default=clock.now)
    sent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    append_only = True

    class Meta:
        indexes = (models.Index(fields=["comune", "sitting", "id"], name="council_convocation_of"),)

    def __str__(self) -> str:
        return self.subject


class Notice(ComuneModel):
    """One person's copy of a notice. `token` is the secret part of its read receipt's address."""

    convocation = models.ForeignKey(
        Convocation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    address = models.EmailField(blank=True)
    token = models.CharField(max_length=32, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "convocation", "person"], name="council_notice_one_each"
            ),
        )

    def __str__(self) -> str:
        return self.address
