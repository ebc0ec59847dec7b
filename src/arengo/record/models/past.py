"""Old recordings brought into the archive: the times it was asked for, and what came of each."""

from __future__ import annotations

from django.db import models

from arengo.council.models import Sitting
from arengo.kernel.scope import ComuneModel


class ImportRun(ComuneModel):
    """A folder that somebody asked to bring in; `seen_at` moves on as long as it is worked on.

    `problems` are sentences about the folder as a whole, such as the manifest's wrong cells.
    """

    folder = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = (models.Index(fields=["comune", "-started_at", "-id"], name="record_import_run"),)

    def __str__(self) -> str:
        return self.folder


class PastState(models.TextChoices):
    """How far an old recording has come."""

    WAITING = "waiting", "In attesa"
    COPYING = "copying", "In preparazione"
    HEARING = "hearing", "In trascrizione"
    DONE = "done", "In archivio"
    FAILED = "failed", "Non importata"


class PastRecording(ComuneModel):
    """A file that was or will be a past sitting; known by `fingerprint`, so never brought in twice.

    `uid` is the sitting's from the beginning: whatever stops the work, it goes on in one place.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+", db_index=False)
    fingerprint = models.CharField(max_length=64)
    name = models.CharField(max_length=500)
    title = models.CharField(max_length=200)
    held_at = models.DateTimeField()
    size_bytes = models.PositiveBigIntegerField()
    uid = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=PastState, default=PastState.WAITING)
    problem = models.TextField(blank=True)
    duration_s = models.FloatField(default=0.0)
    done_s = models.FloatField(default=0.0)
    sitting = models.ForeignKey(
        Sitting, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "fingerprint"], name="record_past_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=PastState.values), name="record_past_state"
            ),
        )
        indexes = (models.Index(fields=["comune", "run", "id"], name="record_past_by_run"),)

    def __str__(self) -> str:
        return self.name
