"""Plays: versions, enrolments and their steps, cursors of triggers, grants."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("store", "0033_told_of_messages"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Play",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("title", models.TextField()),
                ("state", models.CharField(default="draft", max_length=8)),
                ("purpose", models.CharField(max_length=12)),
                ("priority", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("running", models.IntegerField(null=True)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("changed_us", models.BigIntegerField()),
                ("launched_us", models.BigIntegerField(null=True)),
                ("ended_us", models.BigIntegerField(null=True)),
                ("ended_why", models.CharField(default="", max_length=20)),
            ],
            options={
                "db_table": "play",
            },
        ),
        migrations.CreateModel(
            name="PlayAbove",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "play_id", "unit_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("play_id", models.BigIntegerField()),
                ("unit_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "play_above",
            },
        ),
        migrations.CreateModel(
            name="PlayCursor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "play_id", "source", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("play_id", models.BigIntegerField()),
                ("source", models.CharField(max_length=20)),
                ("position", models.BigIntegerField()),
            ],
            options={
                "db_table": "play_cursor",
            },
        ),
        migrations.CreateModel(
            name="PlaySetting",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("workspace", models.CharField(max_length=40)),
                ("hold_out", models.FloatField(default=0.0)),
                ("approve_above", models.IntegerField(default=1000)),
            ],
            options={
                "db_table": "play_setting",
            },
        ),
        migrations.CreateModel(
            name="PlaySpent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "play_id", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("play_id", models.BigIntegerField()),
                ("month", models.IntegerField()),
                ("touches", models.IntegerField(default=0)),
                ("amount_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "play_spent",
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("play_id", models.BigIntegerField()),
                ("version_id", models.BigIntegerField()),
                ("unit_id", models.BigIntegerField()),
                ("subject_id", models.BigIntegerField()),
                ("round", models.IntegerField()),
                ("arm", models.CharField(max_length=8)),
                ("probability", models.FloatField()),
                ("entered_us", models.BigIntegerField()),
                ("cause_id", models.BigIntegerField(default=0)),
                ("reason", models.TextField(default="{}")),
                ("step", models.CharField(max_length=40)),
                ("reached_us", models.BigIntegerField()),
                ("due_us", models.BigIntegerField()),
                ("waits_for", models.TextField(default="")),
                ("state", models.CharField(max_length=9)),
                ("ended_us", models.BigIntegerField(null=True)),
                ("ended_why", models.CharField(default="", max_length=30)),
                ("goal_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "enrolment",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_us__isnull", True)),
                        fields=["play_id", "due_us", "id"],
                        name="enrolment_due",
                    ),
                    models.Index(fields=["unit_id"], name="enrolment_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("play_id", "unit_id", "round"), name="enrolment_round")
                ],
            },
        ),
        migrations.CreateModel(
            name="EnrolmentStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("enrolment_id", models.BigIntegerField()),
                ("step_id", models.CharField(max_length=40)),
                ("at_us", models.BigIntegerField()),
                ("what", models.CharField(max_length=8)),
                ("code", models.CharField(default="", max_length=40)),
                ("because", models.TextField(default="")),
            ],
            options={
                "db_table": "enrolment_step",
                "indexes": [models.Index(fields=["enrolment_id", "id"], name="enrolment_step_way")],
            },
        ),
        migrations.CreateModel(
            name="Granted",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("subject_id", models.BigIntegerField()),
                ("enrolment_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=12)),
                ("amount", models.BigIntegerField()),
                ("unit", models.CharField(max_length=8)),
                ("currency", models.CharField(default="", max_length=3)),
                ("reason", models.TextField(default="")),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("until_us", models.BigIntegerField(null=True)),
                ("task_id", models.BigIntegerField(null=True)),
                ("state", models.CharField(default="open", max_length=10)),
            ],
            options={
                "db_table": "granted",
                "indexes": [models.Index(fields=["subject_id"], name="granted_subject")],
            },
        ),
        migrations.CreateModel(
            name="PlayVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("play_id", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("content", models.JSONField()),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("asked_us", models.BigIntegerField(null=True)),
                ("asked_by", models.CharField(default="", max_length=254)),
                ("launched_us", models.BigIntegerField(null=True)),
                ("launched_by", models.CharField(default="", max_length=254)),
                ("approved_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "play_version",
                "constraints": [
                    models.UniqueConstraint(fields=("play_id", "number"), name="play_version_once")
                ],
            },
        ),
    ]
