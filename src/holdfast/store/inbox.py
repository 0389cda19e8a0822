"""The inbox as people see it: conversations with filters and search, one thread, who looks after it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.customers import search_words
from holdfast.store.work import SeenBy

State = Literal["open", "snoozed", "closed"]
STATES: tuple[State, ...] = get_args(State)

NOBODY = 0
"""As an owner: conversations that nobody looks after."""

_NEWEST_MATCHES = 2_000
"""A search looks at so many messages that match, the newest: more are no answer."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation; see :class:`holdfast.store.models.InboxConversation`. ``owner`` is a name or ""."""

    id: int
    source_id: int
    key: str
    channel: str
    subject_id: int
    title: str
    author: str
    address: str
    state: State
    snoozed_until_us: int | None
    owner_id: int | None
    unread: int
    messages: int
    waiting: bool
    first_us: int
    last_us: int
    preview: str
    owner: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message, called ``key`` in its conversation; ``attachments`` are (name, type, size or ``None``)."""

    id: int
    key: str
    subject_id: int
    at_us: int
    incoming: bool
    author: str
    text: str
    folded_from: int | None
    edited_us: int | None
    attachments: tuple[tuple[str, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class ShownCustomer:
    """A customer beside a conversation; risk and value at risk are ``None`` where nobody computed them."""

    unit_id: int
    name: str
    state: str
    risk: float | None
    at_risk_minor: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations: "" and ``None`` ask for all. ``after`` is moment and id of the last one seen.

    ``seen_by`` is who asks, where they do not see everything.
    """

    state: State | Literal[""] = ""
    channel: str = ""
    owner_id: int | None = None
    search: str = ""
    subjects: Sequence[int] = ()
    seen_by: SeenBy | None = None
    after: tuple[int, int] | None = None


def conversations(settings: Settings, wanted: Wanted, limit: int) -> list[Conversation]:
    """The conversations that are wanted, the newest first, at most ``limit``: one statement."""
    store.connect(settings)
    conditions, values = _conditions(wanted)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return [
        _conversation(row)
        for row in sql.read(
            f"{_SELECT} {where} ORDER BY c.last_us DESC, c.id DESC LIMIT {int(limit)}",
            values,
        )
    ]


def conversation(settings: Settings, conversation_id: int) -> Conversation | None:
    """One conversation; ``None`` when there is none."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE c.id = %s", (conversation_id,))
    return None if row is None else _conversation(row)


def by_key(settings: Settings, source_id: int, key: str) -> Conversation | None:
    """The conversation that a source calls ``key``."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE c.source_id = %s AND c.key = %s", (source_id, key))
    return None if row is None else _conversation(row)


def last_heard_us(settings: Settings, source_id: int, key: str) -> int | None:
    """When the customer last wrote in a conversation, in microseconds; ``None`` for never."""
    store.connect(settings)
    row = sql.one(
        "SELECT MAX(m.at_us) FROM inbox_message m JOIN inbox_conversation c ON c.id = m.conversation_id "
        "WHERE c.source_id = %s AND c.key = %s AND m.incoming",
        (source_id, key),
    )
    return None if row is None or row[0] is None else int(row[0])


def messages(
    settings: Settings, conversation_id: int, limit: int, *, before: tuple[int, int] | None = None
) -> list[Message]:
    """The newest messages of a conversation, or those before a moment and id; the oldest first."""
    store.connect(settings)
    condition = "AND (m.at_us, m.id) < (%s, %s)" if before else ""
    rows = sql.read(
        f"{_MESSAGES} WHERE m.conversation_id = %s {condition} "
        f"ORDER BY m.at_us DESC, m.id DESC LIMIT {int(limit)}",
        (conversation_id, *(before or ())),
    )
    return [_message(row) for row in reversed(rows)]


def messages_since(settings: Settings, conversation_id: int, after_id: int, limit: int) -> list[Message]:
    """The messages that came into a conversation after the one with this id, as they came."""
    store.connect(settings)
    rows = sql.read(
        f"{_MESSAGES} WHERE m.conversation_id = %s AND m.id > %s ORDER BY m.id LIMIT {int(limit)}",
        (conversation_id, after_id),
    )
    return [_message(row) for row in rows]


