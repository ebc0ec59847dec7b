"""What is found again of a sitting: its words, items and votes, one row each."""

from __future__ import annotations

from typing import cast

from django.db import models

from arengo.council.engine.search import Utterance, Vote
from arengo.council.models import Sitting
from arengo.kernel.scope import ComuneModel


class PassageKind(models.TextChoices):
    """What a passage is."""

    SPEECH = "speech", "Intervento"
    ITEM = "item", "Punto all’ordine del giorno"
    VOTE = "vote", "Votazione"


class Passage(ComuneModel):
    """Some 25 words said, an item or a vote of a closed sitting, as everyone may read it.

    The number of the row is `search.row_key`: Comune, day, sitting of the day, order. `start_s`
    is the second of the video, None where there is none. What the index was told is made of the
    row itself (`said`), because SQLite must be told the same again to forget it. The index is
    the table `record_words` on SQLite, the column `tokens` on PostgreSQL: see the migration.
    """

    id = models.BigIntegerField(primary_key=True)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    start_s = models.FloatField(null=True, blank=True)
    kind = models.CharField(max_length=6, choices=PassageKind)
    speaker = models.CharField(max_length=200, blank=True)
    member = models.CharField(max_length=40, blank=True)
    item_number = models.CharField(max_length=40, blank=True)
    item_title = models.TextField(blank=True)
    text = models.TextField()
    votes = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["comune", "sitting", "id"], name="record_passage_sitting"),
            models.Index(
                fields=["comune", "member", "-id"],
                condition=~models.Q(member=""),
                name="record_passage_member",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=PassageKind.values), name="record_passage_kind"
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def said(self) -> Utterance:
        """Return what the index is told of the row."""
        votes = cast("tuple[Vote, ...]", tuple(self.votes.split()))
        return Utterance(self.text, self.speaker, self.item_number, self.item_title, votes)
