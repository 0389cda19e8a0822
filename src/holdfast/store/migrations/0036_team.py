"""Scripts of calls, what our people practise, and what a task remembers of a call."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0035_reason_bounds")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField("Task", "script", models.CharField(max_length=40, default="", db_default="")),
        migrations.AddField("Task", "minutes", models.SmallIntegerField(null=True)),
        migrations.CreateModel(
            name="CallScript",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=40, unique=True)),
                ("content", models.JSONField()),
                ("number", models.IntegerField(default=1)),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "call_script"},
        ),
        migrations.CreateModel(
            name="PracticeNote",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(default="")),
                ("choices", models.JSONField(default=list)),
                ("right_one", models.SmallIntegerField(null=True)),
                ("from_day", models.IntegerField()),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "practice_note"},
        ),
        migrations.CreateModel(
            name="PracticeAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("note_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("chosen", models.SmallIntegerField()),
                ("is_right", models.BooleanField()),
                ("at_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "practice_answer",
                "indexes": [models.Index(fields=["note_id", "person_id"], name="practice_answer_whose")],
            },
        ),
        migrations.CreateModel(
            name="PracticePair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("beside_id", models.BigIntegerField()),
                ("since_us", models.BigIntegerField()),
                ("until_us", models.BigIntegerField(null=True)),
                ("made_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "practice_pair"},
        ),
    ]
