"""The Comune's own words for its documents: every version of every template, none ever changed."""

from __future__ import annotations

from django.db import models

from arengo.kernel import clock
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel


class TemplateKind(models.TextChoices):
    """Which document a template words."""

    VERBALE = "verbale", "Verbale"
    SEPARATE_PART = "separate_part", "Parte separata del verbale"
    INTEGRALE = "resoconto_integrale", "Resoconto integrale"
    SOMMARIO = "resoconto_sommario", "Resoconto sommario"
    DELIBERA = "delibera", "Deliberazione"
    ATTENDANCE = "attendance", "Foglio delle presenze"
    VOTES = "votes", "Elenco delle votazioni"


class DocumentTemplate(ComuneModel):
    """A version of a template. The last one without errors words the documents.

    An empty `text` goes back to Arengo's own template. One with errors is kept, so that nobody's
    work is lost, and never used.
    """

    kind = models.CharField(max_length=20, choices=TemplateKind)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    is_valid = models.BooleanField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "kind", "version"], name="record_template_version"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=TemplateKind.values), name="record_template_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"
