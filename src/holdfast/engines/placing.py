"""Bring staged events to their place in the event log: ids, repeats, order, files.

``give_ids`` names the subjects, ``find_repeats`` finds what the log has already, ``place`` writes
the rest: sorted by subject and moment, straight into ``bucket=N/`` or, a few rows, into level 0.
Nothing here belongs to the log until the service commits it. All work on one engine, one after
the other: the ids live in its temporary table ``ids``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.events import LAKE_COLUMNS, LEVEL_0, EventFile, slot_sql
from holdfast.engines.bucket_files import write_by_bucket
from holdfast.engines.embedded import EmbeddedEngine, literal
from holdfast.engines.tables import ParquetFiles, Rows, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ACCOUNTS = "account"
"""The namespace of accounts that customers name."""

IDS_AT_ONCE = 50_000
"""Keys for which the database is asked at a time."""

FEW_SUBJECTS = 1_000
"""With at most this many, the log is asked for them by name, which skips nearly all of it."""


@dataclass(frozen=True, slots=True)
class StagedEvents:
    """Events of one import on their way into the log.

    ``events`` is the staged Parquet file. Files are written under ``root``, over ``buckets``
    buckets; their names begin with ``prefix``.
    """

    events: Path
    root: Path
    buckets: int
    import_id: int
    source: str
    prefix: str

    @property
    def tables(self) -> dict[str, Table]:
        """The staged events, as a query may name them."""
        return {"staged": ParquetFiles((str(self.events),))}


@dataclass(frozen=True, slots=True)
class Reach:
    """Which part of the log an import can repeat: its slots, subjects and moments (inclusive).

    ``own_ids`` says that some events bring an id of their own, by which they are recognised at
    whatever moment; others repeat only what has the same moment. ``subjects`` lists the subjects
    where they are few, else it is empty.
    """

    events: int
    slots: frozenset[int]
    first_subject: int
    last_subject: int
    first_at_us: int
    last_at_us: int
    own_ids: bool
    subjects: tuple[int, ...]

    def touches(self, file: EventFile) -> bool:
        """Whether the file can hold a repeat."""
        return (
            (file.bucket == LEVEL_0 or file.bucket in self.slots)
            and file.first_subject <= self.last_subject
            and self.first_subject <= file.last_subject
            and (
                self.own_ids or (file.first_at_us <= self.last_at_us and self.first_at_us <= file.last_at_us)
            )
        )


@dataclass(frozen=True, slots=True)
class Repeats:
    """What an import brings that is there already: events (of ``staged``), and rows of which every one is."""

    events: int
    rows: int
    staged: int

    @property
    def all_of_them(self) -> bool:
        """Whether nothing is new."""
        return self.events == self.staged


def give_ids(
    engine: EmbeddedEngine, subjects: Path, assign: Callable[[str, Sequence[str]], Sequence[int]]
) -> int:
    """Ask ``assign`` (namespace, keys) for the id of every staged subject and of the accounts they name.

    Fills the temporary table ``ids`` (namespace, subject_key, subject_id), a chunk at a time.
    Answers how many subjects rows are about; accounts that are only named are not among them.
    """
    staged: dict[str, Table] = {"subjects": ParquetFiles((str(subjects),))}
    engine.run(
        "CREATE OR REPLACE TEMP TABLE wanted AS "
        "SELECT *, ROW_NUMBER() OVER (ORDER BY namespace, subject_key) AS n "
        "FROM (SELECT namespace, subject_key FROM subjects UNION "
        f"SELECT '{ACCOUNTS}', account_key FROM subjects WHERE account_key IS NOT NULL)",
        staged,
    )
    engine.run(
        "CREATE OR REPLACE TEMP TABLE ids (namespace VARCHAR, subject_key VARCHAR, subject_id BIGINT)", {}
    )
    (count,) = engine.rows("SELECT COUNT(*) FROM wanted", {})[0]
    for first in range(1, count + 1, IDS_AT_ONCE):
        last = first + IDS_AT_ONCE - 1
        wanted = engine.columns(
            f"SELECT namespace, subject_key FROM wanted WHERE n BETWEEN {first} AND {last} ORDER BY n", {}
        )
        chunk = Rows({**wanted, "subject_id": _ids_of(wanted, assign)}, types={"subject_id": "BIGINT"})
        engine.run("INSERT INTO ids SELECT namespace, subject_key, subject_id FROM chunk", {"chunk": chunk})
    engine.run("DROP TABLE wanted", {})
    return int(engine.rows("SELECT COUNT(DISTINCT (namespace, subject_key)) FROM subjects", staged)[0][0])


def _ids_of(
    wanted: Mapping[str, NDArray[np.generic]], assign: Callable[[str, Sequence[str]], Sequence[int]]
) -> list[int]:
    """The ids of keys that are sorted by namespace."""
    pairs = zip(wanted["namespace"].tolist(), wanted["subject_key"].tolist(), strict=True)
    ids: list[int] = []
    for namespace, group in groupby(pairs, key=lambda pair: pair[0]):
        ids += assign(namespace, [key for _, key in group])
    return ids


def reach(engine: EmbeddedEngine, staged: StagedEvents) -> Reach:
    """Where in the log repeats of these events could lie."""
    slot = slot_sql("subject_id", staged.buckets)
    bounds = engine.rows(
        "SELECT COUNT(*), COALESCE(MIN(at_us), 0), COALESCE(MAX(at_us), 0), COUNT(message_id) FROM staged",
        staged.tables,
    )[0]
    subjects = engine.rows(
        "SELECT COUNT(*), COALESCE(MIN(subject_id), 0), COALESCE(MAX(subject_id), 0), "
        f"LIST(DISTINCT {slot}) FROM ids",
        staged.tables,
    )[0]
    few = (
        engine.rows("SELECT subject_id FROM ids ORDER BY 1", staged.tables)
        if subjects[0] <= FEW_SUBJECTS
        else []
    )
    return Reach(
        events=bounds[0],
        slots=frozenset(subjects[3] or ()),
        first_subject=subjects[1],
        last_subject=subjects[2],
        first_at_us=bounds[1],
        last_at_us=bounds[2],
        own_ids=bounds[3] > 0,
        subjects=tuple(row[0] for row in few),
    )


def find_repeats(
    engine: EmbeddedEngine, staged: StagedEvents, part: Reach, base: ParquetFiles, to: Path
) -> Repeats:
    """Which staged events are in ``base`` already, or twice in the import under one id of their own.

    An event is a repeat when key and subject are the same; of several in the import, the first
    counts. The full rows of those that ``base`` has are written to ``to``, with the import that
    is their ``owner``, so that undoing that import can hand them on; no file is written where
    there are none. Call before :func:`place`.
    """
    engine.run("CREATE OR REPLACE TEMP TABLE repeat (line BIGINT, event_key UUID, owner BIGINT)", {})
    if base.paths or part.own_ids:
        engine.run(_KEYED, staged.tables)
    if base.paths:
        engine.run(_held_in_base(part), {"base": base})
    if part.own_ids:
        engine.run(_TWICE_IN_IMPORT, {})
    events, owned = engine.rows("SELECT COUNT(*), COUNT(owner) FROM repeat", {})[0]
    if owned:
        _keep_repeats(engine, staged, to)
    rows = engine.rows(_ROWS_REPEATED, staged.tables)[0][0] if events else 0
    return Repeats(events, rows, part.events)


_KEYED = """
CREATE OR REPLACE TEMP TABLE keyed AS
SELECT e.line, CAST(e.event_key AS UUID) AS event_key, i.subject_id, e.message_id IS NOT NULL AS by_own_id
FROM staged e JOIN ids i USING (namespace, subject_key)
"""

_TWICE_IN_IMPORT = """
INSERT INTO repeat
SELECT k.line, k.event_key, NULL
FROM keyed k ANTI JOIN repeat r ON r.line = k.line AND r.event_key = k.event_key
WHERE k.by_own_id
QUALIFY ROW_NUMBER() OVER (PARTITION BY k.subject_id, k.event_key ORDER BY k.line) > 1
"""

_ROWS_REPEATED = """
WITH repeated AS (SELECT line, COUNT(*) AS events FROM repeat GROUP BY line),
made AS (SELECT line, COUNT(*) AS events FROM staged WHERE line IN (SELECT line FROM repeat) GROUP BY line)
SELECT COUNT(*) FROM made JOIN repeated USING (line) WHERE made.events = repeated.events
"""


_NEW = "ANTI JOIN repeat r ON r.line = e.line AND r.event_key = CAST(e.event_key AS UUID)"
"""Leaves out repeats, where ``e`` is a staged event."""


def rows_with_news(engine: EmbeddedEngine, staged: StagedEvents, subjects: Sequence[int]) -> int:
    """How many rows about ``subjects`` make an event that :func:`find_repeats` did not find in the log."""
    named = Rows({"subject_id": subjects}, types={"subject_id": "BIGINT"})
    return int(
        engine.rows(
            "SELECT COUNT(DISTINCT e.line) FROM staged e JOIN ids i USING (namespace, subject_key) "
            "SEMI JOIN named n ON n.subject_id = i.subject_id "
            f"{_NEW}",
            {**staged.tables, "named": named},
        )[0][0]
    )


def _held_in_base(part: Reach) -> str:
    """Rows of the base are left out by their subject first: most keys are then never unpacked."""
    narrow = f" WHERE subject_id IN ({', '.join(map(str, part.subjects))})" if part.subjects else ""
    return (
        "INSERT INTO repeat SELECT k.line, k.event_key, COALESCE(b.import_id, 0) AS owner "
        "FROM (SELECT subject_id, CAST(event_key AS UUID) AS event_key, import_id "
        f"FROM (SELECT subject_id, event_key, import_id FROM base{narrow}) "
        "SEMI JOIN ids USING (subject_id)) b "
        "JOIN keyed k ON k.event_key = b.event_key AND k.subject_id = b.subject_id"
    )


def _keep_repeats(engine: EmbeddedEngine, staged: StagedEvents, to: Path) -> None:
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in _row(staged).items())
    engine.write(
        f"SELECT {chosen}, r.owner FROM staged e JOIN ids i USING (namespace, subject_key) "
        "JOIN repeat r ON r.line = e.line AND r.event_key = CAST(e.event_key AS UUID) "
        "WHERE r.owner IS NOT NULL",
        staged.tables,
        to,
    )


def place(
    engine: EmbeddedEngine, staged: StagedEvents, repeats: Repeats, *, direct: bool
) -> tuple[EventFile, ...]:
    """Write what :func:`find_repeats` left, sorted by subject and moment, as files of the log.

    ``direct``: one file in each bucket; else one file in level 0. No file is empty, so there may
    be none.
    """
    if repeats.all_of_them:
        return ()
    row = _row(staged)
    same = _same_in_all_rows(engine, staged)
    sorted_ = {name: sql for name, sql in row.items() if name not in same}
    written = {name: same.get(name, name) for name in row}
    # Sixteen bytes of fixed size sort a third quicker than bytes of any size.
    sorted_["event_key"], written["event_key"] = "CAST(e.event_key AS UUID)", "CAST(event_key AS BLOB)"
    engine.run(_order_of_subjects(staged, direct), staged.tables)
    engine.run(_in_order(sorted_, but_repeats=repeats.events > 0), staged.tables)
    return write_by_bucket(engine, "placed", written, staged.root, staged.prefix)


def _same_in_all_rows(engine: EmbeddedEngine, staged: StagedEvents) -> dict[str, str]:
    """Columns that need not travel through the sort, as expressions over the sorted rows.

    Those that are null in every row, or hold one and the same text, as the file's statistics say;
    and those that follow from the import or from another column.
    """
    told = engine.rows(
        "SELECT path_in_schema, SUM(stats_null_count), SUM(num_values), MIN(stats_min_value), "
        f"MAX(stats_max_value) FROM parquet_metadata({literal(str(staged.events))}) GROUP BY path_in_schema",
        {},
    )
    same = {"seq": _typed("NULL", "seq"), "slot": slot_sql("subject_id", staged.buckets)}
    same |= {"source": literal(staged.source), "import_id": _typed(str(staged.import_id), "import_id")}
    maybe = {"known_us": "at_us"}
    for name, nulls, values, least, greatest in told:
        if name in LAKE_COLUMNS and nulls == values:
            same[name] = _typed("NULL", name)
        elif LAKE_COLUMNS.get(name) == "VARCHAR" and least is not None and least == greatest:
            maybe[name] = literal(least)
    # Statistics may hold the beginning of a text only: the rows have the last word.
    checks = ", ".join(
        f"COALESCE(BOOL_AND({name} IS NOT DISTINCT FROM {sql}), true)" for name, sql in maybe.items()
    )
    (holds,) = engine.rows(f"SELECT {checks} FROM staged", staged.tables)
    return same | {name: sql for (name, sql), held in zip(maybe.items(), holds, strict=True) if held}


def _order_of_subjects(staged: StagedEvents, direct: bool) -> str:
    """Each subject with its bucket and its place in the order of all: one short integer to sort by."""
    bucket = slot_sql("subject_id", staged.buckets) if direct else str(LEVEL_0)
    return (
        f"CREATE OR REPLACE TEMP TABLE placed_subject AS SELECT *, {bucket} AS bucket, "
        f"CAST(ROW_NUMBER() OVER (ORDER BY {bucket}, subject_id) AS INTEGER) AS place FROM ids"
    )


def _in_order(row: Mapping[str, str], *, but_repeats: bool) -> str:
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in row.items())
    return (
        f"CREATE OR REPLACE TEMP TABLE placed AS SELECT {chosen}, i.bucket "
        f"FROM staged e JOIN placed_subject i USING (namespace, subject_key) "
        f"{_NEW if but_repeats else ''} ORDER BY i.place, e.at_us"
    )


def _row(staged: StagedEvents) -> dict[str, str]:
    """Each column of the log but the partition, as an expression over a staged event and its id."""
    given = {
        "seq": _typed("NULL", "seq"),
        "slot": slot_sql("i.subject_id", staged.buckets),
        "subject_id": "i.subject_id",
        "source": literal(staged.source),
        "import_id": _typed(str(staged.import_id), "import_id"),
    }
    columns = (name for name in LAKE_COLUMNS if name != "bucket")
    return {name: given.get(name, _typed(f"e.{name}", name)) for name in columns}


def _typed(sql: str, column: str) -> str:
    return f"CAST({sql} AS {LAKE_COLUMNS[column]})"
