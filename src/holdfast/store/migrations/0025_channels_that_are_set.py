"""A channel that is set is in use: nothing ever switched one off."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0024_words_with_units")]

    operations: ClassVar[list[Any]] = [migrations.RemoveField(model_name="channelsetting", name="enabled")]
