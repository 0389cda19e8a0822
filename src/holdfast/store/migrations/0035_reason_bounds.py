"""From which share on the grade of a reason is weak, and bad, as people of a workspace set it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0034_plays")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="ReasonBound",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "reason_key",
                        "measure",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reason_key", models.CharField(max_length=100)),
                ("measure", models.CharField(max_length=100)),
                ("weak_from", models.FloatField()),
                ("bad_from", models.FloatField()),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(max_length=254)),
            ],
            options={"db_table": "reason_bound"},
        ),
    ]
