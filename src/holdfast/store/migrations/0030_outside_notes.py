"""The log of outside events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0029_reasons")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="OutsideNote",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("start_day", models.IntegerField()),
                ("until_day", models.IntegerField(null=True)),
                ("country", models.CharField(default="", max_length=2)),
                ("made_by", models.CharField(default="", max_length=254)),
                ("made_us", models.BigIntegerField()),
                ("review", models.TextField(default="")),
                ("reviewed_by", models.CharField(default="", max_length=254)),
                ("reviewed_us", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "outside_note"},
        ),
    ]
