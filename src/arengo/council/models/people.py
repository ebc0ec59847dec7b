"""The people of the council: who sits in it, since when, in which group, with which office.

Every relation has dates, `ends_on` excluded and empty for no end: the council of any day can
be told. Personal data is minimal: a name, an address for notices, nothing else.
"""

from __future__ import annotations

from django.db import models

from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel


def _ends_after_start(name: str) -> models.CheckConstraint:
    condition = models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on"))
    return models.CheckConstraint(condition=condition, name=name)


class Person(ComuneModel):
    """Someone of the council. `distinction` tells homonyms apart («1971», «di Cerchiate»)."""

    given_name = models.CharField("nome", max_length=80, blank=True)
    family_name = models.CharField("cognome", max_length=80)
    distinction = models.CharField("per distinguere gli omonimi", max_length=40, blank=True)
    email = models.EmailField("indirizzo per gli avvisi", blank=True)
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "family_name", "given_name", "distinction"],
                name="council_person_name",
            ),
            models.UniqueConstraint(
                fields=["comune", "user"],
                condition=models.Q(user__isnull=False),
                name="council_person_user",
            ),
            models.CheckConstraint(
                condition=~models.Q(family_name=""), name="council_person_named"
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return given name, family name and what tells homonyms apart."""
        name = f"{self.given_name} {self.family_name}".strip()
        return f"{name} ({self.distinction})" if self.distinction else name


class MandateKind(models.TextChoices):
    """By what right a person sits in the council."""

    COUNCILLOR = "councillor", "Consigliere"
    MAYOR = "mayor", "Sindaco"
    # law: TUEL art. 47 c. 3-4: an assessore from outside attends without a vote
    EXTERNAL = "external", "Assessore esterno"


class Mandate(ComuneModel):
    """A seat held by a person; `replaces` is the mandate it took over (subentro, surroga).

    Source: TUEL (d.lgs. 267/2000) arts. 37, 45 (surrogation and substitution).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=MandateKind, default=MandateKind.COUNCILLOR)
    label = models.CharField("come si chiama", max_length=100, blank=True)  # «Consigliera»
    starts_on = models.DateField("dal")
    ends_on = models.DateField("al", null=True, blank=True)
    ends_because = models.CharField("motivo della cessazione", max_length=120, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = (
            models.Index(fields=["comune", "starts_on", "id"], name="council_mandate_dates"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=MandateKind.values), name="council_mandate_kind"
            ),
            models.UniqueConstraint(
                fields=["comune", "person"],
                condition=models.Q(ends_on=None),
                name="council_mandate_one_open",
            ),
            _ends_after_start("council_mandate_dates_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.title} dal {self.starts_on}"

    @property
    def title(self) -> str:
        """Return how the person is called: «Consigliera», or the kind's own name."""
        return self.label or self.get_kind_display()


class Stance(models.TextChoices):
    """On which side a group is."""

    MAJORITY = "majority", "Maggioranza"
    MINORITY = "minority", "Minoranza"
    MIXED = "mixed", "Misto"


class Group(ComuneModel):
    """A council group with its stance between two dates; a change of side is a new row."""

    name = models.CharField("nome", max_length=100)
    stance = models.CharField("posizione", max_length=10, choices=Stance, default=Stance.MIXED)
    starts_on = models.DateField("dal")
    ends_on = models.DateField("al", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "name", "starts_on"], name="council_group_name"
            ),
            models.CheckConstraint(
                condition=models.Q(stance__in=Stance.values), name="council_group_stance"
            ),
            _ends_after_start("council_group_dates_in_order"),
        )

    def __str__(self) -> str:
        return self.name


class GroupMembership(ComuneModel):
    """A person in a group between two dates."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.CharField("gruppo", max_length=100)
    starts_on = models.DateField("dal")
    ends_on = models.DateField("al", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["comune", "person", "starts_on"], name="council_in_group"),)
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "person"],
                condition=models.Q(ends_on=None),
                name="council_in_one_group",
            ),
            _ends_after_start("council_in_group_dates"),
        )

    def __str__(self) -> str:
        return self.group


class OfficeKind(models.TextChoices):
    """What a person does in the Comune, beside sitting in the council."""

    MAYOR = "sindaco", "Sindaco"
    PRESIDENT = "presidente", "Presidente del Consiglio"
    VICE = "vicepresidente", "Vicepresidente del Consiglio"
    DEPUTY_MAYOR = "vicesindaco", "Vicesindaco"
    ASSESSORE = "assessore", "Assessore"
    LEADER = "capogruppo", "Capogruppo"
    SECRETARY = "segretario", "Segretario"


class Office(ComuneModel):
    """An office of a person between two dates; `label` is how the Comune calls it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=OfficeKind)
    label = models.CharField("carica", max_length=100, blank=True)
    starts_on = models.DateField("dal")
    ends_on = models.DateField("al", null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["comune", "person", "starts_on"], name="council_office_of"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=OfficeKind.values), name="council_office_kind"
            ),
            _ends_after_start("council_office_dates_in_order"),
        )

    def __str__(self) -> str:
        return self.label or self.get_kind_display()


class Absence(ComuneModel):
    """What a person announced about a sitting before it: justified, on mission, remote."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    sitting = models.ForeignKey(
        "council.Sitting", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(
        max_length=10,
        choices=[
            ("justified", "Assente giustificato"),
            ("mission", "In missione"),
            ("remote", "Collegato da remoto"),
        ],
    )
    reason = models.CharField("motivo", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "sitting", "person"], name="council_absence_one"
            ),
        )

    def __str__(self) -> str:
        return self.get_status_display()
