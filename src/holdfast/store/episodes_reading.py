"""Episodes as pages show them: ranked by the value at risk, one customer's, counts by signal, storms."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed

Key = tuple[int, int, int]
"""Where a page ended: the value at risk (-1 where nobody knows it), the customer, the episode."""

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class KeptEpisode:
    """One episode with the customer's name, risk and value at risk (``None``: not scored)."""

    id: int
    signal_key: str
    unit_id: int
    subject_id: int
    began_day: int
    raised_us: int
    strength: float
    evidence: Mapping[str, float]
    quiet: bool
    ended_day: int | None
    ended_us: int | None
    ended_by: str
    ended_why: str
    merged_into: int | None
    snoozed_until_day: int | None
    snoozed_by: str
    judged_right: bool | None
    judged_us: int | None
    judged_by: str
    storm_id: int | None
    acted_us: int | None
    acted_what: str
    name: str
    risk: float | None
    value_at_risk_minor: int | None


@dataclass(frozen=True, slots=True)
class KeptStorm:
    """A signal that was raised for far more ``customers`` on a ``day`` than the ``usual`` number."""

    id: int
    signal_key: str
    day: int
    customers: int
    usual: float
    raised_us: int


_OTHER = {"name": "COALESCE(c.name, '')", "risk": "r.risk", "value_at_risk_minor": "r.value_at_risk_minor"}
_COLUMNS = ", ".join(_OTHER.get(each.name, f"e.{each.name}") for each in fields(KeptEpisode))
_BESIDE = "LEFT JOIN standing c ON c.unit_id = e.unit_id"


def open_ranked(
    settings: Settings,
    *,
    today: int,
    among: Collection[int] | None,
    keys: Collection[str] | None = None,
    after: Key | None = None,
    limit: int = 50,
    in_storms: bool = False,
) -> list[KeptEpisode]:
    """Open episodes, those of the highest value at risk first, from behind ``after`` on.

    Snoozed ones are left out until their day, and, but for ``in_storms``, those of a storm: that is one
    thing. ``among`` are the only customers a reader may see, ``keys`` the signals.
    """
    store.connect(settings)
    conditions, values = _open(today, among, in_storms=in_storms)
    if keys is not None:
        conditions.append(f"e.signal_key IN ({', '.join(['%s'] * len(keys)) or 'NULL'})")
        values += sorted(keys)
    found: list[KeptEpisode] = []
    if after is None or after[0] != UNKNOWN:
        found = _valued(conditions, values, after, limit)
    if len(found) < limit:
        last = after[1:] if after is not None and after[0] == UNKNOWN else None
        found += _unvalued(conditions, values, last, limit - len(found))
    return found


def raised_since(
    settings: Settings, since_us: int, *, today: int, among: Collection[int] | None, limit: int
) -> list[KeptEpisode]:
    """Of :func:`open_ranked` those that are news since a moment: few of many, so these are sorted."""
    store.connect(settings)
    conditions, values = _open(today, among, in_storms=False)
    return _read(
        f"SELECT {_COLUMNS} FROM episode e LEFT JOIN risk_score r ON r.unit_id = e.unit_id {_BESIDE} WHERE "
        f"{' AND '.join(conditions)} AND NOT e.quiet AND e.raised_us > %s "
        f"ORDER BY COALESCE(r.value_at_risk_minor, {UNKNOWN}) DESC, e.unit_id DESC, e.id DESC "
        f"LIMIT {int(limit)}",
        [*values, since_us],
    )


def customers_warned(settings: Settings, *, today: int, among: Collection[int] | None) -> int:
    """Of how many customers :func:`open_ranked` shows something."""
    store.connect(settings)
    conditions, values = _open(today, among, in_storms=False)
    row = sql.one(f"SELECT COUNT(DISTINCT e.unit_id) FROM episode e WHERE {' AND '.join(conditions)}", values)
    return 0 if row is None else int(row[0])


def _open(today: int, among: Collection[int] | None, *, in_storms: bool) -> tuple[list[str], list[Any]]:
    """What holds of open episodes that are shown, and its values."""
    conditions = ["e.ended_day IS NULL", "(e.snoozed_until_day IS NULL OR e.snoozed_until_day <= %s)"]
    conditions += narrowed("e.unit_id", among)
    return [*conditions, *([] if in_storms else ["e.storm_id IS NULL"])], [today]


def _valued(conditions: list[str], values: list[Any], after: Key | None, limit: int) -> list[KeptEpisode]:
    """Along the index of values; SQLite keeps the order in which a CROSS JOIN is written."""
    if after is not None:
        conditions = [*conditions, "(r.value_at_risk_minor, r.unit_id, e.id) < (%s, %s, %s)"]
        values = [*values, *after]
    join = "CROSS JOIN episode e" if sql.is_sqlite() else "JOIN episode e ON true"
    return _read(
        f"SELECT {_COLUMNS} FROM risk_score r {join} {_BESIDE} WHERE e.unit_id = r.unit_id AND "
        f"{' AND '.join(conditions)} ORDER BY r.value_at_risk_minor DESC, r.unit_id DESC, e.id DESC "
        f"LIMIT {int(limit)}",
        values,
    )


