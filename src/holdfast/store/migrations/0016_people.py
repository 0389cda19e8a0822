from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0015_pulse")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"db_table": "audit_head"},
        ),
        migrations.CreateModel(
            name="AuditNote",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at_us", models.BigIntegerField()),
                ("who", models.BigIntegerField(null=True)),
                ("via", models.CharField(max_length=80)),
                ("did", models.CharField(max_length=60)),
                ("sort", models.CharField(max_length=10)),
                ("about", models.CharField(max_length=240)),
                ("details", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_note",
                "indexes": [
                    models.Index(fields=["who", "id"], name="audit_note_who"),
                    models.Index(fields=["about", "id"], name="audit_note_about"),
                    models.Index(fields=["did", "id"], name="audit_note_did"),
                    models.Index(fields=["sort", "id"], name="audit_note_sort"),
                    models.Index(fields=["at_us"], name="audit_note_at"),
                ],
            },
        ),
    ]
