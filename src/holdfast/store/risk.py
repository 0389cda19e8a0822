"""Risks as the loop saves them: scores, their history, versions of the model, backtests, criteria."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.standings import SINCE_EVER
from holdfast.store.written import as_json, from_json

CHANGED = 0.01
"""A risk that moved by less than a point is no new row of the history, but for the first of a week."""

LATE_DAYS = 14
"""A risk that is older than a week and so many days says nothing about a week ago."""

_ROWS = 1_000
_NO_DAY = -1_000_000


@dataclass(frozen=True, slots=True)
class Score:
    """The risk of one unit; ``drivers`` as JSON, the strongest first; days count from 1970-01-01."""

    unit_id: int
    risk: float
    value_minor: int
    value_at_risk_minor: int
    likely_from_day: int | None
    likely_to_day: int | None
    drivers: str
    cause: str
    as_of_day: int | None = None
    """The day at whose beginning it was asked; ``None``: that of the scoring."""
    dimensions: str = "{}"
    """JSON: what each group of causes adds to the log-odds, all its drivers together."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The latest scoring: of which day, by which version, or the ``reason`` why there is none.

    ``base_risk`` is that of the average customer.
    """

    as_of_day: int
    horizon_days: int
    model_version: int | None
    base_risk: float | None
    reason: Text | None
    computed_us: int


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A version of the model; ``card`` is what :func:`holdfast.store.written.as_json` can keep."""

    version: int
    role: str
    digest: str
    trained_day: int
    horizon_days: int
    created_us: int
    card: Any


def save_scores(
    settings: Settings, scores: Sequence[Score], scoring: Scoring, *, read_us: int | None = None
) -> int:
    """Let ``scores`` be the risks of all units; how many rows were new, changed or went.

    Units without a score lose theirs (they left). States and countries are those of the customer
    list, so it is brought up to date before. ``read_us`` is when the events behind the scores were
    read (``None``: they are all there are): what the worker said of a unit by later ones stays.
    """
    from holdfast.store.told_out import bands_changed

    store.connect(settings)
    until_us = SINCE_EVER if read_us is None else read_us
    count = stage_scores(scores, scoring.as_of_day)
    changed = 0
    for first, last in sql.ranges(count, _ROWS):
        with sql.short_write():
            bands_changed(settings, first, last, read_us=until_us, now_us=scoring.computed_us)
            changed += write_staged_scores(first, last, scoring.model_version, read_us=until_us)
    changed += _forget_others(until_us)
    sql.drop("staged_risk")
    _note(scoring)
    return changed


def stage_scores(scores: Sequence[Score], as_of_day: int) -> int:
    """Lay scores beside the table of risks, in a temporary one; how many."""
    rows = ((*astuple(each)[:-2], each.as_of_day or as_of_day, each.dimensions) for each in scores)
    count = sql.fill("staged_risk", _STAGED, rows)
    sql.write("CREATE UNIQUE INDEX staged_risk_unit ON staged_risk (unit_id)")
    return count


def write_staged_scores(first: int, last: int, version: int | None, *, read_us: int) -> int:
    """Take a range of the staged scores over, with their history; how many were new or changed."""
    sql.write(_KEEP_HISTORY, (first, last, read_us, CHANGED))
    return sql.write(_UPSERT, (version, first, last, read_us))


def forget_unstaged(units: Sequence[int]) -> int:
    """The risks of those of ``units`` that have no staged score go; how many."""
    return sql.write(
        f"DELETE FROM risk_score WHERE unit_id IN ({_marks(units)}) "
        "AND NOT EXISTS (SELECT 1 FROM staged_risk n WHERE n.unit_id = risk_score.unit_id)",
        list(units),
    )


def asked_later(settings: Settings, as_of_day: int) -> list[int]:
    """The units whose risk was asked for the beginning of a later day, sorted."""
    store.connect(settings)
    rows = sql.read("SELECT unit_id FROM risk_score WHERE as_of_day > %s ORDER BY unit_id", (as_of_day,))
    return [int(unit) for (unit,) in rows]


