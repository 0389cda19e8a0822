"""Issues of newsletters, dates of our own, and how often each segment is to hear of us."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0040_play_proof")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="NewsletterIssue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("play_id", models.BigIntegerField()),
                ("day", models.IntegerField()),
                ("template", models.CharField(max_length=80)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "newsletter_issue",
                "constraints": (
                    models.UniqueConstraint(fields=["play_id", "day"], name="newsletter_issue_once"),
                ),
            },
        ),
        migrations.CreateModel(
            name="OwnDate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("day", models.IntegerField()),
                ("until_day", models.IntegerField()),
                ("segment_key", models.CharField(default="", max_length=80)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "own_date",
                "indexes": (models.Index(fields=["until_day"], name="own_date_until"),),
            },
        ),
        migrations.CreateModel(
            name="ContactPlan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("segment_key", models.CharField(max_length=80)),
                ("channel", models.CharField(default="", max_length=20)),
                ("every_days", models.IntegerField()),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "contact_plan",
                "constraints": (
                    models.UniqueConstraint(fields=["segment_key", "channel"], name="contact_plan_once"),
                ),
            },
        ),
    ]
