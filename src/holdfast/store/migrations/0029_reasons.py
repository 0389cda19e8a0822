"""How the company does by each reason for which customers leave."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0028_readings")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="ReasonGrade",
            fields=[
                ("reason_key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("day", models.IntegerField()),
                ("made_us", models.BigIntegerField()),
                ("content", models.JSONField()),
            ],
            options={"db_table": "reason_grade"},
        ),
        migrations.CreateModel(
            name="ReasonCustomer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "reason_key",
                        "unit_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reason_key", models.CharField(max_length=100)),
                ("unit_id", models.BigIntegerField()),
                ("measures", models.TextField(default="")),
                ("yearly_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "reason_customer",
                "indexes": [
                    models.Index(
                        fields=["reason_key", "-yearly_minor", "unit_id"], name="reason_customer_money"
                    ),
                    models.Index(fields=["unit_id"], name="reason_customer_unit"),
                ],
            },
        ),
    ]
