"""The event log: which files belong to it, and the commits that change that.

Parquet files are written by an engine straight into ``bucket=N/``; they are nobody's until one
Delta commit names them. A commit is atomic: readers see all of an import or nothing of it. An
import's commit carries ``Transaction("import:<id>", 1)``, so that a restart can ask whether it
happened. Statistics are kept for ``subject_id`` and ``at_us`` only; deletion vectors are off.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.events import LAKE_COLUMNS, LEVEL_0, EventFile
from holdfast.lake.disk import sync_file, sync_files, sync_folder

if TYPE_CHECKING:
    from deltalake import DeltaTable, Schema
    from deltalake.transaction import AddAction, RemoveAction

READERS_GRACE_HOURS = 24
"""How long a file that left the log stays on disk, for readers that started before."""

_CONFIGURATION: dict[str, str | None] = {
    "delta.dataSkippingStatsColumns": "subject_id,at_us",
    "delta.enableDeletionVectors": "false",
    "delta.checkpointInterval": "100",
    "delta.logRetentionDuration": "interval 1 days",
    "delta.deletedFileRetentionDuration": "interval 1 days",
}
_DELTA_TYPES = {
    "BIGINT": "long",
    "INTEGER": "integer",
    "BLOB": "binary",
    "VARCHAR": "string",
    "DOUBLE": "double",
    "DECIMAL(18,4)": "decimal(18,4)",
}


@dataclass(frozen=True, slots=True)
class LakeFiles:
    """What belonged to the log at one moment: its Delta version, and the files under ``base``.

    The largest comes first: engines guess the size of the whole from the first file, and build
    hash tables over whatever they take for small.
    """

    version: int
    base: Path
    files: tuple[EventFile, ...]
    moved_seq: int = 0
    """The last row of the ingest log that is in these files: what has this sequence or less is here."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Absolute paths, for a :class:`holdfast.engines.tables.ParquetFiles` (``hive=True``)."""
        return tuple(str(self.base / file.path) for file in self.files)

    @property
    def rows(self) -> int:
        """How many rows these files hold, those of undone imports included."""
        return sum(file.rows for file in self.files)

    def only(self, files: Iterable[EventFile]) -> LakeFiles:
        """The same moment, with only these files."""
        return replace(self, files=tuple(files))


