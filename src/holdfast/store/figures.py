"""Figures and alerts that the loop computed, so that a page reads and never computes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from holdfast import store
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period, date_of, day_number
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.reasons import Reasons
from holdfast.store.written import as_json, from_json

HISTORY = "history"
"""The kind of the one period that is never over: all that is known."""

ALIKE = 1e-9
"""Two floats are the same figure when they differ by less than this part of themselves."""

Key = tuple[str, str, str, str, int, int]
"""period kind, metric, definition, group, first day, day after the last."""


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A figure as it was published; where a later computation differs, that one and why."""

    figure: Figure
    published_us: int
    recomputed: Figure | None = None
    why: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person should know: ``strong`` in bold, then ``words``; true since ``since``.

    Of the same ``code``, ``period`` and ``group`` only one is raised.
    """

    code: str
    strong: Text
    words: Text
    since: date
    period: Period
    group: str = ""
    raised_us: int | None = None


@dataclass(frozen=True, slots=True)
class LoopRun:
    """One run of the loop: figures up to (not including) ``as_of``."""

    as_of: date
    finished_us: int
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Saved:
    """How many figures were published, stayed as published, and differ from what was published."""

    published: int
    same: int
    differing: int


def save_figures(settings: Settings, figures: Iterable[Figure], *, as_of: date, now_us: int) -> Saved:
    """Keep what was computed for the days before ``as_of``.

    A period that is over keeps the figure published first: one that differs now is kept beside it,
    with the reason. Periods that are not over (and all of history) are replaced, and what is no
    longer computed for them goes. A figure that could not be given before is given now. Where the
    company changed what it counts (who is lost, unit, currency, calendar, time zone, margin), all
    figures are others than before and take their place.
    """
    store.connect(settings)
    computed = {key_of(figure): figure for figure in figures}
    basis = _basis(settings)
    known = _published(sorted({key[0] for key in computed}), basis)
    reasons = Reasons()
    fresh, beside, same = [], [], []
    for key, figure in computed.items():
        before = known.get(key)
        if before is None or not before.stands:
            fresh.append((key, figure))
        elif alike(before.figure, figure):
            same.append(key)
        else:
            beside.append((key, figure, reasons.since(before.computed_us, date_of(key[5]))))
    rows = [_row(key, figure, True, as_of, now_us) for key, figure in fresh]
    rows += [_row(key, figure, False, as_of, now_us, why) for key, figure, why in beside]
    outdated = [key for key, before in known.items() if not before.stands and key not in computed]
    _forget([(*key, published) for key in outdated for published in (True, False)])
    _forget([(*key, False) for key in same])
    _write([(*row, basis) for row in rows])
    return Saved(len(fresh), len(same), len(beside))


def publish_recomputed(settings: Settings) -> int:
    """Let the latest computation stand as published wherever it differs; how many figures changed."""
    store.connect(settings)
    with sql.short_write():
        sql.write(
            "DELETE FROM stored_figure WHERE published = %s AND EXISTS (SELECT 1 FROM stored_figure r "
            "WHERE r.published = %s AND r.period_kind = stored_figure.period_kind "
            "AND r.metric = stored_figure.metric AND r.definition = stored_figure.definition "
            "AND r.grouped = stored_figure.grouped AND r.start_day = stored_figure.start_day "
            "AND r.end_day = stored_figure.end_day)",
            (True, False),
        )
        return sql.write(
            "UPDATE stored_figure SET published = %s, why = NULL WHERE published = %s", (True, False)
        )


def read_figures(
    settings: Settings,
    period_kind: str,
    *,
    metrics: Sequence[str] = (),
    from_day: date | None = None,
    to_day: date | None = None,
) -> list[KeptFigure]:
    """Figures of one kind of period, by period, metric, definition and group.

    ``metrics`` narrows to some; ``from_day`` and ``to_day`` to periods that begin on or after the
    one and end on or before the other. One statement.
    """
    store.connect(settings)
    conditions = ["period_kind = %s"]
    values: list[str | int] = [period_kind, *metrics]
    if metrics:
        conditions.append(f"metric IN ({', '.join(['%s'] * len(metrics))})")
    for condition, on in (("start_day >= %s", from_day), ("end_day <= %s", to_day)):
        if on is not None:
            conditions.append(condition)
            values.append(day_number(on))
    rows = sql.read(
        "SELECT published, content, why, computed_us FROM stored_figure "
        f"WHERE {' AND '.join(conditions)} "
        "ORDER BY start_day, end_day, metric, definition, grouped, published DESC",
        values,
    )
    return _paired(rows)


def periods(settings: Settings, period_kind: str) -> list[Period]:
    """The periods of this kind for which there are figures, newest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT DISTINCT start_day, end_day FROM stored_figure WHERE period_kind = %s "
        "ORDER BY start_day DESC, end_day DESC",
        (period_kind,),
    )
    return [Period(date_of(start), date_of(end), period_kind) for start, end in rows]


def save_alerts(settings: Settings, alerts: Iterable[Alert], *, now_us: int) -> list[Alert]:
    """Raise alerts; those that were not raised before come back."""
    store.connect(settings)
    new = []
    for alert in alerts:
        content = json.dumps(as_json([alert.strong, alert.words, alert.since]))
        raised = sql.write(
            "INSERT INTO stored_alert (name, grouped, period_kind, start_day, end_day, content, raised_us) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (name, grouped, period_kind, start_day, end_day) DO NOTHING",
            (alert.code, alert.group, *_days(alert.period), content, now_us),
        )
        new += [alert] * raised
    return new


