"""Customers for tests of what goes out: known by calls, as any other."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from holdfast.domain.pressure import Policy
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import live_sources, message_settings, sql

NOW_US = int(time.time() * 1_000_000)
ANN = "ann@example.org"


def call(settings: Settings, *calls: dict[str, Any], browser: bool = False) -> None:
    """Let a source say something, and take it in."""
    source = live_sources.ensure(settings, "shop", "segment", namespace="shop", now_us=1)
    body = msgspec.json.encode({"batch": list(calls)})
    accept(settings, source.id, body, events=len(calls), received_us=NOW_US, browser=browser)
    take_in_arrived(settings, now_us=NOW_US)


def known(settings: Settings, key: str = "ann", email: str = ANN) -> int:
    """A customer with an address; the number of the subject."""
    call(settings, {"type": "identify", "userId": key, "traits": {"email": email, "name": key.title()}})
    return subject(settings, key)


def subject(settings: Settings, key: str) -> int:
    """The number of a subject that the shop knows."""
    row = sql.one("SELECT id FROM subject WHERE namespace = 'shop' AND key = %s", (key,))
    assert row is not None
    return int(row[0])


def at_any_hour(settings: Settings) -> None:
    """Contact rules that hold nothing: what a test sends goes whenever it is run."""
    message_settings.set_contact_rules(settings, Policy())


def touch(subject_id: int | None, address: str = ANN, /, **told: Any) -> TouchRequest:
    """A touch for a customer: a marketing mail unless it says otherwise."""
    given = {"purpose": "marketing", "channel": "email", "subject": "Hello", "text": "Come back"} | told
    key = given.pop("key", "touch 1")
    return TouchRequest(key=key, to=Recipient(address, None, subject_id), **given)
