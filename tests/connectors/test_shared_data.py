"""Real files: with a map and, where it can be guessed, without one, the rows and sums add up (A1)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from holdfast.domain.imports import Staged
from stage_files import guessed, rows_of, stage_paths, suspicious

MAPS = Path(__file__).parent / "maps"
OLIST = """
SELECT c.customer_unique_id, o.order_id, o.order_purchase_timestamp, o.order_status,
       o.order_estimated_delivery_date, i.product_id, i.price + i.freight_value AS amount
FROM orders o JOIN order_items i USING (order_id) JOIN customers c USING (customer_id)
"""
USAGE = "SELECT u.*, s.account_id FROM feature_usage u JOIN subscriptions s USING (subscription_id)"


@dataclass(frozen=True)
class Case:
    """A file (or several with a query), its kind, its map, and what is known of it."""

    files: tuple[str, ...]
    kind: str
    map: str
    rows: int
    rejected: int = 0
    customers: int = 0
    guessable: bool = True
    query: str | None = None


RAVENSTACK = "ravenstack_saas/"
CASES = [
    Case(
        ("online_retail_II/online_retail_2009_2010.parquet",),
        "orders",
        "online_retail",
        525_461,
        107_927,
        4_383,
    ),
    Case(("cdnow/CDNOW_sample.txt.gz",), "orders", "cdnow_text", 6_919, 0, 2_357, guessable=False),
    Case(("cdnow/cdnowElog_btyd.csv.gz",), "orders", "cdnow_csv", 6_919, 0, 2_357),
    Case(("grocery_elog/grocery_elog.parquet",), "orders", "grocery", 10_483, 0, 1_525),
    Case(("complete_journey/transactions_sample.parquet",), "orders", "complete_journey", 75_000, 0, 2_377),
    Case(
        tuple(f"olist_10k/{name}.csv.gz" for name in ("orders", "order_items", "customers")),
        "orders",
        "olist",
        11_252,
        0,
        9_812,
        query=OLIST,
    ),
    Case(
        ("accounts_receivable/accounts_receivable.csv.gz",), "payments", "accounts_receivable", 2_466, 0, 100
    ),
    Case((RAVENSTACK + "accounts.csv.gz",), "accounts", "ravenstack_accounts", 500, 0, 500),
    Case((RAVENSTACK + "subscriptions.csv.gz",), "subscriptions", "ravenstack_subscriptions", 5_000, 0, 500),
    Case((RAVENSTACK + "support_tickets.csv.gz",), "tickets", "ravenstack_tickets", 2_000, 0, 492),
    Case(
        (RAVENSTACK + "feature_usage.csv.gz", RAVENSTACK + "subscriptions.csv.gz"),
        "events",
        "ravenstack_usage",
        25_000,
        0,
        500,
        query=USAGE,
    ),
    Case((RAVENSTACK + "churn_events.csv.gz",), "events", "ravenstack_churn", 600, 0, 352, guessable=False),
]


def staged(case: Case, data: Path, folder: Path, *, mapped: bool) -> Staged:
    columns = MAPS / f"{case.map}.toml" if mapped else None
    return stage_paths(
        [data / name for name in case.files], case.kind, folder, columns=columns, query=case.query
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.map)
def test_rows_add_up_with_a_map(case: Case, holdfast_data: Path, tmp_path: Path) -> None:
    found = staged(case, holdfast_data, tmp_path, mapped=True)
    assert (found.rows_read, found.rows_rejected) == (case.rows, case.rejected)
    assert sum(found.reject_reasons.values()) == case.rejected
    lines = rows_of(found.events, "COUNT(DISTINCT line)", "1")[0][0]
    assert lines == case.rows - case.rejected, "every row that is taken made an event"
    assert rows_of(found.subjects, "COUNT(*), SUM(row_count)", "1") == [
        (case.customers, case.rows - case.rejected)
    ]
    assert rows_of(found.events, "COUNT(*) - COUNT(DISTINCT (event_key, subject_key))", "1") == [(0,)]


@pytest.mark.long
@pytest.mark.parametrize("case", [case for case in CASES if case.guessable], ids=lambda case: case.map)
def test_rows_add_up_without_a_map(case: Case, holdfast_data: Path, tmp_path: Path) -> None:
    found = staged(case, holdfast_data, tmp_path, mapped=False)
    assert (found.rows_read, found.rows_rejected) == (case.rows, case.rejected)


def ask(sql: str) -> Any:
    import duckdb

    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()[0]


def test_online_retail_sums(holdfast_data: Path, tmp_path: Path) -> None:
    """Revenue is the signed sum of the lines, each rounded half to even; the rest is unattributed."""
    found = staged(CASES[0], holdfast_data, tmp_path, mapped=True)
    path = holdfast_data / CASES[0].files[0]
    line = "ROUND_EVEN(CAST(Quantity AS DECIMAL(18,0)) * CAST(UnitPrice AS DECIMAL(18,3)), 2)"
    known = f"SUM({line}) FILTER (WHERE CustomerID IS NOT NULL)"
    of, without = ask(f"SELECT {known}, SUM({line}) FILTER (WHERE CustomerID IS NULL) FROM '{path}'")
    assert rows_of(found.events, "SUM(amount_minor)", "1") == [(int(of * 100),)]
    assert found.unattributed == {"GBP": int(without * 100)}
    orders, returned = ask(
        "SELECT COUNT(DISTINCT InvoiceNo) FILTER (WHERE Quantity >= 0), COUNT(*) FILTER (WHERE Quantity < 0) "
        f"FROM '{path}' WHERE CustomerID IS NOT NULL"
    )
    assert rows_of(
        found.events, "COUNT(DISTINCT object_id) FILTER (WHERE name = 'Order Completed')", "1"
    ) == [(orders,)]
    assert rows_of(found.events, "COUNT(*) FILTER (WHERE name = 'Order Refunded')", "1") == [(returned,)]
    assert suspicious(found)["returns"] == returned
    assert rows_of(
        found.events, "COUNT(*) FILTER (WHERE name = 'Order Refunded' AND object_id LIKE 'C%')", "1"
    ) == [(returned,)]


def test_cdnow_in_both_spellings(holdfast_data: Path, tmp_path: Path) -> None:
    text = staged(CASES[1], holdfast_data, tmp_path / "text", mapped=True)
    table = staged(CASES[2], holdfast_data, tmp_path / "csv", mapped=True)
    same = "LTRIM(subject_key, '0'), at_us, amount_minor, quantity"
    assert rows_of(text.events, same, "ALL") == rows_of(table.events, same, "ALL")
    assert text.currencies == {"USD": 6_919}


def test_olist_sums_and_cancellations(holdfast_data: Path, tmp_path: Path) -> None:
    found = staged(CASES[5], holdfast_data, tmp_path, mapped=True)
    folder = holdfast_data / "olist_10k"
    total, cancelled = ask(
        "SELECT SUM(CAST(price AS DECIMAL(18,2)) + CAST(freight_value AS DECIMAL(18,2))), "
        "COUNT(*) FILTER (WHERE order_status = 'canceled') "
        f"FROM '{folder}/order_items.csv.gz' JOIN '{folder}/orders.csv.gz' USING (order_id)"
    )
    completed = "SUM(amount_minor) FILTER (WHERE name = 'Order Completed')"
    refunded = "COUNT(*) FILTER (WHERE name = 'Order Refunded')"
    assert rows_of(found.events, f"{completed}, {refunded}", "1") == [(int(total * 100), cancelled)]


def test_receivables_put_the_month_first(holdfast_data: Path, tmp_path: Path) -> None:
    found = staged(CASES[6], holdfast_data, tmp_path, mapped=True)
    late = ask(f"SELECT COUNT(*) FROM read_csv('{holdfast_data / CASES[6].files[0]}') WHERE DaysLate > 0")[0]
    paid_late = "COUNT(*) FILTER (WHERE name = 'Payment Completed' AND at_us > promised_us)"
    assert rows_of(found.events, paid_late, "1") == [(late,)]


def test_ravenstack_subscriptions_and_tickets(holdfast_data: Path, tmp_path: Path) -> None:
    found = staged(CASES[8], holdfast_data, tmp_path / "s", mapped=True)
    path = holdfast_data / CASES[8].files[0]
    ended, monthly = ask(
        f"SELECT COUNT(end_date), SUM(CASE WHEN is_trial THEN 0 ELSE mrr_amount END) FROM read_csv('{path}')"
    )
    started = "SUM(amount_minor) FILTER (WHERE name = 'Subscription Started')"
    stopped = "COUNT(*) FILTER (WHERE name = 'Subscription Ended')"
    assert rows_of(found.events, f"{stopped}, {started}", "1") == [(ended, monthly * 100)]
    tickets = staged(CASES[9], holdfast_data, tmp_path / "t", mapped=True)
    rated = ask(f"SELECT COUNT(satisfaction_score) FROM read_csv('{holdfast_data / CASES[9].files[0]}')")
    assert rows_of(tickets.events, "COUNT(*) FILTER (WHERE name = 'Ticket Rated')", "1") == [rated]


def test_churn_events_keep_what_was_written(holdfast_data: Path, tmp_path: Path) -> None:
    found = staged(CASES[11], holdfast_data, tmp_path, mapped=True)
    written = ask(f"SELECT COUNT(feedback_text) FROM read_csv('{holdfast_data / CASES[11].files[0]}')")
    assert rows_of(found.texts, "COUNT(*)", "1") == [written]


@pytest.mark.parametrize(
    ("name", "kind", "customers"),
    [
        ("telco_ibm/telco_customer_churn.csv.gz", "customers", 7_043),
        ("bank_churn_modelling/churn_modelling.csv.gz", "customers", 10_000),
        ("complete_journey/demographics.parquet", "customers", 801),
    ],
)
def test_snapshots_become_customers_with_traits(
    name: str, kind: str, customers: int, holdfast_data: Path, tmp_path: Path
) -> None:
    found = stage_paths([holdfast_data / name], kind, tmp_path)
    assert rows_of(found.subjects, "COUNT(*)", "1") == [(customers,)]
    assert found.traits is not None and found.events is None


def test_products_of_two_shops(holdfast_data: Path, tmp_path: Path) -> None:
    for number, (name, rows) in enumerate(
        [("complete_journey/products.parquet", 92_331), ("olist_10k/products.csv.gz", 6_123)]
    ):
        found = stage_paths([holdfast_data / name], "products", tmp_path / str(number))
        assert rows_of(found.table, "COUNT(DISTINCT product_id), COUNT(category) > 0", "1") == [(rows, True)]


def test_what_cannot_be_guessed_says_what_is_missing(holdfast_data: Path, tmp_path: Path) -> None:
    guess = guessed(holdfast_data / "helpdesk_events/helpdesk.csv.gz", "events", tmp_path)
    assert {"customer", "account", "email", "phone"} in [set(group) for group in guess.missing]
