from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_views_and_search")]
    operations = [
        migrations.CreateModel(
            name="SignInTry",
            fields=[
                ("who", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("wrong", models.IntegerField()),
                ("last_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "sign_in_try",
                "indexes": [models.Index(fields=["last_us"], name="sign_in_try_last")],
            },
        ),
    ]