def _unvalued(
    conditions: list[str], values: list[Any], after: tuple[int, int] | None, limit: int
) -> list[KeptEpisode]:
    """Of customers whose risk nobody knows, the newest first."""
    if after is not None:
        conditions = [*conditions, "(e.unit_id, e.id) < (%s, %s)"]
        values = [*values, *after]
    return _read(
        f"SELECT {_COLUMNS} FROM episode e LEFT JOIN risk_score r ON r.unit_id = e.unit_id {_BESIDE} WHERE "
        f"r.unit_id IS NULL AND {' AND '.join(conditions)} ORDER BY e.unit_id DESC, e.id DESC "
        f"LIMIT {int(limit)}",
        values,
    )


def of_units(settings: Settings, units: Sequence[int], *, limit: int = 200) -> list[KeptEpisode]:
    """The episodes of some customers, open ones first, then the latest; none that was merged into another."""
    store.connect(settings)
    listed = ", ".join(str(int(unit)) for unit in units) or "NULL"
    return _read(
        f"SELECT {_COLUMNS} FROM episode e LEFT JOIN risk_score r ON r.unit_id = e.unit_id {_BESIDE} "
        f"WHERE e.unit_id IN ({listed}) AND e.merged_into IS NULL "
        f"ORDER BY (e.ended_day IS NULL) DESC, e.began_day DESC, e.id DESC LIMIT {int(limit)}",
        [],
    )


def one(settings: Settings, episode_id: int) -> KeptEpisode | None:
    """One episode by its number."""
    store.connect(settings)
    rows = _read(
        f"SELECT {_COLUMNS} FROM episode e LEFT JOIN risk_score r ON r.unit_id = e.unit_id {_BESIDE} "
        "WHERE e.id = %s",
        [episode_id],
    )
    return rows[0] if rows else None


def walked(
    settings: Settings,
    *,
    among: Collection[int] | None,
    before_id: int | None = None,
    limit: int = 100,
    key: str = "",
    only_open: bool = False,
) -> list[KeptEpisode]:
    """Episodes by their number, the newest first, from behind ``before_id`` on: what a program walks."""
    store.connect(settings)
    conditions = ["e.merged_into IS NULL", *narrowed("e.unit_id", among)]
    values: list[Any] = []
    if before_id is not None:
        conditions.append("e.id < %s")
        values.append(before_id)
    if key:
        conditions.append("e.signal_key = %s")
        values.append(key)
    if only_open:
        conditions.append("e.ended_day IS NULL")
    return _read(
        f"SELECT {_COLUMNS} FROM episode e LEFT JOIN risk_score r ON r.unit_id = e.unit_id {_BESIDE} "
        f"WHERE {' AND '.join(conditions)} ORDER BY e.id DESC LIMIT {int(limit)}",
        values,
    )


def counts(
    settings: Settings, *, since_day: int, among: Collection[int] | None = None
) -> dict[str, tuple[int, int]]:
    """Signal to how many episodes are open, and how many began on ``since_day`` or later and were news."""
    store.connect(settings)
    where = " AND ".join(["merged_into IS NULL", *narrowed("unit_id", among)])
    found: dict[str, list[int]] = {}
    for place, condition in enumerate(("ended_day IS NULL", f"began_day >= {int(since_day)} AND NOT quiet")):
        for key, number in sql.read(
            f"SELECT signal_key, COUNT(*) FROM episode WHERE {condition} AND {where} GROUP BY signal_key"
        ):
            found.setdefault(key, [0, 0])[place] = int(number)
    return {key: (both[0], both[1]) for key, both in found.items()}


def begun_by_day(settings: Settings, key: str, *, since_day: int, until_day: int) -> dict[int, int]:
    """How many episodes of a signal began on each day of ``[since_day, until_day)``, but quiet ones and those
    of storms.
    """
    store.connect(settings)
    rows = sql.read(
        "SELECT began_day, COUNT(*) FROM episode WHERE signal_key = %s AND began_day >= %s "
        "AND began_day < %s AND NOT quiet AND merged_into IS NULL AND storm_id IS NULL GROUP BY began_day",
        (key, since_day, until_day),
    )
    return {int(day): int(number) for day, number in rows}


def storms(settings: Settings, *, since_day: int) -> list[KeptStorm]:
    """Storms since a day, the newest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, signal_key, day, customers, usual, raised_us FROM signal_storm WHERE day >= %s "
        "ORDER BY day DESC, customers DESC, id",
        (since_day,),
    )
    return [KeptStorm(*row) for row in rows]


def _read(statement: str, values: Sequence[Any]) -> list[KeptEpisode]:
    place = [each.name for each in fields(KeptEpisode)].index("evidence")
    flags = [
        index for index, each in enumerate(fields(KeptEpisode)) if each.name in ("quiet", "judged_right")
    ]
    found = []
    for row in sql.read(statement, values):
        own = list(row)
        own[place] = json.loads(own[place])
        for flag in flags:
            own[flag] = None if own[flag] is None else bool(own[flag])
        found.append(KeptEpisode(*own))
    return found
