"""Against a company whose truth is known: who left is found, and few who stayed are called lost (B2)."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from holdfast.domain.figures import Figure
from holdfast.services.collect.demo import build_demo
from holdfast.services.measure.measure import Ready, measure, ready
from holdfast.services.measure.until import Until
from holdfast.services.progress import Silent
from holdfast.settings import Settings
from holdfast.store import readers, sql

END = date(2026, 11, 1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    from holdfast import store

    settings = Settings(tmp_path_factory.mktemp("demo") / "workspace", buckets=8)
    store.connect(settings)
    return build_demo(settings, customers=1_500, days=730, seed=7, progress=Silent()).settings


@pytest.fixture
def truth(demo: Settings) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((demo.folder / "demo" / "truth.json").read_text(encoding="utf-8"))
    return found


def people(demo: Settings) -> list[dict[str, str]]:
    with (demo.folder / "demo" / "truth-customers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.long
def test_b2_as_many_are_there_as_there_truly_are(demo: Settings, truth: dict[str, Any]) -> None:
    from holdfast import store

    store.connect(demo)
    figures = {(f.metric, f.definition): f for f in measure(demo, as_of=END).figures if f.group is None}
    there = figures["active_customers", "at_end"].value
    # Casual visitors look like customers until they have been silent for long enough.
    assert there == pytest.approx(truth["present"], rel=0.07)
    rate = figures["churn_rate", "average_month"]
    # One casual purchase looks like a customer who never came back.
    casual = sum(row["kind"] == "casual" for row in people(demo))
    lost = casual + sum(month["lost"] for month in truth["months"])
    expected = lost / sum(month["at_start"] for month in truth["months"])
    assert isinstance(rate, Figure)
    assert rate.value == pytest.approx(expected, abs=0.005)


@pytest.mark.long
def test_b2_who_is_told_to_have_left_mostly_has_and_who_left_long_ago_is_told(
    demo: Settings, tmp_path: Path
) -> None:
    from holdfast import store

    store.connect(demo)
    with ready(demo, Until(END, END), tmp_path) as tables:
        lapsed = told_to_have_left(demo, tables)
    truly = {row["customer"]: row for row in people(demo)}
    known = {customer: row for customer, row in truly.items() if customer in lapsed}
    meant = [row for row in known.values() if row["kind"] in ("shop", "subscriber")]
    called = [row for row in meant if lapsed[row["customer"]]]
    right = [row for row in called if row["stage"] == "left"]
    assert len(right) / len(called) > 0.8
    gone = [
        row for row in meant if row["stage"] == "left" and left_before(demo, row["customer"], "2026-02-01")
    ]
    assert sum(lapsed[row["customer"]] for row in gone) / len(gone) > 0.85


def told_to_have_left(demo: Settings, tables: Ready) -> dict[str, bool]:
    """Whether each customer, by the id of the files, is lapsed."""
    rows = tables.engine.rows("SELECT unit_id, state FROM units WHERE state >= 0", tables.kept.tables)
    state = dict(rows)
    unit_of = readers.resolved_units(demo)
    keys = sql.read("SELECT id, key FROM subject WHERE namespace = 'customer'")
    return {
        key: state[unit_of.get(subject, subject)] == 4
        for subject, key in keys
        if unit_of.get(subject, subject) in state
    }


def left_before(demo: Settings, customer: str, day: str) -> bool:
    with (demo.folder / "demo" / "truth-losses.csv").open(encoding="utf-8", newline="") as file:
        losses = [row for row in csv.DictReader(file) if row["customer"] == customer]
    return bool(losses) and max(row["left_on"] for row in losses) < day
