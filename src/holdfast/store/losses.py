"""Losses with their causes: written by the nightly run, read by pages, commands and other services."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from zlib import crc32

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed

AT_ONCE = 200
"""Losses that one statement writes: a row has four indexes, and databases bound the values of one."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that spoke for a cause.

    ``kind`` is a kind of evidence, ``cause`` an id of the taxonomy, ``day`` the local day of it. ``name``
    and ``code`` are those of the event (the signal and ""), ``subject_id`` and ``at_us`` find its text.
    ``weight`` is how often such evidence is right, 0..1.
    """

    kind: str
    cause: str
    day: int
    weight: float
    name: str
    code: str = ""
    subject_id: int = 0
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class KeptLoss:
    """One loss; see :class:`holdfast.store.models.Loss`."""

    unit_id: int
    left_day: int
    began_day: int
    how: str
    cause: str
    origin: str
    confidence: float
    told_by: str
    evidence: tuple[Told, ...]
    money_minor: int
    country: str
    source: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving changed: how many losses are ``new``, how many ``changed``, how many are ``gone``."""

    new: int
    changed: int
    gone: int


_COLUMNS = tuple(field.name for field in fields(KeptLoss))
_LISTED = ", ".join(_COLUMNS)
_SET = ", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS[2:], "fingerprint"))


def save(settings: Settings, losses: Iterable[KeptLoss]) -> Saved:
    """Bring the kept losses up to date: what is the same is not written."""
    store.connect(settings)
    before = {
        (int(unit), int(day)): int(mark)
        for unit, day, mark in sql.read("SELECT unit_id, left_day, fingerprint FROM loss")
    }
    new = 0
    written: list[tuple[object, ...]] = []
    for loss in losses:
        row = _row(loss)
        mark = before.pop((loss.unit_id, loss.left_day), None)
        new += mark is None
        if mark != row[-1]:
            written.append(row)
    for some in _few(written):
        _upsert(some)
    gone = sorted(before)
    for some in _few(gone):
        _delete(some)
    return Saved(new, len(written) - new, len(gone))


def between(
    settings: Settings, start_day: int, end_day: int, *, units: Sequence[int] | None = None
) -> list[KeptLoss]:
    """The losses of the days [``start_day``, ``end_day``) by day and customer; of ``units`` only."""
    store.connect(settings)
    where, values = "left_day >= %s AND left_day < %s", [start_day, end_day]
    if units is not None:
        if not units:
            return []
        where += f" AND unit_id IN ({', '.join(['%s'] * len(units))})"
        values += list(units)
    rows = sql.read(f"SELECT {_LISTED} FROM loss WHERE {where} ORDER BY left_day, unit_id", values)
    return [_kept(row) for row in rows]


def columns_between(settings: Settings, start_day: int, end_day: int) -> dict[str, list[Any]]:
    """The losses of the days [``start_day``, ``end_day``), column by column, without their evidence."""
    store.connect(settings)
    names = [name for name in _COLUMNS if name != "evidence"]
    found: dict[str, list[Any]] = {name: [] for name in names}
    where = "left_day >= %s AND left_day < %s ORDER BY left_day, unit_id"
    for rows in sql.stream(f"SELECT {', '.join(names)} FROM loss WHERE {where}", (start_day, end_day)):
        for name, column in zip(names, zip(*rows, strict=True), strict=True):
            found[name].extend(column)
    return found


def newest_of(
    settings: Settings,
    cause: str,
    start_day: int,
    end_day: int,
    *,
    limit: int,
    among: Collection[int] | None = None,
) -> list[KeptLoss]:
    """The newest losses for a cause in [``start_day``, ``end_day``), of units ``among`` only."""
    store.connect(settings)
    where = " AND ".join(["cause = %s", "left_day >= %s", "left_day < %s", *narrowed("unit_id", among)])
    rows = sql.read(
        f"SELECT {_LISTED} FROM loss WHERE {where} ORDER BY left_day DESC, unit_id LIMIT %s",
        (cause, start_day, end_day, limit),
    )
    return [_kept(row) for row in rows]


def walk(
    settings: Settings,
    *,
    cause: str | None,
    start_day: int | None,
    end_day: int | None,
    after: tuple[int, int] | None,
    among: Collection[int] | None,
    limit: int,
) -> list[KeptLoss]:
    """The losses from the newest on, behind the day and customer ``after``; for a ``cause`` ("": unknown)."""
    store.connect(settings)
    where, values = [*narrowed("unit_id", among)], list[Any]()
    for condition, value in (
        ("cause = %s", cause),
        ("left_day >= %s", start_day),
        ("left_day < %s", end_day),
    ):
        if value is not None:
            where.append(condition)
            values.append(value)
    if after is not None:
        where.append("(left_day < %s OR (left_day = %s AND unit_id > %s))")
        values += [after[0], after[0], after[1]]
    rows = sql.read(
        f"SELECT {_LISTED} FROM loss WHERE {' AND '.join(where) or '1 = 1'} "
        "ORDER BY left_day DESC, unit_id LIMIT %s",
        [*values, limit],
    )
    return [_kept(row) for row in rows]


def last_of(settings: Settings, unit_id: int) -> KeptLoss | None:
    """The latest loss of a customer; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(f"SELECT {_LISTED} FROM loss WHERE unit_id = %s ORDER BY left_day DESC LIMIT 1", (unit_id,))
    return None if row is None else _kept(row)


def bounds(settings: Settings) -> tuple[int, int] | None:
    """The days of the first and the last loss; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one("SELECT MIN(left_day), MAX(left_day) FROM loss")
    return None if row is None or row[0] is None else (int(row[0]), int(row[1]))


def _row(loss: KeptLoss) -> tuple[object, ...]:
    values = {name: getattr(loss, name) for name in _COLUMNS}
    evidence = [[getattr(told, field.name) for field in fields(Told)] for told in loss.evidence]
    values["evidence"] = json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))
    values["confidence"] = round(float(loss.confidence), 4)
    row = tuple(values.values())
    return (*row, crc32(repr(row).encode()))


def _kept(row: Sequence[Any]) -> KeptLoss:
    values: Mapping[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    told = tuple(Told(*each) for each in json.loads(values["evidence"]))
    return KeptLoss(**{**values, "evidence": told})


def _upsert(rows: Sequence[tuple[object, ...]]) -> None:
    places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    with sql.short_write():
        sql.write(
            f"INSERT INTO loss ({_LISTED}, fingerprint) VALUES {places} "
            f"ON CONFLICT (unit_id, left_day) DO UPDATE SET {_SET}",
            [value for row in rows for value in row],
        )


def _delete(keys: Sequence[tuple[int, int]]) -> None:
    places = " OR ".join(["(unit_id = %s AND left_day = %s)"] * len(keys))
    with sql.short_write():
        sql.write(f"DELETE FROM loss WHERE {places}", [value for key in keys for value in key])


def _few(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]
