"""Calls that arrived become events, customers and links; once, whole, and in whatever order (A1, A2, A3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect import taking_in
from holdfast.services.collect.arrive import accept, accept_calls
from holdfast.services.collect.look_up import customer
from holdfast.services.collect.taking_in import TakenIn, take_in_arrived
from holdfast.services.keep import compact as compacting
from holdfast.services.keep.compact import compact
from holdfast.services.keep.move import move
from holdfast.services.visible import finished_events
from holdfast.settings import Settings
from holdfast.store import arriving, live_sources, property_map, sql
from holdfast.store.live_sources import LiveSource

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)


@pytest.fixture
def shop(base: Settings) -> Settings:
    return base


@pytest.fixture(autouse=True)
def _compact_however_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "WORTH_FILES", 1)


@pytest.fixture
def web(shop: Settings) -> LiveSource:
    return live_sources.ensure(shop, "web", "segment", now_us=NOW_US)


def send(
    settings: Settings,
    source: LiveSource,
    *calls: dict[str, Any],
    received_us: int = NOW_US,
    browser: bool = False,
) -> TakenIn:
    body = json.dumps({"batch": list(calls)}).encode()
    accept(settings, source.id, body, events=len(calls), received_us=received_us, browser=browser)
    return take_in_arrived(settings, now_us=received_us)


def track(user: str, event: str, message: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "userId": user,
        "event": event,
        "messageId": message,
        "timestamp": "2026-05-31T10:00:00Z",
        "properties": properties,
    }


def events(settings: Settings, columns: str = "name, message_id") -> list[Any]:
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        return engine.rows(
            f"SELECT {columns} FROM events ORDER BY at_us, message_id", {"events": finished_events(settings)}
        )


def test_a2_a_call_becomes_an_event_of_its_customer(shop: Settings, web: LiveSource) -> None:
    done = send(shop, web, track("C-1", "Order Completed", "m1", order_id="o1", total="19.90", text="Thanks"))
    assert (done.events, done.repeats, done.quarantined, done.units) == (1, 0, 0, 1)
    view = customer(shop, "C-1", now=NOW)
    (event,) = view.timeline.events
    assert (event.name, event.object_kind, event.object_id, event.amount_minor) == (
        "Order Completed",
        "order",
        "o1",
        1990,
    )
    assert view.texts[event.event_key] == "Thanks"
    assert event.details is None
    assert sql.read("SELECT COUNT(*) FROM arrived") == [(0,)]
    assert sql.read("SELECT unit_id, mark FROM due_unit") == [(view.unit_id, 1)]


def test_a2_a_repeat_changes_nothing(shop: Settings, web: LiveSource) -> None:
    call = track("C-1", "Feature Used", "m1")
    assert send(shop, web, call, call).events == 1
    assert send(shop, web, call).repeats == 1
    move(shop)
    assert send(shop, web, call).repeats == 1
    assert events(shop) == [("Feature Used", "m1")]
    other = live_sources.ensure(shop, "app", "segment", now_us=NOW_US)
    assert send(shop, other, call).events == 1


def test_an_order_of_several_products_adds_up_to_what_was_paid(shop: Settings, web: LiveSource) -> None:
    products = [{"product_id": "a", "price": 10, "quantity": 2}, {"sku": "b", "price": "5.5"}]
    send(
        shop,
        web,
        track("C-1", "Order Completed", "m1", order_id="o", total=28, currency="usd", products=products),
    )
    rows = events(shop, "message_id, product_id, amount_minor, currency")
    assert rows == [("m1", "a", 2250, "USD"), ("m1#2", "b", 550, "USD")]
    assert customer(shop, "C-1", now=NOW).history.orders == 1


def test_a2_what_is_not_understood_is_put_aside_and_the_rest_goes_on(shop: Settings, web: LiveSource) -> None:
    good = track("C-1", "Feature Used", "m1")
    bad: Sequence[dict[str, Any]] = [
        {**good, "messageId": "x1", "timestamp": "9999-01-01T00:00:00Z"},
        {**good, "messageId": "x2", "timestamp": "1950-01-01T00:00:00Z"},
        {**good, "messageId": "x3", "userId": ""},
        {**good, "messageId": "x4", "userId": "a\u0000b"},
        {**good, "messageId": "x5", "event": "  "},
        {**good, "messageId": "x6", "type": "buy"},
        {**good, "messageId": "x7", "properties": {"amount": "a lot"}},
        {**good, "messageId": "x8", "properties": [1]},
    ]
    done = send(shop, web, *bad, good)
    assert (done.events, done.quarantined) == (1, len(bad))
    rows = sql.read("SELECT code, event, state FROM quarantined ORDER BY id")
    assert [code for code, *_ in rows] == [
        "too_late",
        "too_early",
        "no_id",
        "bad_id",
        "no_event_name",
        "unknown_type",
        "bad_number",
        "not_an_object",
    ]
    assert all(json.loads(event)["messageId"].startswith("x") for _, event, _ in rows)
    assert events(shop) == [("Feature Used", "m1")]


def test_a1_an_anonymous_visitor_becomes_the_customer_who_signs_in(shop: Settings, web: LiveSource) -> None:
    seen = {"type": "page", "anonymousId": "anon-1", "name": "Prices", "messageId": "p1"}
    send(shop, web, seen)
    identify = {
        "type": "identify",
        "anonymousId": "anon-1",
        "userId": "C-1",
        "messageId": "i1",
        "traits": {"email": "Ana@Example.org", "name": "Ana", "address": {"country": "RO"}, "plan": "pro"},
    }
    send(shop, web, identify)
    view = customer(shop, "ana@example.org", now=NOW)
    assert [event.name for event in view.timeline.events] == ["Page Viewed"]
    assert view.profile.traits["name"] == "Ana"
    assert view.profile.traits["country"] == "RO"
    assert view.profile.traits["plan"] == "pro"
    assert {(each.namespace, each.key) for each in view.profile.ids} == {
        ("anonymous", "anon-1"),
        ("customer", "C-1"),
    }


def test_a1_a_public_key_proves_nothing(shop: Settings, web: LiveSource) -> None:
    send(
        shop,
        web,
        {
            "type": "identify",
            "userId": "C-1",
            "messageId": "i1",
            "traits": {"email": "a@b.org", "plan": "pro"},
        },
    )
    page = live_sources.ensure(shop, "page", "segment", now_us=NOW_US)
    forged = {
        "type": "identify",
        "userId": "C-2",
        "messageId": "i2",
        "traits": {"email": "a@b.org", "colour": "red"},
        "context": {"externalIds": [{"type": "customer", "id": "C-1"}]},
    }
    send(shop, page, forged, browser=True)
    send(shop, page, {"type": "alias", "userId": "C-2", "previousId": "C-1", "messageId": "a1"}, browser=True)
    send(
        shop,
        page,
        {"type": "identify", "userId": "C-1", "messageId": "i3", "traits": {"plan": "free", "shoe": "42"}},
        browser=True,
    )
    one, two = customer(shop, "customer:C-1", now=NOW), customer(shop, "customer:C-2", now=NOW)
    assert one.unit_id != two.unit_id
    assert two.profile.traits == {"email": "a@b.org", "colour": "red"}
    assert one.profile.traits["plan"] == "pro"
    assert one.profile.traits["shoe"] == "42"


def test_a1_alias_joins_what_it_names(shop: Settings, web: LiveSource) -> None:
    send(shop, web, track("old", "Feature Used", "m1"))
    send(shop, web, {"type": "alias", "userId": "new", "previousId": "old", "messageId": "a1"})
    view = customer(shop, "customer:new", now=NOW)
    assert [event.message_id for event in view.timeline.events if hasattr(event, "message_id")] == []
    assert [event.name for event in view.timeline.events] == ["Feature Used"]
    assert sql.read("SELECT COUNT(*) FROM subject WHERE namespace = 'anonymous'") == [(0,)]


def test_a1_a_group_makes_a_contact_of_an_account(shop: Settings, web: LiveSource) -> None:
    call = {
        "type": "group",
        "userId": "C-1",
        "groupId": "acme",
        "messageId": "g1",
        "traits": {"name": "Acme", "seats": 12},
    }
    send(shop, web, call)
    assert sql.read("SELECT COUNT(*) FROM account_contact") == [(1,)]
    account = customer(shop, "account:acme", now=NOW)
    assert account.profile.traits == {"name": "Acme", "seats": "12"}


def test_a_trait_of_changing_type_has_its_history(shop: Settings, web: LiveSource) -> None:
    for number, value in enumerate([7, "seven", True, 7]):
        at = f"2026-05-0{number + 1}T00:00:00Z"
        call = {
            "type": "identify",
            "userId": "C-1",
            "messageId": f"i{number}",
            "timestamp": at,
            "traits": {"n": value},
        }
        send(shop, web, call)
    rows = sql.read("SELECT value FROM trait_row WHERE trait = 'n' ORDER BY valid_from_us")
    assert [value for (value,) in rows] == ["7", "seven", "true", "7"]


def test_the_clock_of_a_sender_is_set_right(shop: Settings, web: LiveSource) -> None:
    ahead = {**track("C-1", "Feature Used", "m1"), "timestamp": "2026-06-01T14:00:00Z"}
    send(shop, web, {**ahead, "sentAt": "2026-06-01T14:00:10Z"})
    assert events(shop, "at_us, known_us") == [(NOW_US - 10_000_000, NOW_US)]


def test_a_demo_lives_on_its_own_day(shop: Settings, web: LiveSource) -> None:
    demo = replace(shop, clock=date(2026, 1, 10))
    send(demo, web, track("C-1", "Feature Used", "m1"))
    ((at_us, known_us),) = events(demo, "at_us, known_us")
    assert at_us == known_us == int(datetime(2026, 1, 10, 12, tzinfo=UTC).timestamp() * 1_000_000)


def test_properties_go_where_the_workspace_maps_them(shop: Settings, web: LiveSource) -> None:
    property_map.set_map(shop, "Report Made", "code", "report.kind")
    send(shop, web, track("C-1", "Report Made", "m1", report={"kind": "weekly"}, pages=3))
    assert events(shop, "code, details") == [("weekly", '{"pages": 3}')]


def test_a_later_map_fills_rows_from_before(shop: Settings, web: LiveSource) -> None:
    send(
        shop,
        web,
        track(
            "C-1",
            "Report Made",
            "m1",
            report={"kind": "weekly"},
            took=3,
            cost="1.50",
            due="2026-07-01T00:00:00Z",
        ),
        track("C-1", "Report Made", "m2", cost="a lot"),
        track("C-1", "Other Made", "m3", cost="2"),
    )
    move(shop)
    compact(shop)
    paths = {"code": "report.kind", "quantity": "took", "amount": "cost", "promised_at": "due"}
    for column, path in paths.items():
        property_map.set_map(shop, "Report Made", column, path)
    compact(shop)
    rows = events(shop, "code, CAST(quantity AS INTEGER), amount_minor, promised_us, details IS NOT NULL")
    due_us = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp() * 1_000_000)
    assert rows == [
        ("weekly", 3, 150, due_us, True),
        (None, None, None, None, True),
        (None, None, None, None, True),
    ]
    assert property_map.pending(shop) == {}


def test_a_repeat_of_long_ago_goes_when_its_rows_are_compacted(shop: Settings, web: LiveSource) -> None:
    call = {**track("C-1", "Feature Used", "m1"), "timestamp": "2026-04-01T10:00:00Z"}
    send(shop, web, call)
    move(shop)
    compact(shop)
    arriving.forget_seen(shop, NOW_US // 86_400_000_000 + 1)
    send(shop, web, call, track("C-1", "Feature Used", "m2"))
    move(shop)
    assert [message for _, message in events(shop)] == ["m1", "m1", "m2"]
    compact(shop)
    assert [message for _, message in events(shop)] == ["m1", "m2"]


def test_events_are_read_once_before_while_and_after_they_are_moved(shop: Settings, web: LiveSource) -> None:
    calls = [track(f"C-{n % 7}", "Feature Used", f"m{n:03}") for n in range(50)]
    send(shop, web, *calls[:30])
    assert len(events(shop)) == 30
    assert move(shop) == 30
    send(shop, web, *calls[30:])
    assert [message for _, message in events(shop)] == [call["messageId"] for call in calls]
    assert move(shop) == 20
    assert move(shop) == 0
    compact(shop)
    assert [message for _, message in events(shop)] == [call["messageId"] for call in calls]
    assert sql.read("SELECT COUNT(*) FROM log_row") == [(0,)]


def test_calls_of_our_own_take_the_same_way(shop: Settings) -> None:
    source = live_sources.ensure(shop, "stripe", "stripe", namespace="stripe", now_us=NOW_US)
    call = {
        **track("cus_1", "Payment Failed", "evt_1", invoice_id="in_1", amount="12.00", currency="EUR"),
        "context": {"externalIds": [{"type": "customer", "id": "C-9"}]},
    }
    accept_calls(shop, source, [call], received_us=NOW_US)
    take_in_arrived(shop, now_us=NOW_US)
    view = customer(shop, "customer:C-9", now=NOW)
    assert [event.name for event in view.timeline.events] == ["Payment Failed"]
    assert {each.namespace for each in view.profile.ids} == {"stripe", "customer"}


def test_many_calls_are_taken_in_in_several_transactions(shop: Settings, web: LiveSource) -> None:
    taking_in_of = taking_in.MOST_EVENTS
    for number in range(3):
        calls = [track(f"C-{n}", "Feature Used", f"m{number}-{n}") for n in range(taking_in_of // 2 + 1)]
        body = json.dumps({"batch": calls}).encode()
        accept(shop, web.id, body, events=len(calls), received_us=NOW_US)
    done = take_in_arrived(shop, now_us=NOW_US)
    assert done.events == 3 * (taking_in_of // 2 + 1)
    assert done.calls == 3
