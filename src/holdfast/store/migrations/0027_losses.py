"""Why customers left: losses with their causes, and when a large one is inquired into."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0026_why_over")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="InquirySetting",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("enabled", models.BooleanField(default=True)),
                ("from_minor", models.BigIntegerField(null=True)),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "inquiry_setting"},
        ),
        migrations.CreateModel(
            name="Loss",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("unit_id", models.BigIntegerField()),
                ("left_day", models.IntegerField()),
                ("began_day", models.IntegerField()),
                ("how", models.CharField(max_length=10)),
                ("cause", models.CharField(default="", max_length=60)),
                ("origin", models.CharField(default="", max_length=10)),
                ("confidence", models.FloatField(default=0.0)),
                ("told_by", models.CharField(default="", max_length=12)),
                ("evidence", models.TextField(default="[]")),
                ("money_minor", models.BigIntegerField(default=0)),
                ("country", models.TextField(default="")),
                ("source", models.TextField(default="")),
                ("fingerprint", models.BigIntegerField()),
            ],
            options={
                "db_table": "loss",
                "indexes": [
                    models.Index(fields=["left_day", "unit_id"], name="loss_day"),
                    models.Index(fields=["cause", "left_day"], name="loss_cause"),
                ],
                "constraints": [models.UniqueConstraint(fields=("unit_id", "left_day"), name="loss_once")],
            },
        ),
    ]
