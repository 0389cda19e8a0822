"""Which events count now: those of finished imports and those that arrived live, all of one same moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from holdfast.domain.events import LAKE_COLUMNS, LEVEL_0, slot_of
from holdfast.engines.tables import ParquetFiles, Rows, Stacked, Table
from holdfast.lake.log import EventLog, LakeFiles
from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Visible:
    """What counts at one moment: ``files`` of the lake, and the ``fresh`` rows of the ingest log.

    ``hidden`` are imports whose rows in the files do not count.
    """

    files: LakeFiles
    hidden: frozenset[int]
    fresh: tuple[tuple[object, ...], ...]

    @property
    def rows(self) -> int:
        """How many rows there are to read, those of hidden imports included."""
        return self.files.rows + len(self.fresh)

    def table(self, *, slots: Collection[int] | None = None) -> Table:
        """All events, or those whose subjects lie in ``slots``."""
        files, where, fresh = self.files, not_hidden(self.hidden), self.fresh
        if slots is not None:
            inside = f"slot IN ({', '.join(map(str, sorted(slots)))})"
            files = files.only(file for file in files.files if file.bucket in {*slots, LEVEL_0})
            where = inside if where is None else f"{inside} AND {where}"
            fresh = tuple(row for row in fresh if row[_SLOT] in slots)
        lake = ParquetFiles(files.paths, hive=True, where=where, types=LAKE_COLUMNS)
        return Stacked(lake, _as_rows(fresh)) if fresh else lake


def visible(
    settings: Settings, *, buckets: Iterable[int] | None = None, subjects: Collection[int] | None = None
) -> Visible:
    """What counts now; only in the files of ``buckets``, or of the buckets of ``subjects``, where given.

    The ingest log is read first and the lake after it: what was moved between the two is in both, and
    the lake's own mark says up to where, so that it counts once. The other order would lose rows.
    """
    from holdfast.store import ingest_log

    wanted = None if buckets is None else set(buckets)
    if subjects is not None:
        wanted = {slot_of(subject, settings.buckets) for subject in subjects}
    waiting = ingest_log.rows(settings, subjects=subjects)
    files, hidden = consistent_files(settings, buckets=wanted)
    if subjects is not None:
        files = files.only(
            file
            for file in files.files
            if any(file.first_subject <= subject <= file.last_subject for subject in subjects)
        )
    fresh = (_laid_out(row, settings.buckets) for row in waiting if row[0] > files.moved_seq)
    counting = (row for row in fresh if row[_IMPORT] not in hidden)
    kept = (row for row in counting if wanted is None or row[_SLOT] in wanted)
    return Visible(files, hidden, tuple(kept))


def finished_events(settings: Settings, *, buckets: Iterable[int] | None = None) -> Table:
    """Every event that counts: of imports that are done and not taken back, and what arrived live."""
    return visible(settings, buckets=buckets).table()


def events_of(settings: Settings, subjects: Collection[int]) -> Table:
    """The events that count, in those files alone in which rows of ``subjects`` can lie."""
    return visible(settings, subjects=subjects).table()


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


_NAMES = tuple(LAKE_COLUMNS)
_SLOT, _IMPORT = _NAMES.index("slot"), _NAMES.index("import_id")


def _laid_out(row: tuple[object, ...], buckets: int) -> tuple[object, ...]:
    """A row of the ingest log in the columns of the event log."""
    from holdfast.store.ingest_log import COLUMNS

    given = dict(zip(("seq", *COLUMNS), row, strict=True))
    given["event_key"] = bytes(given["event_key"])  # type: ignore[call-overload]
    given |= {"bucket": LEVEL_0, "slot": slot_of(int(given["subject_id"]), buckets)}  # type: ignore[call-overload]
    return tuple(given.get(name) for name in _NAMES)


def _as_rows(fresh: tuple[tuple[object, ...], ...]) -> Rows:
    return Rows(dict(zip(_NAMES, map(list, zip(*fresh, strict=True)), strict=True)), types=LAKE_COLUMNS)


def fresh_rows(settings: Settings, *, most: int) -> tuple[Rows, int, int] | None:
    """The oldest ``most`` rows of the ingest log as a table, how many, and the last number; or ``None``."""
    from holdfast.store import ingest_log

    waiting = ingest_log.rows(settings, most=most)
    if not waiting:
        return None
    return (
        _as_rows(tuple(_laid_out(row, settings.buckets) for row in waiting)),
        len(waiting),
        int(waiting[-1][0]),
    )
