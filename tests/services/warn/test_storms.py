"""One outage, very many customers, one alert; an owner who left; a clock that changes (C)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.services.pulse.rescoring import Live
from holdfast.services.warn import reading, records
from holdfast.settings import Settings
from holdfast.store import owners, owners_counted, personal, sql, webhooks_out
from holdfast.store.users import create_user
from services.warn.companies import arrive, day, episodes, happened
from services.warn.test_imports import bring
from services.warn.test_live import look, run_at_night

CUSTOMERS = 40


def shop(settings: Settings) -> Settings:
    """Forty customers of whom for ten days now and then a payment fails."""
    for n in range(CUSTOMERS):
        told = [
            happened(f"k{n}", "Order Completed", day(-20 - n % 7, 9), of=f"o{n}", total="9", currency="EUR")
        ]
        arrive(settings, told, day(-12, 12))
    arrive(settings, [happened("k0", "Payment Failed", day(-11, 9), of="early")], day(-11, 10))
    run_at_night(settings, day(-9, 3))
    run_at_night(settings, day(0, 3))
    webhooks_out.add(settings, "CRM", "https://crm.example/hook", ("signal.raised",), by="", now_us=1)
    return settings


def outage(settings: Settings, first: int, last: int, hour: int) -> None:
    calls = [happened(f"k{n}", "Payment Failed", day(0, hour), of=f"i{n}") for n in range(first, last)]
    arrive(settings, calls, day(0, hour) + timedelta(minutes=1))


def told(settings: Settings) -> list[str]:
    bodies = [json.loads(body) for (body,) in sql.read("SELECT body FROM webhook_message ORDER BY id")]
    return ["storm" if "storm" in body["data"] else "episodes" for body in bodies]


def test_an_outage_at_night_is_one_alert(base: Settings) -> None:
    settings = shop(base)
    outage(settings, 1, CUSTOMERS, 9)
    run_at_night(settings, day(1, 3))
    (storm,) = reading.storms(settings, now=day(1, 9))
    assert (storm.signal_key, storm.customers) == ("payment_failed", CUSTOMERS - 1)
    assert (storm.day, storm.usual) == (day(0).date(), 0)
    assert told(settings) == ["storm"]
    listed = reading.open_episodes(settings, None, now=day(1, 9), signal="payment_failed").rows
    assert [each.first_look for each in listed] == [True], "those of the storm are one thing"
    every = reading.open_episodes(settings, None, now=day(1, 9), signal="payment_failed", in_storms=True).rows
    assert len(every) == CUSTOMERS
    assert {each.storm_id for each in every if not each.first_look} == {storm.storm_id}
    run_at_night(settings, day(1, 4))
    assert told(settings) == ["storm"]


def test_what_an_import_tells_of_long_ago_is_no_storm(base: Settings, tmp_path: Path) -> None:
    settings = shop(base)
    bring(settings, tmp_path, *((f"k{n}", day(-6, 9)) for n in range(2, CUSTOMERS)))
    outage(settings, 1, 2, 9)
    run_at_night(settings, day(1, 3))
    assert reading.storms(settings, now=day(1, 9)) == []
    assert told(settings) == ["episodes"]
    listed = reading.open_episodes(settings, None, now=day(1, 9), signal="payment_failed").rows
    assert sorted(each.first_look for each in listed) == [False] + [True] * (CUSTOMERS - 1)


def test_an_outage_that_goes_on_stays_one_storm(workspace: Settings) -> None:
    settings = shop(workspace)
    with Live() as live:
        for first, last, hour in ((1, 10, 9), (10, 36, 10), (36, 40, 11)):
            outage(settings, first, last, hour)
            look(settings, live, day(0, hour) + timedelta(minutes=2))
    (storm,) = reading.storms(settings, now=day(0, 12))
    assert storm.customers == CUSTOMERS - 1
    assert told(settings) == ["episodes", "storm"], "the first few could not be known for one"
    run_at_night(settings, day(1, 3))
    assert [each.customers for each in reading.storms(settings, now=day(1, 9))] == [CUSTOMERS - 1]


def test_who_is_erased_leaves_no_warning(base: Settings) -> None:
    settings = shop(base)
    outage(settings, 1, 3, 9)
    run_at_night(settings, day(1, 3))
    ((unit,),) = sql.read("SELECT id FROM subject WHERE key = 'k1'")
    holding = personal.holdings()["episode"]
    assert [row["signal_key"] for row in personal.rows("episode", holding, [unit])] == ["payment_failed"]
    assert personal.delete("episode", holding, [unit]) == 1
    assert "k1" not in [row.key for row in episodes(settings)]


def test_an_owner_who_left_is_no_owner(workspace: Settings) -> None:
    settings = shop(workspace)
    create_user(settings, email="eve@shop.example", name="Eve", role="agent", password="kelp-holds-to-rock")
    ((unit,),) = sql.read("SELECT id FROM subject WHERE key = 'k1'")
    ((person,),) = sql.read("SELECT id FROM person")
    owners.set_owner(settings, [unit], unit, person, by="", now_us=1)
    outage(settings, 1, 2, 9)
    run_at_night(settings, day(1, 3))
    assert owners_counted.owners(settings) == 1
    mine = reading.open_episodes(settings, None, now=day(1, 9), owner=person).rows
    assert {each.unit_id for each in mine} == {unit}
    sql.write("UPDATE person SET is_active = %s WHERE id = %s", (False, person))
    assert owners_counted.owners(settings) == 0
    assert {each.unit_id for each in reading.open_episodes(settings, None, now=day(1, 9)).rows} >= {unit}
    assert records.are_due(settings, day(1, 9))


@pytest.mark.parametrize("days", [29, 30])
def test_a_clock_change_moves_no_day(workspace: Settings, days: int) -> None:
    """The last day of March has 23 hours in Berlin: what happens at its ends is of the day."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from holdfast.domain.period import day_number
    from holdfast.settings import write_settings

    settings = replace(workspace, timezone="Europe/Berlin")
    write_settings(settings)
    start = datetime(2024, 3, 1, 12, tzinfo=UTC)
    order = happened("ann", "Order Completed", start, of="o", total="9", currency="EUR")
    arrive(settings, [order], start)
    run_at_night(settings, start + timedelta(days=1))
    at = (
        datetime(2024, 3, 1 + days, 21, 59, tzinfo=UTC)
        if days == 30
        else datetime(2024, 3, 30, 22, 59, tzinfo=UTC)
    )
    arrive(settings, [happened("ann", "Payment Failed", at, of="i")], at)
    run_at_night(settings, datetime(2024, 4, 1, 1, tzinfo=UTC))
    (row,) = [row for row in episodes(settings) if row.signal == "payment_failed"]
    assert row.began == day_number(at.astimezone(settings.zone).date())
    assert row.began == day_number(datetime(2024, 3, 30 if days == 29 else 31, tzinfo=UTC).date())
