from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0016_people")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="ChannelSetting",
            fields=[
                ("channel", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("options", models.JSONField(default=dict)),
                ("sealed", models.TextField(default="")),
                ("enabled", models.BooleanField(default=True)),
                ("changed_us", models.BigIntegerField()),
                ("trouble", models.JSONField(null=True)),
                ("failures", models.IntegerField(default=0)),
                ("rests_until_us", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "channel_setting",
            },
        ),
        migrations.CreateModel(
            name="TouchAttachment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "touch_id", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("touch_id", models.BigIntegerField()),
                ("place", models.IntegerField()),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("inline_id", models.TextField(default="")),
                ("content", models.BinaryField()),
            ],
            options={
                "db_table": "touch_attachment",
            },
        ),
        migrations.CreateModel(
            name="TouchContent",
            fields=[
                ("touch_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("subject", models.TextField(default="")),
                ("text", models.TextField()),
                ("html", models.TextField(default="")),
                ("language", models.CharField(default="en", max_length=12)),
                ("reply_to_message", models.TextField(default="")),
                ("headers", models.JSONField(default=dict)),
                ("secret", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "touch_content",
            },
        ),
        migrations.CreateModel(
            name="TouchSender",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("holder", models.TextField()),
                ("channel", models.CharField(max_length=12)),
                ("until_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "touch_sender",
            },
        ),
        migrations.CreateModel(
            name="Touch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.TextField(unique=True)),
                ("purpose", models.CharField(max_length=12)),
                ("channel", models.CharField(max_length=12)),
                ("via", models.TextField(default="")),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("address", models.TextField()),
                ("unit_id", models.BigIntegerField(null=True)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField(null=True)),
                ("conversation_id", models.BigIntegerField(null=True)),
                ("title", models.TextField(default="")),
                ("asked_by", models.TextField(default="")),
                ("asked_us", models.BigIntegerField()),
                ("due_us", models.BigIntegerField()),
                ("not_after_us", models.BigIntegerField(null=True)),
                ("sender_id", models.BigIntegerField(null=True)),
                ("place", models.IntegerField(default=0)),
                ("tries", models.IntegerField(default=0)),
                ("code", models.CharField(default="", max_length=40)),
                ("reason", models.JSONField(null=True)),
                ("provider_id", models.TextField(default="")),
                ("changed_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "touch",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["channel", "due_us", "id"],
                        name="touch_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "claimed")),
                        fields=["sender_id", "place"],
                        name="touch_claimed",
                    ),
                    models.Index(fields=["state", "id"], name="touch_state"),
                    models.Index(fields=["unit_id", "id"], name="touch_unit"),
                    models.Index(fields=["subject_id"], name="touch_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TouchTry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("touch_id", models.BigIntegerField()),
                ("what", models.CharField(max_length=12)),
                ("began_us", models.BigIntegerField(null=True)),
                ("at_us", models.BigIntegerField()),
                ("made_by", models.TextField(default="")),
                ("code", models.CharField(default="", max_length=40)),
                ("reason", models.JSONField(null=True)),
                ("provider_id", models.TextField(default="")),
            ],
            options={
                "db_table": "touch_try",
                "indexes": [models.Index(fields=["touch_id", "id"], name="touch_try_touch")],
            },
        ),
    ]