def note_reason(settings: Settings, scoring: Scoring) -> None:
    """Keep why there are no risks; those that were there before go, their history stays."""
    store.connect(settings)
    sql.fill("staged_risk", _STAGED, ())
    _forget_others(SINCE_EVER)
    sql.drop("staged_risk")
    _note(scoring)


_STAGED = {
    "unit_id": "BIGINT",
    "risk": "DOUBLE PRECISION",
    "value_minor": "BIGINT",
    "value_at_risk_minor": "BIGINT",
    "likely_from_day": "INTEGER",
    "likely_to_day": "INTEGER",
    "drivers": "TEXT",
    "cause": "TEXT",
    "as_of_day": "INTEGER",
    "dimensions": "TEXT",
}
_JOINED = ("state", "country", "model_version", "week_ago")
_COLUMNS = (*_STAGED, *_JOINED)
_NULLABLE = ("likely_from_day", "likely_to_day", "week_ago")

_MONDAY = "n.as_of_day - (n.as_of_day + 3) %% 7"
_KEEP_HISTORY = (
    "INSERT INTO risk_history (unit_id, day, risk, dimensions) "
    "SELECT n.unit_id, n.as_of_day, n.risk, n.dimensions FROM staged_risk n "
    "LEFT JOIN risk_history h ON h.unit_id = n.unit_id AND h.day = "
    "(SELECT MAX(b.day) FROM risk_history b WHERE b.unit_id = n.unit_id AND b.day <= n.as_of_day) "
    "LEFT JOIN standing c ON c.unit_id = n.unit_id "
    "WHERE n.n BETWEEN %s AND %s AND COALESCE(c.read_us, 0) <= %s "
    f"AND (h.day IS NULL OR h.day < {_MONDAY} OR ABS(h.risk - n.risk) >= %s) "
    "ON CONFLICT (unit_id, day) DO UPDATE SET risk = excluded.risk, dimensions = excluded.dimensions"
)
_DIFFERS = " OR ".join(
    f"COALESCE(s.{name}, {_NO_DAY}) <> COALESCE(f.{name}, {_NO_DAY})"
    if name in _NULLABLE
    else f"s.{name} <> f.{name}"
    for name in _COLUMNS
    if name != "unit_id"
)
_UPSERT = (
    f"INSERT INTO risk_score ({', '.join(_COLUMNS)}) "
    f"SELECT {', '.join(f'f.{name}' for name in _COLUMNS)} FROM ("
    f"SELECT {', '.join(f'n.{name}' for name in _STAGED)}, "
    "COALESCE(c.state, '') AS state, COALESCE(c.country, '') AS country, "
    "CAST(%s AS INTEGER) AS model_version, "
    "(SELECT h.risk FROM risk_history h WHERE h.unit_id = n.unit_id AND h.day <= n.as_of_day - 7 "
    f"AND h.day > n.as_of_day - {7 + LATE_DAYS} ORDER BY h.day DESC LIMIT 1) AS week_ago "
    "FROM staged_risk n LEFT JOIN standing c ON c.unit_id = n.unit_id "
    "WHERE n.n BETWEEN %s AND %s AND COALESCE(c.read_us, 0) <= %s) f "
    f"LEFT JOIN risk_score s ON s.unit_id = f.unit_id WHERE s.unit_id IS NULL OR {_DIFFERS} "
    "ON CONFLICT (unit_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "unit_id")
)


