"""What a query can stand on, said without naming an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ParquetFiles:
    """A table that lies in Parquet files of the same columns.

    ``paths`` may be empty: the table then has the columns of ``types`` and no row. ``hive`` reads
    the partition column ``bucket`` from the folder names (``bucket=7/``). ``where`` is a SQL
    condition that every row meets; others are left out. ``types`` (column to SQL type) is needed
    only where ``paths`` can be empty.
    """

    paths: tuple[str, ...]
    hive: bool = False
    where: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """A small table in memory, column by column; all columns have the same length.

    ``None`` in a list, or a masked place in a masked array, is null. ``types`` gives the SQL type
    of a column where it cannot be seen from the values (an empty list is text otherwise).
    """

    columns: Mapping[str, Sequence[object] | NDArray[np.generic]]
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stacked:
    """One table of which a part lies in files and a part in memory; ``rows`` have the files' columns."""

    files: ParquetFiles
    rows: Rows


@dataclass(frozen=True, slots=True)
class Held:
    """A table that the engine holds already, under this name."""

    name: str


Table = ParquetFiles | Rows | Stacked | Held
"""Anything that a query may name."""
