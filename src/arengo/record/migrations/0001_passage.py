"""Passages of the closed sittings, and the index of their words in the database's own way."""

import django.db.models.deletion
from django.db import migrations, models

# The tokens are ours (council/engine/search.py); both databases take them as they are.
SQLITE = (
    "CREATE VIRTUAL TABLE record_words USING fts5("
    "tokens, content='', columnsize=0, tokenize=\"ascii tokenchars '=_'\")"
)
POSTGRESQL = (
    "ALTER TABLE record_passage ADD COLUMN tokens tsvector",
    "CREATE INDEX record_passage_tokens ON record_passage USING gin (tokens)",
)


def make_index(apps, schema_editor):
    """Make the index of words."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in (SQLITE,) if is_sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    """Drop the index of words; PostgreSQL drops its own with the table."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE record_words")


class Migration(migrations.Migration):
    """Make both."""

    initial = True

    dependencies = [
        ("council", "0003_mandate_label"),
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("start_s", models.FloatField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("speech", "Intervento"),
                            ("item", "Punto all’ordine del giorno"),
                            ("vote", "Votazione"),
                        ],
                        max_length=6,
                    ),
                ),
                ("speaker", models.CharField(blank=True, max_length=200)),
                ("member", models.CharField(blank=True, max_length=40)),
                ("item_number", models.CharField(blank=True, max_length=40)),
                ("item_title", models.TextField(blank=True)),
                ("text", models.TextField()),
                ("votes", models.CharField(blank=True, max_length=200)),
                (
                    "comune",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.comune",
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="council.sitting",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["comune", "sitting", "id"], name="record_passage_sitting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["speech", "item", "vote"])),
                        name="record_passage_kind",
                    )
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
