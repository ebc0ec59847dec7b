"""The register of delibere, what hangs on the albo pretorio, and what stays after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel
from arengo.record.models.acts import Act, ActVersion

if TYPE_CHECKING:
    from datetime import date


class RegisterLine(ComuneModel):
    """A number of the register of delibere; given once, never taken back.

    `item` is the agenda's, `name` the draft's. A demonstration has a register of its own, so that
    invented delibere never use up a number. `adopted_date` is the day of the proclamation.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    subject = models.TextField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    adopted_date = models.DateField()
    is_demo = models.BooleanField(default=False)
    is_reserved = models.BooleanField(default=False)
    is_immediate = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "is_demo", "year", "number"], name="record_line_number"
            ),
            models.UniqueConstraint(fields=["comune", "sitting", "item"], name="record_line_item"),
            models.CheckConstraint(condition=Q(number__gte=1), name="record_line_from_one"),
        )

    def __str__(self) -> str:
        return self.written

    @property
    def written(self) -> str:
        """Return «12/2026»."""
        return f"{self.number}/{self.year}"

    @property
    def code(self) -> str:
        """Return the number as addresses have it: «12», «prova-12» in a demonstration."""
        return f"prova-{self.number}" if self.is_demo else str(self.number)


class TermReading(models.TextChoices):
    """From where the ten days of enforceability are counted."""

    START = "start", "Dall’inizio della pubblicazione"
    END = "end", "Dalla fine della pubblicazione"


class AlboRules(ComuneModel):
    """How the Comune counts the days of the albo, and who signs; the last row holds.

    `local_holidays` are «MM-DD». Empty signers are those of the law's data.
    """

    reading = models.CharField(max_length=5, choices=TermReading, default=TermReading.START)
    counts_first_day = models.BooleanField(default=False)
    moves_from_holidays = models.BooleanField(default=False)
    local_holidays = models.JSONField(default=list)
    article = models.CharField(max_length=200, blank=True)
    report_signer = models.CharField(max_length=200, blank=True)
    certificate_signer = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    append_only = True

    class Meta:
        indexes = (models.Index(fields=["comune", "-id"], name="record_albo_rules_last"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(reading__in=TermReading.values), name="record_albo_reading"
            ),
        )

    def __str__(self) -> str:
        return self.get_reading_display()


class PersonalData(models.TextChoices):
    """What personal data a text holds: decides what is shown on the albo and what after it."""

    NONE = "none", "Nessun dato personale oltre a quelli di chi siede in Consiglio"
    ORDINARY = "ordinary", "Dati personali di altre persone"
    HEALTH = "health", "Dati sulla salute, genetici o biometrici"


class PublicationEnd(models.TextChoices):
    """Why a publication was over before its term."""

    ANNULLED = "annulled", "Annullata"
    RECTIFIED = "rectified", "Sostituita da una nuova pubblicazione"


class Publication(ComuneModel):
    """A delibera on the albo pretorio from `first_date` to `last_date`, both included.

    Its dates are those reckoned when it was published: `rules` is what they were reckoned with,
    so that a later change of the Comune's rules does not move them. `version` is the file shown.
    `year` and `number` are those of the albo's own register. `ended_at` is empty while it stands.
    """

    line = models.ForeignKey(
        RegisterLine, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(
        ActVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_demo = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    from_start_date = models.DateField()
    from_end_date = models.DateField()
    enforceable_date = models.DateField()
    is_immediate = models.BooleanField(default=False)
    rules = models.JSONField()
    personal_data = models.CharField(max_length=8, choices=PersonalData)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    announced_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    end = models.CharField(max_length=9, choices=PublicationEnd, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["comune", "last_date"], name="record_publication_last"),)
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "is_demo", "year", "number"], name="record_publication_number"
            ),
            models.UniqueConstraint(
                fields=["comune", "line"],
                condition=Q(ended_at=None),
                name="record_publication_standing",
            ),
            models.CheckConstraint(
                condition=Q(personal_data__in=PersonalData.values), name="record_publication_data"
            ),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="record_publication_days"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="", end_reason="")
                | (Q(ended_at__isnull=False, end__in=PublicationEnd.values) & ~Q(end_reason="")),
                name="record_publication_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"

    @property
    def code(self) -> str:
        """Return the number as addresses have it."""
        return f"prova-{self.number}" if self.is_demo else str(self.number)

    def is_on_albo(self, day: date) -> bool:
        """Tell whether it hangs on the albo on a day."""
        return self.ended_at is None and self.first_date <= day <= self.last_date


class AttestationKind(models.TextChoices):
    """What an office attests of a publication."""

    REPORT = "publication_report", "Referto di pubblicazione"
    ENFORCEABILITY = "enforceability", "Certificato di esecutività"


class Attestation(ComuneModel):
    """A certificate that was made on its day; its bytes are in the sitting's `acts/<sha256>`."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=18, choices=AttestationKind)
    sentence = models.TextField()
    file_name = models.CharField(max_length=120)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "publication", "kind"], name="record_attestation_one"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AttestationKind.values), name="record_attestation_kind"
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class Redaction(ComuneModel):
    """What a clerk leaves out of an act for the copy that stays; the last one holds.

    `texts` are the words to leave out wherever they stand, `subject` the object without them. The
    bytes of the copy are in the sitting's `acts/<sha256>`.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    texts = models.JSONField()
    subject = models.TextField()
    file_name = models.CharField(max_length=120)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    append_only = True

    class Meta:
        indexes = (models.Index(fields=["comune", "act", "-id"], name="record_redaction_last"),)

    def __str__(self) -> str:
        return self.file_name


class Release(ComuneModel):
    """A verbale or resoconto given to everyone, without a term; `withdrawn_at` when it no longer is.

    `withheld_at` is set while what was left out of the sitting is not left out of its file yet.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(
        ActVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withheld_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "act"],
                condition=Q(withdrawn_at=None),
                name="record_release_standing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.act}"
