"""A company of which only the features and the outcomes are made up: fast, and its truth is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from scipy.special import expit

from holdfast.analytics.feature import Feature, Trait
from holdfast.analytics.snapshot import FeatureTable
from holdfast.analytics.terms import OPEN
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee.snapshots import Panel, Snapshot

TODAY = day_number(date(2025, 6, 30))
GRACE = 30


def feature(name: str, unit: Any = "days", cause: Any = "use", window: int | None = 28) -> Feature:
    return Feature(name, Text("Time"), Text("Days."), unit, cause, {"x": Trait("x")}, window_days=window)


FEATURES = (
    feature("days_since_activity"),
    feature("orders_later_part", "share"),
    feature("open_tickets", "count", "service"),
    feature("plan", "category", "money", None),
)


def table(units: int, days: list[int], seed: int, shift: float = 0.0) -> FeatureTable:
    draw = np.random.default_rng(seed)
    rows = units * len(days)
    part = draw.random(rows)
    columns: dict[str, Any] = {
        "days_since_activity": draw.exponential(20, rows) * np.exp(shift),
        "orders_later_part": np.where(part < 0.1, np.nan, part),
        "open_tickets": draw.poisson(0.3, rows).astype(np.float64),
        "plan": draw.choice(np.array(["Basic", "Pro", None], object), rows),
    }
    return FeatureTable(
        np.tile(np.arange(1, units + 1, dtype=np.int64), len(days)),
        np.repeat(np.array(days, np.int32), units),
        columns,
        FEATURES,
    )


def chance(told: FeatureTable, level: float = -2.2) -> np.ndarray[Any, np.dtype[np.float64]]:
    """How likely each row is to leave: silence and open tickets, and what no plain score knows."""
    columns = told.columns
    basic = np.array([value == "Basic" for value in columns["plan"]])
    odds = level + 0.05 * columns["days_since_activity"] + columns["open_tickets"] + 1.5 * basic
    return expit(odds - 1.0)  # type: ignore[no-any-return]


def panel(
    units: int = 300, days: list[int] | None = None, *, seed: int = 0, level: float = -2.2, horizon: int = 90
) -> Panel:
    days = days or [TODAY - GRACE - horizon - 28 * at for at in range(8)][::-1]
    told = table(units, days, seed)
    draw = np.random.default_rng(seed + 1)
    left = draw.random(len(told)) < chance(told, level)
    departed = np.where(left, told.at_day + draw.integers(0, horizon, len(told)), OPEN).astype(np.int32)
    mature = told.at_day + np.int32(horizon + GRACE)
    yearly = np.full(len(told), 12_000, np.int64)
    return Panel(told, left, departed, horizon, tuple(days), yearly, mature)


@dataclass
class MadeHistory:
    """As much of a history as the loop asks for."""

    made: Panel
    present: int = 200
    shift: float = 0.0
    end_day: int = TODAY
    seen: list[int] = field(default_factory=list)

    def standing(self, day: int) -> Snapshot:
        now = table(self.present, [day], 77, self.shift)
        return Snapshot(
            now,
            np.full(len(now), 12_000, np.int64),
            np.full(len(now), GRACE, np.int64),
            np.full(len(now), 10.0),
            now.at_day - np.int32(5),
        )

    def moments(self, horizon_days: int, step_days: int = 28, most: int = 12) -> tuple[int, ...]:
        return self.made.moments[-most:]

    def past_days(self, horizon_days: int, step_days: int = 28) -> tuple[int, ...]:
        return self.made.moments

    def panel(self, days: Any, horizon_days: int, **_: Any) -> Panel:
        if not days:
            raise Refusal(
                "horizon_too_long",
                found=Text("The data cover 60 days."),
                expected=Text("More."),
                remedy=Text("Wait."),
            )
        return self.made.only(np.isin(self.made.table.at_day, list(days)))
