"""Measuring a workspace: what was imported is counted, up to a day, as it was known then (B1-B5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from holdfast.domain.figures import Figure
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.measure.measure import measure
from holdfast.services.measure.source import workspace_source
from holdfast.services.measure.until import measured_until
from holdfast.settings import Settings, write_settings
from services.measure.companies import NOW, shop_rows, take_rows, with_rule

DAY = date(2024, 7, 1)


def one(figures: Iterable[Figure], metric: str, definition: str = "", start: date | None = None) -> Figure:
    found = [
        figure
        for figure in figures
        if figure.metric == metric
        and figure.definition == definition
        and figure.group is None
        and start in (None, figure.period.start)
    ]
    assert len(found) == 1, (metric, definition, len(found))
    return found[0]


def test_b4_a_shop_is_counted_to_the_cent(workspace: Settings, tmp_path: Path) -> None:
    rows = shop_rows()
    take_rows(workspace, "orders", rows, tmp_path)
    found = measure(workspace, as_of=DAY)
    amounts = [Decimal(str(row[3])) for row in rows[1:]]
    assert found.currency == "EUR"
    assert one(found.figures, "revenue", "orders").value == sum(amounts)
    assert one(found.figures, "orders").value == len(rows) - 1
    assert one(found.figures, "customers").value == len({row[1] for row in rows[1:]})


@pytest.mark.parametrize("period", ["month", "quarter", "year"])
def test_b5_the_ledger_ties_out_in_people_and_to_the_cent(
    period: str, workspace: Settings, tmp_path: Path
) -> None:
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    figures = measure(workspace, as_of=DAY, period=period).figures  # type: ignore[arg-type]
    ledgers = [figure for figure in figures if figure.metric == "ledger"]
    closing: dict[str, object] = {"people": 0, "money": Decimal(0)}
    for figure in ledgers:
        terms = figure.terms
        assert terms["start"] == closing[figure.definition]
        gained = sum(terms.get(name, 0) for name in ("start", "new", "won_back", "more"))  # type: ignore[misc]
        assert gained - sum(terms.get(name, 0) for name in ("less", "left")) == terms["end"]  # type: ignore[misc]
        closing[figure.definition] = terms["end"]
    whole = measure(workspace, as_of=DAY).figures
    assert closing["people"] == one(whole, "ledger", "people").value
    assert closing["money"] == one(whole, "ledger", "money").value


def test_b1_months_quarters_and_years_lose_the_same_customers(workspace: Settings, tmp_path: Path) -> None:
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    lost = {
        period: sum(
            int(str(figure.terms["by_silence"]))
            for figure in measure(workspace, as_of=DAY, period=period).figures  # type: ignore[arg-type]
            if figure.metric == "lost_customers"
        )
        for period in ("month", "quarter", "year")
    }
    assert lost["month"] == lost["quarter"] == lost["year"] > 0


def test_a_period_that_is_not_over_has_no_figure_and_says_so(workspace: Settings, tmp_path: Path) -> None:
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    figures = measure(workspace, as_of=date(2024, 5, 20), period="month").figures
    may = one(figures, "revenue", "orders", date(2024, 5, 1))
    assert may.value is None
    assert "not over" in str(may.reason)
    assert one(figures, "revenue", "orders", date(2024, 4, 1)).value is not None


def test_d4_as_of_a_day_gives_what_was_said_on_that_day(workspace: Settings, tmp_path: Path) -> None:
    rows = shop_rows()
    settings = with_rule(workspace, rule="fixed", after_days=60)
    early = [rows[0], *(row for row in rows[1:] if str(row[2]) < "2024-03-01")]
    take_rows(settings, "orders", early, tmp_path)
    then = measure(settings, as_of=date(2024, 3, 1), period="month").figures
    take_rows(settings, "orders", rows, tmp_path)
    now = measure(settings, as_of=date(2024, 3, 1), period="month").figures
    assert now == then
    later = measure(settings, as_of=DAY, period="month").figures
    assert one(later, "churn_rate", "lost_of_start", date(2024, 2, 1)) == one(
        then, "churn_rate", "lost_of_start", date(2024, 2, 1)
    )


def test_replaying_an_import_changes_nothing_and_undoing_it_leaves_nothing(
    workspace: Settings, tmp_path: Path
) -> None:
    rows = shop_rows()
    first = take_rows(workspace, "orders", rows, tmp_path)
    before = measure(workspace, as_of=DAY).figures
    again = take_rows(workspace, "orders", [rows[0], *reversed(rows[1:])], tmp_path)
    assert measure(workspace, as_of=DAY).figures == before
    undo_import(workspace, first.import_id)
    undo_import(workspace, again.import_id)
    assert measure(workspace, as_of=DAY).figures == []


def test_an_empty_workspace_has_no_figures(workspace: Settings) -> None:
    assert measure(workspace, as_of=DAY).figures == []


def test_a1_two_customers_of_one_address_are_one(workspace: Settings, tmp_path: Path) -> None:
    take_rows(
        workspace,
        "customers",
        [("customer", "email", "country"), ("a1", "x@example.org", "IE"), ("a2", "x@example.org", "IE")],
        tmp_path,
    )
    orders = [
        ("order_id", "customer", "at", "amount", "currency"),
        ("1", "a1", "2024-01-05", "10", "EUR"),
        ("2", "a2", "2024-02-05", "20", "EUR"),
        ("3", "a3", "2024-02-05", "30", "EUR"),
    ]
    take_rows(workspace, "orders", orders, tmp_path)
    figures = measure(workspace, as_of=DAY).figures
    assert one(figures, "customers").value == 2
    assert one(figures, "new_customers").value == 2
    assert one(figures, "revenue", "orders").value == Decimal("60.00")


def test_amounts_without_a_rate_are_told_and_never_summed(workspace: Settings, tmp_path: Path) -> None:
    orders = [
        ("order_id", "customer", "at", "amount", "currency"),
        ("1", "a1", "2024-01-05", "10", "EUR"),
        ("2", "a2", "2024-02-05", "20", "USD"),
        ("3", "a3", "2024-02-05", "30", "CHF"),
    ]
    take_rows(workspace, "orders", orders, tmp_path)
    rates = [("date", "from", "to", "rate"), ("2024-01-01", "USD", "EUR", "0.5")]
    take_rows(workspace, "rates", rates, tmp_path)
    revenue = one(measure(workspace, as_of=DAY).figures, "revenue", "orders")
    assert revenue.value == Decimal("20.00")
    assert "30.00 CHF" in str(revenue.left_out)


def test_rows_without_a_customer_are_summed_apart(workspace: Settings, tmp_path: Path) -> None:
    orders = [
        ("order_id", "customer", "at", "amount", "currency"),
        ("1", "a1", "2024-01-05", "10", "EUR"),
        ("2", "", "2024-02-05", "7.50", "EUR"),
    ]
    take_rows(workspace, "orders", orders, tmp_path)
    revenue = one(measure(workspace, as_of=DAY).figures, "revenue", "orders")
    assert revenue.value == Decimal("10.00")
    assert "7.50 EUR of rows without a customer" in str(revenue.left_out)


def test_b4_costs_and_what_products_cost_give_worth_and_cost_of_winning(
    workspace: Settings, tmp_path: Path
) -> None:
    settings = with_rule(workspace, rule="fixed", after_days=60)
    take_rows(
        settings,
        "customers",
        [("customer", "source"), ("a1", "ads"), ("a2", "ads"), ("a3", "friends")],
        tmp_path,
    )
    orders = [
        ("order_id", "customer", "at", "product", "quantity", "amount", "currency"),
        ("1", "a1", "2024-01-05", "tea", "2", "20", "EUR"),
        ("2", "a2", "2024-01-06", "tea", "1", "10", "EUR"),
        ("3", "a3", "2024-01-07", "cup", "1", "10", "EUR"),
    ]
    take_rows(settings, "orders", orders, tmp_path)
    products = [("product", "name", "unit_cost", "currency"), ("tea", "Tea", "4", "EUR")]
    take_rows(settings, "products", products, tmp_path)
    take_rows(
        settings,
        "costs",
        [("date", "source", "amount", "currency"), ("2024-01-01", "ads", "9", "EUR")],
        tmp_path,
    )
    figures = measure(settings, as_of=DAY).figures
    worth = one(figures, "lifetime_value", "formula")
    assert worth.terms["margin"] == pytest.approx(1 - 12 / 30)
    assert one(figures, "acquisition_cost").value == Decimal("3.00")
    by_source = next(f for f in figures if f.metric == "acquisition_cost" and f.group == "source=ads")
    assert by_source.value == Decimal("4.50")
    assert one(figures, "value_to_cost").value == pytest.approx(float(worth.value or 0) / 3, rel=1e-3)


def test_the_log_is_read_in_parts_with_the_same_answer(
    workspace: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.services.measure import measure as module

    rows = shop_rows()
    people = [("customer", "email"), *((f"c{n}", f"{n // 2}@example.org") for n in range(0, 30))]
    take_rows(workspace, "customers", people, tmp_path)
    take_rows(workspace, "orders", rows, tmp_path)
    whole = measure(workspace, as_of=DAY, period="month").figures
    source = workspace_source(workspace, part_rows=300)
    assert len(source.parts) > 4
    monkeypatch.setattr(module, "workspace_source", lambda _: source)
    assert measure(workspace, as_of=DAY, period="month").figures == whole


def test_old_exports_are_measured_to_their_end_and_living_ones_to_now(
    workspace: Settings, tmp_path: Path
) -> None:
    assert measured_until(workspace, None, NOW).end == date(2024, 7, 16)
    take_rows(workspace, "orders", shop_rows(), tmp_path)
    last = max(date.fromisoformat(str(row[2])) for row in shop_rows()[1:])
    near = measured_until(workspace, None, datetime(2024, 7, 20, tzinfo=UTC))
    assert (near.end, near.over) == (date(2024, 7, 21), date(2024, 7, 20))
    far = measured_until(workspace, None, datetime(2026, 7, 20, tzinfo=UTC))
    assert far.end == far.over
    assert (far.end - last).days == 1
    assert measured_until(workspace, DAY, NOW).over == DAY


def test_b2_the_days_of_the_workspace_are_those_of_its_zone(workspace: Settings, tmp_path: Path) -> None:
    settings = replace(workspace, timezone="Asia/Tehran")
    write_settings(settings)
    orders = [
        ("order_id", "customer", "at", "amount", "currency"),
        ("1", "a1", "2024-01-31T22:00:00Z", "10", "EUR"),
    ]
    take_rows(settings, "orders", orders, tmp_path)
    figures = measure(settings, as_of=DAY, period="month").figures
    assert figures[0].period.start == date(2024, 2, 1)


def test_b1_solar_hijri_months_are_the_periods_of_a_workspace_that_counts_in_them(
    workspace: Settings, tmp_path: Path
) -> None:
    settings = replace(workspace, calendar="solar_hijri")
    write_settings(settings)
    take_rows(settings, "orders", shop_rows(), tmp_path)
    figures = measure(settings, as_of=DAY, period="year").figures
    assert {figure.period.start for figure in figures} == {
        date(2022, 3, 21),
        date(2023, 3, 21),
        date(2024, 3, 20),
    }


def test_without_any_amount_money_is_no_figure_and_people_are(workspace: Settings, tmp_path: Path) -> None:
    """Never a 0 for what nobody knows: a log of purchases without prices has no revenue."""
    rows = [("order_id", "customer", "at"), *((row[0], row[1], row[2]) for row in shop_rows()[1:])]
    take_rows(workspace, "orders", rows, tmp_path)
    figures = measure(workspace, as_of=DAY).figures
    money = [figure for figure in figures if figure.unit == "EUR"]
    assert money
    assert all(figure.value is None and figure.reason is not None for figure in money)
    assert one(figures, "orders").value == len(rows) - 1
