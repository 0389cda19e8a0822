"""Puts messages into the inbox, and changes what people decided about a conversation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from holdfast import store
from holdfast.domain.search import search_text
from holdfast.settings import Settings
from holdfast.store import sql

FRESH_US = 14 * 86_400 * 1_000_000
"""Only younger messages are news: what a mailbox held before it was connected opens nothing."""

PREVIEW = 200
"""Characters of the newest message that a list shows."""

SEARCHED = 20_000
"""Characters of a message under whose words it is found."""

_AT_ONCE = 400
"""Values in one statement."""


_Conversation = tuple[int, str]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message for the inbox; ``replaces`` says that it is a new wording of ``message_key``.

    ``reference`` is what answers call it (a Message-ID without brackets), "" where they do not.
    """

    source_id: int
    conversation_key: str
    channel: str
    subject_id: int
    event_key: bytes
    message_key: str
    at_us: int
    incoming: bool
    author: str
    address: str
    title: str
    text: str
    folded_from: int | None = None
    attachments: Sequence[Mapping[str, Any]] = ()
    replaces: bool = False
    reference: str = ""

    @property
    def conversation(self) -> _Conversation:
        """Which conversation it belongs to: source, and key within it."""
        return self.source_id, self.conversation_key

    @property
    def own_text(self) -> str:
        """The text without what it repeats."""
        return self.text if self.folded_from is None else self.text[: self.folded_from]

    @property
    def preview(self) -> str:
        """Its beginning in one line."""
        return " ".join(self.own_text[: 4 * PREVIEW].split())[:PREVIEW]


def put(settings: Settings, messages: Iterable[NewMessage], now_us: int) -> int:
    """Put messages into their conversations; how many were new. Joins the caller's transaction.

    Those whose event is there already change nothing.
    """
    store.connect(settings)
    new = _not_there(messages)
    new.sort(key=lambda message: (*message.conversation, message.at_us))
    groups = [list(some) for _, some in groupby(new, key=lambda message: message.conversation)]
    ids = _conversations(groups, now_us)
    plain = [message for message in new if not message.replaces]
    _insert(plain, ids, now_us)
    edits = [message for message in new if message.replaces]
    unknown = [edit for edit in edits if not _replace(ids[edit.conversation], edit)]
    _insert(unknown, ids, now_us)
    return len(plain) + len(unknown)


def _not_there(messages: Iterable[NewMessage]) -> list[NewMessage]:
    """Each event once, without those that the inbox has."""
    wanted = {message.event_key: message for message in messages}
    there: set[bytes] = set()
    for some in _stretches(list(wanted)):
        places = ", ".join(["%s"] * len(some))
        found = sql.read(f"SELECT event_key FROM inbox_message WHERE event_key IN ({places})", some)
        there |= {bytes(key) for (key,) in found}
    return [message for key, message in wanted.items() if key not in there]


def _conversations(groups: list[list[NewMessage]], now_us: int) -> dict[_Conversation, int]:
    """The id of the conversation of each group, which is made where there is none yet."""
    _many(
        "INSERT INTO inbox_conversation (source_id, key, channel, subject_id, title, author, address, state, "
        "unread, messages, waiting, first_us, last_us, preview) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, 0, %s, %s, 0, '') "
        "ON CONFLICT (source_id, key) DO NOTHING",
        [_begun(group, now_us) for group in groups],
    )
    ids: dict[_Conversation, int] = {}
    for source_id, some in groupby([group[0].conversation for group in groups], key=itemgetter(0)):
        keys = [key for _, key in some]
        for first in range(0, len(keys), _AT_ONCE):
            chosen = keys[first : first + _AT_ONCE]
            places = ", ".join(["%s"] * len(chosen))
            rows = sql.read(
                f"SELECT key, id FROM inbox_conversation WHERE source_id = %s AND key IN ({places})",
                (source_id, *chosen),
            )
            ids |= {(source_id, key): int(id_) for key, id_ in rows}
    return ids


