"""What happens to an act between its sharing and its publication: all of it is kept for ever."""

from __future__ import annotations

from django.db import models

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import User
from arengo.kernel.scope import ComuneModel
from arengo.record.models.acts import Act, ActVersion


class RectificationState(models.TextChoices):
    """What became of a rectification."""

    PROPOSED = "proposed", "Da decidere"
    ACCEPTED = "accepted", "Accolta"
    REJECTED = "rejected", "Non accolta"


class Rectification(ComuneModel):
    """What a councillor would have written otherwise: a note beside the text, which stays as it is.

    `piece` is the place of the paragraph in the text that `version` is of, `quote` its words.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(
        ActVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    piece = models.PositiveIntegerField()
    quote = models.TextField()
    text = models.TextField("come andrebbe scritto")
    reason = models.TextField("perché", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=RectificationState, default=RectificationState.PROPOSED
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField("motivo", blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["comune", "act", "piece", "id"], name="record_rectification_of"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=RectificationState.values),
                name="record_rectification_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RectificationState.PROPOSED, decided_at=None)
                | ~models.Q(state=RectificationState.PROPOSED) & models.Q(decided_at__isnull=False),
                name="record_rectification_decided",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]


class Approval(ComuneModel):
    """By which fact of which later sitting the council approved an act.

    It certifies that the text tells what happened; it deliberates nothing (Interno, DAIT 98483).
    `ballot` is empty where nobody had remarks and there was no vote; `entry` is the sha256 of
    the journal's row `seq`, in which the vote was proclaimed or the item left.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.CharField(max_length=40)
    ballot = models.CharField(max_length=40, blank=True)
    seq = models.PositiveIntegerField()
    entry = models.CharField(max_length=64)
    sentence = models.TextField()
    approved_at = models.DateTimeField()
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "act"], name="record_approval_one"),
        )

    def __str__(self) -> str:
        return self.sentence[:60]


class Signer(models.TextChoices):
    """Who signs an act of the council."""

    PRESIDENT = "president", "Presidente"
    SECRETARY = "secretary", "Segretario"


class SigningOrder(models.TextChoices):
    """Who signs first."""

    ANY = "any", "In qualsiasi ordine"
    PRESIDENT = "president", "Prima il Presidente"
    SECRETARY = "secretary", "Prima il Segretario"


class SigningRule(ComuneModel):
    """How a Comune signs, from a moment on; the latest holds."""

    order = models.CharField("ordine delle firme", max_length=10, choices=SigningOrder)
    is_approved_first = models.BooleanField("il verbale si firma dopo l’approvazione", default=True)
    article = models.CharField("articolo del regolamento", max_length=200, blank=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)

    append_only = True

    class Meta:
        indexes = (models.Index(fields=["comune", "-id"], name="record_signing_rule"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(order__in=SigningOrder.values), name="record_signing_order"
            ),
        )

    def __str__(self) -> str:
        return self.get_order_display()


class Impediment(ComuneModel):
    """Who signs in whose place, and why; the latest of an act and a signer holds."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    signer = models.CharField(max_length=10, choices=Signer)
    name = models.CharField("chi firma", max_length=150)
    title = models.CharField("con quale qualifica", max_length=150)
    reason = models.TextField("impedimento")
    article = models.CharField("norma", max_length=200)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)

    append_only = True

    class Meta:
        indexes = (models.Index(fields=["comune", "act", "-id"], name="record_impediment_of"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(signer__in=Signer.values), name="record_impediment_signer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.reason[:40]}"


class Trust(models.TextChoices):
    """What is known of the certificate's issuer."""

    TRUSTED = "trusted", "Emittente nell’elenco di fiducia"
    UNKNOWN = "unknown", "Integra, emittente non verificato"
    TEST = "test", "Firma di prova"


class Signature(ComuneModel):
    """A signature on an act: `version` is the file that holds it.

    `name` and `issuer` are the certificate's words, `certificate` its sha256; nothing else of
    it is kept. `signed_at` is the time stamp's where `is_stamped`, else what the signer's own
    machine said.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(
        ActVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signer = models.CharField(max_length=10, choices=Signer)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=150)
    issuer = models.CharField(max_length=300)
    certificate = models.CharField(max_length=64)
    format = models.CharField(max_length=8, choices=[("pades", "PAdES"), ("cades", "CAdES")])
    trust = models.CharField(max_length=10, choices=Trust)
    is_stamped = models.BooleanField()
    signed_at = models.DateTimeField(null=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)

    append_only = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "act", "signer"], name="record_signature_one"
            ),
            models.CheckConstraint(
                condition=models.Q(signer__in=Signer.values), name="record_signature_signer"
            ),
            models.CheckConstraint(
                condition=models.Q(trust__in=Trust.values), name="record_signature_trust"
            ),
            models.CheckConstraint(
                condition=models.Q(format__in=("pades", "cades")), name="record_signature_format"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.get_signer_display()})"
