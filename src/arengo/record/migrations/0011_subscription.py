"""Addresses that asked to be written to, and the passages of each member."""

import django.db.models.deletion
from django.db import migrations, models

import arengo.kernel.clock


class Migration(migrations.Migration):
    """Make both."""

    dependencies = [
        ("council", "0003_mandate_label"),
        ("kernel", "0001_initial"),
        ("record", "0010_sealed_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="indirizzo e-mail")),
                ("query", models.CharField(blank=True, max_length=300, verbose_name="parole")),
                ("token", models.CharField(max_length=32)),
                ("asked_at", models.DateTimeField(default=arengo.kernel.clock.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="passage",
            index=models.Index(
                condition=models.Q(("member", ""), _negated=True),
                fields=["comune", "member", "-id"],
                name="record_passage_member",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="comune",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.comune",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("comune", "address", "query"), name="record_subscription_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("comune", "token"), name="record_subscription_token"
            ),
        ),
    ]
