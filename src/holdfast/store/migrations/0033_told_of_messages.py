"""Messages are found by the name that their provider has for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0032_message_templates")]

    operations: ClassVar[list[Any]] = [
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(
                fields=["provider_id"],
                name="touch_provider",
                condition=models.Q(("provider_id", ""), _negated=True),
            ),
        ),
    ]
