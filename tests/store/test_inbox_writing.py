from __future__ import annotations

from typing import Any

from holdfast.settings import Settings
from holdfast.store import inbox_writing, sql
from holdfast.store.inbox_writing import FRESH_US, NewMessage

NOW = 1_800_000_000_000_000


def message(number: int, **given: Any) -> NewMessage:
    told: dict[str, Any] = {
        "source_id": 1,
        "conversation_key": "a",
        "channel": "mail",
        "subject_id": 7,
        "event_key": number.to_bytes(16, "big"),
        "message_key": str(number),
        "at_us": NOW + number,
        "incoming": True,
        "author": "Ann",
        "address": "ann@x.org",
        "title": "Kettle",
        "text": f"text {number}",
    }
    return NewMessage(**(told | given))


def conversations() -> list[tuple[Any, ...]]:
    return sql.read(
        "SELECT key, title, state, unread, messages, waiting, first_us - %s, last_us - %s, preview "
        "FROM inbox_conversation ORDER BY id",
        (NOW, NOW),
    )


def put(base: Settings, *messages: NewMessage) -> int:
    with sql.short_write():
        return inbox_writing.put(base, messages, NOW + 100)


def test_messages_gather_in_their_conversation_and_repeats_change_nothing(base: Settings) -> None:
    assert put(base, message(2), message(1), message(3, conversation_key="b", title="Pan")) == 3
    told = conversations()
    assert [
        (key, title, state, unread, n, bool(waiting)) for key, title, state, unread, n, waiting, *_ in told
    ] == [
        ("a", "Kettle", "open", 2, 2, True),
        ("b", "Pan", "open", 1, 1, True),
    ]
    assert [row[6:] for row in told] == [(1, 2, "text 2"), (3, 3, "text 3")]
    assert put(base, message(2), message(1), message(1)) == 0
    assert conversations() == told


def test_an_answer_of_ours_leaves_nobody_waiting_and_nothing_unread(base: Settings) -> None:
    put(base, message(1))
    put(base, message(2, incoming=False, text="we sent"))
    ((_, _, state, unread, n, waiting, _, _, preview),) = conversations()
    assert (state, unread, n, bool(waiting), preview) == ("open", 1, 2, False, "we sent")


def test_a_new_message_opens_what_was_closed_and_an_old_one_does_not(base: Settings) -> None:
    put(base, message(1))
    sql.write("UPDATE inbox_conversation SET state = 'closed', unread = 0")
    put(base, message(2, at_us=NOW - FRESH_US))
    assert [row[2:5] for row in conversations()] == [("closed", 0, 2)]
    sql.write("UPDATE inbox_conversation SET state = 'snoozed', snoozed_until_us = 5")
    put(base, message(3))
    assert [row[2:5] for row in conversations()] == [("open", 1, 3)]
    assert sql.read("SELECT snoozed_until_us FROM inbox_conversation") == [(None,)]


def test_what_a_mailbox_held_before_is_closed(base: Settings) -> None:
    put(base, message(1, at_us=NOW - 2 * FRESH_US))
    assert [row[2:5] for row in conversations()] == [("closed", 0, 1)]


def test_an_edit_replaces_the_text_once_and_an_earlier_edit_does_not(base: Settings) -> None:
    put(base, message(1), message(2, message_key="1", replaces=True, text="better", at_us=NOW + 20))
    put(base, message(3, message_key="1", replaces=True, text="stale", at_us=NOW + 10))
    assert sql.read("SELECT text, edited_us - %s FROM inbox_message", (NOW,)) == [("better", 20)]
    assert conversations()[0][-1] == "better"
    assert found("better") == [1]
    assert found("text") == []


def test_an_edit_of_what_never_came_is_a_message(base: Settings) -> None:
    assert put(base, message(5, replaces=True)) == 1
    assert [row[4] for row in conversations()] == [1]


def test_folded_words_are_kept_and_not_searched_nor_shown_in_the_list(base: Settings) -> None:
    put(base, message(1, text="thanks\n> quoted words", folded_from=6))
    assert conversations()[0][-1] == "thanks"
    assert (found("thanks"), found("quoted"), found("kettle"), found("ann")) == ([1], [], [1], [1])
    sql.write("DELETE FROM inbox_message")
    assert found("thanks") == []


def found(word: str) -> list[int]:
    if sql.is_sqlite():
        hits = sql.read("SELECT rowid FROM inbox_search WHERE inbox_search MATCH %s", (f'"{word}"',))
    else:
        hits = sql.read("SELECT id FROM inbox_message WHERE %s = ANY(string_to_array(search, ' '))", (word,))
    return [id_ for (id_,) in hits]


def test_a_thousand_conversations_at_once(base: Settings) -> None:
    many = [message(n, conversation_key=str(n), text="word " * 20) for n in range(1_000)]
    assert put(base, *many) == 1_000
    assert len(conversations()) == 1_000
