"""Decisions, attendance and clips for the public pages."""

import django.db.models.deletion
from django.db import migrations, models

import arengo.kernel.clock


class Migration(migrations.Migration):
    """Make the three tables."""

    dependencies = [
        ("council", "0003_mandate_label"),
        ("kernel", "0001_initial"),
        ("record", "0008_approval"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("members", models.JSONField(default=dict)),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comune", "sitting"), name="record_attendance_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start_s", models.PositiveIntegerField()),
                ("end_s", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "In coda"),
                            ("making", "In preparazione"),
                            ("ready", "Pronta"),
                            ("failed", "Non riuscita"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done_percent", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField(default=arengo.kernel.clock.now)),
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
                    models.Index(fields=["comune", "state", "asked_at"], name="record_clip_queue")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comune", "sitting", "start_s", "end_s"), name="record_clip_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "making", "ready", "failed"])),
                        name="record_clip_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end_s__gt", models.F("start_s"))),
                        name="record_clip_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("ballot", models.CharField(max_length=60)),
                ("item", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=40)),
                ("title", models.TextField()),
                ("result", models.CharField(max_length=20)),
                ("told", models.JSONField(default=list)),
                ("cast", models.JSONField(default=dict)),
                ("start_s", models.FloatField(blank=True, null=True)),
                ("decided_at", models.DateTimeField()),
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
                    models.Index(
                        fields=["comune", "-decided_at", "-id"], name="record_decision_by_date"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comune", "sitting", "place"), name="record_decision_place"
                    )
                ],
            },
        ),
    ]
