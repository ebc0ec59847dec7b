"""A sitting: what it is, where it is in its life."""

from __future__ import annotations

import secrets

from django.db import models

from arengo.kernel.scope import ComuneModel


class SittingKind(models.TextChoices):
    """How a sitting was convened."""

    # law: TUEL (d.lgs. 267/2000) art. 38 c. 2 leaves sessions to the Comune's regulation
    ORDINARY = "ordinary", "Ordinaria"
    EXTRAORDINARY = "extraordinary", "Straordinaria"
    URGENT = "urgent", "Straordinaria e urgente"


class SittingMode(models.TextChoices):
    """Where its members are."""

    IN_PERSON = "in_person", "In presenza"
    MIXED = "mixed", "Mista"
    REMOTE = "remote", "Da remoto"


class SittingState(models.TextChoices):
    """Where a sitting is; it goes only forward."""

    PREPARED = "prepared", "Convocata"
    OPEN = "open", "In corso"
    CLOSED = "closed", "Conclusa"


def new_uid() -> str:
    """Return a public identifier that tells nothing: 16 hexadecimal digits."""
    return secrets.token_hex(8)


class Sitting(ComuneModel):
    """A sitting of the council. `is_demo` marks invented people and facts, said on every page.

    `secret_since` is set while the sitting is secret: the studio then cuts every output.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    title = models.CharField("titolo", max_length=200)
    kind = models.CharField(max_length=20, choices=SittingKind, default=SittingKind.ORDINARY)
    state = models.CharField(max_length=10, choices=SittingState, default=SittingState.PREPARED)
    scheduled_at = models.DateTimeField("inizio previsto")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    call = models.PositiveSmallIntegerField("convocazione", default=1)
    mode = models.CharField(
        "svolgimento", max_length=10, choices=SittingMode, default=SittingMode.IN_PERSON
    )
    place = models.CharField("luogo", max_length=200, blank=True)
    secret_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["comune", "-scheduled_at", "-id"], name="council_sitting_by_date"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=SittingKind.values), name="council_sitting_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(call__in=(1, 2)), name="council_sitting_call"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=SittingMode.values), name="council_sitting_mode"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state=SittingState.PREPARED, opened_at=None, closed_at=None)
                    | models.Q(state=SittingState.OPEN, opened_at__isnull=False, closed_at=None)
                    | models.Q(
                        state=SittingState.CLOSED,
                        opened_at__isnull=False,
                        closed_at__gte=models.F("opened_at"),
                    )
                ),
                name="council_sitting_state_and_times",
            ),
        )

    def __str__(self) -> str:
        return self.title