class EventLog:
    """The event log under ``root``, its rows spread over ``buckets`` by subject.

    Whoever commits holds the workspace's lease: the log itself does not queue writers.
    """

    def __init__(self, root: Path, buckets: int) -> None:
        self.root, self.buckets = root, buckets

    @property
    def exists(self) -> bool:
        """Whether :meth:`create` has ever finished."""
        return (self.root / "_delta_log" / f"{0:020}.json").is_file() or self._checkpoint.is_file()

    def create(self) -> None:
        """Make an empty log; does nothing where there is one."""
        from deltalake import DeltaTable

        if self.exists:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(
            str(self.root),
            _schema(),
            mode="ignore",
            partition_by=["bucket"],
            configuration=_CONFIGURATION,
            name="events",
        )
        self._sync_commit(0)

    def files(self, *, buckets: Iterable[int] | None = None) -> LakeFiles:
        """The files that belong to the log now; of ``buckets`` only, and of level 0, where given.

        A log that was never created has none, at version -1.
        """
        if not self.exists:
            return LakeFiles(-1, self.root, ())
        table = self._table()
        found = _files_of(table)
        if buckets is not None:
            wanted = {LEVEL_0, *buckets}
            found = tuple(file for file in found if file.bucket in wanted)
        return LakeFiles(table.version(), self.root, found, _moved_seq(table))

    def commit_import(self, import_id: int, staged: Sequence[EventFile]) -> int:
        """Let the files of an import belong to the log, all at once, and return the new version.

        Files and folders are synced before, the commit after: when this returns, the import
        outlives a power cut. An import without events is committed as well (it has no files).
        """
        from deltalake.transaction import Transaction

        self.create()
        sync_files(self.root / file.path for file in staged)
        transaction = Transaction(_transaction_name(import_id), 1)
        return self._commit([_add(file, data_change=True) for file in staged], [transaction])

    def commit_moved(self, files: Sequence[EventFile], last_seq: int) -> int:
        """Let files with rows of the ingest log, up to ``last_seq``, belong to the log; the new version.

        When this returns they outlive a power cut, and the ingest log may forget those rows.
        """
        from deltalake.transaction import Transaction

        self.create()
        sync_files(self.root / file.path for file in files)
        moved = Transaction(_INGEST, last_seq)
        return self._commit([_add(file, data_change=True) for file in files], [moved])

    def moved_seq(self) -> int:
        """Up to which sequence the rows of the ingest log are in the log; 0 for none."""
        return _moved_seq(self._table()) if self.exists else 0

    def import_committed(self, import_id: int) -> bool:
        """Whether :meth:`commit_import` has happened for this import, ever."""
        return self.exists and self._table().transaction_version(_transaction_name(import_id)) is not None

    def replace(self, files_out: Sequence[EventFile], files_in: Sequence[EventFile]) -> int:
        """Put ``files_in`` in the place of ``files_out`` in one commit (compaction).

        No reader sees a row twice or not at all. The old files stay on disk until
        :meth:`remove_unused`.
        """
        from deltalake.transaction import RemoveAction

        sync_files(self.root / file.path for file in files_in)
        now_ms = _now_ms()
        removes = [
            RemoveAction(file.path, False, now_ms, file.size, {"bucket": str(file.bucket)})
            for file in files_out
        ]
        return self._commit([*removes, *(_add(file, data_change=False) for file in files_in)], [])

    def announce(self, prefix: str) -> None:
        """Write down that files with this prefix are being made, so that :meth:`settle` finds them."""
        beside = self._note.with_suffix(".new")
        beside.write_text(prefix, encoding="utf-8")
        sync_file(beside)
        beside.replace(self._note)
        sync_folder(self._note.parent)

    def settle(self) -> None:
        """Clear what an interrupted compaction left: files that were announced and never committed.

        To be called before anything else is committed.
        """
        if not self._note.is_file():
            return
        prefix = self._note.read_text(encoding="utf-8")
        if not any(file.name.startswith(prefix) for file in self.files().files):
            self._delete(f"{prefix}*")
        self._note.unlink()

    def remove_unused(self, *, grace_hours: int = READERS_GRACE_HOURS) -> int:
        """Delete files that left the log more than ``grace_hours`` ago; answers how many."""
        if not self.exists:
            return 0
        removed = self._table().vacuum(
            retention_hours=grace_hours, dry_run=False, enforce_retention_duration=False, full=True
        )
        return len(removed)

    def clear_uncommitted(self, import_id: int) -> int:
        """Delete the files that an import wrote and never committed; answers how many.

        Only for an import of which :meth:`import_committed` says no.
        """
        return self._delete(f"{file_prefix(import_id)}*")

    def _delete(self, names: str) -> int:
        left = sorted(self.root.glob(f"bucket=*/{names}"))
        for path in left:
            path.unlink(missing_ok=True)
        for folder in sorted({path.parent for path in left}):
            sync_folder(folder)
        return len(left)

    @property
    def _note(self) -> Path:
        return self.root.parent / "compacting"

    @property
    def _checkpoint(self) -> Path:
        return self.root / "_delta_log" / "_last_checkpoint"

    def _table(self) -> DeltaTable:
        from deltalake import DeltaTable

        return DeltaTable(str(self.root))

    def _commit(self, actions: list[AddAction | RemoveAction], transactions: list[object]) -> int:
        from deltalake.transaction import CommitProperties

        table = self._table()
        table.create_write_transaction(
            actions,
            "append",
            _schema(),
            ["bucket"],
            commit_properties=CommitProperties(app_transactions=transactions),  # type: ignore[arg-type]
        )
        version = int(self._table().version())
        self._sync_commit(version)
        return version

    def _sync_commit(self, version: int) -> None:
        log = self.root / "_delta_log"
        sync_files([log / f"{version:020}.json"])
        sync_folder(self.root.parent)


MOVED_PREFIX = "moved-"
"""How the names of the files begin that the mover writes."""

_INGEST = "ingest"


def _moved_seq(table: DeltaTable) -> int:
    return int(table.transaction_version(_INGEST) or 0)


def file_prefix(import_id: int) -> str:
    """How the names of the files that an import writes into the log begin."""
    return f"import-{import_id}-"


def _transaction_name(import_id: int) -> str:
    return f"import:{import_id}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _schema() -> Schema:
    from deltalake import Field, Schema
    from deltalake.schema import PrimitiveType

    return Schema([Field(name, PrimitiveType(_DELTA_TYPES[kind])) for name, kind in LAKE_COLUMNS.items()])


def _add(file: EventFile, *, data_change: bool) -> AddAction:
    from deltalake.transaction import AddAction

    statistics = {
        "numRecords": file.rows,
        "minValues": {"subject_id": file.first_subject, "at_us": file.first_at_us},
        "maxValues": {"subject_id": file.last_subject, "at_us": file.last_at_us},
        "nullCount": {"subject_id": 0, "at_us": 0},
    }
    partition = {"bucket": str(file.bucket)}
    return AddAction(file.path, file.size, partition, _now_ms(), data_change, json.dumps(statistics))


def _files_of(table: DeltaTable) -> tuple[EventFile, ...]:
    actions = table.get_add_actions(flatten=True)
    columns = (
        "path",
        "partition.bucket",
        "size_bytes",
        "num_records",
        "min.subject_id",
        "max.subject_id",
        "min.at_us",
        "max.at_us",
    )
    if not actions.num_rows:
        return ()
    lists = [actions.column(name).to_pylist() for name in columns]
    found = (EventFile(*row) for row in zip(*lists, strict=True))
    return tuple(sorted(found, key=lambda file: (-file.rows, file.path)))