def _begun(messages: list[NewMessage], now_us: int) -> tuple[Any, ...]:
    """The conversation that these messages, the oldest first, begin."""
    first = next((message for message in messages if message.incoming), messages[0])
    fresh = any(_is_news(message, now_us) for message in messages)
    return (
        first.source_id,
        first.conversation_key,
        first.channel,
        first.subject_id,
        messages[0].title,
        first.author if first.incoming else "",
        first.address,
        "open" if fresh else "closed",
        first.incoming,
        messages[0].at_us,
    )


def _replace(conversation_id: int, edit: NewMessage) -> bool:
    """Give the message its new wording, unless it has a later one; whether there is such a message."""
    found = sql.one(
        "SELECT id, at_us, COALESCE(edited_us, 0) FROM inbox_message "
        "WHERE conversation_id = %s AND message_key = %s ORDER BY id LIMIT 1",
        (conversation_id, edit.message_key),
    )
    if found is None:
        return False
    message_id, at_us, edited_us = found
    if edited_us < edit.at_us:
        sql.write(
            "UPDATE inbox_message SET text = %s, folded_from = %s, edited_us = %s, search = %s WHERE id = %s",
            (edit.text, edit.folded_from, edit.at_us, _words(edit), message_id),
        )
        sql.write(
            "UPDATE inbox_conversation SET preview = %s WHERE id = %s AND last_us = %s",
            (edit.preview, conversation_id, at_us),
        )
    return True


def _insert(messages: list[NewMessage], ids: Mapping[_Conversation, int], now_us: int) -> None:
    """Put messages, sorted by conversation and moment, and bring their conversations up to date."""
    _many(
        "INSERT INTO inbox_message (conversation_id, event_key, message_key, subject_id, at_us, "
        "incoming, author, text, folded_from, attachments, search, reference) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (
                ids[message.conversation],
                message.event_key,
                message.message_key,
                message.subject_id,
                message.at_us,
                message.incoming,
                message.author,
                message.text,
                message.folded_from,
                json.dumps([dict(each) for each in message.attachments]),
                _words(message),
                message.reference,
            )
            for message in messages
        ],
    )
    groups = groupby(messages, key=lambda message: message.conversation)
    _many(_UP_TO_DATE, [_changes(ids[key], list(some), now_us) for key, some in groups])


_UP_TO_DATE = """
UPDATE inbox_conversation SET messages = messages + %s, unread = unread + %s,
    state = CASE WHEN %s THEN 'open' ELSE state END,
    snoozed_until_us = CASE WHEN %s THEN NULL ELSE snoozed_until_us END,
    first_us = CASE WHEN first_us < %s THEN first_us ELSE %s END,
    waiting = CASE WHEN last_us <= %s THEN %s ELSE waiting END,
    preview = CASE WHEN last_us <= %s THEN %s ELSE preview END,
    title = CASE WHEN title = '' THEN %s ELSE title END,
    last_us = CASE WHEN last_us <= %s THEN %s ELSE last_us END
WHERE id = %s
"""


def _changes(conversation_id: int, new: list[NewMessage], now_us: int) -> tuple[Any, ...]:
    """Counts, the newest message, and that news opens what was closed or asleep."""
    oldest, newest = new[0].at_us, new[-1]
    news = sum(_is_news(message, now_us) for message in new)
    return (
        *(len(new), news, news > 0, news > 0, oldest, oldest),
        *(newest.at_us, newest.incoming, newest.at_us, newest.preview, newest.title),
        *(newest.at_us, newest.at_us, conversation_id),
    )


def _many(statement: str, rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _is_news(message: NewMessage, now_us: int) -> bool:
    return message.incoming and now_us - message.at_us < FRESH_US


def _words(message: NewMessage) -> str:
    return search_text((message.author, message.address, message.title, message.own_text[:SEARCHED]))


def _stretches(keys: list[bytes]) -> Iterator[list[bytes]]:
    for first in range(0, len(keys), _AT_ONCE):
        yield keys[first : first + _AT_ONCE]
