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
                ("sender_name", models.TextField(default="")),
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
                ("topic", models.CharField(max_length=20, default="")),
                ("title", models.TextField(default="")),
                ("asked_by", models.TextField(default="")),
                ("asked_us", models.BigIntegerField()),
                ("due_us", models.BigIntegerField()),
                ("not_after_us", models.BigIntegerField(null=True)),
                ("sender_id", models.BigIntegerField(null=True)),
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
                        fields=["sender_id"],
                        name="touch_claimed",
                    ),
                    models.Index(fields=["state", "id"], name="touch_state"),
                    models.Index(
                        condition=models.Q(("state", "sent")),
                        fields=["state", "changed_us"],
                        name="touch_sent",
                    ),
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
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(
                condition=models.Q(("conversation_id__isnull", False)),
                fields=["conversation_id", "id"],
                name="touch_conversation",
            ),
        ),
        migrations.CreateModel(
            name="MessageSetting",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "message_setting",
            },
        ),
        migrations.CreateModel(
            name="SoftBounce",
            fields=[
                ("address_key", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("first_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField()),
                ("status", models.CharField(default="", max_length=20)),
            ],
            options={
                "db_table": "soft_bounce",
            },
        ),
        migrations.CreateModel(
            name="ConsentSaid",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("address_key", models.BinaryField(default=b"", max_length=16)),
                ("topic", models.CharField(default="", max_length=20)),
                ("channel", models.CharField(default="", max_length=10)),
                ("given", models.BooleanField()),
                ("at_us", models.BigIntegerField()),
                ("kept_us", models.BigIntegerField()),
                ("how", models.CharField(max_length=10)),
                ("wording", models.TextField(default="")),
                ("said_by", models.CharField(default="", max_length=254)),
                ("source", models.TextField(default="")),
                ("pace", models.CharField(max_length=10, null=True)),
            ],
            options={
                "db_table": "consent_said",
                "indexes": [
                    models.Index(fields=["subject_id", "id"], name="consent_subject"),
                    models.Index(fields=["address_key", "id"], name="consent_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SendingStop",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("stopped_us", models.BigIntegerField()),
                ("stopped_by", models.CharField(max_length=254)),
                ("why", models.TextField(default="")),
                ("started_us", models.BigIntegerField(null=True)),
                ("started_by", models.CharField(default="", max_length=254)),
                ("holds", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "sending_stop",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("holds", True)), fields=("holds",), name="sending_stop_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppressed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=10)),
                ("address_key", models.BinaryField(max_length=16)),
                ("shown", models.TextField()),
                ("reason", models.CharField(max_length=12)),
                ("note", models.TextField(default="")),
                ("source", models.TextField(default="")),
                ("at_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("lifted_us", models.BigIntegerField(null=True)),
                ("lifted_by", models.CharField(default="", max_length=254)),
                ("lifted_note", models.TextField(default="")),
            ],
            options={
                "db_table": "suppressed",
                "indexes": [
                    models.Index(fields=["address_key", "channel"], name="suppressed_address"),
                    models.Index(fields=["lifted_us", "id"], name="suppressed_listed"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_us__isnull", True)),
                        fields=("channel", "address_key"),
                        name="suppressed_once",
                    )
                ],
            },
        ),
        # Nullable, so that SQLite does not make the table anew: its triggers would be gone.
        migrations.AddField(model_name="inboxmessage", name="reference", field=models.TextField(null=True)),
    ]
