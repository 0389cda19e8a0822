from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0012_care"),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicateSearch",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("began_us", models.BigIntegerField()),
                ("last_point", models.BigIntegerField()),
                ("last_trait", models.BigIntegerField()),
                ("compared", models.BigIntegerField()),
                ("found", models.IntegerField()),
            ],
            options={
                "db_table": "duplicate_search",
            },
        ),
        migrations.CreateModel(
            name="IdentityMerge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(default="merge", max_length=10)),
                ("units", models.JSONField()),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=254)),
                ("reasons", models.JSONField(default=list)),
                ("score", models.FloatField(null=True)),
                ("undone_us", models.BigIntegerField(null=True)),
                ("undone_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "identity_merge",
            },
        ),
        migrations.CreateModel(
            name="Duplicate",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "low_id", "high_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("low_id", models.BigIntegerField()),
                ("high_id", models.BigIntegerField()),
                ("score", models.FloatField()),
                ("reasons", models.JSONField()),
                ("found_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "duplicate",
                "indexes": [
                    models.Index(fields=["score", "low_id", "high_id"], name="duplicate_score"),
                    models.Index(fields=["high_id"], name="duplicate_high"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotTheSame",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "low_id", "high_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("low_id", models.BigIntegerField()),
                ("high_id", models.BigIntegerField()),
                ("decided_us", models.BigIntegerField()),
                ("decided_by", models.CharField(max_length=254)),
            ],
            options={
                "db_table": "not_the_same",
                "indexes": [models.Index(fields=["high_id"], name="not_the_same_high")],
            },
        ),
        migrations.AddIndex(
            model_name="traitrow",
            index=models.Index(
                condition=models.Q(("trait", "parent")), fields=["value"], name="trait_parent"
            ),
        ),
    ]
