"""Live and at night the same: what the worker raises while events arrive is what the nights find (C)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from holdfast import store
from holdfast.domain.period import day_number
from holdfast.services.collect.identity import merging
from holdfast.services.foresee.live import Foreseeing
from holdfast.services.foresee.snapshots import open_history
from holdfast.services.measure.live import learnt_of
from holdfast.services.progress import Silent
from holdfast.services.pulse import basis as kept_basis
from holdfast.services.pulse.rescoring import Live, rescore
from holdfast.services.pulse.run import run
from holdfast.services.warn import judging
from holdfast.services.warn.company import company_now
from holdfast.services.warn.evaluate import evaluate
from holdfast.settings import Settings, read_settings
from holdfast.store import due_work, sql
from services.measure.companies import take_rows
from services.warn.companies import Row, arrive, day, episodes, happened, us

Calls = list[tuple[datetime, dict[str, Any]]]

FIRST = day_number(day(0).date())


def run_at_night(settings: Settings, at: datetime) -> None:
    """What a run does for warnings, without training a model: ask the signals, and announce the basis."""
    with open_history(settings, now=at) as history:
        at_day = day_number(history.ready.until.over)
        evaluate(settings, history, at_day=at_day, now_us=us(at), progress=Silent())
        learnt, days = learnt_of(history.ready), company_now(history, at_day)
    kept_basis.announce(settings, learnt, Foreseeing(None, (), 0), days, read_us=us(at), now_us=us(at))


def look(settings: Settings, live: Live, at: datetime) -> None:
    """Look until nobody is due."""
    for _ in range(200):
        if not due_work.due(settings, us(at), 1):
            return
        rescore(settings, live, at)
    raise AssertionError("somebody stays due")


@pytest.fixture
def live() -> Iterator[Live]:
    with Live() as held:
        yield held


@pytest.fixture
def shop(workspace: Settings) -> Settings:
    for key in ("ann", "bob"):
        bought = [
            happened(key, "Order Completed", day(-n, 9), of=f"{key}{n}", total="20.00", currency="EUR")
            for n in (30, 20, 10, 3)
        ]
        arrive(workspace, bought, day(-2, 12))
    run_at_night(workspace, day(0, 3))
    return workspace


def of(settings: Settings, signal: str, *, passing: bool = False) -> list[Row]:
    return [row for row in episodes(settings, passing=passing) if row.signal == signal]


def failed(key: str, at: datetime, invoice: str = "i1") -> dict[str, Any]:
    return happened(key, "Payment Failed", at, of=invoice)


def paid(key: str, at: datetime, invoice: str = "i1") -> dict[str, Any]:
    return happened(key, "Payment Completed", at, of=invoice, amount="5.00", currency="EUR")


def test_a_warning_is_raised_at_once_by_the_first_event_of_its_kind(shop: Settings, live: Live) -> None:
    arrive(shop, [failed("ann", day(0, 9))], day(0, 9))
    look(shop, live, day(0, 9))
    assert of(shop, "payment_failed") == [Row("payment_failed", "ann", FIRST, None, False)]
    told = sql.read("SELECT name, code FROM log_row WHERE name = 'Signal Raised'")
    assert told == [("Signal Raised", "payment_failed")]
    run_at_night(shop, day(1, 3))
    assert of(shop, "payment_failed") == [Row("payment_failed", "ann", FIRST, None, False)]


def test_a_look_asks_the_database_no_more_for_more_signals(shop: Settings, live: Live) -> None:
    from django.db import connection

    asked: list[str] = []

    def noted(execute: Any, statement: str, *rest: Any) -> Any:
        asked.append(statement)
        return execute(statement, *rest)

    arrive(shop, [failed("ann", day(0, 9)), happened("ann", "Ticket Opened", day(0, 9), of="t")], day(0, 9))
    with connection.execute_wrapper(noted):
        look(shop, live, day(0, 9))
    standing = [each for each in asked if "ended_by <> ''" in each]
    assert len(standing) == len(set(standing)) > 0, "of the same customers once, not signal by signal"


def test_what_a_day_takes_back_was_passing(shop: Settings, live: Live) -> None:
    arrive(shop, [failed("ann", day(0, 9))], day(0, 9))
    look(shop, live, day(0, 9))
    arrive(shop, [paid("ann", day(0, 10))], day(0, 10))
    look(shop, live, day(0, 10))
    assert of(shop, "payment_failed") == []
    assert [row.ended for row in of(shop, "payment_failed", passing=True)] == [FIRST]
    arrive(shop, [failed("ann", day(0, 11), "i2")], day(0, 11))
    look(shop, live, day(0, 11))
    assert of(shop, "payment_failed") == [Row("payment_failed", "ann", FIRST, None, False)], "it goes on"


def test_what_arrives_late_is_of_the_day_it_arrived(shop: Settings, live: Live) -> None:
    arrive(shop, [failed("ann", day(-1, 9))], day(0, 9))
    look(shop, live, day(0, 9))
    assert of(shop, "payment_failed") == [Row("payment_failed", "ann", FIRST, None, False)]
    run_at_night(shop, day(1, 3))
    assert of(shop, "payment_failed") == [Row("payment_failed", "ann", FIRST, None, False)]


def test_a_repeated_event_changes_nothing(shop: Settings, live: Live) -> None:
    for hour in (9, 10):
        arrive(shop, [failed("ann", day(0, 9))], day(0, hour))
        look(shop, live, day(0, hour))
    assert len(of(shop, "payment_failed", passing=True)) == 1


def test_what_a_person_ended_is_raised_no_more_until_the_pause_is_over(shop: Settings, live: Live) -> None:
    arrive(shop, [failed("ann", day(0, 9))], day(0, 9))
    look(shop, live, day(0, 9))
    (number,) = (number for (number,) in sql.read("SELECT id FROM episode"))
    judging.end(shop, number, by="ada@kelp.example", now=day(0, 10))
    arrive(shop, [failed("ann", day(0, 11), "i2")], day(0, 11))
    look(shop, live, day(0, 11))
    assert [row.ended for row in of(shop, "payment_failed")] == [FIRST]
    for offset in range(1, 8):
        run_at_night(shop, day(offset, 3))
    assert len(of(shop, "payment_failed")) == 1, "seven days of pause"
    run_at_night(shop, day(9, 3))
    assert [row.began for row in of(shop, "payment_failed")] == [FIRST, FIRST + 8]


def test_the_first_thing_one_of_us_does_answers_a_warning(shop: Settings, live: Live) -> None:
    arrive(shop, [happened("ann", "Call Made", day(0, 8))], day(0, 8))
    arrive(shop, [failed("ann", day(0, 9))], day(0, 9))
    look(shop, live, day(0, 9))
    assert sql.read("SELECT acted_us FROM episode") == [(None,)], "a call before it answers nothing"
    arrive(
        shop,
        [happened("ann", "Call Made", day(0, 12)), happened("ann", "Message Sent", day(0, 11))],
        day(0, 12),
    )
    look(shop, live, day(0, 12))
    assert sql.read("SELECT acted_us, acted_what FROM episode") == [(us(day(0, 11)), "message")]


def test_an_answer_on_a_ticket_answers_a_warning(shop: Settings, live: Live) -> None:
    arrive(shop, [failed("ann", day(0, 9))], day(0, 9))
    look(shop, live, day(0, 9))
    arrive(shop, [happened("ann", "Ticket Answered", day(0, 10), of="t1")], day(0, 10))
    look(shop, live, day(0, 10))
    assert sql.read("SELECT acted_us, acted_what FROM episode") == [(us(day(0, 10)), "answer")]


def test_warnings_follow_a_merge_and_its_undoing(shop: Settings, live: Live) -> None:
    arrive(shop, [failed("ann", day(0, 9)), failed("bob", day(1, 9), "i2")], day(1, 9))
    look(shop, live, day(1, 9))
    ids = dict(sql.read("SELECT key, id FROM subject"))
    merge = merging.merge(shop, [ids["ann"], ids["bob"]], by="ada", now=day(1, 10))
    look(shop, live, day(1, 10))
    rows = sql.read("SELECT unit_id, merged_into IS NOT NULL, ended_day IS NULL FROM episode ORDER BY id")
    assert {unit for unit, _, _ in rows} == {min(ids["ann"], ids["bob"])}
    assert sorted(bool(merged) for _, merged, _ in rows) == [False, True]
    assert sum(bool(is_open) for _, _, is_open in rows) == 1
    merging.undo(shop, merge, by="ada", now=day(1, 11))
    look(shop, live, day(1, 11))
    rows = sql.read("SELECT unit_id, merged_into, ended_day FROM episode ORDER BY unit_id")
    assert rows == [(unit, None, None) for unit in sorted(ids[key] for key in ("ann", "bob"))]


def test_what_an_import_tells_is_judged_beside_others_who_are_merged(
    shop: Settings, live: Live, tmp_path: Path
) -> None:
    """Asked of a past day for some customers, the links of all others are none of theirs."""
    for key in ("zoe", "zed"):
        arrive(shop, [happened(key, "Signed In", day(-5, 9))], day(-5, 9))
    ids = dict(sql.read("SELECT key, id FROM subject"))
    for one, other in (("zoe", "zed"), ("ann", "bob")):
        merging.merge(shop, [ids[one], ids[other]], by="ada", now=day(-4, 10))
    look(shop, live, day(0, 4))
    header = ("customer", "at", "name", "object_kind", "object_id")
    row = ("ann", day(0, 9).isoformat(), "Payment Failed", "invoice", "i-ann")
    take_rows(shop, "events", [header, row], tmp_path)
    due_work.touch_many(shop, [ids["ann"]], us(day(0, 10)))
    looked = rescore(shop, live, day(0, 10))
    assert (looked.customers, looked.put_off) == (1, 0)
    assert [each.key for each in of(shop, "payment_failed")] == ["ann"]


EVENTS = (
    *("Payment Failed", "Payment Completed", "Ticket Opened", "Ticket Closed", "Ticket Reopened"),
    *("Message Received", "Order Completed", "Survey Answered", "Signed In", "Feature Used"),
)


def month(seed: int) -> Calls:
    """Thirty days of twelve customers: bills, tickets, texts, orders; some arrive late, some twice."""
    chance, found = Random(seed), []
    for n in range(12):
        key = f"k{n}"
        for offset in range(30):
            for _ in range(chance.choice((0, 0, 1, 2))):
                at = day(offset, 1) + timedelta(minutes=chance.randrange(22 * 60))
                number = f"{key}-{chance.randrange(4)}"
                event = chance.choice(EVENTS)
                told: dict[str, Any] = {"amount": "5.00", "currency": "EUR"}
                if event == "Survey Answered":
                    told = {"code": "csat", "score": chance.choice((1, 3, 5))}
                if event == "Order Completed":
                    told = {"total": "9.00", "currency": "EUR"}
                late = timedelta(hours=chance.choice((0, 0, 0, 0, 30)))
                found.append((at + late, happened(key, event, at, of=number, **told)))
    return sorted(found, key=lambda each: each[0])


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_live_and_nightly_find_the_same_episodes_of_a_month(
    shop: Settings, live: Live, tmp_path: Path, seed: int
) -> None:
    calls = month(seed)
    store.let_go()
    shutil.copytree(shop.folder, tmp_path / "nightly")
    nightly = read_settings(tmp_path / "nightly")
    found: list[list[Row]] = []
    for settings, is_live in ((shop, True), (nightly, False)):
        store.connect(settings)
        waiting = list(calls)
        for offset in range(30):
            run_at_night(settings, day(offset, 0) + timedelta(seconds=1))
            for hour in (12, 23):
                at = day(offset, hour) + timedelta(minutes=59)
                some = [call for moment, call in waiting if moment <= at]
                waiting = [each for each in waiting if each[0] > at]
                arrive(settings, some, at)
                if is_live:
                    look(settings, live, at)
        run_at_night(settings, day(30, 3))
        found.append([replace(row, quiet=False) for row in episodes(settings)])
    assert len(found[0]) > 20
    assert {row.signal for row in found[0]} > {"payment_failed", "ticket_drags_on"}
    assert found[0] == found[1]


def test_a_run_raises_warnings_and_plans_when_to_look_again(shop: Settings) -> None:
    arrive(shop, [failed("ann", day(0, 9))], day(0, 9))
    report = run(shop, now=day(1, 3))
    assert report.warnings == 1
