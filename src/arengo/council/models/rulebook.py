"""The rules of a Comune's council, between two dates."""

from __future__ import annotations

from django.db import models

from arengo.kernel.scope import ComuneModel


class RuleBook(ComuneModel):
    """A rule profile in force from `valid_from` on, until the next one.

    `facts` is what `arengo.council.engine.profile.read_profile` reads: rules with their articles.
    """

    name = models.CharField("nome", max_length=200)
    valid_from = models.DateField("in vigore dal")
    facts = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "valid_from"], name="council_rulebook_from"),
        )

    def __str__(self) -> str:
        return self.name
