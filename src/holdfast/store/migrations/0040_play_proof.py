"""What plays were worth, remembered from each run; what reaching a customer costs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0039_changes")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField("PlaySetting", "costs", models.TextField(default="{}", db_default="{}")),
        migrations.CreateModel(
            name="PlayProof",
            fields=[
                ("play_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("follow_days", models.IntegerField()),
                ("base_rate", models.FloatField()),
                ("cap_minor", models.BigIntegerField(null=True)),
                ("as_of_day", models.IntegerField()),
                ("counted_us", models.BigIntegerField()),
                ("content", models.TextField(default="{}")),
            ],
            options={"db_table": "play_proof"},
        ),
    ]
