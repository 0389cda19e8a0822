"""What was read in texts, with corrections; and which import an event of the ingest log was derived from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0027_losses")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(model_name="logrow", name="import_id", field=models.BigIntegerField(null=True)),
        migrations.CreateModel(
            name="TextReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event_key", models.BinaryField(max_length=16, unique=True)),
                ("subject_id", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("known_us", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("object_kind", models.TextField(null=True)),
                ("object_id", models.TextField(null=True)),
                ("import_id", models.BigIntegerField(null=True)),
                ("language", models.CharField(max_length=10, null=True)),
                ("sentiment", models.CharField(max_length=10)),
                ("causes", models.TextField(default="")),
                ("wants", models.TextField(default="")),
                ("competitors", models.JSONField(default=list)),
                ("evidence", models.JSONField(default=list)),
                ("version", models.CharField(max_length=64)),
                ("read_us", models.BigIntegerField()),
                ("doubt", models.FloatField(default=0.0)),
                ("drawn", models.FloatField(default=0.0)),
                ("told", models.TextField(default="")),
                ("facts_due", models.BooleanField(default=False)),
                ("corrected_us", models.BigIntegerField(null=True)),
                ("corrected_by", models.CharField(default="", max_length=254)),
                ("read_before", models.JSONField(null=True)),
            ],
            options={
                "db_table": "text_reading",
                "indexes": [
                    models.Index(fields=["subject_id"], name="text_reading_subject"),
                    models.Index(fields=["at_us", "id"], name="text_reading_at"),
                    models.Index(fields=["import_id"], name="text_reading_import"),
                    models.Index(
                        condition=models.Q(("corrected_us__isnull", True)),
                        fields=["doubt"],
                        name="text_reading_queue",
                    ),
                    models.Index(
                        condition=models.Q(("corrected_us__isnull", True)),
                        fields=["drawn"],
                        name="text_reading_lot",
                    ),
                    models.Index(
                        condition=models.Q(("corrected_us__isnull", False)),
                        fields=["corrected_us"],
                        name="text_reading_corrected",
                    ),
                    models.Index(
                        condition=models.Q(("facts_due", True)), fields=["id"], name="text_reading_due"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingPlace",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("place", models.BigIntegerField()),
            ],
            options={"db_table": "reading_place"},
        ),
        migrations.CreateModel(
            name="CauseWords",
            fields=[
                ("cause_id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("group_name", models.CharField(max_length=30)),
                ("definition", models.TextField(default="")),
                ("names", models.JSONField(default=dict)),
                ("added", models.BooleanField(default=False)),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "cause_words"},
        ),
        migrations.CreateModel(
            name="Competitor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "competitor"},
        ),
        migrations.CreateModel(
            name="LearntLayer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("language", models.CharField(max_length=10)),
                ("corrections", models.IntegerField()),
                ("figures", models.JSONField(default=dict)),
                ("content", models.JSONField(default=dict)),
                ("enabled", models.BooleanField(default=False)),
                ("made_us", models.BigIntegerField()),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "learnt_layer",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("enabled", True)),
                        fields=("language",),
                        name="learnt_layer_in_use",
                    )
                ],
            },
        ),
    ]
