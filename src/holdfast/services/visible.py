"""Which events count now: those of finished imports, all of one same moment."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.domain.events import LAKE_COLUMNS
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.log import EventLog, LakeFiles
from holdfast.settings import Settings


def finished_events(settings: Settings, *, buckets: Iterable[int] | None = None) -> ParquetFiles:
    """The rows of imports that are done, and no row of one that runs or was taken back."""
    files, hidden = consistent_files(settings, buckets=buckets)
    return ParquetFiles(files.paths, hive=True, where=not_hidden(hidden), types=LAKE_COLUMNS)


def consistent_files(
    settings: Settings, *, buckets: Iterable[int] | None = None
) -> tuple[LakeFiles, frozenset[int]]:
    """The files of the log and the imports whose rows in them do not count, of one same moment.

    An import becomes visible in the database after its rows are in the lake, and an undone one
    vanishes there at once: the database is asked before and after the lake, until both answers
    agree, so that no reader sees an undone import gone and what it handed on not yet there.
    """
    from holdfast.store import readers

    wanted = None if buckets is None else tuple(buckets)
    log = EventLog(settings.lake, settings.buckets)
    hidden = frozenset(readers.not_done_imports(settings))
    while True:
        files = log.files(buckets=wanted)
        after = frozenset(readers.not_done_imports(settings))
        if after == hidden:
            return files, hidden
        hidden = after


def not_hidden(imports: frozenset[int]) -> str | None:
    """The condition that leaves out the rows of ``imports``; ``None`` where there are none to leave out."""
    if not imports:
        return None
    return f"(import_id IS NULL OR import_id NOT IN ({', '.join(map(str, sorted(imports)))}))"
