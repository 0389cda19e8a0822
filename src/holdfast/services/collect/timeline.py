"""Where one customer's events lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.engines.tables import ParquetFiles


def events_of(settings: Settings, subjects: Sequence[int]) -> ParquetFiles:
    """The finished events, in those files alone in which rows of ``subjects`` can lie."""
    from holdfast.domain.events import LAKE_COLUMNS, slot_of
    from holdfast.engines.tables import ParquetFiles
    from holdfast.services.visible import consistent_files, not_hidden

    files, hidden = consistent_files(settings, buckets={slot_of(each, settings.buckets) for each in subjects})
    near = files.only(
        file
        for file in files.files
        if any(file.first_subject <= subject <= file.last_subject for subject in subjects)
    )
    return ParquetFiles(near.paths, hive=True, where=not_hidden(hidden), types=LAKE_COLUMNS)