def customers(settings: Settings, units: Collection[int]) -> dict[int, ShownCustomer]:
    """Name, state and risk of customers as the customer list has them; who is not there yet is left out."""
    store.connect(settings)
    if not units:
        return {}
    rows = sql.read(
        "SELECT s.unit_id, s.name, s.state, r.risk, r.value_at_risk_minor FROM standing s "
        "LEFT JOIN risk_score r ON r.unit_id = s.unit_id "
        f"WHERE s.unit_id IN ({', '.join(str(int(unit)) for unit in units)})"
    )
    return {row[0]: ShownCustomer(*row) for row in rows}


def claimed_addresses(settings: Settings, subject_id: int) -> list[str]:
    """E-mail addresses that somebody gave as the own one without proof."""
    store.connect(settings)
    rows = sql.read(
        "SELECT DISTINCT value FROM trait_row WHERE subject_id = %s AND trait = 'email' LIMIT 5",
        (subject_id,),
    )
    return [str(value) for (value,) in rows]


def counts(settings: Settings, owner_id: int, seen_by: SeenBy | None = None) -> dict[str, int]:
    """How many are "open", "mine" (open and ``owner_id``'s), "unowned" (open and nobody's), "unread"."""
    store.connect(settings)
    theirs = f" AND {seen_by.condition('c')}" if seen_by is not None else ""
    row = sql.one(
        "SELECT COUNT(*), COUNT(CASE WHEN owner_id = %s THEN 1 END), "
        "COUNT(CASE WHEN owner_id IS NULL THEN 1 END), COUNT(CASE WHEN unread > 0 THEN 1 END) "
        f"FROM inbox_conversation c WHERE c.state = 'open'{theirs}",
        (owner_id,),
    )
    return dict(zip(("open", "mine", "unowned", "unread"), row or (0, 0, 0, 0), strict=True))


def channels(settings: Settings) -> list[str]:
    """Every channel that has a conversation, in order: an index lookup each."""
    store.connect(settings)
    found = sql.read(sql.different("inbox_conversation", "channel"))
    return [str(channel) for (channel,) in found if channel]


def owners(settings: Settings) -> list[tuple[int, str]]:
    """Whom a conversation can be given to: (id, name) of everybody who signs in, by name."""
    store.connect(settings)
    return [
        (id_, str(name))
        for id_, name in sql.read(
            "SELECT id, CASE WHEN name = '' THEN email ELSE name END AS shown FROM person "
            "WHERE is_active AND role <> 'read_only' ORDER BY shown, id"
        )
    ]


def assign(settings: Settings, conversation_id: int, owner_id: int | None) -> bool:
    """Give a conversation to somebody, or to nobody; whether there are both."""
    store.connect(settings)
    if owner_id is not None and owner_id not in {id_ for id_, _ in owners(settings)}:
        return False
    return bool(
        sql.write("UPDATE inbox_conversation SET owner_id = %s WHERE id = %s", (owner_id, conversation_id))
    )


def set_state(
    settings: Settings, conversation_id: int, state: State, snoozed_until_us: int | None = None
) -> bool:
    """Close, open or put off a conversation; whether there is one."""
    store.connect(settings)
    until = snoozed_until_us if state == "snoozed" else None
    return bool(
        sql.write(
            "UPDATE inbox_conversation SET state = %s, snoozed_until_us = %s WHERE id = %s",
            (state, until, conversation_id),
        )
    )


def mark_read(settings: Settings, conversation_id: int, up_to_id: int) -> None:
    """Somebody has looked at the messages up to the one with this id; later ones stay unread."""
    store.connect(settings)
    sql.write(
        "UPDATE inbox_conversation SET unread = CASE WHEN (SELECT COUNT(*) FROM inbox_message m "
        "WHERE m.conversation_id = inbox_conversation.id AND m.incoming AND m.id > %s) < unread "
        "THEN (SELECT COUNT(*) FROM inbox_message m WHERE m.conversation_id = inbox_conversation.id "
        "AND m.incoming AND m.id > %s) ELSE unread END WHERE id = %s AND unread > 0",
        (up_to_id, up_to_id, conversation_id),
    )


