"""Real companies, imported as they are: our figures against those counted from the raw file (B1-B5)."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from holdfast.domain.figures import Figure
from holdfast.services.measure.measure import measure
from holdfast.settings import Settings, write_settings
from services.measure.companies import take

Key = tuple[str, str]


def by_name(figures: list[Figure]) -> Mapping[Key, Figure]:
    return {(figure.metric, figure.definition): figure for figure in figures if figure.group is None}


def read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_cdnow_is_counted_as_fader_and_hardie_published_it(
    workspace: Settings, holdfast_data: Path, tmp_path: Path
) -> None:
    path = holdfast_data / "cdnow" / "cdnowElog_btyd.csv.gz"
    columns = tmp_path / "map.toml"
    columns.write_text(
        '[columns]\ncustomer = "masterid"\nat = "date"\nquantity = "cds"\namount = "sales"\n',
        encoding="utf-8",
    )
    take(workspace, path, "orders", columns)
    found = measure(workspace)
    figures = by_name(found.figures)
    rows = read(path)
    assert found.as_of == date(1998, 7, 1)
    assert figures["customers", ""].value == 2357
    assert figures["orders", ""].value == 6919
    assert figures["revenue", "orders"].value == sum(Decimal(row["sales"]) for row in rows)
    days: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        days[row["masterid"]].add(row["date"])
    again = [customer for customer, bought in days.items() if len(bought) > 1]
    assert figures["repeat_purchase", "so_far"].terms == {"bought_again": len(again), "bought": 2357}
    ledger = figures["ledger", "people"].terms
    assert ledger["new"] == 2357
    assert 2357 + int(str(ledger["won_back"])) - int(str(ledger["left"])) == ledger["end"]


def test_grocery_without_amounts_still_tells_who_left(workspace: Settings, holdfast_data: Path) -> None:
    take(workspace, holdfast_data / "grocery_elog" / "grocery_elog.parquet", "orders")
    figures = by_name(measure(workspace).figures)
    assert figures["customers", ""].value == 1525
    assert figures["orders", ""].value == 10483
    assert figures["revenue", "orders"].value is None
    rate = figures["churn_rate", "average_month"]
    assert rate.value is not None
    assert 0.02 < float(rate.value) < 0.2
    assert figures["churn_rate", "money"].value is None


def test_online_retail_subtracts_what_came_back(workspace: Settings, holdfast_data: Path) -> None:
    report = take(workspace, holdfast_data / "online_retail_II" / "online_retail_2009_2010.parquet", "orders")
    figures = by_name(measure(workspace).figures)
    assert (report.rows_read, report.rows_rejected) == (525_461, 107_927)
    assert figures["customers", ""].value == 4383
    # 23,587 invoices with a customer, of which 4,372 are cancellations.
    assert figures["orders", ""].value == 19_215
    assert figures["revenue", "orders"].value == Decimal("8348208.56")
    assert figures["never_customers", ""].value == 4383 - 4314
    assert "1,191,276.06" in str(figures["revenue", "orders"].left_out)


@pytest.fixture
def accounts(workspace: Settings) -> Settings:
    settings = replace(workspace, unit="account")
    write_settings(settings)
    return settings


def test_ravenstack_loses_an_account_when_its_last_subscription_ends(
    accounts: Settings, holdfast_data: Path
) -> None:
    folder = holdfast_data / "ravenstack_saas"
    take(accounts, folder / "accounts.csv.gz", "accounts")
    take(accounts, folder / "subscriptions.csv.gz", "subscriptions")
    until = date(2025, 1, 1)
    figures = by_name(measure(accounts, as_of=until).figures)
    came, lost = came_and_lost(read(folder / "subscriptions.csv.gz"), until)
    assert figures["customers", ""].value == 500
    assert figures["lost_customers", ""].value == lost
    ledger = figures["ledger", "people"].terms
    assert int(str(ledger["new"])) + int(str(ledger["won_back"])) == came
    money = figures["ledger", "money"].value
    assert money == running_a_year(read(folder / "subscriptions.csv.gz"), until)


def came_and_lost(rows: list[dict[str, str]], until: date) -> tuple[int, int]:
    """By marking every day of every account: how often one became a customer, and left."""
    there: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        if row["is_trial"] == "False":
            day = date.fromisoformat(row["start_date"])
            end = min(date.fromisoformat(row["end_date"]) if row["end_date"] else until, until)
            while day < end:
                there[row["account_id"]].add(day)
                day += timedelta(days=1)
    one = timedelta(days=1)
    came = sum(day - one not in days for days in there.values() for day in days)
    lost = sum(day + one not in days and day + one < until for days in there.values() for day in days)
    return came, lost


def running_a_year(rows: list[dict[str, str]], until: date) -> Decimal:
    """Twelve times the monthly amounts of all subscriptions that run at the end."""
    running = [
        row
        for row in rows
        if row["is_trial"] == "False"
        and date.fromisoformat(row["start_date"]) < until
        and (not row["end_date"] or date.fromisoformat(row["end_date"]) >= until)
    ]
    return Decimal(12 * sum(int(row["mrr_amount"]) for row in running))
