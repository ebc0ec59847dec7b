"""What the public pages keep of a sitting, so that they need not tell it anew; all of it public."""

from __future__ import annotations

from django.db import models

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.scope import ComuneModel


class Decision(ComuneModel):
    """A decision of a closed sitting, in plain words, made from its journal.

    `place` is its order in the sitting. `told` holds the sentences, `cast` how each member voted
    where the vote was open ({member: choice}); `start_s` is the second of the video at which the
    result was proclaimed, None without a video.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField()
    ballot = models.CharField(max_length=60)
    item = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    title = models.TextField()
    result = models.CharField(max_length=20)
    told = models.JSONField(default=list)
    cast = models.JSONField(default=dict)
    start_s = models.FloatField(null=True, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["comune", "-decided_at", "-id"], name="record_decision_by_date"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "place"], name="record_decision_place"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Attendance(ComuneModel):
    """Who was at a closed sitting: `members` is {member: status at its rolls and entries}."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    members = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "sitting"], name="record_attendance_one"),
        )

    def __str__(self) -> str:
        return f"{self.sitting_id}"


class ClipState(models.TextChoices):
    """Where the making of a clip is."""

    WAITING = "waiting", "In coda"
    MAKING = "making", "In preparazione"
    READY = "ready", "Pronta"
    FAILED = "failed", "Non riuscita"


class Clip(ComuneModel):
    """A stretch of a closed sitting as a video of its own; `key` names the file by its content.

    The row is a recipe and may be thrown away at any time: its address makes it again.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    start_s = models.PositiveIntegerField()
    end_s = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=ClipState, default=ClipState.WAITING)
    done_percent = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["comune", "state", "asked_at"], name="record_clip_queue"),)
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "start_s", "end_s"], name="record_clip_one"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ClipState.values), name="record_clip_state"
            ),
            models.CheckConstraint(
                condition=models.Q(end_s__gt=models.F("start_s")), name="record_clip_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.start_s}-{self.end_s}"


class Subscription(ComuneModel):
    """An address that asked to be written to; the row is deleted when it asks no more.

    `query` is what is looked for, empty for every sitting. Who has the `token`, which is in each
    message, may confirm and may stop. Nothing else is known of the person.
    """

    address = models.EmailField("indirizzo e-mail")
    query = models.CharField("parole", max_length=300, blank=True)
    token = models.CharField(max_length=32)
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "address", "query"], name="record_subscription_one"
            ),
            models.UniqueConstraint(fields=["comune", "token"], name="record_subscription_token"),
        )

    def __str__(self) -> str:
        return self.query
