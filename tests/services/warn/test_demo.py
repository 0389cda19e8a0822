"""Every signal is seen in the demo: the simulator lives what each warns of, a replay finds it (C1-C21)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast import store
from holdfast.services.collect.demo import build_demo
from holdfast.services.progress import Silent
from holdfast.services.pulse.run import run
from holdfast.services.warn import reading, records
from holdfast.services.warn.catalogue import delivered
from holdfast.settings import Settings

CUSTOMERS, DAYS = 1_200, 300


@pytest.mark.long
def test_c1_to_c21_each_signal_warns_of_somebody_in_the_demo(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "workspace", buckets=8)
    store.connect(settings)
    company = build_demo(settings, customers=CUSTOMERS, days=DAYS, seed=7, progress=Silent()).settings
    now = company.now(datetime.now(UTC))
    run(company, now=now)
    raised = {card.signal: card.episodes for card in records.make(company, now=now)}
    assert sorted(raised) == sorted(delivered())
    assert [signal for signal, episodes in raised.items() if not episodes] == []

    rows = reading.signal_list(company, now=now)
    assert all(row.says_something and row.scorecard for row in rows)
    standing = {row.signal.code for row in rows if row.open_count}
    assert len(standing) >= 15, f"most of them can be looked at on the first day: {sorted(standing)}"
