"""Conversations beside their customers, and linking one by hand (A9)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from brought import bring
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.identity.merging import undo
from holdfast.services.collect.inbox.conversations import candidates, link, listed, opened, until
from holdfast.services.collect.inbox.taken import message_note
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import inbox, live_sources, sql
from holdfast.store.inbox import Conversation, Wanted

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)


def say(settings: Settings, who: str, text: str, *, email: str = "", event: str = "Message Received") -> None:
    import msgspec

    source = live_sources.ensure(settings, "website", "chat", namespace="chat", now_us=NOW_US)
    calls: list[dict[str, Any]] = [
        {
            "type": "track",
            "userId": who,
            "event": event,
            "messageId": f"{who}:{text}",
            "properties": {"conversation_id": who, "text": text, "author": "Ann", "channel": "chat"},
        }
    ]
    if email:
        traits = {"email": email, "name": "Ann"}
        calls.insert(0, {"type": "identify", "userId": who, "traits": traits, "messageId": f"{who}:id"})
    body = msgspec.json.encode({"batch": calls})
    accept(settings, source.id, body, events=len(calls), received_us=NOW_US, browser=True)
    take_in_arrived(settings, now_us=NOW_US)


def only(settings: Settings) -> Conversation:
    (found,) = inbox.conversations(settings, Wanted(), 9)
    return found


def subject(key: str, namespace: str = "customer") -> int:
    row = sql.one("SELECT id FROM subject WHERE namespace = %s AND key = %s", (namespace, key))
    assert row is not None
    return int(row[0])


def test_who_writes_becomes_a_customer(base: Settings) -> None:
    say(base, "v1", "Hello")
    (row,) = listed(base, Wanted(), 9)
    assert (row.conversation.channel, row.unit_id, row.customer) == ("chat", subject("v1", "chat"), None)


def test_an_address_typed_into_a_chat_links_nobody_and_is_offered_to_a_person(base: Settings) -> None:
    bring(base, {"C-7": {"name": "Ann Kelly", "email": "ann@example.org"}})
    say(base, "v1", "Hello", email="ann@example.org")
    (candidate,) = candidates(base, only(base), "")
    assert (candidate.unit_id, candidate.name, candidate.email) == (
        subject("C-7"),
        "Ann Kelly",
        "ann@example.org",
    )
    assert candidates(base, only(base), "nobody at all") == []
    assert [each.unit_id for each in candidates(base, only(base), "C-7")] == [subject("C-7")]
    assert sql.read("SELECT COUNT(*) FROM identity_link") == [(0,)]


def test_a_person_says_who_it_is_and_takes_it_back(base: Settings) -> None:
    bring(base, {"C-7": {"name": "Ann Kelly", "email": "ann@example.org"}})
    say(base, "v1", "Hello")
    number = link(base, only(base), subject("C-7"), by="niamh@example.com", now=NOW)
    (row,) = listed(base, Wanted(), 9)
    assert row.unit_id == subject("C-7")
    undo(base, number, by="niamh@example.com", now=NOW)
    assert listed(base, Wanted(), 9)[0].unit_id == subject("v1", "chat")


def test_nobody_is_linked_to_a_number_that_is_none(base: Settings) -> None:
    say(base, "v1", "Hello")
    for unit in (999, subject("v1", "chat")):
        with pytest.raises(Refusal):
            link(base, only(base), unit, by="niamh@example.com", now=NOW)


def test_a_long_conversation_is_opened_from_its_end(base: Settings) -> None:
    for number in range(5):
        say(base, "v1", f"message {number}")
    found = opened(base, only(base).id, 3)
    assert found is not None
    assert ([each.text for each in found.messages], found.earlier) == (
        ["message 2", "message 3", "message 4"],
        True,
    )
    first = found.messages[0]
    before = opened(base, only(base).id, 3, before=(first.at_us, first.id))
    assert before is not None
    assert ([each.text for each in before.messages], before.earlier) == (["message 0", "message 1"], False)
    assert opened(base, 99, 3) is None


def test_what_is_put_off_comes_back_in_the_morning(base: Settings) -> None:
    from dataclasses import replace

    there = replace(base, timezone="Asia/Tehran")
    assert (
        until(there, "tomorrow", datetime(2026, 5, 18, 22, tzinfo=UTC)).isoformat()
        == "2026-05-20T09:00:00+03:30"
    )
    assert until(base, "week", NOW).date().isoformat() == "2026-05-25"


def test_a_workspace_with_a_clock_of_its_own_has_news_too(base: Settings) -> None:
    from dataclasses import replace
    from datetime import date

    demo = replace(base, clock=date(2024, 3, 1))
    say(demo, "v1", "Hello")
    assert (only(demo).state, only(demo).unread) == ("open", 1)


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("Order Completed", {"conversation_id": "a", "text": "x"}),
        ("Message Received", {"text": "x"}),
        ("Message Received", {"conversation_id": "", "text": "x"}),
        ("Message Received", {"conversation_id": True}),
        ("Message Received", {"conversation_id": ["a"]}),
    ],
)
def test_what_is_no_message_of_a_conversation_is_not_noted(name: str, properties: dict[str, Any]) -> None:
    told: dict[str, Any] = {
        "source_id": 1,
        "source_kind": "s",
        "subject_id": 1,
        "at_us": 1,
        "event_key": b"k",
    }
    assert message_note(name, properties, **told) is None


def test_properties_of_any_kind_are_noted_as_far_as_they_mean_something(base: Settings) -> None:
    import msgspec

    source = live_sources.ensure(base, "server", "segment", now_us=NOW_US)
    odd = [
        {"text": 7, "author": ["x"], "folded_from": "2", "attachments": "none", "subject": [1]},
        {"text": "x" * 50, "folded_from": 99, "attachments": [1, {"name": 5, "size": -1}, {"size": "9"}]},
        {"text": "a\0b", "author": "A\0", "channel": "c" * 300, "attachments": [{"name": "n" * 300}] * 60},
    ]
    calls = [
        {
            "type": "track",
            "userId": "u",
            "event": "Message Received",
            "messageId": str(number),
            "properties": {"conversation_id": number} | properties,
        }
        for number, properties in enumerate(odd)
    ]
    body = msgspec.json.encode({"batch": calls})
    accept(base, source.id, body, events=3, received_us=NOW_US)
    take_in_arrived(base, now_us=NOW_US)
    texts = sorted(text for (text,) in sql.read("SELECT text FROM inbox_message"))
    assert texts == ["", "a\ufffdb", "x" * 50]
