"""What several calls of one transaction say of a customer stands there once."""

from __future__ import annotations

import json

import pytest

from holdfast.services.collect import understood
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import live_sources, quarantine, sql
from holdfast.store.quarantine import Asked

AT = 1_772_366_400_000_000


def test_a5_addresses_and_accounts_told_twice_at_once_are_kept_once(base: Settings) -> None:
    source = live_sources.ensure(base, "Shop", "segment", now_us=AT)
    traits = [
        {"email": "A@example.com"},
        {"email": "a@example.com", "phone": "+353 1 234 5678"},
        {"phone": "+35312345678"},
    ]
    batch = [
        {"type": "identify", "userId": "u1", "messageId": f"m{n}", "traits": each}
        for n, each in enumerate(traits)
    ]
    batch += [{"type": "group", "userId": "u1", "groupId": "g1", "messageId": f"g{n}"} for n in range(2)]
    body = json.dumps({"batch": batch}).encode()
    accept(base, source.id, body, events=len(batch), received_us=AT)
    take_in_arrived(base, now_us=AT)
    assert sql.read("SELECT kind, value FROM contact_point ORDER BY kind") == [
        ("email", "a@example.com"),
        ("phone", "+35312345678"),
    ]
    assert sql.one("SELECT COUNT(*) FROM account_contact") == (1,)


ORDER = {"type": "track", "userId": "u1", "event": "Order Completed"}


def arrive(base: Settings, *events: dict[str, object]) -> None:
    source = live_sources.ensure(base, "Shop", "segment", now_us=AT)
    body = json.dumps({"batch": events}).encode()
    accept(base, source.id, body, events=len(events), received_us=AT)
    take_in_arrived(base, now_us=AT)


def test_a2_a_monstrous_line_of_an_order_is_refused(base: Settings) -> None:
    lines = [{"sku": "a", "quantity": 9e13, "price": 9e13}]
    arrive(base, {**ORDER, "properties": {"total": 5, "products": lines}}, ORDER)
    (bad,) = quarantine.listed(base, Asked(), 10)
    assert bad.code == "bad_number"
    assert sql.one("SELECT COUNT(*) FROM log_row") == (1,)


def test_a2_a_defect_in_one_event_does_not_hold_up_the_others(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows_of(call: object, *rest: object) -> object:
        raise ZeroDivisionError if getattr(call, "user", "") == "u9" else LookupError

    monkeypatch.setattr(understood, "rows_of", rows_of)
    arrive(
        workspace, {**ORDER, "userId": "u9"}, {"type": "identify", "userId": "u1", "traits": {"plan": "pro"}}
    )
    (bad,) = quarantine.listed(workspace, Asked(), 10)
    assert bad.code == "unexpected"
    assert sql.one("SELECT COUNT(*) FROM arrived") == (0,)
    assert sql.one("SELECT COUNT(*) FROM trait_row") == (1,)
