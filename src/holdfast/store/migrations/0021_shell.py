from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0020_reports")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("list", models.CharField(max_length=40)),
                ("title", models.TextField()),
                ("query", models.TextField()),
                ("person_id", models.BigIntegerField()),
                ("shared", models.BooleanField(default=False)),
                ("position", models.IntegerField(default=0)),
                ("made_us", models.BigIntegerField()),
                ("deleted_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "saved_view",
                "indexes": [
                    models.Index(fields=["list", "position"], name="saved_view_list"),
                    models.Index(fields=["deleted_us"], name="saved_view_deleted"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertRead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "alert",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("alert", models.CharField(max_length=200)),
                ("at_us", models.BigIntegerField()),
            ],
            options={"db_table": "alert_read"},
        ),
        # A column that may be null is added in place: SQLite keeps the table and its triggers.
        migrations.AddField(model_name="segment", name="deleted_us", field=models.BigIntegerField(null=True)),
        migrations.CreateModel(
            name="SetUpLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
            ],
            options={"db_table": "set_up_link"},
        ),
        migrations.CreateModel(
            name="StartStep",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("done_us", models.BigIntegerField()),
                ("by_id", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "start_step"},
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("size_bytes", models.BigIntegerField()),
                ("state", models.CharField(max_length=10)),
                ("kind", models.CharField(default="", max_length=40)),
                ("layout", models.JSONField(default=dict)),
                ("chosen", models.JSONField(default=dict)),
                ("import_id", models.BigIntegerField(null=True)),
                ("mends_id", models.BigIntegerField(null=True)),
                ("sent", models.JSONField(null=True)),
                ("trouble", models.JSONField(null=True)),
                ("by_id", models.BigIntegerField(null=True)),
                ("made_us", models.BigIntegerField()),
                ("changed_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "upload",
                "indexes": [
                    models.Index(fields=["import_id"], name="upload_import"),
                    models.Index(fields=["mends_id"], name="upload_mends"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedMap",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("columns", models.JSONField()),
                ("chosen", models.JSONField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("made_us", models.BigIntegerField()),
            ],
            options={"db_table": "saved_map"},
        ),
        migrations.CreateModel(
            name="AskedWork",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("about_id", models.BigIntegerField(null=True)),
                ("state", models.CharField(max_length=10)),
                ("step", models.JSONField(null=True)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("result", models.JSONField(null=True)),
                ("trouble", models.JSONField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("holder", models.TextField(default="")),
                ("held_until_us", models.BigIntegerField(default=0)),
                ("by_id", models.BigIntegerField(null=True)),
                ("asked_us", models.BigIntegerField()),
                ("finished_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "asked_work",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["id"],
                        name="asked_work_open",
                    ),
                    models.Index(fields=["kind", "about_id"], name="asked_work_about"),
                ],
            },
        ),
    ]
