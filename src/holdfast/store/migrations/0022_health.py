"""Health: what each group of causes adds to a risk, a company's own weighing, and past customers to test it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0021_shell")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField("RiskScore", "dimensions", models.TextField(default="{}", db_default="{}")),
        migrations.AddField("RiskHistory", "dimensions", models.TextField(default="{}", db_default="{}")),
        migrations.AddField("RiskCriteria", "own_health", models.TextField(default="", db_default="")),
        migrations.CreateModel(
            name="HealthSample",
            fields=[
                ("day", models.IntegerField(primary_key=True, serialize=False)),
                ("content", models.JSONField()),
            ],
            options={"db_table": "health_sample"},
        ),
    ]
