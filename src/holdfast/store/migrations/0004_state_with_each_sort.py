from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0003_sign_in_tries")]
    operations = [
        migrations.RemoveIndex(model_name="standing", name="standing_state"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["state", "name_key", "unit_id"], name="standing_state_name"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["state", "last_key", "unit_id"], name="standing_state_last"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["state", "amount_minor", "unit_id"], name="standing_state_amount"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["state", "orders", "unit_id"], name="standing_state_orders"),
        ),
    ]
