"""Who is of a country, a source or a kind stands in the index itself: segments ask for ids, never for rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

_WORDS = ("country", "source", "kind")


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0023_signals")]

    operations: ClassVar[list[Any]] = [
        *(migrations.RemoveIndex(model_name="standing", name=f"standing_{word}") for word in _WORDS),
        *(
            migrations.AddIndex(
                model_name="standing",
                index=models.Index(fields=[word, "unit_id"], name=f"standing_{word}_unit"),
            )
            for word in _WORDS
        ),
    ]
