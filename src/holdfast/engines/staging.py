"""Stages an import: a table becomes events, subjects, traits and texts in a folder.

Nothing outside the folder is touched; :mod:`holdfast.services.collect` takes it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from holdfast.domain.imports import ColumnMap, ImportKind, Staged, Suspicion, TabularSource
from holdfast.domain.maps import check_map
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.written_dates import order_evidence
from holdfast.engines import staging_report, staging_subjects
from holdfast.engines.parsing import register_types
from holdfast.engines.staging_events import EventMaker, make_rows, write_events
from holdfast.engines.staging_look import look
from holdfast.engines.staging_reading import Plans, Reading, plan_reading
from holdfast.engines.staging_rows import read_rows
from holdfast.engines.staging_source import (
    LineNumbers,
    OpenTable,
    Refused,
    connect,
    dropped_rows,
    ends_within_a_line,
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
    register_types(connection)
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
    plans.wide |= {name for name, number in reading.numbers.items() if number.met_large}
    if reading.natives - plans.wide and _rejects_too_large(connection):
        plans.wide |= reading.natives
    return before != (plans.day_first, plans.decimal, plans.wide)


def _rejects_too_large(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute("SELECT COUNT(*) FROM parsed WHERE \"reject\" = 'amount_too_large'").fetchall()
    return bool(found[0][0])


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
        taken = int(self.connection.execute("SELECT COUNT(*) FROM parsed").fetchall()[0][0])
        numbered_by = self._numbered_by(taken + len(refused))
        make_rows(self.connection, self.reading, self._line(refused, numbered_by))
        maker = EventMaker.of(self.connection, self.reading)
        left_behind = self._left_behind(refused)
        rejects = self.folder / "rejects.csv.gz"
        counts = staging_report.write_rejects(
            self.connection, self.reading, left_behind, rejects, numbered_by=numbered_by
        )
        self.told("stage", 2, _STEPS)
        staged = Staged(
            folder=self.folder,
            rows_read=taken + len(left_behind),
            rows_rejected=counts.total(),
            reject_reasons=dict(sorted(counts.items())),
            suspicious=(),
            unattributed=staging_report.unattributed(self.connection, maker) if counts["no_customer"] else {},
            currencies={},
            first_at_us=None,
            last_at_us=None,
            columns={**self.reading.map.columns, **self.reading.map.derive},
            rejects=rejects if counts else None,
            numbered_by=numbered_by,
            written=staging_report.written_as(self.reading),
        )
        staged = self._told_rows(staged, maker) if self.reading.kind.subject else self._table(staged, maker)
        self.told("stage", _STEPS, _STEPS)
        return staged

    def _numbered_by(self, rows: int) -> Literal["line", "row"]:
        """Lines, unless cells hold line ends or lines are blank, so that rows and lines differ."""
        if self.source.numbered:
            return "line"
        expected = rows + self.source.first_line - 1
        return "line" if self.source.line_ends == expected else "row"

    def _line(self, refused: Sequence[Refused], numbered_by: str) -> str:
        """The number of a row in "parsed", as SQL."""
        if self.source.numbered:
            return '"c0"'
        numbers = LineNumbers.of(self.source, refused)
        if numbered_by == "row":
            numbers = LineNumbers(1)
        return numbers.sql(self.connection, "rowid")

    def _left_behind(self, refused: Sequence[Refused]) -> list[tuple[int, str, str]]:
        """Rows that never became cells: line, code, raw text."""
        plain = LineNumbers.of_plain_lines(self.source)
        ends = None if self.source.line_ends is None else self.source.line_ends - self.source.skipped
        last = ends if ends_within_a_line(self.source) else None
        rows = [
            (plain.of_row(row.line - 1), "cut_line" if row.line == last else row.code, row.raw)
            for row in refused
        ]
        return rows + (dropped_rows(self.source.dropped) if self.source.dropped else [])

    def _table(self, staged: Staged, maker: EventMaker) -> Staged:
        """A table of facts: no events, no customers."""
        path = self.folder / "table.parquet"
        kept = staging_subjects.write_table(self.connection, self.reading, maker, path)
        found = staging_report.suspicions(
            self.connection, self.reading, maker, repeated=0, now_us=self.now_us
        )
        return replace(staged, table=path if kept else None, suspicious=found)

    def _told_rows(self, staged: Staged, maker: EventMaker) -> Staged:
        """Events, subjects, traits and texts of rows about customers."""
        paths = {name: self.folder / f"{name}.parquet" for name in ("events", "subjects", "traits", "texts")}
        written = dict.fromkeys(paths, 0)
        repeated = 0
        if maker.rules():
            written["events"], repeated = write_events(maker, paths["events"])
        self.told("stage", 3, _STEPS)
        written["subjects"] = staging_subjects.write_subjects(
            self.connection, self.reading, maker, paths["subjects"]
        )
        written["traits"] = staging_subjects.write_traits(
            self.connection, self.reading, self.now_us, paths["traits"]
        )
        if written["events"]:
            written["texts"] = staging_subjects.write_texts(
                self.connection, self.reading, paths["events"], paths["texts"]
            )
        for name, path in paths.items():
            if not written[name]:
                path.unlink(missing_ok=True)
        events, subjects, traits, texts = (path if written[name] else None for name, path in paths.items())
        told = replace(staged, events=events, subjects=subjects, traits=traits, texts=texts)
        return self._seen(told, maker, repeated)

    def _seen(self, staged: Staged, maker: EventMaker, repeated: int) -> Staged:
        """The stage with bounds, currencies and what is suspicious."""
        seen = staging_report.seen_in(self.connection, staged.events)
        found = staging_report.suspicions(
            self.connection, self.reading, maker, repeated=repeated, now_us=self.now_us
        )
        of_events: list[Suspicion] = []
        if staged.events is not None and staged.subjects is not None:
            of_events = staging_report.of_events(
                self.connection, staged.events, staged.subjects, seen.currencies
            )
        return replace(
            staged,
            suspicious=(*found, *of_events),
            currencies=seen.currencies,
            first_at_us=seen.first_at_us,
            last_at_us=seen.last_at_us,
        )
