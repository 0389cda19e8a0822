"""Warnings of very many customers are written in many short transactions: nobody waits for them long."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from holdfast.services.pulse.rescoring import Live
from holdfast.services.warn import storms
from holdfast.settings import Settings
from holdfast.store import episodes, sql, webhooks_out
from holdfast.store.episodes import Begun, Changes
from services.warn.companies import arrive, day, happened, us
from services.warn.test_live import FIRST, look, run_at_night
from write_lock import held_lock

CUSTOMERS = 20_000
MOST_MS = 100.0
NUMBERS = ("declined", "overdue_days", "later_days", "paid", "usual", "since", "chance")


def begun(units: int, at: int) -> Begun:
    return Begun(
        np.arange(1, units + 1),
        at,
        np.linspace(0.1, 1.0, units),
        {f"payment_failed_{name}": np.linspace(0, 1, units) / 3 for name in NUMBERS},
        np.zeros(units, bool),
    )


def wanted(settings: Settings) -> None:
    """Another system wants to be told of each."""
    webhooks_out.add(settings, "CRM", "https://crm.example/hook", ("signal.raised",), by="", now_us=1)


def test_a_night_that_warns_of_twenty_thousand_holds_the_lock_shortly(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted(workspace)
    now_us = us(day(20, 3))
    with held_lock(monkeypatch) as held:
        apply = {"now_us": now_us, "present_us": now_us}
        ids = episodes.apply(workspace, "payment_failed", Changes(begun(CUSTOMERS, FIRST)), **apply)
        assert len(ids) == CUSTOMERS
        for changes in (
            Changes(begun(0, FIRST), ended=[(number, FIRST + 1, "lapsed") for number in ids]),
            Changes(begun(0, FIRST), opened=ids),
            Changes(begun(0, FIRST), earlier=[(number, FIRST - 1) for number in ids]),
            Changes(begun(0, FIRST), ended=[(number, FIRST + 2, "") for number in ids]),
        ):
            episodes.apply(workspace, "payment_failed", changes, **apply)
        storm = Changes(begun(CUSTOMERS, FIRST + 20))
        assert len(storms.apply(workspace, "payment_failed", storm, FIRST + 20, **apply)) == CUSTOMERS
        episodes.end_all(workspace, "payment_failed", FIRST + 21, now_us=now_us)
    assert sql.one("SELECT COUNT(*), MAX(customers) FROM signal_storm") == (1, CUSTOMERS)
    assert held.writes > 7 * CUSTOMERS / episodes.AT_ONCE - 7
    assert held.longest_ms < MOST_MS, held.what


def test_looks_and_nights_hold_the_lock_shortly(workspace: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted(workspace)
    some = [f"k{number}" for number in range(1_000)]
    for first in range(0, len(some), 500):
        bought = [
            happened(key, "Order Completed", day(-9, 9), of=f"o{key}", total="9", currency="EUR")
            for key in some[first : first + 500]
        ]
        arrive(workspace, bought, day(-8))
    run_at_night(workspace, day(0, 3))
    with Live() as live, held_lock(monkeypatch) as held:
        failed = [happened(key, "Payment Failed", day(0, 9), of=f"i{key}") for key in some]
        arrive(workspace, failed, day(0, 9))
        look(workspace, live, day(0, 9) + timedelta(minutes=1))
        assert sql.one("SELECT COUNT(*) FROM episode WHERE signal_key = 'payment_failed'") == (1_000,)
        run_at_night(workspace, day(1, 3))
    assert held.writes > 1_000 / 500
    assert held.longest_ms < MOST_MS, held.what