def _forget_others(read_us: int) -> int:
    gone = sql.read(
        "SELECT unit_id FROM risk_score s "
        "WHERE NOT EXISTS (SELECT 1 FROM staged_risk n WHERE n.unit_id = s.unit_id) "
        "AND NOT EXISTS (SELECT 1 FROM standing c WHERE c.unit_id = s.unit_id AND c.read_us > %s)",
        (read_us,),
    )
    for first, last in sql.ranges(len(gone), _ROWS // 2):
        chosen = [unit for (unit,) in gone[first - 1 : last]]
        sql.write(f"DELETE FROM risk_score WHERE unit_id IN ({_marks(chosen)})", chosen)
    return len(gone)


def _note(scoring: Scoring) -> None:
    names = [each.name for each in fields(Scoring)]
    values = [getattr(scoring, name) for name in names]
    values[names.index("reason")] = None if scoring.reason is None else json.dumps(as_json(scoring.reason))
    sql.write(
        f"INSERT INTO risk_scoring (id, {', '.join(names)}) VALUES (1, {_marks(names)}) "
        f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names)}",
        values,
    )


def last_scoring(settings: Settings) -> Scoring | None:
    """The latest scoring; ``None`` before the first run."""
    store.connect(settings)
    row = sql.one(f"SELECT {', '.join(each.name for each in fields(Scoring))} FROM risk_scoring WHERE id = 1")
    if row is None:
        return None
    as_of, horizon, version, base, reason, computed = row
    return Scoring(as_of, horizon, version, base, _read(reason), computed)


def history(settings: Settings, unit_id: int) -> list[tuple[int, float]]:
    """(day, risk) of one unit, oldest first: only days on which it had changed."""
    return [(day, risk) for day, risk, _ in whole_history(settings, unit_id)]


def whole_history(settings: Settings, unit_id: int) -> list[tuple[int, float, str]]:
    """(day, risk, dimensions as JSON) of one unit, oldest first: only days on which it had changed."""
    store.connect(settings)
    rows = sql.read(
        "SELECT day, risk, dimensions FROM risk_history WHERE unit_id = %s ORDER BY day", (unit_id,)
    )
    return [(int(day), float(risk), str(dimensions)) for day, risk, dimensions in rows]


def every_score(settings: Settings) -> Iterator[sql.Row]:
    """(unit id, name, state, country, the columns of a score, as-of day, version, week ago), most first."""
    store.connect(settings)
    left_out = ("unit_id", "dimensions")
    own = [name for name in (*_STAGED, "model_version", "week_ago") if name not in left_out]
    for rows in sql.stream(
        f"SELECT r.unit_id, c.name, r.state, r.country, {', '.join(f'r.{name}' for name in own)} "
        "FROM risk_score r JOIN standing c ON c.unit_id = r.unit_id "
        "ORDER BY r.value_at_risk_minor DESC, r.unit_id DESC"
    ):
        yield from rows


def save_model(settings: Settings, model: ModelRow) -> None:
    """Keep a version; a champion takes the place of the one before, which is retired."""
    store.connect(settings)
    with sql.short_write():
        if model.role == "champion":
            sql.write("UPDATE risk_model SET role = 'retired' WHERE role = 'champion'")
        sql.write(
            "INSERT INTO risk_model (version, role, digest, trained_day, horizon_days, created_us, card) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (*astuple(model)[:6], json.dumps(as_json(model.card), ensure_ascii=False)),
        )


def set_card(settings: Settings, version: int, card: Any) -> None:
    """Replace the card of a version."""
    store.connect(settings)
    written = json.dumps(as_json(card), ensure_ascii=False)
    sql.write("UPDATE risk_model SET card = %s WHERE version = %s", (written, version))


def set_champion(settings: Settings, version: int) -> None:
    """Make ``version`` the champion; the one before is retired."""
    store.connect(settings)
    with sql.short_write():
        sql.write("UPDATE risk_model SET role = 'retired' WHERE role = 'champion'")
        sql.write("UPDATE risk_model SET role = 'champion' WHERE version = %s", (version,))


def models(settings: Settings, version: int | None = None) -> list[ModelRow]:
    """All versions, the newest first; or the one of this number."""
    store.connect(settings)
    rows = sql.read(
        "SELECT version, role, digest, trained_day, horizon_days, created_us, card FROM risk_model "
        f"{'' if version is None else 'WHERE version = %s'} ORDER BY version DESC",
        () if version is None else (version,),
    )
    return [
        ModelRow(version, role, digest, day, horizon, created, _read(card))
        for version, role, digest, day, horizon, created, card in rows
    ]


