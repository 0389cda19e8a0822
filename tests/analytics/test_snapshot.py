"""Features mean the same in plain Python, on DuckDB and on Spark, at one moment and along a spine (D1)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from holdfast.analytics.emit import emit
from holdfast.analytics.feature import (
    ACTIVITY,
    AMOUNT,
    MOMENT,
    PURCHASE,
    Feature,
    Gaps,
    Need,
    Objects,
    Over,
    Series,
    Trait,
    Unit,
)
from holdfast.analytics.local_days import DAY_US, day_start_us
from holdfast.analytics.snapshot import (
    SPINE,
    At,
    Basis,
    FeatureTable,
    features_along,
    features_at,
    together,
)
from holdfast.analytics.snapshot_each import features_at_each, pays_in_one_pass, spine_of
from holdfast.analytics.spec import (
    Arithmetic,
    Column,
    Compare,
    Every,
    Missing,
    Or,
    Query,
    Some,
    WholeDivision,
    equals,
)
from holdfast.analytics.spec import Literal as Fixed
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.spark import SparkEngine
from holdfast.engines.tables import Rows

ZONE = ZoneInfo("Europe/Bucharest")
FIRST = day_number(date(2023, 1, 1))
COLUMNS = (
    *("subject_id", "at_us", "known_us", "name", "object_kind", "object_id", "amount_minor", "currency"),
    *("quantity", "product_id", "code", "score", "promised_us"),
)
NAMES = (
    *("Order Completed", "Order Completed", "Order Refunded", "Page Viewed", "Ticket Opened"),
    *("Ticket Closed", "Email Delivered", "Survey Answered"),
)

NO_ACTS = ("Order Refunded", "Email Delivered", "Ticket Closed")


def feature(
    name: str, needs: Mapping[str, Need] | Need, *, unit: Unit = "count", value: Any = None
) -> Feature:
    held = needs if isinstance(needs, Mapping) else {"it": needs}
    return Feature(name, Text("A feature"), Text("A feature."), unit, "use", held, value)


OPENED = Over("greatest", Column("at_us"), equals("name", "Ticket Opened"))
CLOSED = Over("greatest", Column("at_us"), equals("name", "Ticket Closed"))
OPEN_NOW = Every(
    (
        Compare(Fixed(0), "<", Or(Column("opened"), Fixed(0))),
        Some((Missing(Column("closed")), Compare(Column("opened"), ">", Column("closed")))),
    )
)
VIEWED = equals("name", "Page Viewed")

FEATURES = (
    feature("orders_28", Over("count", where=PURCHASE, days=28)),
    feature("orders_before", Over("count", where=PURCHASE, days=84, until_days=28)),
    feature("orders_ever", Over("count", where=PURCHASE)),
    feature("money_90", Over("sum", AMOUNT, PURCHASE, days=90), unit="money"),
    feature("largest", Over("greatest", AMOUNT, PURCHASE), unit="money"),
    feature("lowest_score", Over("least", Column("score"), equals("name", "Survey Answered")), unit="score"),
    feature("since_us", Over("least", Arithmetic("-", MOMENT, Column("at_us")), ACTIVITY), unit="days"),
    feature("different_orders", Over("distinct", Column("object_id"), PURCHASE, days=180)),
    feature(
        "different_orders_before", Over("distinct", Column("object_id"), PURCHASE, days=180, until_days=60)
    ),
    feature("products", Over("distinct", Column("product_id"), PURCHASE)),
    feature("active_days", Over("active_days", where=ACTIVITY, days=56)),
    feature("active_days_before", Over("active_days", where=ACTIVITY, days=112, until_days=56)),
    feature("gap_mean", Gaps("mean", PURCHASE), unit="days"),
    feature("gap_spread", Gaps("spread", PURCHASE, days=200), unit="days"),
    feature("gap_longest", Gaps("longest", ACTIVITY), unit="days"),
    feature("gap_number", Gaps("number", ACTIVITY, days=100)),
    feature("silence", Gaps("since", ACTIVITY), unit="days"),
    feature("open_tickets", Objects("ticket", {"opened": OPENED, "closed": CLOSED}, "count", where=OPEN_NOW)),
    feature(
        "oldest_open_us",
        Objects(
            "ticket",
            {"opened": OPENED, "closed": CLOSED},
            "greatest",
            Arithmetic("-", MOMENT, Column("opened")),
            OPEN_NOW,
        ),
    ),
    feature("views", Series(VIEWED, 20), value=lambda needed: needed["it"] @ np.arange(20.0)),
    feature(
        "share",
        {"new": Over("count", where=PURCHASE, days=28), "all": Over("count", where=PURCHASE)},
        value=lambda needed: needed["new"] / needed["all"],
    ),
)

SHAPES = tuple(each for each in FEATURES if each.name in ("orders_28", "silence", "oldest_open_us"))
"""Enough to show that a spine means the same on another engine."""


def history(seed: int, units: int = 12, events: int = 260) -> list[dict[str, Any]]:
    chance = random.Random(seed)

    def maybe(value: Any, often: float = 0.85) -> Any:
        return value if chance.random() < often else None

    rows = []
    for _ in range(events):
        at = FIRST * DAY_US + chance.randrange(400 * DAY_US)
        name = chance.choice(NAMES)
        ticket = name.startswith("Ticket")
        rows.append(
            {
                "subject_id": chance.randrange(1, units + 1),
                "at_us": at,
                "known_us": at + chance.choice((0, 0, 0, 30 * DAY_US)),
                "name": name,
                "object_kind": "ticket" if ticket else "order",
                "object_id": maybe(f"{name[:5]}{chance.randrange(4 if ticket else 40)}"),
                "amount_minor": maybe(chance.randrange(-500, 9000)),
                "currency": "EUR",
                "quantity": None,
                "product_id": maybe(f"P{chance.randrange(6)}"),
                "code": None,
                "score": maybe(chance.randrange(1, 11) / 2),
                "promised_us": None,
            }
        )
    return rows


def table(rows: list[dict[str, Any]]) -> Rows:
    types = {name: LAKE_COLUMNS[name] for name in COLUMNS}
    types["quantity"] = "BIGINT"
    return Rows({name: [row[name] for row in rows] for name in COLUMNS}, types)


LAST_US = FIRST * DAY_US + 500 * DAY_US
BASIS = Basis(ZONE, FIRST * DAY_US, LAST_US)


def asking(engine: Any, tables: Mapping[str, Rows]) -> Callable[[Query], Any]:
    return lambda query: engine.columns(emit(query, engine.dialect), tables)


def at(day: int) -> At:
    return At(day_start_us(day, ZONE), day)


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("duck")) as engine:
        yield engine


def by_hand(rows: list[dict[str, Any]], day: int) -> dict[int, dict[str, float]]:
    """Some of the features once more, in the plainest way."""
    t_us = day_start_us(day, ZONE)
    seen = [row for row in rows if row["at_us"] < t_us and row["known_us"] <= t_us]
    answer = {}
    for unit in sorted({row["subject_id"] for row in seen}):
        own = [(local(row["at_us"]), row) for row in seen if row["subject_id"] == unit]
        bought = [(on, row) for on, row in own if row["name"] == "Order Completed"]
        acts = [
            (on, r)
            for on, r in own
            if r["name"] not in ("Order Refunded", "Email Delivered", "Ticket Closed")
        ]
        days = sorted({on for on, _ in bought})
        amounts = [row["amount_minor"] for _, row in bought if row["amount_minor"] is not None]
        gaps = np.diff(days)
        answer[unit] = {
            "orders_28": sum(day - 28 <= on for on, _ in bought),
            "orders_before": sum(day - 84 <= on < day - 28 for on, _ in bought),
            "orders_ever": len(bought),
            "money_90": sum(row["amount_minor"] or 0 for on, row in bought if on >= day - 90),
            "largest": max(amounts, default=np.nan),
            "different_orders": different(bought, "object_id", day - 180, day),
            "different_orders_before": different(bought, "object_id", day - 180, day - 60),
            "products": different(bought, "product_id", 0, day),
            "active_days": len({on for on, _ in acts if on >= day - 56}),
            "active_days_before": len({on for on, _ in acts if day - 112 <= on < day - 56}),
            "gap_mean": gaps.mean() if len(gaps) else np.nan,
            "gap_spread": spread([on for on in days if on >= day - 200]),
            "silence": day - max((on for on, _ in acts), default=np.nan),
            "since_us": min((t_us - row["at_us"] for _, row in acts), default=np.nan),
            "open_tickets": len(open_tickets(own)),
            "oldest_open_us": max((t_us - opened for opened in open_tickets(own)), default=np.nan),
            "views": sum(20 - (day - on) for on, r in own if r["name"] == "Page Viewed" and on >= day - 20),
        }
    return answer


def local(at_us: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    return day_number(moment.astimezone(ZONE).date())


def different(rows: list[tuple[int, Any]], column: str, first: int, last: int) -> int:
    return len({row[column] for on, row in rows if first <= on < last and row[column] is not None})


def spread(days: list[int]) -> float:
    gaps = np.diff(days)
    return float(gaps.std(ddof=1)) if len(gaps) > 1 else np.nan


def open_tickets(rows: list[tuple[int, Any]]) -> list[int]:
    found: dict[str, dict[str, int]] = {}
    for _, row in rows:
        if row["object_kind"] == "ticket" and row["object_id"] is not None:
            state = found.setdefault(row["object_id"], {})
            state[row["name"]] = max(state.get(row["name"], 0), row["at_us"])
    return [
        state["Ticket Opened"]
        for state in found.values()
        if state.get("Ticket Opened", 0) > state.get("Ticket Closed", 0)
    ]


def equal(one: FeatureTable, other: FeatureTable) -> None:
    np.testing.assert_array_equal(one.unit_id, other.unit_id)
    np.testing.assert_array_equal(one.at_day, other.at_day)
    for name, values in one.columns.items():
        np.testing.assert_allclose(values, other.columns[name], rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("seed", range(4))
def test_features_are_what_a_plain_loop_finds(duck: EmbeddedEngine, seed: int) -> None:
    """D1: at < t, known <= t, local days, windows half-open."""
    rows = history(seed)
    for day in (FIRST + 120, FIRST + 300, FIRST + 401):
        found = features_at(asking(duck, {"events": table(rows)}), FEATURES, BASIS, at(day))
        wanted = by_hand(rows, day)
        assert found.unit_id.tolist() == list(wanted)
        for name in next(iter(wanted.values())):
            np.testing.assert_allclose(
                found.columns[name], [wanted[unit][name] for unit in wanted], err_msg=f"{name} {day}"
            )
        with np.errstate(invalid="ignore"):
            share = found.columns["orders_28"] / found.columns["orders_ever"]
        np.testing.assert_allclose(found.columns["share"], share)


def test_a_spine_of_moments_gives_what_single_moments_give(duck: EmbeddedEngine) -> None:
    rows = history(7)
    days = [FIRST + 100, FIRST + 250, FIRST + 380]
    events = {"events": table(rows)}
    single = together([features_at(asking(duck, events), FEATURES, BASIS, at(day)) for day in days], FEATURES)
    unit = np.tile(np.arange(1, 14), len(days))
    day = np.repeat(days, 13)
    found = features_along(asking(duck, events | spine(unit, day)), FEATURES, BASIS, unit, day)
    order = np.lexsort((found.unit_id, found.at_day))
    equal(found.only(order), single)


@pytest.mark.parametrize("seed", [5, 6])
def test_many_days_in_one_pass_give_what_each_day_gives(duck: EmbeddedEngine, seed: int) -> None:
    rows = history(seed, events=600)
    ask = asking(duck, {"events": table(rows)})
    days = [FIRST + 150 + 28 * step for step in range(8)]
    since = Arithmetic("-", MOMENT, Column("at_us"))
    more = (
        *FEATURES,
        feature("lowest_60", Over("least", AMOUNT, PURCHASE, 120, 60), unit="money"),
        feature("first_days", Over("greatest", WholeDivision(since, DAY_US), ACTIVITY), unit="days"),
        feature("of_late", Over("count", where=Compare(since, "<", Fixed(9 * DAY_US)))),
        feature("rows", Over("count")),
        feature("scores", Over("sum", Column("score"), days=90), unit="score"),
    )
    units = [np.arange(1, 3 + step) for step in range(8)]
    each = [features_at(ask, more, BASIS, at(day), units=units[place]) for place, day in enumerate(days)]
    found = features_at_each(ask, more, BASIS, [at(day) for day in days], units=units)
    for one, other in zip(found, each, strict=True):
        assert len(one)
        equal(one, other)
    everyone = np.arange(1, 13)
    ats = [at(day) for day in days]
    beside = asking(duck, {"events": table(rows), SPINE: Rows(spine_of(everyone, ats))})
    found = features_at_each(ask, more, BASIS, ats, units=[everyone] * 8, along=beside)
    for one, other in zip([features_at(ask, more, BASIS, each) for each in ats], found, strict=True):
        equal(one, other)
    assert pays_in_one_pass(more, days, FIRST, rows=100_000, customers=12)
    assert not pays_in_one_pass(more, days, FIRST, rows=600, customers=12)


def spine(unit: Any, day: Any) -> dict[str, Rows]:
    moments = [day_start_us(int(each), ZONE) for each in day]
    columns = {"unit_id": unit, "row": np.arange(len(unit)), "t_us": np.array(moments), "t_day": day}
    return {SPINE: Rows(columns)}


def test_duckdb_and_spark_agree(duck: EmbeddedEngine, spark: Any, tmp_path: Path) -> None:
    rows = history(3, events=160)
    links = Rows(
        {"subject_id": [2, 3, 9], "unit_id": [1, 1, 9]}, {"subject_id": "BIGINT", "unit_id": "BIGINT"}
    )
    tables = {"events": table(rows), "links": links}
    basis = Basis(ZONE, FIRST * DAY_US, LAST_US, linked=True)
    unit, day = np.array([1, 4, 9]), np.array([FIRST + 300, FIRST + 100, FIRST + 200])
    with SparkEngine(temp=tmp_path, session=spark) as engine:
        there = features_at(asking(engine, tables), FEATURES, basis, at(FIRST + 330))
        along = features_along(asking(engine, tables | spine(unit, day)), SHAPES, basis, unit, day)
    here = features_at(asking(duck, tables), FEATURES, basis, at(FIRST + 330))
    equal(there, here)
    assert 2 not in here.unit_id.tolist()
    equal(along, features_along(asking(duck, tables | spine(unit, day)), SHAPES, basis, unit, day))


def test_traits_are_numbers_or_words(duck: EmbeddedEngine) -> None:
    traits = (
        feature("plan", Trait("plan"), unit="category"),
        feature("seats", Trait("seats")),
        feature("nothing", Over("count", where=equals("name", "never"))),
    )
    told = {"plan": {1: "Basic", 2: "Pro"}, "seats": {1: "4", 2: "many", 3: "1e400"}}

    def known(name: str, units: Any) -> Any:
        return np.array([told[name].get(unit) for unit in units.tolist()], object)

    found = features_at(
        asking(duck, {"events": table(history(1))}),
        traits,
        BASIS,
        at(FIRST + 401),
        units=np.array([1, 2, 3, 99]),
        traits=known,
    )
    assert found.unit_id.tolist() == [1, 2, 3]
    assert found.columns["plan"].tolist() == ["Basic", "Pro", None]
    np.testing.assert_array_equal(found.columns["seats"], [4.0, np.nan, np.nan])
    assert found.columns["nothing"].tolist() == [0, 0, 0]


def test_no_event_gives_no_row(duck: EmbeddedEngine) -> None:
    found = features_at(asking(duck, {"events": table(history(1))}), FEATURES, BASIS, at(FIRST))
    assert len(found) == 0
    assert found.columns["views"].dtype == np.float64
    assert len(together([], FEATURES)) == 0


def test_a_feature_asks_a_need_shared_with_another_once(duck: EmbeddedEngine) -> None:
    asked: list[Query] = []

    def ask(query: Query) -> Any:
        asked.append(query)
        return duck.columns(emit(query, duck.dialect), {"events": table(history(2))})

    features_at(ask, FEATURES, BASIS, at(FIRST + 300))
    # By customer, by order, by product, by day, by ticket.
    assert len(asked) == 5
    assert len(asked[0].aggregates) == 1 + 7


def test_an_aggregate_of_nothing_is_no_feature(duck: EmbeddedEngine) -> None:
    no_state = Over("distinct", Column("code"))
    wrong: list[Need] = [
        Over("sum"),
        Objects("ticket", {"opened": OPENED}, "sum"),
        Objects("ticket", {"x": no_state}, "count"),
    ]
    ask = asking(duck, {"events": table(history(2))})
    for need in wrong:
        with pytest.raises(ValueError, match="of"):
            features_at(ask, (feature("x", need),), BASIS, at(FIRST + 90))
