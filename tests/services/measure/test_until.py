"""Where the data end: an old export covers its last month when its silence there is nothing unusual."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from holdfast.services.measure.until import measured_until
from holdfast.settings import Settings
from holdfast.store import episodes
from holdfast.store.episodes import Begun, Changes
from services.measure.companies import take_rows

LONG_AFTER = datetime(2026, 7, 20, tzinfo=UTC)
HEAD = ["order_id", "customer", "at", "amount", "currency"]


@pytest.mark.parametrize(
    ("days", "end"),
    [
        (["2024-01-02", "2024-02-05", "2024-03-28"], date(2024, 4, 1)),
        ([f"2024-03-{day:02}" for day in range(1, 26)], date(2024, 3, 26)),
        (["2024-03-30", "2024-03-31"], date(2024, 4, 1)),
        (["2024-03-04"], date(2024, 3, 5)),
    ],
)
def test_b1_a_month_is_over_when_the_data_reach_its_end(
    days: list[str], end: date, workspace: Settings, tmp_path: Path
) -> None:
    rows = [HEAD, *([f"o{at}", "c1", f"{day} 12:00:00", "10", "EUR"] for at, day in enumerate(days))]
    take_rows(workspace, "orders", rows, tmp_path)
    until = measured_until(workspace, None, LONG_AFTER)
    assert until.end == until.over == end


def test_b1_what_we_note_long_after_moves_no_end(workspace: Settings, tmp_path: Path) -> None:
    rows = [HEAD, *([f"o{day}", "c1", f"2024-03-{day:02} 12:00:00", "10", "EUR"] for day in range(1, 26))]
    take_rows(workspace, "orders", rows, tmp_path)
    raised_us = int(LONG_AFTER.timestamp()) * 1_000_000
    begun = Begun(np.array([1]), 20_000, np.ones(1), {}, np.zeros(1, bool))
    episodes.apply(workspace, "overdue", Changes(begun), now_us=raised_us, present_us=raised_us)
    assert measured_until(workspace, None, LONG_AFTER).end == date(2024, 3, 26)
