from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0014_keep")]
    operations = [
        migrations.CreateModel(
            name="CompanyBasis",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("version", models.BigIntegerField()),
                ("read_us", models.BigIntegerField()),
                ("content", models.JSONField()),
            ],
            options={"db_table": "company_basis"},
        ),
        # A column that may be null is added in place: SQLite keeps the table and its triggers.
        migrations.AddField(
            model_name="standing",
            name="read_us",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(("read_us__isnull", False)), fields=["unit_id"], name="standing_live"
            ),
        ),
    ]
