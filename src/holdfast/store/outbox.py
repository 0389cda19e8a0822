"""The outbox: touches are asked for inside the transaction of what they belong to, and taken out by
``services/act``, which alone sends (:mod:`holdfast.store.outbox_sending`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import PURPOSES, TOUCH_CHANNELS, Attachment, TouchRequest
from holdfast.settings import Settings
from holdfast.store import sql

LONGEST_KEY = 200
MOST_ATTACHED = 20_000_000
"""Bytes of all files of one touch."""

_LONGEST_TITLE = 300


def ask(settings: Settings, wanted: TouchRequest, *, now_us: int) -> int | None:
    """Ask for a touch, inside the transaction of the caller; its number.

    ``None`` when it was asked for already: the same ``key`` is the same touch, for ever. Refuses
    ("bad_touch") what no channel could carry. Whether it may be sent is decided when it is its turn.
    """
    return next(iter(ask_many(settings, (wanted,), now_us=now_us).values()), None)


def ask_many(settings: Settings, wanted: Sequence[TouchRequest], *, now_us: int) -> dict[str, int]:
    """Ask for many touches, as :func:`ask` for one; the number of each that was not asked for before, by key.

    A few statements for some hundred of them: for broadcasts. Whoever asks for more than
    :data:`MOST_AT_ONCE` in one transaction keeps others from writing for as long.
    """
    asked: dict[str, TouchRequest] = {}
    for each in wanted:
        _check(each)
        asked.setdefault(each.key, each)
    store.connect(settings)
    numbers: dict[str, int] = {}
    for some in _batched(asked.values(), MOST_AT_ONCE):
        numbers |= _insert(some, now_us)
    _keep_contents([(touch_id, asked[key]) for key, touch_id in numbers.items()])
    return numbers


MOST_AT_ONCE = 500
"""Touches of one statement: 17 values each, of the 32,766 that SQLite takes."""

_ASKED = (
    "key, purpose, channel, via, address, unit_id, subject_id, person_id, conversation_id, topic, title, "
    "asked_by, asked_us, due_us, not_after_us, changed_us, priority"
)
_ROW = f"({', '.join(['%s'] * 17)}, 'waiting', 0, '', '')"
_CONTENT = (
    "INSERT INTO touch_content (touch_id, subject, text, html, language, reply_to_message, "
    "sender_name, headers, secret) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_ATTACHMENT = (
    "INSERT INTO touch_attachment (touch_id, place, name, media_type, inline_id, content) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)


def _insert(wanted: Sequence[TouchRequest], now_us: int) -> dict[str, int]:
    """The rows of touches; the numbers of the new ones by key."""
    rows = sql.read(
        f"INSERT INTO touch ({_ASKED}, state, tries, code, provider_id) "
        f"VALUES {', '.join([_ROW] * len(wanted))} "
        "ON CONFLICT (key) DO NOTHING RETURNING key, id",
        tuple(chain.from_iterable(_row(each, now_us) for each in wanted)),
    )
    return {key: int(touch_id) for key, touch_id in rows}


def _row(wanted: TouchRequest, now_us: int) -> tuple[Any, ...]:
    return (
        wanted.key,
        wanted.purpose,
        wanted.channel,
        wanted.via,
        storable(wanted.to.address),
        wanted.to.unit_id,
        wanted.to.subject_id,
        wanted.to.person_id,
        wanted.conversation_id,
        wanted.topic,
        "" if wanted.secret else storable(wanted.subject or wanted.text)[:_LONGEST_TITLE],
        storable(wanted.asked_by),
        now_us,
        max(now_us, wanted.not_before_us or 0),
        wanted.not_after_us,
        now_us,
        wanted.priority,
    )


def _keep_contents(asked: Sequence[tuple[int, TouchRequest]]) -> None:
    attached = [
        (touch_id, place, storable(each.name), each.media_type, each.inline_id, each.content)
        for touch_id, wanted in asked
        for place, each in enumerate(wanted.attachments)
    ]
    with connection.cursor() as cursor:
        if asked:
            cursor.executemany(_CONTENT, [_content(touch_id, wanted) for touch_id, wanted in asked])
        if attached:
            cursor.executemany(_ATTACHMENT, attached)


def _content(touch_id: int, wanted: TouchRequest) -> tuple[Any, ...]:
    return (
        touch_id,
        storable(wanted.subject),
        storable(wanted.text),
        storable(wanted.html),
        wanted.language,
        storable(wanted.reply_to_message),
        storable(wanted.sender_name),
        json.dumps({name: storable(value) for name, value in wanted.headers.items()}),
        wanted.secret,
    )


def attachments_of(touch_id: int) -> tuple[Attachment, ...]:
    """The files of a touch, in their order."""
    rows = sql.read(
        "SELECT name, media_type, content, inline_id FROM touch_attachment "
        "WHERE touch_id = %s ORDER BY place",
        (touch_id,),
    )
    return tuple(
        Attachment(name, media_type, bytes(content), inline_id)
        for name, media_type, content, inline_id in rows
    )


def _batched(wanted: Iterable[TouchRequest], most: int) -> Iterator[tuple[TouchRequest, ...]]:
    rest = iter(wanted)
    while some := tuple(islice(rest, most)):
        yield some


def storable(words: str) -> str:
    """What every database takes: no NUL, no half of a surrogate pair."""
    if "\0" in words:
        words = words.replace("\0", "\ufffd")
    return words if words.isascii() else words.encode("utf-8", "replace").decode("utf-8")


def _check(wanted: TouchRequest) -> None:
    """Refuse what would be wrong however often it were tried."""
    wrong = ""
    if not wanted.key or len(wanted.key) > LONGEST_KEY:
        wrong = "key"
    elif wanted.purpose not in PURPOSES:
        wrong = "purpose"
    elif wanted.channel not in TOUCH_CHANNELS:
        wrong = "channel"
    elif not wanted.to.address:
        wrong = "address"
    elif not wanted.text:
        wrong = "text"
    elif sum(len(each.content) for each in wanted.attachments) > MOST_ATTACHED:
        wrong = "attachments"
    if wrong:
        raise Refusal(
            "bad_touch",
            found=Text("A message was asked for whose {field} cannot be so.", field=wrong),
            expected=Text("A key, a purpose, a channel, an address, a text, and files of 20 MB at most."),
            remedy=Text("Ask again with what is missing; nothing was asked for."),
        )
