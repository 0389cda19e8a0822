from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0009_segments")]

    operations = [
        migrations.CreateModel(
            name="Pull",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField(null=True)),
                ("options", models.JSONField(default=dict)),
                ("sealed", models.TextField(default="")),
                ("every_minutes", models.IntegerField()),
                ("enabled", models.BooleanField(default=True)),
                ("created_us", models.BigIntegerField()),
                ("due_us", models.BigIntegerField()),
                ("cursor", models.JSONField(null=True)),
                ("last_us", models.BigIntegerField(null=True)),
                ("result", models.JSONField(null=True)),
                ("trouble", models.JSONField(null=True)),
            ],
            options={"db_table": "pull"},
        ),
        migrations.CreateModel(
            name="ScoreTarget",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True)),
                ("table_name", models.TextField()),
                ("sealed", models.TextField(default="")),
                ("enabled", models.BooleanField(default=True)),
                ("created_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField(null=True)),
                ("rows", models.BigIntegerField(null=True)),
                ("trouble", models.JSONField(null=True)),
            ],
            options={"db_table": "score_target"},
        ),
        migrations.CreateModel(
            name="SourceTally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source_id",
                        "outcome",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("outcome", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=120)),
                ("count", models.BigIntegerField(default=0)),
                ("last_us", models.BigIntegerField()),
            ],
            options={"db_table": "source_tally"},
        ),
        migrations.CreateModel(
            name="SourceOwner",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source_id",
                        "object",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("object", models.TextField()),
                ("key", models.TextField()),
                ("day", models.IntegerField()),
            ],
            options={
                "db_table": "source_owner",
                "indexes": [
                    models.Index(fields=["source_id", "key"], name="source_owner_key"),
                    models.Index(fields=["day"], name="source_owner_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceWaiting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source_id", models.BigIntegerField()),
                ("about", models.TextField()),
                ("call", models.TextField()),
                ("received_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "source_waiting",
                "indexes": [
                    models.Index(fields=["source_id", "about"], name="source_waiting_about"),
                    models.Index(fields=["received_us"], name="source_waiting_age"),
                ],
            },
        ),
    ]
