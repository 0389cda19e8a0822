"""Stages an import: a table becomes events, subjects, traits and texts in a folder.

Nothing outside the folder is touched; :mod:`holdfast.services.collect` takes it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.imports import ColumnMap, ImportKind, Staged, Suspicion, TabularSource
from holdfast.domain.maps import check_map
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.written_dates import order_evidence
from holdfast.engines import staging_report, staging_subjects
from holdfast.engines.staging_events import EventMaker, make_rows, write_events
from holdfast.engines.staging_look import look
from holdfast.engines.staging_rows import Plans, Reading, plan_reading, read_rows
from holdfast.engines.staging_source import (
    LineNumbers,
    OpenTable,
    Refused,
    connect,
    dropped_rows,
    open_table,
    reader_rejects,
    without_lines,
)
from holdfast.settings import Settings

if TYPE_CHECKING:
    import duckdb

__all__ = ["look", "stage"]

Report = Callable[[str, int, int], None]

_MOST_READINGS = 6
_STEPS = 4


def stage(
    sources: Sequence[TabularSource],
    kind: ImportKind,
    column_map: ColumnMap,
    *,
    settings: Settings,
    folder: Path,
    query: str | None = None,
    now_us: int,
    report: Report | None = None,
) -> Staged:
    """Stage the rows of ``sources`` as ``kind`` into ``folder``.

    ``sources`` are plain (:func:`holdfast.connectors.plain.make_plain`); several only with a
    ``query`` over them, by their tables' names. ``now_us`` is the present in microseconds: from
    when what a row tells is known, and after which a date lies in the future. ``report`` is told
    "stage", the steps done and their number. Rows that cannot be taken are rejected with a code
    of :mod:`holdfast.domain.rejects`; what is wrong with the map or the file as a whole is a
    ``Refusal``. Uses up to about 700 MB of memory, and disk in ``folder`` beyond that.
    """
    told = report or (lambda step, done, total: None)
    source = look(sources, query, folder)
    checked = check_map(column_map, kind, source.columns)
    told("stage", 0, _STEPS)
    plans = Plans()
    for _ in range(_MOST_READINGS):
        with closing(connect(folder)) as connection:
            reading = _read(connection, source, kind, checked, settings, plans)
            refused = reader_rejects(connection, reading.table)
            swallowing = [row for row in refused if row.swallowed]
            if swallowing:
                source = without_lines(source, swallowing, folder)
                continue
            if _overruled(connection, reading, plans):
                continue
            told("stage", 1, _STEPS)
            return _Stage(connection, source, reading, folder, now_us, told).write(refused)
    raise RuntimeError("the plans of a column overrule each other")


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: TabularSource,
    kind: ImportKind,
    column_map: ColumnMap,
    settings: Settings,
    plans: Plans,
) -> Reading:
    """The table read into "parsed"."""
    options = column_map.options
    currency = options.currency or settings.currency or NO_CURRENCY
    zone = options.timezone or settings.timezone
    reading = Reading(open_table(connection, source), kind, column_map, currency, zone)
    plan_reading(connection, reading, plans, options.country or settings.country)
    read_rows(connection, reading)
    return reading


def _overruled(connection: duckdb.DuckDBPyConnection, reading: Reading, plans: Plans) -> bool:
    """Whether later rows show that a column is written otherwise than its first rows said."""
    before = (dict(plans.day_first), dict(plans.decimal), set(plans.wide))
    for name, reader in reading.moments.items():
        if reader.shown and name not in plans.day_first and not reading.map.options.date_format:
            _overrule_order(connection, reading, plans, name)
    for name in reading.undecided:
        shown = reading.numbers[name].shown
        if shown[","] > shown["."] and reading.numbers[name].decimal == ".":
            plans.decimal[name] = ","
    for name, number in reading.numbers.items():
        if number.met_large and name not in plans.wide:
            plans.wide.add(name)
    return before != (plans.day_first, plans.decimal, plans.wide)


def _overrule_order(connection: duckdb.DuckDBPyConnection, reading: Reading, plans: Plans, name: str) -> None:
    """Count, over the whole column, which values put the day and which the month first."""
    source = reading.map.columns[name]
    text = reading.table.text(source)
    rows = connection.execute(
        f"SELECT value, COUNT(*) FROM (SELECT REGEXP_EXTRACT(TRIM({text}), "
        f"'^[0-9]{{1,2}}[-/][0-9]{{1,2}}[-/][0-9]{{2,4}}') AS value FROM ({reading.table.sql})) "
        "WHERE value <> '' GROUP BY value"
    ).fetchall()
    _forget_rejects(connection, reading.table)
    days = sum(number for value, number in rows if order_evidence(value) == "day")
    months = sum(number for value, number in rows if order_evidence(value) == "month")
    decided = months <= days
    if decided != reading.moments[name].plan.day_first:
        plans.day_first[name] = decided


def _forget_rejects(connection: duckdb.DuckDBPyConnection, table: OpenTable) -> None:
    reader_rejects(connection, table)


@dataclass(frozen=True, slots=True)
class _Stage:
    """A table that has been read, on its way into the folder."""

    connection: duckdb.DuckDBPyConnection
    source: TabularSource
    reading: Reading
    folder: Path
    now_us: int
    told: Report

    def write(self, refused: Sequence[Refused]) -> Staged:
        """Write every file that is not empty, and sum up."""
        numbers = LineNumbers.of(self.source, refused)
        numbered_by = self._numbered_by(len(refused))
        make_rows(self.connection, self.reading, self._line(numbers, numbered_by))
        left_behind = self._left_behind(refused)
        maker = EventMaker(self.connection, self.reading)
        rejects = self.folder / "rejects.csv.gz"
        counts = staging_report.write_rejects(self.connection, left_behind, rejects, numbered_by=numbered_by)
        read = self.connection.execute("SELECT COUNT(*) FROM parsed").fetchall()[0][0] + len(left_behind)
        self.told("stage", 2, _STEPS)
        events, repeated = self._events(maker)
        self.told("stage", 3, _STEPS)
        seen = staging_report.seen_in(self.connection, events)
        staged = Staged(
            folder=self.folder,
            rows_read=read,
            rows_rejected=counts.total(),
            reject_reasons=dict(sorted(counts.items())),
            suspicious=self._suspicious(maker, events, seen, repeated),
            unattributed=staging_report.unattributed(self.connection, maker) if counts["no_customer"] else {},
            currencies=seen.currencies,
            first_at_us=seen.first_at_us,
            last_at_us=seen.last_at_us,
            columns={**self.reading.map.columns, **self.reading.map.derive},
            events=events,
            rejects=rejects if counts else None,
            numbered_by="row" if numbered_by == "row" else "line",
        )
        return self._with_others(staged, maker)

    def _numbered_by(self, refused: int) -> str:
        """Lines, unless cells hold line ends or lines are blank, so that rows and lines differ."""
        if self.source.format == "parquet" or self.source.numbered:
            return "row" if self.source.format == "parquet" else "line"
        rows = self.connection.execute("SELECT COUNT(*) FROM parsed").fetchall()[0][0]
        expected = rows + refused + self.source.first_line - 1
        return "line" if self.source.line_ends == expected else "row"

    def _line(self, numbers: LineNumbers, numbered_by: str) -> str:
        if self.source.numbered:
            return '"c0"'
        if numbered_by == "row":
            numbers = replace(numbers, first=1)
        return numbers.sql(self.connection, "rowid")

    def _left_behind(self, refused: Sequence[Refused]) -> list[tuple[int, str, str]]:
        plain = LineNumbers.of_plain_lines(self.source)
        rows = [(plain.of_row(row.line - 1), row.code, row.raw) for row in refused]
        return rows + (dropped_rows(self.source.dropped) if self.source.dropped else [])

    def _events(self, maker: EventMaker) -> tuple[Path | None, int]:
        if not maker.rules():
            return None, 0
        path = self.folder / "events.parquet"
        written, repeated = write_events(maker, path)
        if not written:
            path.unlink(missing_ok=True)
        return (path if written else None), repeated

    def _suspicious(
        self, maker: EventMaker, events: Path | None, seen: staging_report.Seen, repeated: int
    ) -> tuple[Suspicion, ...]:
        found = staging_report.suspicions(
            self.connection, self.reading, maker, repeated=repeated, now_us=self.now_us
        )
        of_events = staging_report.of_events(self.connection, events, seen.currencies) if events else []
        return (*found, *of_events)

    def _with_others(self, staged: Staged, maker: EventMaker) -> Staged:
        """The stage with subjects, traits, texts or table beside the events."""
        names = {name: self.folder / f"{name}.parquet" for name in ("subjects", "traits", "texts", "table")}
        if not self.reading.kind.subject:
            kept = staging_subjects.write_table(self.connection, self.reading, maker, names["table"])
            return replace(staged, table=names["table"] if kept else None)
        subjects = staging_subjects.write_subjects(self.connection, self.reading, maker, names["subjects"])
        traits = staging_subjects.write_traits(self.connection, self.reading, self.now_us, names["traits"])
        texts = 0
        if staged.events is not None:
            texts = staging_subjects.write_texts(self.connection, self.reading, staged.events, names["texts"])
        self.told("stage", _STEPS, _STEPS)
        return replace(
            staged,
            subjects=names["subjects"] if subjects else None,
            traits=names["traits"] if traits else None,
            texts=names["texts"] if texts else None,
        )
