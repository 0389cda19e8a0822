"""Who the ideal customers are, what was found of them, and how prospects agree with them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed
from holdfast.store.written import as_json, from_json

Fit = tuple[int, int, int, bool]
"""unit, traits that agree, traits that are known, whether it fits"""


@dataclass(frozen=True, slots=True)
class ListedProspect:
    """A prospect with its source and how it agrees; ``None`` where nothing is known of it."""

    unit_id: int
    name: str
    country: str
    source: str
    agreeing: int
    known: int
    fits: bool
    fit_key: int


def chosen(settings: Settings) -> str:
    """The key of the segment of ideal customers, "" for the best by value and stay."""
    store.connect(settings)
    row = sql.one("SELECT segment_key FROM ideal_customer WHERE id = 1")
    return "" if row is None else str(row[0])


def choose(settings: Settings, segment_key: str) -> None:
    """Let another segment be that of the ideal customers; what was found before goes."""
    store.connect(settings)
    with sql.short_write():
        sql.write(
            "INSERT INTO ideal_customer (id, segment_key) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET "
            "segment_key = excluded.segment_key, content = NULL, computed_us = NULL",
            (segment_key,),
        )


def save(settings: Settings, content: Any, fits: Iterable[Fit], *, now_us: int) -> None:
    """Keep what was found, and the prospects."""
    store.connect(settings)
    kinds = {
        "unit_id": "BIGINT",
        "agreeing": "INTEGER",
        "known": "INTEGER",
        "fits": "BOOLEAN",
        "fit_key": "INTEGER",
    }
    count = sql.fill(
        "staged_fit",
        kinds,
        ((unit, agreeing, known, fit, _key(agreeing, known)) for unit, agreeing, known, fit in fits),
    )
    names = ", ".join(kinds)
    for first, last in sql.ranges(count):
        sql.write(
            f"INSERT INTO prospect_fit ({names}) SELECT {names} FROM staged_fit WHERE n BETWEEN %s AND %s "
            "ON CONFLICT (unit_id) DO UPDATE SET agreeing = excluded.agreeing, known = excluded.known, "
            "fits = excluded.fits, fit_key = excluded.fit_key",
            (first, last),
        )
    sql.write(
        "DELETE FROM prospect_fit WHERE NOT EXISTS "
        "(SELECT 1 FROM staged_fit n WHERE n.unit_id = prospect_fit.unit_id)"
    )
    sql.drop("staged_fit")
    written = json.dumps(as_json(content), ensure_ascii=False)
    sql.write(
        "INSERT INTO ideal_customer (id, segment_key, content, computed_us) VALUES (1, '', %s, %s) "
        "ON CONFLICT (id) DO UPDATE SET content = excluded.content, computed_us = excluded.computed_us",
        (written, now_us),
    )


def found(settings: Settings) -> tuple[Any, int] | None:
    """What was found, and when; ``None`` before anybody looked."""
    store.connect(settings)
    row = sql.one("SELECT content, computed_us FROM ideal_customer WHERE id = 1")
    if row is None or row[0] is None:
        return None
    return from_json(json.loads(row[0]) if isinstance(row[0], str) else row[0]), int(row[1])


def prospects(
    settings: Settings,
    *,
    after: tuple[int, int] | None = None,
    limit: int = 50,
    among: frozenset[int] | None = None,
) -> list[ListedProspect]:
    """Prospects, the best fit first, after (fit key, unit) of the last one seen; ``among`` some only."""
    store.connect(settings)
    conditions = narrowed("p.unit_id", among)
    conditions += [] if after is None else ["(p.fit_key, p.unit_id) < (%s, %s)"]
    onward = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    rows = sql.read(
        "SELECT p.unit_id, COALESCE(c.name, ''), COALESCE(c.country, ''), COALESCE(c.source, ''), "
        "p.agreeing, p.known, p.fits, p.fit_key FROM prospect_fit p "
        "LEFT JOIN standing c ON c.unit_id = p.unit_id "
        f"{onward}ORDER BY p.fit_key DESC, p.unit_id DESC LIMIT {int(limit)}",
        () if after is None else after,
    )
    return [
        ListedProspect(unit, name, country, source, agreeing, known, bool(fits), key)
        for unit, name, country, source, agreeing, known, fits, key in rows
    ]


def _key(agreeing: int, known: int) -> int:
    return 1_000 * round(1_000 * agreeing / known) + known if known else -1
