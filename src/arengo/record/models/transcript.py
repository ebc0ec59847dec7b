"""The transcript as stored: the machine's words by their hash, and every edit after them."""

from __future__ import annotations

from django.db import models

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel


class TranscriptBase(ComuneModel):
    """The machine's words of a sitting as they were when its editing began: they never change.

    The words are in the sitting's folder, `transcript.jsonl`; `sha256` is of that file. Only an
    omission makes another one, with the next `number`: the last one counts.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    words = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "number"], name="record_base_number"
            ),
        )

    def __str__(self) -> str:
        return self.sha256


class TranscriptEdit(ComuneModel):
    """An edit of a sitting's transcript; triggers refuse to change or delete one.

    `body` is the edit's canonical JSON, `sha256` closes the row over `previous`
    (`record.engine.chain.link`). Without `by` the machine made it. `command` is the key that a
    page gave to what it asked for, so that asking twice writes once.
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
            models.UniqueConstraint(fields=["comune", "sitting", "seq"], name="record_edit_seq"),
            models.UniqueConstraint(
                fields=["comune", "sitting", "command"],
                condition=~models.Q(command=""),
                name="record_edit_command",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class GlossaryKind(models.TextChoices):
    """What a glossary entry names."""

    NAME = "name", "Nome"
    STREET = "street", "Via o luogo"
    ACRONYM = "acronym", "Sigla"
    OTHER = "other", "Altro"


class GlossarySource(models.TextChoices):
    """Where a glossary entry comes from."""

    CLERK = "clerk", "Scritta a mano"
    LEARNED = "learned", "Imparata dalle correzioni"
    ROSTER = "roster", "Dal consiglio"
    AGENDA = "agenda", "Dagli ordini del giorno"


class GlossaryEntry(ComuneModel):
    """A form that this Comune writes so; `key` is the same without capitals and accents."""

    written = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=GlossaryKind, default=GlossaryKind.OTHER)
    source = models.CharField(max_length=8, choices=GlossarySource, default=GlossarySource.CLERK)
    added_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "key"], name="record_glossary_key"),
            models.CheckConstraint(
                condition=models.Q(kind__in=GlossaryKind.values), name="record_glossary_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=GlossarySource.values),
                name="record_glossary_source",
            ),
        )

    def __str__(self) -> str:
        return self.written


class GlossaryVariant(ComuneModel):
    """What the machine writes where it should write an entry, and how often it was corrected."""

    entry = models.ForeignKey(
        GlossaryEntry, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    heard = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "key"], name="record_variant_key"),
        )
        indexes = (models.Index(fields=["comune", "entry"], name="record_variant_entry"),)

    def __str__(self) -> str:
        return self.heard


class GlossaryRefusal(ComuneModel):
    """A pair learned from corrections that somebody did not want; it is not proposed again."""

    heard = models.CharField(max_length=120)
    written = models.CharField(max_length=120)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "heard", "written"], name="record_refusal_pair"
            ),
        )

    def __str__(self) -> str:
        return f"{self.heard} → {self.written}"
