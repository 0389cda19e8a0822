from __future__ import annotations

from typing import Any

import pytest

from holdfast.settings import Settings
from holdfast.store import inbox, inbox_writing, sql
from holdfast.store.inbox import NOBODY, Wanted
from holdfast.store.inbox_writing import NewMessage

NOW = 1_800_000_000_000_000


def put(base: Settings, number: int, **given: Any) -> None:
    told: dict[str, Any] = {
        "source_id": 1,
        "conversation_key": str(number),
        "channel": "email",
        "subject_id": number,
        "event_key": number.to_bytes(16, "big"),
        "message_key": "",
        "at_us": NOW + number,
        "incoming": True,
        "author": f"Author {number}",
        "address": f"a{number}@x.org",
        "title": f"Title {number}",
        "text": f"text {number}",
    }
    with sql.short_write():
        inbox_writing.put(base, [NewMessage(**(told | given))], NOW + 10_000)


def person(base: Settings, email: str, role: str = "agent") -> int:
    from holdfast.store.models import User

    return User.objects.create_user(email, None, role=role).id


def found(base: Settings, limit: int = 50, **wanted: Any) -> list[str]:
    return [each.key for each in inbox.conversations(base, Wanted(**wanted), limit)]


def test_the_newest_first_a_page_at_a_time(base: Settings) -> None:
    for number in range(1, 6):
        put(base, number)
    assert found(base) == ["5", "4", "3", "2", "1"]
    first = inbox.conversations(base, Wanted(), 2)
    assert found(base, 2, after=(first[-1].last_us, first[-1].id)) == ["3", "2"]


def test_narrowed_by_state_channel_owner_and_customer(base: Settings) -> None:
    for number, channel in ((1, "email"), (2, "telegram"), (3, "email")):
        put(base, number, channel=channel)
    ann = person(base, "ann@shop.example")
    ids = {each.key: each.id for each in inbox.conversations(base, Wanted(), 9)}
    assert inbox.assign(base, ids["1"], ann)
    assert inbox.set_state(base, ids["3"], "closed")
    assert found(base, state="open") == ["2", "1"]
    assert found(base, channel="email") == ["3", "1"]
    assert found(base, owner_id=ann) == ["1"]
    assert found(base, owner_id=NOBODY) == ["3", "2"]
    assert found(base, subjects=[2, 3]) == ["3", "2"]
    assert inbox.channels(base) == ["email", "telegram"]
    assert inbox.counts(base, ann) == {"open": 2, "mine": 1, "unowned": 1, "unread": 2}
    assert inbox.conversations(base, Wanted(owner_id=ann), 9)[0].owner == "ann@shop.example"


@pytest.mark.parametrize(
    ("search", "keys"),
    [
        ("kettle", ["2"]),
        ("KETT bro", ["2"]),
        ("kettle pan", []),
        ("a1@x", ["1"]),
        ("author", ["3", "2", "1"]),
        ("سفارش", ["3"]),
        ("سفارش kettle", []),
        ('"', ["3", "2", "1"]),
        ("' UNION SELECT --", []),
        ("x" * 3_000, []),
    ],
)
def test_found_by_what_was_written_and_by_whom(base: Settings, search: str, keys: list[str]) -> None:
    put(base, 1)
    put(base, 2, text="The kettle broke")
    put(base, 3, text="سفارش‌ها کجاست")
    assert found(base, search=search) == keys


def test_nobody_gets_a_conversation_who_cannot_look_after_it(base: Settings) -> None:
    put(base, 1)
    (one,) = inbox.conversations(base, Wanted(), 9)
    assert not inbox.assign(base, one.id, 99)
    assert not inbox.assign(base, one.id, person(base, "reader@shop.example", "read_only"))
    assert not inbox.assign(base, 77, None)
    assert inbox.assign(base, one.id, None)


def test_only_what_was_looked_at_is_read(base: Settings) -> None:
    for number in (1, 2, 3):
        put(base, number, conversation_key="a")
    (one,) = inbox.conversations(base, Wanted(), 9)
    seen = inbox.messages(base, one.id, 9)
    inbox.mark_read(base, one.id, seen[1].id)
    assert inbox.conversations(base, Wanted(), 9)[0].unread == 1
    inbox.mark_read(base, one.id, seen[2].id)
    assert inbox.conversations(base, Wanted(), 9)[0].unread == 0
    inbox.mark_unread(base, one.id)
    assert inbox.conversations(base, Wanted(), 9)[0].unread == 1


def test_a_thread_is_read_from_its_end(base: Settings) -> None:
    for number in (1, 2, 3, 4):
        put(base, number, conversation_key="a", attachments=[{"name": "x", "type": "t", "size": None}])
    (one,) = inbox.conversations(base, Wanted(), 9)
    last = inbox.messages(base, one.id, 2)
    assert [each.text for each in last] == ["text 3", "text 4"]
    assert last[0].attachments == (("x", "t", None),)
    before = inbox.messages(base, one.id, 9, before=(last[0].at_us, last[0].id))
    assert [each.text for each in before] == ["text 1", "text 2"]
    assert [each.text for each in inbox.messages_since(base, one.id, last[0].id, 9)] == ["text 4"]
    assert inbox.conversation(base, 99) is None
    assert inbox.by_key(base, 1, "a") == one


def test_what_was_put_off_comes_back_when_its_time_is_there(base: Settings) -> None:
    for number in (1, 2):
        put(base, number)
        inbox.set_state(base, number, "snoozed", NOW + number)
    assert inbox.wake(base, NOW) == 0
    assert inbox.wake(base, NOW + 1) == 1
    assert found(base, state="open") == ["1"]
    inbox.set_state(base, 1, "closed", NOW)
    assert sql.read("SELECT snoozed_until_us FROM inbox_conversation WHERE id = 1") == [(None,)]
