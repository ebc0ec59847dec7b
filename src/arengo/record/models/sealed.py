"""Files of acts that nobody may have any more: a passage that is omitted is in them."""

from __future__ import annotations

from django.db import models

from arengo.kernel import clock
from arengo.kernel.scope import ComuneModel
from arengo.record.models.acts import ActVersion
from arengo.record.models.omission import Omission


class SealedVersion(ComuneModel):
    """A version of an act that is given to nobody, for an omission; its place in the chain stays.

    The row is written with the order: from that instant the file is refused, wherever it lies.
    """

    version = models.ForeignKey(
        ActVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    omission = models.ForeignKey(
        Omission, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "version"], name="record_sealed_once"),
        )

    def __str__(self) -> str:
        return f"{self.version_id}"
