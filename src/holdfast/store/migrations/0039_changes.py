"""Changes of ours, and whom they concern."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0038_sign_up_forms")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="OurChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("title", models.TextField()),
                ("about", models.TextField(default="")),
                ("effect_on", models.CharField(default="", max_length=10)),
                ("notice_on", models.CharField(default="", max_length=10)),
                ("rule", models.JSONField(null=True)),
                ("wish", models.TextField(default="")),
                ("words", models.JSONField(default=dict)),
                ("play_key", models.CharField(default="", max_length=80)),
                ("found_us", models.BigIntegerField(null=True)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("changed_us", models.BigIntegerField()),
            ],
            options={"db_table": "our_change"},
        ),
        migrations.CreateModel(
            name="ChangeConcerned",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "change_key",
                        "unit_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("change_key", models.CharField(max_length=80)),
                ("unit_id", models.BigIntegerField()),
                ("yearly_minor", models.BigIntegerField(default=0)),
                ("told_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "change_concerned",
                "indexes": [models.Index(fields=["unit_id"], name="change_concerned_unit")],
            },
        ),
    ]
