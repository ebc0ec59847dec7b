"""A document of a sitting that somebody answers for, and every version of it that was."""

from __future__ import annotations

from django.db import models

from arengo.council.models import Sitting
from arengo.council.models.sitting import new_uid
from arengo.kernel import clock
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel


class ActState(models.TextChoices):
    """How far an act has come; a draft is no act yet, it is made anew from the journal.

    A recalled act is a draft again: what had been shared is kept, and it may be shared anew.
    """

    RECALLED = "recalled", "Richiamato"
    SHARED = "shared", "Condiviso con i consiglieri"
    APPROVED = "approved", "Approvato"
    SIGNED = "signed", "Firmato"
    PUBLISHED = "published", "Pubblicato"


class Act(ComuneModel):
    """A document of a sitting from the moment it is shared: `name` and `kind` are the draft's.

    `uid` is the code that its files bear; `item` is the journal's, of a delibera. `year` and
    `number` are those of the register of delibere, empty for the other documents. A reserved act is never for everyone.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    uid = models.CharField(max_length=16, default=new_uid)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    subject = models.TextField(blank=True)
    item = models.CharField(max_length=40, blank=True)
    is_reserved = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ActState, default=ActState.SHARED)
    adopted_date = models.DateField()
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "sitting", "name"], name="record_act_name"),
            models.UniqueConstraint(fields=["comune", "uid"], name="record_act_uid"),
            models.CheckConstraint(
                condition=models.Q(state__in=ActState.values), name="record_act_state"
            ),
            models.CheckConstraint(
                condition=models.Q(year=None, number=None)
                | models.Q(year__isnull=False, number__gte=1),
                name="record_act_numbered",
            ),
        )

    def __str__(self) -> str:
        return self.subject or self.name


class VersionCause(models.TextChoices):
    """Why there is a version."""

    SHARED = "shared", "Condivisione"
    RECTIFIED = "rectified", "Rettifica"
    APPROVED = "approved", "Approvazione"
    READY = "ready", "Testo da firmare"
    SIGNED = "signed", "Firma"
    OMISSIS = "omissis", "Copia con omissis"


class ActVersion(ComuneModel):
    """A file of an act as it was at a moment, never changed: the next version stands beside it.

    The bytes are in the sitting's folder, `acts/<sha256>`. `previous` is the sha256 of the chain
    up to the version before (see `record.acts`), `head` that of the chain with this one.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=VersionCause)
    at = models.DateTimeField()
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.TextField(blank=True)
    file_name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    head = models.CharField(max_length=64)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "act", "number"], name="record_version_number"
            ),
            models.CheckConstraint(
                condition=models.Q(cause__in=VersionCause.values), name="record_version_cause"
            ),
        )

    def __str__(self) -> str:
        return self.file_name
