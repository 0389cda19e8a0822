"""E4, H6, I4: a night grades each reason from the company's own events, with who and what money is behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from holdfast.domain.period import day_number
from holdfast.services.foresee.snapshots import open_history
from holdfast.services.measure.standing import standings
from holdfast.services.understand import graded, reasons
from holdfast.services.understand.graded import ReasonRow
from holdfast.settings import Settings
from holdfast.store.standings import save_standings
from services.measure.companies import take_rows

TODAY = datetime(2024, 7, 15, 3, tzinfo=UTC)
DAYS, CUSTOMERS = 430, 60
LATELY, BEFORE = 27, 3
"""How many gave something back in the last 12 weeks, and in the 12 before."""


@pytest.fixture
def shop(workspace: Settings, tmp_path: Path) -> Settings:
    """Sixty customers who buy every three weeks; lately every second gives something back, c0 buys most."""
    rows: list[tuple[object, ...]] = [("order_id", "customer", "at", "amount", "currency")]

    def on(days_ago: int) -> date:
        return (TODAY - timedelta(days=days_ago)).date()

    for customer in range(CUSTOMERS):
        for ago in range(2 + customer % 20, DAYS, 21):
            rows.append(
                (f"o{len(rows)}", f"c{customer}", on(ago), "90.00" if not customer else "20.00", "EUR")
            )
        if customer < LATELY:
            rows.append((f"o{len(rows)}", f"c{customer}", on(30), "-20.00", "EUR"))
        if customer < BEFORE:
            rows.append((f"o{len(rows)}", f"c{customer}", on(120), "-20.00", "EUR"))
    take_rows(workspace, "orders", rows, tmp_path)
    return workspace


def night(settings: Settings) -> dict[str, ReasonRow]:
    with open_history(settings, now=TODAY, features=()) as history:
        save_standings(settings, standings(history.ready))
        at_day = day_number(history.ready.until.over)
        reasons.grade(settings, history, at_day=at_day, now_us=int(TODAY.timestamp() * 1_000_000))
    return {row.reason.name: row for row in graded.reasons(settings)}


def test_e4_reasons_are_graded_with_trend_customers_and_money(shop: Settings) -> None:
    rows = night(shop)
    assert set(rows) == set(reasons.delivered())
    quality = rows["poor_quality"]
    assert quality.decided_by is not None
    measured = quality.decided_by.graded
    assert (measured.name, measured.grade, measured.trend) == ("returned", "bad", "worse")
    assert (measured.now.hits, measured.now.of) == (LATELY, CUSTOMERS)
    assert measured.before is not None
    assert (measured.before.hits, measured.before.of) == (BEFORE, CUSTOMERS)
    assert quality.customers == LATELY
    people = graded.behind(shop, "poor_quality", limit=100)
    assert len(people) == LATELY
    assert people[0].yearly_minor > people[1].yearly_minor > 0
    assert sum(each.yearly_minor for each in people) == quality.money_minor
    assert next(iter(graded.reasons(shop))).reason.name == "poor_quality"


def test_e4_what_has_no_data_says_what_would_supply_it(shop: Settings) -> None:
    rows = night(shop)
    late = rows["late_delivery"]
    assert (late.grade, late.customers, late.trend) == ("no_data", 0, None)
    needs = {each.graded.name: each.need for each in late.missing}
    assert needs["late"].events == ("Order Delivered",)
    assert "events" in needs["late"].files
    assert needs["texts"].files == ("tickets", "messages", "surveys")
    assert all(each.need.words for row in rows.values() for each in row.missing)
    tickets = {each.graded.name: each.need for each in rows["poor_service"].missing}
    assert tickets["first_answer"].files == ("tickets", "events")


def test_h6_i4_prices_contracts_and_promises_are_among_the_graded(shop: Settings) -> None:
    rows = night(shop)
    prices = {each.graded.name for each in rows["unclear_prices"].measures}
    assert {"bill_rose", "told_late", "disputed", "texts"} <= prices
    promises = {each.graded.name for each in rows["promises_broken"].measures}
    assert {"not_kept", "not_looked_at", "texts"} <= promises


def test_the_next_night_takes_the_place_of_the_last_one(shop: Settings) -> None:
    before, after = night(shop), night(shop)
    assert before == after
