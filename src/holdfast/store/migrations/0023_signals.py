"""Early warnings: settings, episodes, storms, own signals, and the record of each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("store", "0022_health"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="OwnSignal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("signal_key", models.CharField(max_length=100, unique=True)),
                ("title", models.TextField()),
                ("rule", models.JSONField()),
                ("ends_rule", models.JSONField(null=True)),
                ("cooldown_days", models.IntegerField()),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("ruled_us", models.BigIntegerField()),
                ("deleted_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "own_signal",
            },
        ),
        migrations.CreateModel(
            name="SignalLook",
            fields=[
                ("signal_key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("day", models.IntegerField()),
                ("rule", models.CharField(max_length=64)),
                ("looked_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "signal_look",
            },
        ),
        migrations.CreateModel(
            name="SignalScorecard",
            fields=[
                ("signal_key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=64)),
                ("made_day", models.IntegerField()),
                ("computed_us", models.BigIntegerField()),
                ("content", models.JSONField()),
            ],
            options={
                "db_table": "signal_scorecard",
            },
        ),
        migrations.CreateModel(
            name="SignalSetting",
            fields=[
                ("signal_key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("enabled", models.BooleanField(default=True)),
                ("numbers", models.JSONField(default=dict)),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "signal_setting",
            },
        ),
        migrations.CreateModel(
            name="Episode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("signal_key", models.CharField(max_length=100)),
                ("unit_id", models.BigIntegerField()),
                ("subject_id", models.BigIntegerField()),
                ("began_day", models.IntegerField()),
                ("raised_us", models.BigIntegerField()),
                ("strength", models.FloatField()),
                ("evidence", models.TextField()),
                ("quiet", models.BooleanField(default=False)),
                ("ended_day", models.IntegerField(null=True)),
                ("ended_us", models.BigIntegerField(null=True)),
                ("ended_by", models.CharField(default="", max_length=254)),
                ("merged_into", models.BigIntegerField(null=True)),
                ("snoozed_until_day", models.IntegerField(null=True)),
                ("snoozed_by", models.CharField(default="", max_length=254)),
                ("judged_right", models.BooleanField(null=True)),
                ("judged_us", models.BigIntegerField(null=True)),
                ("judged_by", models.CharField(default="", max_length=254)),
                ("storm_id", models.BigIntegerField(null=True)),
                ("acted_us", models.BigIntegerField(null=True)),
                ("acted_what", models.CharField(default="", max_length=20)),
            ],
            options={
                "db_table": "episode",
                "indexes": [
                    models.Index(fields=["unit_id", "ended_day"], name="episode_unit"),
                    models.Index(fields=["signal_key", "began_day"], name="episode_began"),
                    models.Index(fields=["ended_day", "signal_key"], name="episode_ended"),
                    models.Index(fields=["subject_id"], name="episode_subject"),
                    models.Index(fields=["storm_id"], name="episode_storm"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_day__isnull", True)),
                        fields=("unit_id", "signal_key"),
                        name="episode_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignalStorm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("signal_key", models.CharField(max_length=100)),
                ("day", models.IntegerField()),
                ("customers", models.IntegerField()),
                ("usual", models.FloatField()),
                ("raised_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "signal_storm",
                "indexes": [models.Index(fields=["day"], name="signal_storm_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("signal_key", "day"), name="signal_storm_day")
                ],
            },
        ),
    ]
