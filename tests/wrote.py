"""Customers who wrote something, live: what they wrote, and that it was read."""

from __future__ import annotations

import json

from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.understand import corrections
from holdfast.services.understand.reading import LiveReading
from holdfast.settings import Settings
from holdfast.store import live_sources, readings

LEAVING = "Two weeks and still no reply. I am cancelling my subscription."

NOW_US = 1_780_315_200_000_000
"""1 June 2026, noon."""


def arrives(settings: Settings, *told: tuple[str, str, str], at: str = "2026-05-31T10:00:00Z") -> None:
    """Events with words arrive and are taken in: (customer, event, words)."""
    source = live_sources.ensure(settings, "web", "segment", now_us=NOW_US)
    calls = [
        {
            "type": "track",
            "userId": user,
            "event": event,
            "messageId": f"{user} {event} {words}"[:200],
            "timestamp": at,
            "properties": {"text": words, "ticket_id": "T1"},
        }
        for user, event, words in told
    ]
    body = json.dumps({"batch": calls}).encode()
    accept(settings, source.id, body, events=len(calls), received_us=NOW_US, browser=False)
    take_in_arrived(settings, now_us=NOW_US)


def wrote(settings: Settings, *told: tuple[str, str, str]) -> None:
    """They arrive and are read."""
    arrives(settings, *told)
    LiveReading().read_new(settings, now_us=NOW_US)


def found_right(settings: Settings, number: int, *, by: str, now_us: int = NOW_US) -> None:
    """Somebody says that a text was read rightly, as by the one click of the page."""
    read = readings.reading(settings, number)
    assert read is not None
    corrections.correct(settings, number, corrections.as_read(read), by=by, now_us=now_us)
