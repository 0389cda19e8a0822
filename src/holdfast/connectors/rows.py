"""Rows on their way to the engine: a plain table in the stage folder, and the rows left behind."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from holdfast.domain.imports import TabularSource

KEPT_OF_RAW = 2_000
"""Characters of a rejected row that are kept."""


_ON_ONE_LINE = str.maketrans("\r\n\0", "  \ufffd")


def _with_line_feeds(cell: object) -> object:
    if isinstance(cell, str) and "\r" in cell:
        return cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell


class PlainRows:
    """A CSV file in UTF-8 whose first column is the row's number in the original."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self._file: IO[str] = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")

    def write(self, number: int, cells: Sequence[object]) -> None:
        """Add one row; ``None`` becomes an empty cell, a carriage return within one a line feed."""
        self._writer.writerow((number, *map(_with_line_feeds, cells)))
        self.count += 1

    def source(self, source: TabularSource, columns: tuple[str, ...], dropped: DroppedRows) -> TabularSource:
        """``source`` as the plain table that was written."""
        return replace(
            source,
            path=self.path,
            format="csv",
            compression=None,
            encoding="utf-8",
            delimiter=",",
            quote='"',
            header=False,
            columns=columns,
            plain=True,
            numbered=True,
            first_line=1,
            line_ends=None,
            lone_cr=False,
            dropped=dropped.path if dropped.count else None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def plain_rows(folder: Path, table: str) -> PlainRows:
    """A new plain table for ``table`` in the stage folder."""
    return PlainRows(_free(folder, f"plain-{table}"))


class DroppedRows:
    """Rows that cannot be taken over, with their line and the code of the reason.

    The file (line, code, raw row) is made with the first of them.
    """

    def __init__(self, folder: Path, table: str) -> None:
        self.path, self.count = _free(folder, f"dropped-{table}"), 0
        self._file: IO[str] | None = None

    def add(self, line: int, code: str, raw: str) -> None:
        """Note one row; a long one is cut."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
        kept = raw[:KEPT_OF_RAW].rstrip("\r\n").translate(_ON_ONE_LINE)
        csv.writer(self._file, lineterminator="\n").writerow((line, code, kept))
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def _free(folder: Path, name: str) -> Path:
    """A path in ``folder`` that nothing has yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path, copies = folder / f"{name}.csv", 2
    while path.exists():
        path, copies = folder / f"{name}-{copies}.csv", copies + 1
    return path
