"""The agenda of a sitting: items, their documents, the opinions the law wants."""

from __future__ import annotations

from django.db import models

from arengo.council.models.people import Person
from arengo.council.models.sitting import Sitting
from arengo.kernel import clock
from arengo.kernel.scope import ComuneModel


class ItemType(models.TextChoices):
    """What an item is; each type has its own procedure."""

    PROPOSAL = "proposal", "Proposta di deliberazione"
    COMMUNICATION = "communication", "Comunicazione"
    MINUTES = "minutes", "Approvazione verbali"
    QUESTION = "question", "Interrogazione"
    INTERPELLATION = "interpellation", "Interpellanza"
    MOTION = "motion", "Mozione"
    ORDER_OF_DAY = "order_of_day", "Ordine del giorno"
    ELECTION = "election", "Nomina o elezione"
    SUBSTITUTION = "substitution", "Surroga di consigliere"


class AgendaItem(ComuneModel):
    """A point of a sitting's agenda, `position` from 1."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField("oggetto", max_length=500)
    type = models.CharField("tipo", max_length=16, choices=ItemType, default=ItemType.PROPOSAL)
    subject = models.CharField("maggioranza richiesta", max_length=40, default="proposal")
    text = models.TextField("testo della proposta", blank=True)
    proposer = models.CharField("proponente", max_length=150, blank=True)
    rapporteur = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_secret = models.BooleanField("in seduta segreta", default=False)
    is_sensitive = models.BooleanField("dati particolari: niente ripresa", default=False)
    is_secret_ballot = models.BooleanField("a scrutinio segreto", default=False)
    wants_immediate = models.BooleanField("immediata eseguibilità", default=False)
    affects_spending = models.BooleanField("comporta spesa o minore entrata", default=False)
    is_supplementary = models.BooleanField("ordine del giorno suppletivo", default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "position"],
                name="council_item_position",
            ),
            models.CheckConstraint(
                condition=models.Q(type__in=ItemType.values), name="council_item_type"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="council_item_titled"),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class Document(ComuneModel):
    """A file of an item. `sha256` is of its bytes; `path` is under the installation's data."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    uid = models.CharField(max_length=32, unique=True)
    title = models.CharField("titolo", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField("pubblico", default=True)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["comune", "item", "id"], name="council_document_of_item"),)

    def __str__(self) -> str:
        return self.title


class OpinionType(models.TextChoices):
    """The opinions of TUEL art. 49."""

    TECHNICAL = "technical", "Regolarità tecnica"
    ACCOUNTING = "accounting", "Regolarità contabile"


class Opinion(ComuneModel):
    """An opinion given on an item before the sitting (TUEL art. 49 c. 1)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField("parere", max_length=12, choices=OpinionType)
    verdict = models.CharField(
        "esito", max_length=12, choices=[("favourable", "Favorevole"), ("contrary", "Contrario")]
    )
    by = models.CharField("espresso da", max_length=150, blank=True)
    given_on = models.DateField("in data")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "item", "type"], name="council_opinion_one_a_type"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.get_verdict_display()}"