def mark_unread(settings: Settings, conversation_id: int) -> None:
    """Let a conversation be looked at again."""
    store.connect(settings)
    sql.write("UPDATE inbox_conversation SET unread = 1 WHERE id = %s AND unread = 0", (conversation_id,))


def wake(settings: Settings, now_us: int) -> int:
    """Open the conversations that were put off until now; how many."""
    store.connect(settings)
    return sql.write(
        "UPDATE inbox_conversation SET state = 'open', snoozed_until_us = NULL "
        "WHERE state = 'snoozed' AND snoozed_until_us <= %s",
        (now_us,),
    )


_OWN = [each.name for each in fields(Conversation) if each.name != "owner"]
_SELECT = (
    f"SELECT {', '.join(f'c.{name}' for name in _OWN)}, "
    "COALESCE(CASE WHEN p.name = '' THEN p.email ELSE p.name END, '') "
    "FROM inbox_conversation c LEFT JOIN person p ON p.id = c.owner_id"
)
_MESSAGES = (
    "SELECT m.id, m.message_key, m.subject_id, m.at_us, m.incoming, m.author, m.text, m.folded_from, "
    "m.edited_us, m.attachments FROM inbox_message m"
)


def _conditions(wanted: Wanted) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for column, value in (("state", wanted.state), ("channel", wanted.channel)):
        if value:
            conditions.append(f"c.{column} = %s")
            values.append(value)
    if wanted.owner_id is not None:
        condition, owner = _owned(wanted.owner_id)
        conditions.append(condition)
        values += owner
    if wanted.seen_by is not None:
        conditions.append(wanted.seen_by.condition("c"))
    if wanted.subjects:
        conditions.append(f"c.subject_id IN ({', '.join(str(int(each)) for each in wanted.subjects)})")
    if words := search_words(wanted.search):
        condition, asked = _found(words)
        conditions.append(condition)
        values.append(asked)
    if wanted.after:
        conditions.append("(c.last_us, c.id) < (%s, %s)")
        values += wanted.after
    return conditions, values


def _owned(owner_id: int) -> tuple[str, list[int]]:
    return ("c.owner_id IS NULL", []) if owner_id == NOBODY else ("c.owner_id = %s", [owner_id])


def _found(words: list[str]) -> tuple[str, str]:
    """The condition that every word begins a word of one message of the conversation, and its value."""
    if sql.is_sqlite():
        matches = (
            "SELECT m.conversation_id FROM inbox_message m WHERE m.id IN (SELECT rowid FROM inbox_search "
            f"WHERE inbox_search MATCH %s ORDER BY rowid DESC LIMIT {_NEWEST_MATCHES})"
        )
        return f"c.id IN ({matches})", " AND ".join(f'"{word}" *' for word in words)
    matches = (
        "SELECT m.conversation_id FROM inbox_message m "
        "WHERE array_to_tsvector(array_remove(string_to_array(m.search, ' '), '')) @@ %s::tsquery "
        f"ORDER BY m.id DESC LIMIT {_NEWEST_MATCHES}"
    )
    return f"c.id IN ({matches})", " & ".join(f"'{word}':*" for word in words)


def _conversation(row: sql.Row) -> Conversation:
    told = dict(zip((*_OWN, "owner"), row, strict=True))
    return Conversation(**(told | {"waiting": bool(told["waiting"])}))


def _message(row: sql.Row) -> Message:
    *plain, attachments = row
    listed = json.loads(attachments) if isinstance(attachments, str) else attachments
    id_, key, subject_id, at_us, incoming, author, text, folded_from, edited_us = plain
    return Message(
        id_,
        key,
        subject_id,
        at_us,
        bool(incoming),
        author,
        text,
        folded_from,
        edited_us,
        tuple((each.get("name", ""), each.get("type", ""), each.get("size")) for each in listed),
    )
