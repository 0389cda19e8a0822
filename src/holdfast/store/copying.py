"""Copy a whole database, table by table, between SQLite and PostgreSQL, and prove that it is the same.

Rows go over as they are, with their ids, and so do the numbers that ids are counted on from: an id
that was given once is never given again, not even one of somebody who was erased. Works on raw
connections of its own, so that source and target are open at once.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

MOVED = "this workspace moved to another database"
"""What a write to a database hears that is not the workspace's any more."""

NOT_COPIED = frozenset({"lease"})
"""Who works on what belongs to the processes of now."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns with Django's names of their kinds, and the column that counts by itself."""

    name: str
    columns: tuple[tuple[str, str], ...]
    counter: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in their order."""
        return tuple(name for name, _ in self.columns)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and a sum of their hashes that does not depend on their order."""

    rows: int
    digest: int


def all_tables() -> list[Table]:
    """Every table of this release, those of Django's own parts too."""
    from django.apps import apps

    found = []
    for model in apps.get_models(include_auto_created=True):
        fields = model._meta.concrete_fields
        columns = tuple((str(field.column), field.get_internal_type()) for field in fields)
        counter = next((f.column for f in fields if f.get_internal_type().endswith("AutoField")), None)
        found.append(Table(model._meta.db_table, columns, counter))
    return sorted(found, key=lambda table: table.name)


class Base(ABC):
    """One database, open for a copy."""

    @abstractmethod
    def rows(self, table: Table) -> Iterator[Row]:
        """Every row, its values as Python has them."""

    @abstractmethod
    def put(self, table: Table, rows: Iterable[Row]) -> None:
        """Write rows into an empty table."""

    @abstractmethod
    def empty(self, tables: Sequence[Table]) -> None:
        """Delete all rows."""

    @abstractmethod
    def counters(self, tables: Sequence[Table]) -> dict[str, int]:
        """Table to the last number that it gave by itself."""

    @abstractmethod
    def count_on(self, table: Table, last: int) -> None:
        """Let the next number be the one after ``last``."""

    @abstractmethod
    def hold(self, tables: Sequence[Table]) -> None:
        """Let nobody write until :meth:`close_down` or :meth:`let_go`; undo an earlier :meth:`close_down`."""

    @abstractmethod
    def close_down(self, tables: Sequence[Table]) -> None:
        """Refuse every write from now on: those who waited meanwhile would write to the wrong database."""

    @abstractmethod
    def mark(self, whose: str | None) -> None:
        """Say whose half done copy this is, or that it is whole (``None``)."""

    @abstractmethod
    def marked(self) -> str | None:
        """Whose half done copy this is."""

    @abstractmethod
    def keep(self) -> None:
        """End the transaction; what was put is there."""

    @abstractmethod
    def let_go(self) -> None:
        """Close the connection; what was not kept has not happened."""

    def has_rows(self, tables: Sequence[Table]) -> bool:
        """Whether any table of ours holds anything (Django's own lists of models aside)."""
        ours = (table for table in tables if not table.name.startswith(("django_", "auth_")))
        return any(next(iter(self.rows(table)), None) is not None for table in ours)

    def sum(self, table: Table) -> Sum:
        """What the table holds, in two numbers."""
        return summed(table, self.rows(table))


def copy(
    source: Base, target: Base, tables: Sequence[Table], tell: Callable[[str, int, int], None]
) -> dict[str, Sum]:
    """Copy every table into the empty ``target`` and read it again; what each holds.

    ``tell`` hears (table, how many are done, of how many). Raises :class:`Differs` where what is read
    again is not what was copied: nothing is to be kept then.
    """
    target.empty(tables)
    sums: dict[str, Sum] = {}
    for number, table in enumerate(tables):
        tell(table.name, number, len(tables))
        if table.name not in NOT_COPIED:
            adding = _Adding(table)
            target.put(table, adding.through(source.rows(table)))
            sums[table.name] = adding.sum
    for name, last in source.counters(tables).items():
        target.count_on(next(table for table in tables if table.name == name), last)
    for table in tables:
        if table.name in sums and target.sum(table) != sums[table.name]:
            raise Differs(table.name, sums[table.name], target.sum(table))
    tell("", len(tables), len(tables))
    return sums


class Differs(Exception):  # noqa: N818  (an answer: nothing is kept)
    """A table that was copied is not what it was."""

    def __init__(self, table: str, was: Sum, came: Sum) -> None:
        super().__init__(f"{table}: {was} became {came}")
        self.table, self.was, self.came = table, was, came


class _Adding:
    """Sums up the rows that pass through."""

    def __init__(self, table: Table) -> None:
        self._hash = _hasher(table)
        self._rows = self._digest = 0

    @property
    def sum(self) -> Sum:
        return Sum(self._rows, self._digest)

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._rows += 1
            self._digest = (self._digest + self._hash(row)) % 2**128
            yield row


def summed(table: Table, rows: Iterable[Row]) -> Sum:
    """Rows in two numbers."""
    adding = _Adding(table)
    for _ in adding.through(rows):
        pass
    return adding.sum


def _hasher(table: Table) -> Callable[[Row], int]:
    spell = [_SPELLED.get(kind, _plain) for _, kind in table.columns]

    def hashed(row: Row) -> int:
        words = "\x1f".join(
            "\x00" if value is None else way(value) for value, way in zip(row, spell, strict=True)
        )
        return int.from_bytes(blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest())

    return hashed


def _plain(value: Any) -> str:
    return str(value)


def _spelled_json(value: Any) -> str:
    return json.dumps(json.loads(value), sort_keys=True)


def _spelled_decimal(value: Any) -> str:
    return format(Decimal(value).normalize(), "f")


_SPELLED: dict[str, Callable[[Any], str]] = {
    "JSONField": _spelled_json,
    "DecimalField": _spelled_decimal,
    "FloatField": lambda value: repr(float(value)),
    "BooleanField": lambda value: str(bool(value)),
    "BinaryField": lambda value: bytes(value).hex(),
    "DateTimeField": lambda value: value.isoformat(),
}
"""How a value is written for its hash, the same from either database."""
