"""How the company does by each reason: written by the run, read by pages, commands and programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed

AT_ONCE = 200
"""Rows that one statement writes: databases bound the values of one."""


@dataclass(frozen=True, slots=True)
class KeptGrade:
    """What was made of a reason as of the beginning of ``day``, as JSON."""

    key: str
    day: int
    made_us: int
    content: Any


@dataclass(frozen=True, slots=True)
class Behind:
    """A customer to whom a reason happened, the ``measures`` by which, and what they bring in a year."""

    unit_id: int
    measures: tuple[str, ...]
    yearly_minor: int
    name: str = ""
    state: str = ""


def kept(settings: Settings) -> dict[str, KeptGrade]:
    """What is kept, by reason; nothing before the first run."""
    store.connect(settings)
    rows = sql.read("SELECT reason_key, day, made_us, content FROM reason_grade")
    return {key: KeptGrade(key, int(day), int(us), sql.json_value(content)) for key, day, us, content in rows}


def save(
    settings: Settings, key: str, content: Any, customers: Iterable[Behind], *, day: int, made_us: int
) -> None:
    """Keep one reason in the place of what was, in one short transaction."""
    store.connect(settings)
    rows = [(key, each.unit_id, ",".join(each.measures), each.yearly_minor) for each in customers]
    with sql.short_write():
        sql.write(
            "INSERT INTO reason_grade (reason_key, day, made_us, content) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (reason_key) DO UPDATE SET day = excluded.day, made_us = excluded.made_us, "
            "content = excluded.content",
            (key, day, made_us, json.dumps(content)),
        )
        sql.write("DELETE FROM reason_customer WHERE reason_key = %s", (key,))
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            marks = ", ".join(["(%s, %s, %s, %s)"] * len(some))
            sql.write(
                f"INSERT INTO reason_customer (reason_key, unit_id, measures, yearly_minor) VALUES {marks}",
                [value for row in some for value in row],
            )


def forget(settings: Settings, but: set[str]) -> None:
    """Forget reasons that are no more."""
    store.connect(settings)
    for (key,) in sql.read("SELECT reason_key FROM reason_grade"):
        if key not in but:
            with sql.short_write():
                sql.write("DELETE FROM reason_customer WHERE reason_key = %s", (key,))
                sql.write("DELETE FROM reason_grade WHERE reason_key = %s", (key,))


def customers(
    settings: Settings,
    key: str,
    *,
    limit: int,
    after: tuple[int, int] | None = None,
    among: frozenset[int] | None = None,
) -> list[Behind]:
    """Customers behind a reason, the most money first, on from ``after`` (money, unit)."""
    store.connect(settings)
    conditions, values = ["r.reason_key = %s", *narrowed("r.unit_id", among)], [key]
    given: list[Any] = list(values)
    if after is not None:
        conditions.append("(r.yearly_minor < %s OR (r.yearly_minor = %s AND r.unit_id > %s))")
        given += [after[0], after[0], after[1]]
    rows = sql.read(
        "SELECT r.unit_id, r.measures, r.yearly_minor, c.name, c.state FROM reason_customer r "
        f"JOIN standing c ON c.unit_id = r.unit_id WHERE {' AND '.join(conditions)} "
        "ORDER BY r.yearly_minor DESC, r.unit_id LIMIT %s",
        [*given, limit],
    )
    return [
        Behind(int(unit), tuple(measures.split(",")) if measures else (), int(minor), name, state)
        for unit, measures, minor, name, state in rows
    ]


def yearly_money(settings: Settings) -> Mapping[str, Sequence[int]]:
    """What each unit on the list of customers brings in a year: ``unit_id`` and ``yearly_minor``."""
    store.connect(settings)
    found: dict[str, list[int]] = {"unit_id": [], "yearly_minor": []}
    for rows in sql.stream("SELECT unit_id, yearly_minor FROM standing ORDER BY unit_id"):
        found["unit_id"] += [int(unit) for unit, _ in rows]
        found["yearly_minor"] += [int(minor or 0) for _, minor in rows]
    return found
