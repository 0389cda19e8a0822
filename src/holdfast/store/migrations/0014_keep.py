from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0013_identity")]
    operations = [
        migrations.CreateModel(
            name="BackupMade",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_us", models.BigIntegerField()),
                ("place", models.TextField()),
                ("size", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("gone_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "backup_made",
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("what", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("days", models.IntegerField()),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(max_length=254)),
            ],
            options={
                "db_table": "retention_rule",
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at_us", models.BigIntegerField()),
                ("report", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "retention_run",
            },
        ),
        migrations.CreateModel(
            name="ErasedKey",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("erasure_id", models.BigIntegerField()),
                ("made_us", models.BigIntegerField()),
                ("refused", models.BigIntegerField(default=0)),
                ("last_us", models.BigIntegerField(null=True)),
                ("lifted_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "erased_key",
                "indexes": [models.Index(fields=["erasure_id"], name="erased_key_erasure")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("state", models.CharField(default="asked", max_length=12)),
                ("asked_us", models.BigIntegerField()),
                ("asked_by", models.CharField(max_length=254)),
                ("subjects", models.JSONField(default=list)),
                ("sealed", models.TextField(default="")),
                ("grace_hours", models.IntegerField(default=24)),
                ("forgotten_us", models.BigIntegerField(null=True)),
                ("cut_us", models.BigIntegerField(null=True)),
                ("scanned_us", models.BigIntegerField(null=True)),
                ("done", models.JSONField(default=dict)),
                ("certificate", models.JSONField(null=True)),
                ("lifted_us", models.BigIntegerField(null=True)),
                ("lifted_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "erasure",
                "indexes": [models.Index(fields=["state"], name="erasure_state")],
            },
        ),
    ]
