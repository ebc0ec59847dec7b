"""Who may send pictures of a sitting, and from where they may be fetched."""

from __future__ import annotations

from django.db import models

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.scope import ComuneModel


class StreamKey(ComuneModel):
    """The right to send a sitting's pictures and sound; only its hash is kept.

    The key is `<key_id, 8 hex>-<secret, 32 hex>`: 128 random bits, so that a plain
    SHA-256 of the whole text is as safe as a slow hash would be.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    label = models.CharField("nome", max_length=80)
    key_id = models.CharField(max_length=8, unique=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["comune", "sitting", "id"], name="live_streamkey_of_sitting"),
        )

    def __str__(self) -> str:
        return f"{self.label} ({self.key_id})"


class SourceKind(models.TextChoices):
    """How the studio gets a source by itself."""

    RTSP = "rtsp", "Telecamera IP (RTSP)"
    SRT = "srt", "Codificatore SRT"


class Source(ComuneModel):
    """A camera that the studio calls (`url`, RTSP) or a port where it listens (`port`, SRT)."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=4, choices=SourceKind)
    url = models.CharField(max_length=300, blank=True)
    port = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["comune", "sitting", "id"], name="live_source_sitting"),)
        constraints = (
            models.CheckConstraint(
                condition=(
                    (models.Q(kind=SourceKind.RTSP, port=None) & ~models.Q(url=""))
                    | models.Q(kind=SourceKind.SRT, url="", port__range=(1024, 65535))
                ),
                name="live_source_kind_and_place",
            ),
        )

    def __str__(self) -> str:
        return self.url or f"srt:{self.port}"
