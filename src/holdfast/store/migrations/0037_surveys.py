"""Questions that plays ask customers, each with its answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0036_team")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="SurveyAsked",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("token", models.CharField(max_length=32, unique=True)),
                ("play_key", models.CharField(max_length=80)),
                ("step_id", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("code", models.CharField(max_length=12)),
                ("language", models.CharField(max_length=12)),
                ("question", models.TextField()),
                ("choices", models.JSONField()),
                ("asked_us", models.BigIntegerField()),
                ("ends_us", models.BigIntegerField()),
                ("sent_us", models.BigIntegerField(null=True)),
                ("answered_us", models.BigIntegerField(null=True)),
                ("score", models.FloatField(null=True)),
                ("has_words", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "survey_asked",
                "indexes": [
                    models.Index(fields=["play_key", "step_id", "answered_us"], name="survey_asked_of"),
                    models.Index(fields=["subject_id"], name="survey_asked_subject"),
                ],
            },
        ),
    ]
