"""What several calls of one transaction say of a customer stands there once."""

from __future__ import annotations

import json

from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import live_sources, sql

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