def alerts(settings: Settings, *, limit: int = 20) -> list[Alert]:
    """Alerts, the latest period first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT name, grouped, period_kind, start_day, end_day, content, raised_us FROM stored_alert "
        "ORDER BY end_day DESC, id DESC LIMIT %s",
        (limit,),
    )
    found = []
    for code, group, kind, start, end, content, raised_us in rows:
        strong, words, since = from_json(sql.json_value(content))
        period = Period(date_of(start), date_of(end), kind)
        found.append(Alert(code, strong, words, since, period, group, raised_us))
    return found


def note_run(settings: Settings, *, as_of: date, finished_us: int, report: dict[str, Any]) -> None:
    """Note that the loop ran through."""
    store.connect(settings)
    sql.write(
        "INSERT INTO loop_run (as_of_day, finished_us, report) VALUES (%s, %s, %s)",
        (day_number(as_of), finished_us, json.dumps(as_json(report))),
    )


def last_run(settings: Settings) -> LoopRun | None:
    """The latest run of the loop; ``None`` before the first."""
    store.connect(settings)
    row = sql.one("SELECT as_of_day, finished_us, report FROM loop_run ORDER BY id DESC LIMIT 1")
    return None if row is None else LoopRun(date_of(row[0]), row[1], from_json(sql.json_value(row[2])))


def key_of(figure: Figure) -> Key:
    """What tells one figure from another."""
    kind, start, end = _days(figure.period)
    return kind, figure.metric, figure.definition, figure.group or "", start, end


def alike(before: Figure, now: Figure) -> bool:
    """Whether two computations of a figure say the same: value, interval, curve or table, and its terms.

    A ledger can end with the same number of customers by other lines.
    """
    names = ("value", "low", "high", "unit", "rows", "terms")
    return all(_same(getattr(before, name), getattr(now, name)) for name in names)


def _same(left: object, right: object) -> bool:
    left, right = as_json(left), as_json(right)
    if isinstance(left, float | int) and isinstance(right, float | int):
        return math.isclose(left, right, rel_tol=ALIKE, abs_tol=ALIKE)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    return bool(left == right)


@dataclass(frozen=True, slots=True)
class _Before:
    figure: Figure
    closed: bool
    computed_us: int
    same_basis: bool

    @property
    def stands(self) -> bool:
        """Whether it was published for good: of a period that was over, with a value, by these settings."""
        said_something = self.figure.value is not None or bool(self.figure.rows)
        return self.closed and self.same_basis and said_something


def _basis(settings: Settings) -> str:
    """The settings that say what is counted."""
    names = ("unit", "currency", "calendar", "timezone", "margin")
    return json.dumps([*(getattr(settings, name) for name in names), asdict(settings.lost)])


def _published(kinds: Sequence[str], basis: str) -> dict[Key, _Before]:
    if not kinds:
        return {}
    rows = sql.read(
        "SELECT content, closed, computed_us, basis FROM stored_figure WHERE published = %s "
        f"AND period_kind IN ({', '.join(['%s'] * len(kinds))})",
        (True, *kinds),
    )
    found = {}
    for content, closed, computed_us, before in rows:
        figure = from_json(sql.json_value(content))
        found[key_of(figure)] = _Before(figure, bool(closed), computed_us, before == basis)
    return found


def _row(
    key: Key, figure: Figure, published: bool, as_of: date, now_us: int, why: Sequence[Text] = ()
) -> sql.Row:
    closed = key[0] != HISTORY and figure.period.end <= as_of
    content = json.dumps(as_json(figure), ensure_ascii=False)
    return (*key, published, closed, content, json.dumps(as_json(list(why))) if why else None, now_us)


def _forget(keys: list[sql.Row]) -> None:
    from django.db import connection

    for first, last in sql.ranges(len(keys), _ROWS):
        with sql.short_write(), connection.cursor() as cursor:
            cursor.executemany(_FORGET, keys[first - 1 : last])


def _write(rows: list[sql.Row]) -> None:
    """Put each row in the place of its figure, with what was compared to it before."""
    from django.db import connection

    marks = ", ".join(["%s"] * len(_FIGURE))
    insert = f"INSERT INTO stored_figure ({', '.join(_FIGURE)}) VALUES ({marks})"
    for first, last in sql.ranges(len(rows), _ROWS):
        chosen = rows[first - 1 : last]
        with sql.short_write(), connection.cursor() as cursor:
            cursor.executemany(_FORGET, [row[:7] for row in chosen])
            cursor.executemany(_FORGET, [(*row[:6], False) for row in chosen])
            cursor.executemany(insert, chosen)


_ROWS = 500
_FIGURE = (
    "period_kind",
    "metric",
    "definition",
    "grouped",
    "start_day",
    "end_day",
    "published",
    "closed",
    "content",
    "why",
    "computed_us",
    "basis",
)
_FORGET = (
    "DELETE FROM stored_figure WHERE period_kind = %s AND metric = %s AND definition = %s "
    "AND grouped = %s AND start_day = %s AND end_day = %s AND published = %s"
)


def _paired(rows: Iterable[sql.Row]) -> list[KeptFigure]:
    """Published rows with the recomputed one that follows each, where there is one."""
    found: list[KeptFigure] = []
    for published, content, why, computed_us in rows:
        figure = from_json(sql.json_value(content))
        if published:
            found.append(KeptFigure(figure, computed_us))
        else:
            found[-1] = replace(found[-1], recomputed=figure, why=from_json(sql.json_value(why)) or ())
    return found


def _days(period: Period) -> tuple[str, int, int]:
    return period.kind, day_number(period.start), day_number(period.end)
