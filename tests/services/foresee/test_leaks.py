"""What came after a day changes nothing in the snapshot of that day (D1, D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brought import bring, subject
from holdfast.analytics import snapshot_each
from holdfast.analytics.feature import AMOUNT, PURCHASE, Feature, Gaps, Need, Over, Unit
from holdfast.analytics.terms import OPEN
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.engines.spark import SparkEngine
from holdfast.engines.tables import Rows
from holdfast.services.foresee.snapshots import FeatureTable, History, Panel, open_history
from holdfast.services.foresee.traits import kind_of, says_what_became, says_who
from holdfast.services.measure.measure import ready
from holdfast.services.measure.source import workspace_source
from holdfast.services.measure.until import Until
from holdfast.settings import Settings
from holdfast.store import identity
from services.measure.companies import shop_rows, take_rows, with_rule

AS_OF = date(2024, 7, 1)
THEN = date(2023, 12, 1)
THEN_DAY = day_number(THEN)
DAY_US = 86_400_000_000


def declared(name: str, need: Need, unit: Unit = "count") -> Feature:
    return Feature(name, Text("A feature"), Text("A feature."), unit, "use", {"it": need})


FEATURES = (
    declared("orders", Over("count", where=PURCHASE)),
    declared("orders_28", Over("count", where=PURCHASE, days=28)),
    declared("money", Over("sum", AMOUNT, PURCHASE, days=365), "money"),
    declared("silence", Gaps("since", PURCHASE), "days"),
)


@pytest.fixture
def shop(workspace: Settings, tmp_path: Path) -> Settings:
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    return with_rule(workspace, rule="fixed", after_days=60)


def snapshot(settings: Settings, day: int = THEN_DAY) -> FeatureTable:
    with open_history(settings, as_of=AS_OF, features=FEATURES) as history:
        return history.snapshot(day)


def same(one: FeatureTable, other: FeatureTable) -> None:
    assert one.unit_id.tolist() == other.unit_id.tolist()
    assert set(one.columns) == set(other.columns)
    for name, values in one.columns.items():
        np.testing.assert_array_equal(values, other.columns[name], err_msg=name)


def by_unit(table: FeatureTable, feature: str) -> dict[int, Any]:
    return dict(zip(table.unit_id.tolist(), table.columns[feature].tolist(), strict=True))


def orders(settings: Settings, folder: Path, *rows: tuple[object, ...]) -> None:
    header = ("order_id", "customer", "at", "amount", "currency")
    take_rows(settings, "orders", [header, *rows], folder)


def test_an_event_after_the_day_is_not_seen(shop: Settings, tmp_path: Path) -> None:
    before = snapshot(shop)
    assert len(before) > 30
    orders(shop, tmp_path, *((f"new{n}", f"c{n}", THEN.isoformat(), "999.00", "EUR") for n in range(80)))
    same(snapshot(shop), before)


def test_an_event_that_was_known_late_is_not_seen_until_then(shop: Settings, tmp_path: Path) -> None:
    before = snapshot(shop)
    unit = int(before.unit_id[0])
    plant_late(shop, unit)
    same(snapshot(shop), before)
    later = THEN_DAY + 31
    with open_history(shop, as_of=AS_OF, features=FEATURES) as history:
        seen = by_unit(history.snapshot(later), "money")
    assert unit not in seen or seen[unit] >= 12_345_678


def plant_late(settings: Settings, unit: int) -> None:
    """An order of before the day that was known only thirty days after it."""
    from holdfast.domain.events import LAKE_COLUMNS, EventFile, slot_of
    from holdfast.engines.embedded import EmbeddedEngine, literal
    from holdfast.lake.log import EventLog, file_prefix

    at_us = (THEN_DAY - 5) * DAY_US
    import_id = bring(settings, [], first_us=at_us)
    slot = slot_of(unit, settings.buckets)
    row: dict[str, str] = {
        "slot": str(slot),
        "event_key": "unhex(md5('late'))",
        "subject_id": str(unit),
        "at_us": str(at_us),
        "known_us": str(at_us + 30 * DAY_US),
        "name": "'Order Completed'",
        "source": "'late'",
        "import_id": str(import_id),
        "object_id": "'late'",
        "amount_minor": "12345678",
        "currency": "'EUR'",
    }
    columns = ", ".join(
        f"CAST({row.get(name, 'NULL')} AS {kind}) AS {name}"
        for name, kind in LAKE_COLUMNS.items()
        if name != "bucket"
    )
    path = f"bucket={slot}/{file_prefix(import_id)}0.parquet"
    target = settings.lake / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        engine.run(f"COPY (SELECT {columns}) TO {literal(str(target))} (FORMAT parquet)", {})
    file = EventFile(path, slot, target.stat().st_size, 1, unit, unit, at_us, at_us)
    EventLog(settings.lake, settings.buckets).commit_import(import_id, [file])


def test_a_trait_told_later_is_not_seen_but_an_immutable_one_is(shop: Settings) -> None:
    people = [f"c{n}" for n in range(80)]
    known_us = (THEN_DAY - 10) * DAY_US
    bring(
        shop,
        people,
        traits=[(key, "plan", "Basic" if n % 2 else "Pro", None) for n, key in enumerate(people)],
        now_us=known_us,
    )
    before = snapshot(shop)
    assert set(before.columns["trait plan"].tolist()) == {"Basic", "Pro"}
    leaks = [(key, "plan", "Gone", None) for key in people]
    leaks += [(key, "segment", "a" if n % 2 else "b", None) for n, key in enumerate(people)]
    # Said later, even where it claims to have held before.
    leaks += [(key, "tier", "x" if n % 2 else "y", (THEN_DAY - 20) * DAY_US) for n, key in enumerate(people)]
    bring(shop, people, traits=leaks, now_us=known_us + 40 * DAY_US)
    after = snapshot(shop)
    assert after.columns["trait plan"].tolist() == before.columns["trait plan"].tolist()
    assert set(after.columns["trait segment"].tolist()) == {None}
    assert set(after.columns["trait tier"].tolist()) == {None}
    born = [(key, "birth_year", str(1950 + n), None) for n, key in enumerate(people)]
    bring(shop, people, traits=born, immutable=True, now_us=known_us + 60 * DAY_US)
    assert not np.isnan(snapshot(shop).columns["trait birth_year"]).any()
    assert set(snapshot(shop, THEN_DAY + 100).columns["trait plan"].tolist()) == {"Gone"}


def test_a_merge_of_later_changes_no_feature_of_before(shop: Settings) -> None:
    before = snapshot(shop)
    one, other = (int(unit) for unit in before.unit_id[:2])
    identity.merge(shop, [one, other], by="ann@example.com", now_us=(THEN_DAY + 60) * DAY_US)
    after = snapshot(shop)
    assert after.unit_id.tolist() == [unit for unit in before.unit_id.tolist() if unit != other]
    kept = np.isin(before.unit_id, after.unit_id)
    same(after, before.only(kept))
    # From the moment of the merge on the two are one.
    later = snapshot(shop, THEN_DAY + 61)
    if one in later.unit_id.tolist():
        assert by_unit(later, "orders")[one] > by_unit(before, "orders")[one]


def test_an_old_merge_counts_and_a_separation_ends_it(shop: Settings) -> None:
    before = snapshot(shop)
    one, other = (int(unit) for unit in before.unit_id[:2])
    total = by_unit(before, "orders")[one] + by_unit(before, "orders")[other]
    links = identity.merge(shop, [one, other], by="ann@example.com", now_us=(THEN_DAY - 60) * DAY_US)
    assert by_unit(snapshot(shop), "orders")[one] == total
    identity.separate(shop, links, now_us=(THEN_DAY + 60) * DAY_US)
    # At the day they still were one; the other has no event of its own by the links of then.
    apart = by_unit(snapshot(shop), "orders")
    assert apart[one] == total
    assert other not in apart


def test_only_what_is_mature_is_told(shop: Settings) -> None:
    with open_history(shop, as_of=AS_OF, features=FEATURES) as history:
        assert history.stays.grace_days == 60
        days = history.moments(90)
        past = history.past_days(90)
        assert past[-1] == day_number(AS_OF) - 90
        assert days == tuple(day for day in past if day <= past[-1] - 60)[-12:]
        panel = history.panel([*days, day_number(AS_OF) - 91], 90)
        assert panel.moments == days
        assert panel.undecided > 0
        assert (panel.mature_day == panel.table.at_day + 90 + 60).all()
        check(history, panel)
        with pytest.raises(Refusal) as refused:
            history.panel([day_number(AS_OF)], 30)
        assert refused.value.code == "horizon_too_long"
        assert history.moments(10_000) == ()


def check(history: History, panel: Panel) -> None:
    """Every outcome once more from the orders themselves."""
    bought: dict[int, list[int]] = {}
    for row in shop_rows()[1:]:
        unit = subject(history.settings, str(row[1]))
        bought.setdefault(unit, []).append(day_number(date.fromisoformat(str(row[2]))))
    assert 0 < panel.left.sum() < len(panel)
    for unit, day, left, departed in zip(
        panel.table.unit_id.tolist(),
        panel.table.at_day.tolist(),
        panel.left.tolist(),
        panel.departed_day.tolist(),
        strict=True,
    ):
        days = sorted(set(bought[unit]))
        before = [each for each in days if each < day]
        assert day - before[-1] < 60
        last = before[-1]
        for each in (each for each in days if each >= day):
            if each - last > 60:
                break
            last = each
        silent = last + 60 < day_number(AS_OF) and last < day + 90
        assert left == silent, (unit, day)
        if left:
            assert departed == last
        else:
            assert departed >= day + 90 or departed == OPEN


def test_money_of_a_customer_is_that_of_the_year_before(shop: Settings) -> None:
    with open_history(shop, as_of=AS_OF, features=FEATURES) as history:
        panel = history.panel(history.moments(60), 60)
        np.testing.assert_array_equal(panel.yearly_minor, panel.table.columns["money"])
        some = panel.table.unit_id[:3]
        narrow, whole = history.snapshot(THEN_DAY, some), history.snapshot(THEN_DAY)
        same(narrow, whole.only(np.isin(whole.unit_id, some)))
        few = history.panel(history.moments(60), 60, most_rows=len(panel) // 2)
        assert 0 < len(few) < len(panel)
        assert set(few.table.unit_id.tolist()) < set(panel.table.unit_id.tolist())


def test_the_panel_in_one_pass_is_the_panel_day_by_day(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity.merge(
        shop, [subject(shop, "c1"), subject(shop, "c2")], by="ann@example.com", now_us=THEN_DAY * DAY_US
    )
    with open_history(shop, as_of=AS_OF, features=FEATURES) as history:
        days = history.moments(60)
        one_by_one = history.panel(days, 60)
        monkeypatch.setattr(snapshot_each, "PAYS_FROM", 0.0)
        touched = Rows({"subject_id": history.linked, "unit_id": history.linked})
        in_parts = replace(history, source=workspace_source(shop, part_rows=100, linked=touched))
        assert len(in_parts.source.parts) > 4
        at_once = in_parts.panel(days, 60)
        some = in_parts.panel(days, 60, most_rows=len(at_once) // 4)
    same(at_once.table, one_by_one.table)
    assert at_once.table.at_day.tolist() == one_by_one.table.at_day.tolist()
    assert at_once.left.tolist() == one_by_one.left.tolist()
    assert at_once.yearly_minor.tolist() == one_by_one.yearly_minor.tolist()
    assert 0 < len(some) < len(at_once)


@pytest.mark.long
def test_the_panel_is_the_same_on_spark(shop: Settings, spark: Any, tmp_path: Path) -> None:
    one, other = identity.assign_subjects(shop, "customer", ["c1", "c2"])
    identity.merge(shop, [one, other], by="ann@example.com", now_us=(THEN_DAY - 60) * DAY_US)
    two = FEATURES[1::2]
    until = Until(AS_OF, AS_OF)
    with ready(shop, until, tmp_path) as tables, SparkEngine(temp=tmp_path, session=spark) as engine:
        with open_history(shop, tables=replace(tables, engine=engine), features=two) as history:
            there = history.panel([THEN_DAY], 60)
        with open_history(shop, tables=tables, features=two) as history:
            here = history.panel([THEN_DAY], 60)
    same(there.table, here.table)
    assert one in here.table.unit_id.tolist()
    for name in ("left", "departed_day", "mature_day", "yearly_minor"):
        np.testing.assert_array_equal(getattr(there, name), getattr(here, name))


def test_a_workspace_without_events_has_no_history(workspace: Settings) -> None:
    with open_history(workspace, now=datetime(2024, 1, 1, tzinfo=UTC)) as history:
        assert history.moments(30) == ()
        assert len(history.snapshot(history.end_day)) == 0
        with pytest.raises(Refusal):
            history.panel([THEN_DAY], 30)


def test_traits_that_say_who_or_what_became_are_no_features() -> None:
    assert all(map(says_who, ("name", "firstName", "customer_id", "E-Mail", "phone", "postal code", "Card")))
    assert all(
        map(says_what_became, ("churned", "status", "cancelledAt", "left", "churn_reason", "is active"))
    )
    plain = ("plan", "country", "seats", "birth_year", "gender", "income", "source", "marketing")
    assert not any(says_who(trait) or says_what_became(trait) for trait in plain)
    assert kind_of(["1", "2.5", "3", "3"]) == "numbers"
    assert kind_of(["a", "b", "a"]) == "words"
    assert kind_of(["a", "a", ""]) is None
    assert kind_of([f"word {n}" for n in range(60)]) is None
    assert kind_of([str(n) for n in range(1000)]) is None
    assert kind_of([str(n % 80) for n in range(1000)]) == "numbers"
