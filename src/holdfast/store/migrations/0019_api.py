from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0018_tasks")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("url", models.TextField()),
                ("kinds", models.JSONField(default=list)),
                ("sealed", models.TextField(default="")),
                ("rotated_us", models.BigIntegerField(null=True)),
                ("enabled", models.BooleanField(default=True)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(default="", max_length=254)),
                ("changed_us", models.BigIntegerField()),
                ("worked_us", models.BigIntegerField(null=True)),
                ("failing_since_us", models.BigIntegerField(null=True)),
                ("off_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "webhook",
            },
        ),
        migrations.AddField(
            model_name="writekey",
            name="expires_us",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="writekey",
            name="person_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="writekey",
            name="used_us",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="ApiAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=255)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.IntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(default="")),
                ("unit_id", models.BigIntegerField(null=True)),
                ("until_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "api_answer",
                "indexes": [
                    models.Index(fields=["until_us"], name="api_answer_until"),
                    models.Index(fields=["unit_id"], name="api_answer_unit"),
                ],
                "constraints": [models.UniqueConstraint(fields=("key_id", "name"), name="api_answer_name")],
            },
        ),
        migrations.CreateModel(
            name="WebhookAbout",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "message_id", "unit_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("message_id", models.BigIntegerField()),
                ("unit_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "webhook_about",
                "indexes": [models.Index(fields=["unit_id"], name="webhook_about_unit")],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("webhook_id", models.BigIntegerField()),
                ("message_id", models.BigIntegerField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("tries", models.IntegerField(default=0)),
                ("status", models.IntegerField(null=True)),
                ("trouble", models.TextField(default="")),
                ("made_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "webhook_delivery",
                "indexes": [
                    models.Index(fields=["webhook_id", "id"], name="webhook_delivery_of"),
                    models.Index(fields=["message_id"], name="webhook_delivery_what"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("made_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "webhook_message",
                "indexes": [models.Index(fields=["made_us"], name="webhook_message_made")],
            },
        ),
    ]
