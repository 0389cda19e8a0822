"""The record of a signal: by replay on the past, point in time; honest where it says nothing."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from holdfast import store
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_expressions import parse
from holdfast.services.warn import own, reading, records, setting
from holdfast.services.warn.catalogue import find
from holdfast.services.warn.replay import past_days, replay
from holdfast.services.warn.sample import sampled
from holdfast.settings import Settings, read_settings
from services.measure.companies import take_rows, with_rule
from services.warn.companies import day
from services.warn.test_live import run_at_night

NOW = day(0, 12)
Rows = list[tuple[object, ...]]


def events() -> Rows:
    """Who buys each week. Of a third a payment fails; half of those leave soon after, of the others few."""
    chance = Random(3)
    rows: Rows = [("customer", "at", "name", "object_kind", "object_id", "amount", "currency")]
    for n in range(90):
        key, at, end = f"k{n}", day(-330, 9) + timedelta(days=n % 7), day(0)
        if n % 3 == 0:
            failed = day(-260 + chance.randrange(120), 10)
            rows.append((key, failed.isoformat(), "Payment Failed", "invoice", f"i{n}", "5", "EUR"))
            paid = failed + timedelta(days=9)
            rows.append((key, paid.isoformat(), "Payment Completed", "invoice", f"i{n}", "5", "EUR"))
            end = failed + timedelta(days=12) if n % 2 == 0 else day(0)
        elif n % 20 == 1:
            end = day(-100)
        while at < end:
            rows.append((key, at.isoformat(), "Order Completed", "order", f"{key}-{at:%j}", "20", "EUR"))
            at += timedelta(days=7)
    return rows


@pytest.fixture(scope="module")
def _shop(_blank_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replayed")
    shutil.copytree(_blank_workspace, folder / "workspace")
    settings = read_settings(folder / "workspace")
    store.connect(settings)
    take_rows(settings, "events", events(), folder)
    run_at_night(with_rule(settings, rule="fixed", after_days=30), day(0, 3))
    return settings.folder


@pytest.fixture
def shop(_shop: Path, tmp_path: Path) -> Settings:
    shutil.copytree(_shop, tmp_path / "replayed")
    settings = read_settings(tmp_path / "replayed")
    store.connect(settings)
    return settings


def test_a_warning_after_which_many_leave_earns_its_place(shop: Settings) -> None:
    cards = {card.signal: card for card in records.make(shop, now=NOW)}
    card = cards["payment_failed"]
    assert (card.episodes, card.warned, card.all_customers) == (30, 30, 90)
    assert card.matured == 30
    assert card.left_with == pytest.approx(0.5, abs=0.01)
    assert card.left_without is not None
    assert card.left_without < 0.2
    assert card.lift_low is not None
    assert card.lift_low > 1
    assert card.verdict == "earns_its_place"
    assert card.lead_days is not None
    assert 20 < card.lead_days < 60
    assert card.weekly == pytest.approx(30 / (card.to_day - card.from_day).days * 7)
    row = reading.one_signal(shop, "payment_failed", now=NOW)
    assert row.scorecard == card
    assert not records.are_due(shop, NOW)


def test_a_trial_says_what_another_setting_would_have_meant(shop: Settings) -> None:
    card = setting.replayed(shop, "payment_failed", {"declined": 3}, now=NOW)
    assert card.verdict == "never"
    assert (card.episodes, card.left_with, card.lift) == (0, None, None)
    as_it_is = setting.replayed(shop, "payment_failed", now=NOW)
    assert as_it_is.episodes > 10
    assert reading.one_signal(shop, "payment_failed", now=NOW).scorecard is None, "nothing is kept"


def test_an_own_signal_is_replayed_before_it_is_kept(shop: Settings) -> None:
    rule = parse({"event": "Order Completed", "days": 14, "measure": "times", "at_least": 1})
    always = own.replayed(shop, "buys", rule, None, 14, now=NOW)
    assert always.verdict == "always"
    bought = {"event": "Order Completed", "measure": "last", "at_least": 10}
    silent = own.replayed(shop, "silent", parse(bought), None, 14, now=NOW)
    assert silent.episodes > 0
    assert silent.left_with is not None
    assert silent.left_with > 0.9


def test_the_replay_finds_what_the_nights_find(shop: Settings) -> None:
    tuned = find(shop, "payment_failed").tuned
    with sampled(shop, 1_000, NOW) as sample:
        days = past_days(sample, 364)
        (found,) = replay(sample, [tuned], days)
    failed = {row[0]: row[1] for row in events() if row[2] == "Payment Failed"}
    told = [day_number(day(0).fromisoformat(str(at)).date()) for at in failed.values()]
    assert found.began.tolist() == sorted(told)
    assert set((found.ended - found.began).tolist()) == {9}


def test_nothing_is_replayed_before_the_first_run(workspace: Settings) -> None:
    with pytest.raises(Refusal) as refused:
        records.make(workspace, now=NOW)
    assert refused.value.code == "no_run_yet"
    assert not records.are_due(workspace, NOW)
