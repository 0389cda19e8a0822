"""Why an episode is over by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0025_channels_that_are_set")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="episode", name="ended_why", field=models.CharField(default="", max_length=20)
        )
    ]
