"""What an import tells of long ago alarms nobody; what it tells of yesterday does (C)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from holdfast.services.warn import reading
from holdfast.settings import Settings
from services.measure.companies import take_rows
from services.warn.companies import Row, arrive, day, episodes, happened
from services.warn.test_live import FIRST, run_at_night


@pytest.fixture
def shop(workspace: Settings) -> Settings:
    for key in ("ann", "bob"):
        order = happened(key, "Order Completed", day(-9, 9), of=key, total="9", currency="EUR")
        arrive(workspace, [order], day(-8))
    arrive(workspace, [happened("cid", "Payment Failed", day(-8, 9), of="i0")], day(-8, 10))
    run_at_night(workspace, day(0, 3))
    return workspace


def bring(settings: Settings, folder: Path, *failed: tuple[str, datetime]) -> None:
    header = ("customer", "at", "name", "object_kind", "object_id")
    rows = [(key, at.isoformat(), "Payment Failed", "invoice", f"i-{key}") for key, at in failed]
    take_rows(settings, "events", [header, *rows], folder)


def of(settings: Settings, *keys: str) -> list[Row]:
    return [row for row in episodes(settings) if row.signal == "payment_failed" and row.key in keys]


def test_old_events_of_an_import_are_no_news(shop: Settings, tmp_path: Path) -> None:
    bring(shop, tmp_path, ("ann", day(-6, 9)), ("bob", day(0, 9)))
    run_at_night(shop, day(1, 3))
    assert of(shop, "ann", "bob") == [
        Row("payment_failed", "ann", FIRST, None, True),
        Row("payment_failed", "bob", FIRST, None, False),
    ]
    shown = reading.open_episodes(shop, None, now=day(1, 9), signal="payment_failed").rows
    assert sum(not each.first_look for each in shown) == 1


def test_one_event_is_enough_to_be_asked_and_too_little_to_be_judged(shop: Settings) -> None:
    arrive(shop, [happened("dan", "Feature Used", day(0, 9))], day(0, 9))
    run_at_night(shop, day(1, 3))
    assert [row for row in episodes(shop) if row.key == "dan"] == []


def test_the_same_night_twice_is_one(shop: Settings, tmp_path: Path) -> None:
    bring(shop, tmp_path, ("bob", day(0, 9)))
    run_at_night(shop, day(1, 3))
    before = episodes(shop)
    run_at_night(shop, day(1, 3) + timedelta(hours=4))
    assert episodes(shop) == before
