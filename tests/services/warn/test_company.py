"""What the company's days counted, as a night knows them: when all are silent at once, nobody is (C5, C6)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from holdfast.domain.period import day_number
from holdfast.services.foresee.snapshots import open_history
from holdfast.services.warn.company import company_now
from holdfast.settings import Settings
from services.measure.companies import take_rows
from services.warn.companies import day, episodes, night

FIRST = day_number(day(0).date())


@pytest.fixture
def feed(workspace: Settings, tmp_path: Path) -> Settings:
    """A shop of 120 customers who buy about weekly, and whose orders stopped to arrive two weeks ago.

    One of them had stopped weeks before.
    """
    draw = np.random.default_rng(3)
    rows: list[tuple[object, ...]] = [("order_id", "customer", "at", "amount", "currency")]
    for customer in range(120):
        ago = int(draw.integers(300, 320))
        while ago > (40 if customer == 7 else 14):
            at = day(0) - timedelta(days=ago)
            rows.append((f"o{len(rows)}", f"c{customer}", at.date().isoformat(), "20.00", "EUR"))
            ago -= int(draw.integers(5, 10))
    take_rows(workspace, "orders", rows, tmp_path)
    return workspace


def test_a_feed_that_stopped_is_a_gap_and_no_mass_alarm(feed: Settings) -> None:
    night(feed, day(0, 3))
    assert {row.key for row in episodes(feed) if row.signal in ("overdue", "use_falling")} == {"c7"}
    with open_history(feed, now=day(0, 3)) as history:
        company = company_now(history, FIRST)
    assert company.weights("purchases", FIRST, 14).tolist() == [0.0] * 14
    assert company.weights("purchases", FIRST, 100)[:80].min() > 0.3
