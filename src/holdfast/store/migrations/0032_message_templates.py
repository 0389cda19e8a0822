"""Templates of messages, their versions, and the pictures in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0031_pressure")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=10)),
                ("draft", models.JSONField()),
                ("version", models.IntegerField(default=1)),
                ("published", models.IntegerField(default=0)),
                ("made_us", models.BigIntegerField()),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(default="", max_length=254)),
                ("deleted_us", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "message_template"},
        ),
        migrations.CreateModel(
            name="MessageTemplateVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("template_id", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("content", models.JSONField()),
                ("published_us", models.BigIntegerField()),
                ("published_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "message_template_version"},
        ),
        migrations.CreateModel(
            name="MessageImage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.IntegerField()),
                ("width", models.IntegerField(default=0)),
                ("height", models.IntegerField(default=0)),
                ("content", models.BinaryField()),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "message_image"},
        ),
        migrations.AddConstraint(
            model_name="messagetemplateversion",
            constraint=models.UniqueConstraint(
                fields=("template_id", "number"), name="message_template_version_once"
            ),
        ),
    ]
