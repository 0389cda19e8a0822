"""Signals about habits as the log answers them: company days, a gap in the feed, clocks (C5, C6, C13)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from holdfast.analytics.company_days import company_days, company_needs
from holdfast.analytics.emit import emit
from holdfast.analytics.feature import ACTIVITY, CompanyDays, Feature
from holdfast.analytics.known_days import Company, company_from
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.signal import Signal, Tuned
from holdfast.analytics.signalling import numbers_of, said
from holdfast.analytics.snapshot import (
    SPINE,
    At,
    Basis,
    FeatureTable,
    features_along,
    features_at,
)
from holdfast.analytics.snapshot_each import features_at_each
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows
from holdfast.registry import parts

SIGNALS: dict[str, Signal] = {name: part.declared for name, part in parts("signals").items()}  # type: ignore[misc]
HABITS = [Tuned(SIGNALS[name]) for name in ("use_falling", "overdue", "gone_quiet")]
NUMBERS = numbers_of(HABITS)
ZONE = ZoneInfo("Europe/Sofia")
END = day_number(date(2024, 5, 20))
"""Summer time began on 31 March 2024."""

COLUMNS = (
    *("subject_id", "at_us", "known_us", "name", "object_kind", "object_id", "amount_minor", "currency"),
    *("product_id", "code", "score", "promised_us"),
)
HOUR_US = 3_600_000_000
FIRST_US = day_start_us(END - 400, ZONE)
BASIS = Basis(ZONE, FIRST_US, day_start_us(END + 30, ZONE))


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(temp=tmp_path_factory.mktemp("engine")) as engine:
        yield engine


def company(
    customers: int = 60, *, days: int = 160, name: str = "Feature Used"
) -> list[tuple[int, int, str]]:
    """Customers who do something three days in four, each on days of the own."""
    draw = np.random.default_rng(customers)
    return [
        (customer, END - ago, name)
        for customer in range(1, customers + 1)
        for ago in range(1, days + 1)
        if draw.random() < 0.75
    ]


def table(told: Sequence[tuple[int, int, str]], hour: int = 10) -> Rows:
    """Events by subject, local day and name, at an hour of the day."""
    rows: dict[str, list[Any]] = {name: [None] * len(told) for name in COLUMNS}
    at_us = [day_start_us(day, ZONE) + hour * HOUR_US for _, day, _ in told]
    rows |= {
        "subject_id": [subject for subject, _, _ in told],
        "at_us": at_us,
        "known_us": at_us,
        "name": [name for _, _, name in told],
    }
    return Rows(rows, {name: LAKE_COLUMNS[name] for name in COLUMNS})


def at(day: int) -> At:
    return At(day_start_us(day, ZONE), day)


def asking(engine: EmbeddedEngine, events: Rows, **more: Rows) -> Any:
    return lambda query: engine.columns(emit(query, engine.dialect), {"events": events, **more})


def known(ask: Any, *days: int) -> Company:
    return company_days([(ask, None)], NUMBERS, BASIS, [at(day) for day in days])


def warned(
    engine: EmbeddedEngine, told: Sequence[tuple[int, int, str]], name: str = "use_falling"
) -> set[int]:
    """Of whom a signal warns at the beginning of :data:`END`."""
    ask = asking(engine, table(told))
    found = features_at(ask, NUMBERS, replace(BASIS, company=known(ask, END)), at(END))
    return set(found.unit_id[said(Tuned(SIGNALS[name]), found.columns).holds].tolist())


def test_c5_who_stops_is_warned_of_and_nobody_else(duckdb: EmbeddedEngine) -> None:
    told = [each for each in company() if each[0] != 7 or each[1] < END - 14]
    assert warned(duckdb, told) == {7}


def test_a_gap_in_the_feed_alarms_nobody_and_hides_nobody(duckdb: EmbeddedEngine) -> None:
    gap = [each for each in company() if each[1] < END - 6]
    assert warned(duckdb, gap) == set()
    assert warned(duckdb, [each for each in gap if each[0] != 7 or each[1] < END - 25]) == {7}
    weights = known(asking(duckdb, table(gap)), END).weights("use", END, 60)
    assert np.flatnonzero(weights == 0).tolist() == list(range(54, 60))


def test_without_the_company_the_same_gap_would_alarm_everybody(duckdb: EmbeddedEngine) -> None:
    gap = [each for each in company() if each[1] < END - 10]
    found = features_at(asking(duckdb, table(gap)), NUMBERS, BASIS, at(END))
    assert said(HABITS[0], found.columns).holds.mean() > 0.9


def test_c6_purchases_that_are_not_in_the_feed_are_not_overdue(duckdb: EmbeddedEngine) -> None:
    draw = np.random.default_rng(4)
    told = [
        (customer, END - ago, "Order Completed")
        for customer in range(1, 200)
        for ago in range(int(draw.integers(1, 8)), 360, 7)
    ]
    gap = [each for each in told if each[1] < END - 14]
    assert warned(duckdb, gap, "overdue") == set()
    stopped = [each for each in told if each[0] != 9 or each[1] < END - 60]
    assert warned(duckdb, stopped, "overdue") == {9}


@pytest.mark.parametrize("hour", [0, 10, 23])
def test_the_change_of_clocks_alarms_nobody(duckdb: EmbeddedEngine, hour: int) -> None:
    spring = day_number(date(2024, 4, 2))
    told = [(customer, day - (END - spring), name) for customer, day, name in company()]
    ask = asking(duckdb, table(told, hour))
    found = features_at(ask, NUMBERS, replace(BASIS, company=known(ask, spring)), at(spring))
    heard = said(HABITS[0], found.columns)
    assert heard.judged.all()
    assert not heard.holds.any()


def test_a_day_that_is_not_over_is_not_judged_and_an_event_of_it_ends_a_silence(
    duckdb: EmbeddedEngine,
) -> None:
    told = [
        (customer, END - ago, "Order Completed") for customer in range(1, 60) for ago in range(60, 300, 7)
    ]
    told.append((5, END, "Order Completed"))
    ask = asking(duckdb, table(told))
    night = known(ask, END)
    found = features_at(ask, NUMBERS, replace(BASIS, company=night), at(END + 1))
    use, overdue = said(HABITS[0], found.columns), said(HABITS[1], found.columns)
    assert not use.judged.any()
    assert not overdue.holds.any()
    assert found.unit_id[overdue.over].tolist() == [5]


def equal(one: FeatureTable, other: FeatureTable) -> None:
    assert one.unit_id.tolist() == other.unit_id.tolist()
    for name, values in one.columns.items():
        np.testing.assert_allclose(values, other.columns[name], rtol=1e-6, err_msg=name)


def test_replay_along_a_spine_and_at_night_say_the_same(duckdb: EmbeddedEngine) -> None:
    told = [each for each in company(40) if each[0] != 7 or each[1] < END - 14]
    told += [
        (customer, END - ago, "Message Received") for customer in range(1, 41) for ago in (90, 60, 50, 20)
    ]
    events, days = table(told), [END - 10, END - 3, END]
    ask = asking(duckdb, events)
    replayed = replace(BASIS, company=known(ask, *days))
    nights = [features_at(ask, NUMBERS, replace(BASIS, company=known(ask, day)), at(day)) for day in days]
    each = features_at_each(
        ask, NUMBERS, replayed, [at(day) for day in days], units=[np.arange(1, 41)] * len(days)
    )
    for night, again in zip(nights, each, strict=True):
        equal(night, again)
    unit = np.repeat(np.arange(1, 41), len(days))
    t_day = np.tile(days, 40)
    t_us = [day_start_us(int(day), ZONE) for day in t_day]
    spine = Rows({"unit_id": unit, "row": np.arange(len(unit)), "t_us": t_us, "t_day": t_day})
    along = features_along(asking(duckdb, events, **{SPINE: spine}), NUMBERS, replayed, unit, t_day)
    for night, day in zip(nights, days, strict=True):
        equal(night, along.only(along.at_day == day))


def test_what_is_known_of_the_company_survives_being_kept() -> None:
    company = Company({100: {"use": np.array([1.0, 0.25, 0.0])}})
    kept = company_from(json.loads(json.dumps(company.as_json())))
    for each in (company, kept):
        assert each.weights("use", 100, 2).tolist() == [0.25, 0.0]
        assert each.weights("use", 100, 5).tolist() == [1.0, 1.0, 1.0, 0.25, 0.0]
        np.testing.assert_equal(each.weights("use", 102, 4), [0.25, 0.0, np.nan, np.nan])
        assert np.isnan(each.weights("use", 99, 3)).all()
        assert np.isnan(each.weights("purchases", 100, 3)).all()


def test_one_name_of_company_days_is_one_condition() -> None:
    def looking(name: str, days: int, where: Any) -> Feature:
        return Feature(name, Text("A"), Text("A."), "count", "use", {"x": CompanyDays("use", where, days)})

    one, longer = looking("a", 20, ACTIVITY), looking("b", 30, ACTIVITY)
    assert company_needs([one, longer])["use"].days == 30
    with pytest.raises(ValueError, match="two different kinds"):
        company_needs([one, looking("c", 20, NUMBERS[0].needs)])


def test_a_part_of_enough_customers_stands_for_all(
    duckdb: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.analytics.company_days.MOST_CUSTOMERS", 50)
    ask, asked = asking(duckdb, table(company())), []

    def counting(query: Any) -> Any:
        asked.append(query)
        return ask(query)

    found = company_days([(counting, None)] * 3, NUMBERS, BASIS, [at(END)])
    assert len(asked) == 1
    assert found.by_day[END].keys() == {"use", "purchases"}
    assert company_days([(counting, None)], NUMBERS[:0], BASIS, [at(END)]).by_day == {}
    assert company_days([], NUMBERS, BASIS, [at(END)]).weights("use", END, 3).tolist() == [1, 1, 1]
