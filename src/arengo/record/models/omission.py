"""Passages that may be read no more: who ordered it, how far it has come, who opened the seal."""

from __future__ import annotations

from django.db import models

from arengo.council.models import Sitting
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel


class Omission(ComuneModel):
    """A stretch of a sitting, in seconds of the video, that nobody may see, hear or read any more.

    A fact, never changed. `number` counts those of the sitting from 1. `share` is half of the key
    of what was sealed (`record.seal`): without the installation's seal key it opens nothing.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    start_s = models.FloatField()
    end_s = models.FloatField()
    reason = models.TextField()
    law = models.CharField(max_length=200, blank=True)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    ordered_at = models.DateTimeField()
    share = models.CharField(max_length=64)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "number"], name="record_omission_number"
            ),
            models.CheckConstraint(
                condition=models.Q(start_s__gte=0, end_s__gt=models.F("start_s")),
                name="record_omission_stretch",
            ),
        )

    def __str__(self) -> str:
        return f"omissis {self.number}"


class Target(models.TextChoices):
    """What an omission has to reach."""

    VIDEO = "video", "Video e audio"
    CAPTIONS = "captions", "Sottotitoli"
    TRANSCRIPT = "transcript", "Trascrizione"
    SEARCH = "search", "Ricerca"
    ACTS = "acts", "Atti"


class StepState(models.TextChoices):
    """How far an omission has come somewhere; what waits is closed to everyone already."""

    WAITING = "waiting", "Chiuso a tutti, in lavorazione"
    DONE = "done", "Fatto"
    FAILED = "failed", "Chiuso a tutti, da riprovare"


class OmissionStep(ComuneModel):
    """How far an omission has come in one place."""

    omission = models.ForeignKey(
        Omission, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    target = models.CharField(max_length=12, choices=Target)
    state = models.CharField(max_length=8, choices=StepState, default=StepState.WAITING)
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "omission", "target"], name="record_omission_target"
            ),
            models.CheckConstraint(
                condition=models.Q(target__in=Target.values), name="record_omission_target_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=StepState.values), name="record_omission_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.target}: {self.state}"


class SealOpening(ComuneModel):
    """A request to see what was sealed; a second person must approve it, and it runs out.

    The database itself refuses an approval by whoever asked.
    """

    omission = models.ForeignKey(
        Omission, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    requested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    requested_at = models.DateTimeField()
    reason = models.TextField()
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["comune", "omission", "id"], name="record_seal_opening"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | ~models.Q(approved_by=models.F("requested_by")),
                name="record_seal_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None, approved_at=None, expires_at=None)
                | models.Q(
                    approved_by__isnull=False, approved_at__isnull=False, expires_at__isnull=False
                ),
                name="record_seal_approved_whole",
            ),
        )

    def __str__(self) -> str:
        return self.reason
