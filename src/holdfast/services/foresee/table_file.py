"""A labelled table as it stands in its file: columns of text, whatever the format."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from holdfast.connectors.files import sniff
from holdfast.connectors.plain import make_plain
from holdfast.connectors.refusals import cut_file
from holdfast.domain.imports import TabularSource

Cell = str | None


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """``columns`` name -> cells, in the order of the file; blank cells are ``None``.

    ``lines`` are the rows' numbers in the file; ``ragged`` counts rows with too few or too many
    cells, which are left out, ``unreadable`` those that are no text or no JSON.
    """

    columns: dict[str, list[Cell]]
    lines: list[int]
    ragged: int
    unreadable: int

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return len(self.lines)


def read_table(path: Path) -> WrittenTable:
    """The table in ``path``: CSV, XLSX, JSON Lines or Parquet, perhaps gzipped.

    Raises ``Refusal`` as :func:`holdfast.connectors.files.sniff` does (``no_file``, ``empty_file``,
    ``header_only``, ``not_this_format``, ``cut_file``, ...).
    """
    with TemporaryDirectory(prefix="holdfast-table-") as folder:
        source = make_plain(sniff(path), Path(folder))
        if source.format == "parquet":
            return _parquet(source, Path(folder), path)
        return _text(source)


def _text(source: TabularSource) -> WrittenTable:
    width = len(source.columns)
    cells: list[list[Cell]] = [[] for _ in range(width)]
    lines: list[int] = []
    ragged = 0
    for number, row in _numbered(source):
        if len(row) != width:
            ragged += 1
            continue
        lines.append(number)
        for column, cell in zip(cells, row, strict=True):
            column.append(cell.strip() or None)
    dropped = _lines_in(source.dropped)
    return WrittenTable(dict(zip(source.columns, cells, strict=True)), lines, ragged, dropped)


def _numbered(source: TabularSource) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of its line."""
    encoding = "utf-8-sig" if source.encoding.startswith("utf-8") else source.encoding
    csv.field_size_limit(64 << 20)
    with source.path.open(encoding=encoding, newline="") as file:
        quoting = {"quotechar": source.quote} if source.quote else {"quoting": csv.QUOTE_NONE}
        rows = csv.reader(file, delimiter=source.delimiter, **quoting)
        if source.header and not source.numbered:
            next(rows, None)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            yield (int(row[0]), row[1:]) if source.numbered else (rows.line_num, row)


def _lines_in(path: Path | None) -> int:
    if path is None:
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def _parquet(source: TabularSource, folder: Path, named: Path) -> WrittenTable:
    """Only the engine reads Parquet; cells become text, so that all formats are judged alike."""
    from holdfast.engines.embedded import EmbeddedEngine, quoted
    from holdfast.engines.tables import ParquetFiles

    files = {"asked": ParquetFiles((str(source.path),))}
    with EmbeddedEngine(temp=folder) as engine:
        try:
            names = [str(row[0]) for row in engine.rows("DESCRIBE SELECT * FROM asked", files)]
            cast = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in names)
            found = engine.rows(f"SELECT {cast} FROM asked", files)
        except Exception as error:  # the engine's own errors have no common name outside of it
            raise cut_file(named) from error
    columns: dict[str, list[Cell]] = {
        name: [(row[place] or "").strip() or None for row in found] for place, name in enumerate(names)
    }
    return WrittenTable(columns, list(range(1, len(found) + 1)), 0, 0)
