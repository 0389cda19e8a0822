"""One turn of the loop: figures, alerts, standings and the overview are there afterwards (B5)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.domain.texts import Text
from holdfast.services.measure.overview import overview
from holdfast.services.pulse.run import run
from holdfast.settings import Settings
from holdfast.store import figures as store
from services.measure.companies import NOW, shop_rows, take_rows, with_rule

DAY = date(2024, 7, 1)


@pytest.fixture
def shop(workspace: Settings, tmp_path: Path) -> Settings:
    people = [("customer", "name", "country", "source")]
    people += [
        (f"c{n}", f"Customer {n}", "IE" if n % 3 else "RO", "ads" if n % 2 else "friends") for n in range(80)
    ]
    take_rows(workspace, "customers", people, tmp_path)
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    return with_rule(workspace, rule="fixed", after_days=60)


def test_b5_a_run_saves_figures_and_standings_and_says_what_it_did(shop: Settings) -> None:
    report = run(shop, DAY, now=NOW)
    assert report.as_of == DAY
    assert report.customers == 80
    assert report.figures > 500
    assert report.rule == "own_rhythm"
    kept = store.last_run(shop)
    assert kept is not None
    assert kept.report["figures"] == report.figures
    from holdfast.store import sql

    states = dict(sql.read("SELECT state, COUNT(*) FROM standing GROUP BY state"))
    assert sum(states.values()) == 80
    assert states["lapsed"] > 0
    assert set(states) <= {"new", "active", "dormant", "returning", "lapsed", "won_back", ""}


def test_a_second_run_over_the_same_data_changes_nothing(shop: Settings) -> None:
    run(shop, DAY, now=NOW)
    before = [kept.figure for kept in store.read_figures(shop, "month")]
    again = run(shop, DAY, now=NOW)
    after = store.read_figures(shop, "month")
    assert again.differing == 0
    assert [kept.figure for kept in after] == before
    assert not any(kept.recomputed for kept in after)


def test_the_overview_shows_the_last_month_that_is_over(shop: Settings) -> None:
    run(shop, date(2024, 6, 20), now=NOW)
    found = overview(shop, "month")
    assert found.period is not None
    assert found.period.start == date(2024, 5, 1)
    assert found.nothing is None
    assert [stat.name.msgid for stat in found.stats] == [
        "Customers who left",
        "Money that left with them",
        "Revenue kept from customers",
        "What a customer is worth",
    ]
    assert len(found.churn) == 13
    assert [line.definition for line in found.definitions if line.chosen] == ["lost_of_start"]
    assert len(found.definitions) == 5
    assert {place.trait for place in found.places} == {"country", "source"}
    assert found.cohorts[0].shares[0] == 1.0
    assert found.curves[0].points[0].share == 1.0
    earlier = overview(shop, "month", start=date(2024, 1, 1))
    assert earlier.period is not None
    assert earlier.period.start == date(2024, 1, 1)
    assert earlier.periods == found.periods


def test_b5_the_ledger_of_the_overview_ties_out(shop: Settings) -> None:
    run(shop, DAY, now=NOW)
    for kind in ("month", "quarter", "year"):
        ledger = overview(shop, kind).ledger  # type: ignore[arg-type]
        signs = {"": 1, "+": 1, "-": -1, "=": -1}
        assert sum(signs[line.op] * (line.people or 0) for line in ledger) == 0
        assert sum(signs[line.op] * line.money.amount for line in ledger) == Decimal(0)


def test_before_the_first_run_the_overview_says_so(workspace: Settings) -> None:
    found = overview(workspace, "month")
    assert found.period is None
    assert isinstance(found.nothing, Text)


def test_a_run_over_an_empty_workspace_ends_well(workspace: Settings) -> None:
    report = run(workspace, DAY, now=NOW)
    assert (report.customers, report.figures, report.alerts) == (0, 0, [])
    assert overview(workspace, "month").period is None


def test_the_overview_asks_a_constant_number_of_questions(shop: Settings) -> None:
    run(shop, DAY, now=NOW)
    with CaptureQueriesContext(connection) as month:
        overview(shop, "month")
    with CaptureQueriesContext(connection) as year:
        overview(shop, "year")
    assert len(month) == len(year) <= 7


def rising_rows() -> list[tuple[object, ...]]:
    """400 subscribers, of whom more leave each month from March on."""
    rows: list[tuple[object, ...]] = [
        ("customer", "subscription_id", "started_at", "ended_at", "monthly_amount", "currency", "plan")
    ]
    leaves = {2: 8, 3: 9, 4: 18, 5: 30, 6: 45}
    days = [date(2024, at, 5) + timedelta(days=n % 20) for at, many in leaves.items() for n in range(many)]
    for customer in range(400):
        end = days[customer].isoformat() if customer < len(days) else ""
        rows.append((f"c{customer}", f"s{customer}", "2024-01-10", end, "10", "EUR", "basic"))
    return rows


def test_b5_churn_rising_month_after_month_raises_one_alert(workspace: Settings, tmp_path: Path) -> None:
    take_rows(workspace, "subscriptions", rising_rows(), tmp_path)
    report = run(workspace, DAY, now=NOW)
    assert [alert["code"] for alert in report.alerts] == ["churn_rising"]
    assert "Churn has risen 4 months in a row" in str(report.alerts[0]["words"])
    found = overview(workspace, "month")
    assert found.alert is not None
    assert found.alert.code == "churn_rising"
    assert run(workspace, DAY, now=NOW).alerts == []
    assert overview(workspace, "month", start=date(2024, 3, 1)).alert is None
    rates = {point.period.start.month: point.value for point in found.churn}
    assert rates[6] == pytest.approx(45 / (400 - 65))
