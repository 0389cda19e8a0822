from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0011_inbox")]

    operations = [
        migrations.CreateModel(
            name="CareSetting",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
            ],
            options={
                "db_table": "care_setting",
            },
        ),
        migrations.CreateModel(
            name="ChannelUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit_id", "channel", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("channel", models.CharField(max_length=10)),
                ("asked", models.IntegerField()),
                ("answered", models.IntegerField()),
                ("last_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "channel_use",
            },
        ),
        migrations.CreateModel(
            name="TraitEdit",
            fields=[
                ("row_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("made_by", models.CharField(max_length=254)),
            ],
            options={
                "db_table": "trait_edit",
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=254)),
                ("name", models.TextField()),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("stored", models.CharField(max_length=40, unique=True)),
                ("deleted_us", models.BigIntegerField(null=True)),
                ("deleted_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "document",
                "indexes": [
                    models.Index(fields=["subject_id", "at_us"], name="document_subject"),
                    models.Index(fields=["deleted_us"], name="document_deleted"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeedKnown",
            fields=[
                ("unit_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("known", models.IntegerField()),
            ],
            options={
                "db_table": "need_known",
                "indexes": [models.Index(fields=["known"], name="need_known_known")],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=254)),
                ("text", models.TextField()),
                ("earlier", models.JSONField(default=list)),
                ("changed_us", models.BigIntegerField(null=True)),
                ("deleted_us", models.BigIntegerField(null=True)),
                ("deleted_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "note",
                "indexes": [
                    models.Index(fields=["subject_id", "at_us"], name="note_subject"),
                    models.Index(fields=["deleted_us"], name="note_deleted"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Owner",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("from_us", models.BigIntegerField()),
                ("until_us", models.BigIntegerField(null=True)),
                ("set_by", models.CharField(max_length=254)),
            ],
            options={
                "db_table": "owner",
                "indexes": [
                    models.Index(fields=["subject_id", "from_us"], name="owner_subject"),
                    models.Index(fields=["person_id", "until_us"], name="owner_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("value", models.TextField()),
                ("action", models.CharField(max_length=10)),
                ("instead", models.TextField(default="")),
                ("at_us", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=254)),
            ],
            options={
                "db_table": "point_change",
                "indexes": [
                    models.Index(fields=["subject_id", "kind", "value"], name="point_change_subject")
                ],
            },
        ),
        migrations.CreateModel(
            name="PointState",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit_id",
                        "kind",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("value", models.TextField()),
                ("state", models.CharField(max_length=10)),
                ("work", models.BooleanField()),
                ("used_us", models.BigIntegerField(null=True)),
                ("life_us", models.BigIntegerField(null=True)),
                ("bounced_us", models.BigIntegerField(null=True)),
                ("refused_us", models.BigIntegerField(null=True)),
                ("checked_us", models.BigIntegerField(null=True)),
                ("value_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "point_state",
                "indexes": [
                    models.Index(fields=["work", "value_minor", "unit_id"], name="point_work"),
                    models.Index(fields=["state", "value_minor", "unit_id"], name="point_state_state"),
                ],
            },
        ),
    ]
