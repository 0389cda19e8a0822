"""E7: an inquiry into each large order or deal that was lost, once, and into no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.services.measure.measure import ready
from holdfast.services.measure.until import measured_until
from holdfast.services.progress import Silent
from holdfast.services.understand import inquiries
from holdfast.services.understand.nightly import understand
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.inquiry import Inquiry
from services.measure.companies import with_rule
from services.warn.companies import arrive, happened, us

BOUGHT = datetime(2024, 6, 3, 9, tzinfo=UTC)
LOST = datetime(2024, 6, 25, 9, tzinfo=UTC)
NOW = datetime(2024, 7, 1, tzinfo=UTC)
ASK = "Call, ask one open question, and write down the answer."


def of_order(key: str, what: str, at: datetime, of: str, amount: float | None = None) -> dict[str, Any]:
    money = {} if amount is None else {"amount": amount, "currency": "EUR"}
    return happened(key, f"Order {what}", at, of=of, **money)


def of_deal(key: str, what: str, at: datetime, of: str, **more: Any) -> dict[str, Any]:
    return happened(key, f"Deal {what}", at, of=of, **more)


SMALL = [of_order("crowd", "Completed", BOUGHT, f"S{number}", 20.0 + number) for number in range(250)]
BIG = [of_order("big", "Completed", BOUGHT, f"B{number}", 5_000.0) for number in range(5)]


@pytest.fixture
def company(workspace: Settings) -> Settings:
    settings = with_rule(workspace, rule="contract")
    began = happened("big", "Subscription Started", BOUGHT, of="C", amount=1.0, currency="EUR")
    arrive(settings, [began, *SMALL, *BIG], NOW - timedelta(days=9))
    return settings


def night(settings: Settings, folder: Path, now: datetime = NOW) -> None:
    folder.mkdir()
    with ready(settings, measured_until(settings, None, now), folder) as tables:
        understand(settings, tables, now_us=us(now), progress=Silent())


def opened() -> list[tuple[str, str, str]]:
    return [
        (str(key), str(title), str(text))
        for key, title, text in sql.read(
            "SELECT s.key, t.title, t.text FROM task t JOIN subject s ON s.id = t.subject_id "
            "WHERE t.origin = 'loss' AND t.kind = 'check' ORDER BY t.text"
        )
    ]


def test_e7_large_orders_that_are_lost_open_one_inquiry_each_however_often_the_night_comes(
    company: Settings, tmp_path: Path
) -> None:
    arrive(
        company,
        [
            of_order("big", "Cancelled", LOST, "B0"),
            of_order("big", "Refunded", LOST, "B0", -5_000.0),
            of_order("big", "Refunded", LOST, "B1", -3_000.0),
            of_order("big", "Refunded", LOST + timedelta(days=1), "B1", -2_000.0),
            of_deal("wary", "Opened", BOUGHT, "D7", amount=90_000.0, currency="EUR"),
            of_deal("wary", "Lost", LOST, "D7", code="price"),
        ],
        NOW - timedelta(hours=1),
    )
    night(company, tmp_path / "first")
    night(company, tmp_path / "again")
    night(company, tmp_path / "next", NOW + timedelta(days=1))
    assert opened() == [
        (
            "wary",
            "Find out why this deal of €90,000 was lost",
            f"The deal D7 came to nothing on 25 June 2024. {ASK}",
        ),
        (
            "big",
            "Find out why this order of €5,000 was lost",
            f"The order B0 was called off on 25 June 2024. {ASK}",
        ),
        (
            "big",
            "Find out why this order of €5,000 was lost",
            f"The order B1 was wholly given back, the last of it on 26 June 2024. {ASK}",
        ),
    ]


def test_e7_no_inquiry_into_orders_that_are_small_old_kept_in_part_or_made_again(
    company: Settings, tmp_path: Path
) -> None:
    arrive(
        company,
        [
            of_order("crowd", "Cancelled", LOST, "S7"),
            of_order("big", "Cancelled", LOST - timedelta(days=10), "B0"),
            of_order("big", "Refunded", LOST, "B1", -4_999.0),
            of_order("big", "Cancelled", LOST, "B2"),
            of_order("big", "Completed", LOST + timedelta(hours=1), "B2", 5_000.0),
            of_order("big", "Refunded", LOST, "credit-note", -5_000.0),
            of_deal("wary", "Lost", LOST, "D7", amount=90_000.0, currency="EUR"),
            of_deal("wary", "Won", LOST + timedelta(days=1), "D7", amount=90_000.0, currency="EUR"),
            of_deal("wary", "Lost", LOST, "D8"),
        ],
        NOW - timedelta(hours=1),
    )
    night(company, tmp_path / "first")
    assert opened() == []


def test_e7_no_inquiry_into_an_order_where_inquiries_are_off(company: Settings, tmp_path: Path) -> None:
    arrive(company, [of_order("big", "Cancelled", LOST, "B0")], NOW - timedelta(hours=1))
    inquiries.save(company, Inquiry(False), by="", now=NOW)
    night(company, tmp_path / "off")
    assert opened() == []
    inquiries.save(company, Inquiry(True), by="", now=NOW)
    night(company, tmp_path / "on")
    assert len(opened()) == 1


def test_e7_of_a_few_orders_none_is_large(workspace: Settings, tmp_path: Path) -> None:
    settings = with_rule(workspace, rule="contract")
    began = happened("big", "Subscription Started", BOUGHT, of="C", amount=1.0, currency="EUR")
    arrive(settings, [began, *BIG, of_order("big", "Cancelled", LOST, "B0")], NOW - timedelta(hours=1))
    night(settings, tmp_path / "first")
    assert opened() == []
