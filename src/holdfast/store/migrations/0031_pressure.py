"""Never a nuisance: pauses of customers, and which message goes first where there is room for one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0030_outside_notes")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="ContactPause",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("address_key", models.BinaryField(default=b"", max_length=16)),
                ("until_us", models.BigIntegerField()),
                ("asked", models.BooleanField()),
                ("why", models.TextField(default="")),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("ended_us", models.BigIntegerField(null=True)),
                ("ended_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "contact_pause",
                "indexes": [
                    models.Index(fields=["subject_id", "until_us"], name="contact_pause_subject"),
                    models.Index(fields=["address_key", "until_us"], name="contact_pause_address"),
                ],
            },
        ),
        migrations.AddField(
            model_name="touch",
            name="priority",
            field=models.SmallIntegerField(default=0, db_default=0),
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(
                condition=models.Q(("purpose", "marketing"), ("subject_id__isnull", True)),
                fields=["address"],
                name="touch_stranger",
            ),
        ),
    ]