def forget_models(settings: Settings, versions: Sequence[int]) -> None:
    """Delete versions that are no longer kept."""
    store.connect(settings)
    if versions:
        sql.write(f"DELETE FROM risk_model WHERE version IN ({_marks(versions)})", list(versions))


def save_backtest(settings: Settings, content: Any, *, made_day: int, now_us: int) -> None:
    """Keep a backtest; the newest is shown."""
    store.connect(settings)
    sql.write(
        "INSERT INTO risk_backtest (made_day, created_us, content) VALUES (%s, %s, %s)",
        (made_day, now_us, json.dumps(as_json(content), ensure_ascii=False)),
    )


def last_backtest(settings: Settings) -> Any | None:
    """What was kept last; ``None`` before there was one."""
    store.connect(settings)
    row = sql.one("SELECT content FROM risk_backtest ORDER BY id DESC LIMIT 1")
    return None if row is None else _read(row[0])


def criteria(settings: Settings) -> tuple[float, float, float] | None:
    """From which risk the team acts, from which it watches, hours a customer; ``None``: not decided."""
    decided = decided_criteria(settings)
    return None if decided is None else decided[:3]


def decided_criteria(settings: Settings) -> tuple[float, float, float, str] | None:
    """From which risk the team acts, from which it watches, hours a customer, its own weighing of health as
    JSON ("": none); ``None``: not decided.
    """
    store.connect(settings)
    row = sql.one(
        "SELECT act_from, watch_from, hours_per_customer, own_health FROM risk_criteria WHERE id = 1"
    )
    return None if row is None else (float(row[0]), float(row[1]), float(row[2]), str(row[3]))


def save_criteria(
    settings: Settings, act_from: float, watch_from: float, hours_per_customer: float, *, now_us: int
) -> None:
    """Keep what the team decided."""
    store.connect(settings)
    sql.write(
        "INSERT INTO risk_criteria (id, act_from, watch_from, hours_per_customer, changed_us) "
        "VALUES (1, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET act_from = excluded.act_from, "
        "watch_from = excluded.watch_from, hours_per_customer = excluded.hours_per_customer, "
        "changed_us = excluded.changed_us",
        (act_from, watch_from, hours_per_customer, now_us),
    )


def totals_from(settings: Settings, thresholds: Sequence[float]) -> list[tuple[int, float, int]]:
    """(units, sum of their risks, sum of their value at risk) from each threshold on, in one pass."""
    store.connect(settings)
    if not thresholds:
        return []
    one = (
        "COUNT(CASE WHEN risk >= %s THEN 1 END), COALESCE(SUM(CASE WHEN risk >= %s THEN risk END), 0), "
        "COALESCE(SUM(CASE WHEN risk >= %s THEN value_at_risk_minor END), 0)"
    )
    values = [value for threshold in thresholds for value in (threshold,) * 3]
    row = sql.one(
        f"SELECT {', '.join([one] * len(thresholds))} FROM risk_score WHERE risk >= %s",
        [*values, min(thresholds)],
    )
    told = row or ()
    return [(int(told[at]), float(told[at + 1]), int(told[at + 2])) for at in range(0, len(told), 3)]


def strongest_causes(settings: Settings) -> dict[str, float]:
    """Group of causes to how many of the customers scored will leave by it: the sum of the risks of those
    whose risk it raises most.
    """
    store.connect(settings)
    rows = sql.read("SELECT cause, SUM(risk) FROM risk_score WHERE cause <> '' GROUP BY cause ORDER BY cause")
    return {str(cause): float(risk) for cause, risk in rows}


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _read(value: Any) -> Any:
    return from_json(json.loads(value) if isinstance(value, str) else value)
