from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0019_api")]

    operations = [
        migrations.CreateModel(
            name="SegmentMeasured",
            fields=[
                ("segment_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("made_us", models.BigIntegerField()),
                ("run_us", models.BigIntegerField()),
                ("customers", models.IntegerField()),
                ("trouble", models.TextField(default="")),
            ],
            options={
                "db_table": "segment_measured",
            },
        ),
        migrations.CreateModel(
            name="Dashboard",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("shared", models.BooleanField(default=False)),
                ("period_kind", models.CharField(max_length=10)),
                ("periods", models.IntegerField()),
                ("segment_key", models.CharField(default="", max_length=80)),
                ("tiles", models.JSONField(default=list)),
                ("version", models.IntegerField(default=1)),
                ("made_us", models.BigIntegerField()),
                ("changed_us", models.BigIntegerField()),
                ("deleted_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "dashboard",
                "indexes": [models.Index(fields=["person_id"], name="dashboard_person")],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("dashboard_id", models.BigIntegerField()),
                ("every", models.CharField(max_length=8)),
                ("day", models.IntegerField(default=0)),
                ("minute", models.IntegerField()),
                ("quiet", models.BooleanField(default=False)),
                ("made_by", models.CharField(max_length=254)),
                ("made_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "digest",
                "indexes": [models.Index(fields=["dashboard_id"], name="digest_dashboard")],
            },
        ),
        migrations.CreateModel(
            name="DigestReader",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "digest_id",
                        "person_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("digest_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("zone", models.CharField(max_length=60)),
                ("next_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField(null=True)),
                ("mark", models.CharField(default="", max_length=32)),
            ],
            options={
                "db_table": "digest_reader",
                "indexes": [models.Index(fields=["next_us"], name="digest_reader_next")],
            },
        ),
        migrations.CreateModel(
            name="ExportFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("asked", models.JSONField()),
                ("file_format", models.CharField(max_length=8)),
                ("state", models.CharField(max_length=8)),
                ("asked_us", models.BigIntegerField()),
                ("ready_us", models.BigIntegerField(null=True)),
                ("ends_us", models.BigIntegerField(null=True)),
                ("rows", models.BigIntegerField(null=True)),
                ("size", models.BigIntegerField(null=True)),
                ("stored", models.CharField(default="", max_length=60)),
                ("trouble", models.TextField(default="")),
                ("tries", models.IntegerField(default=0)),
                ("held_until_us", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "export_file",
                "indexes": [
                    models.Index(fields=["person_id", "id"], name="export_file_person"),
                    models.Index(fields=["state", "ends_us"], name="export_file_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentFigure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("segment_id", models.BigIntegerField()),
                ("period_kind", models.CharField(max_length=10)),
                ("metric", models.CharField(max_length=60)),
                ("start_day", models.IntegerField()),
                ("end_day", models.IntegerField()),
                ("content", models.TextField()),
            ],
            options={
                "db_table": "segment_figure",
                "indexes": [
                    models.Index(
                        fields=["segment_id", "period_kind", "metric", "start_day"], name="segment_figure_of"
                    )
                ],
            },
        ),
    ]
