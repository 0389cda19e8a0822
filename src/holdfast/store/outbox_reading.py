"""The outbox as people look at it: lists by state, one touch with all that happened to it, and their acts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.domain.touch import STATES
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.outbox_sending import Result, forget_secrets, write_history, written


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which touches: of some states, a channel, a purpose, a customer; with a number below ``before``."""

    states: tuple[str, ...] = ()
    channel: str = ""
    purpose: str = ""
    unit_id: int | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """One touch of the list; ``reason`` says why it is where it is. Moments are microseconds UTC."""

    id: int
    key: str
    purpose: str
    channel: str
    via: str
    state: str
    address: str
    unit_id: int | None
    subject_id: int | None
    person_id: int | None
    conversation_id: int | None
    topic: str
    title: str
    asked_by: str
    asked_us: int
    due_us: int
    tries: int
    code: str
    reason: Text | None
    provider_id: str
    changed_us: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a touch; see :class:`holdfast.store.models.outbox.TouchTry`."""

    what: str
    began_us: int | None
    at_us: int
    made_by: str
    code: str
    reason: Text | None
    provider_id: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes along: its name, its type, its size in bytes."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a touch says; empty where it was secret and has been sent, or is older than words are kept."""

    subject: str
    text: str
    html: str
    language: str
    reply_to_message: str
    sender_name: str
    headers: Mapping[str, str]
    secret: bool
    files: Sequence[File]


_NAMES = [each.name for each in fields(Listed)]
_COLUMNS = ", ".join(_NAMES)


def listed(settings: Settings, wanted: Wanted, limit: int) -> list[Listed]:
    """The touches that are wanted, the newest first."""
    store.connect(settings)
    conditions, values = ["1 = 1"], list[object]()
    if wanted.states:
        conditions.append(f"state IN ({', '.join(['%s'] * len(wanted.states))})")
        values += wanted.states
    for column in ("channel", "purpose", "unit_id"):
        if value := getattr(wanted, column):
            conditions.append(f"{column} = %s")
            values.append(value)
    if wanted.before:
        conditions.append("id < %s")
        values.append(wanted.before)
    rows = sql.read(
        f"SELECT {_COLUMNS} FROM touch WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT {int(limit)}",
        values,
    )
    return [_listed(row) for row in rows]


def one(settings: Settings, touch_id: int) -> Listed | None:
    """One touch."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM touch WHERE id = %s", (touch_id,))
    return None if row is None else _listed(row)


def counted(settings: Settings, states: Sequence[str] = tuple(STATES)) -> dict[str, int]:
    """How many touches there are in each of these states; those that are long over are many."""
    store.connect(settings)
    marks = ", ".join(["%s"] * len(states))
    rows = sql.read(f"SELECT state, COUNT(*) FROM touch WHERE state IN ({marks}) GROUP BY state", states)
    return {str(state): int(count) for state, count in rows}


def sent_since(settings: Settings, since_us: int) -> int:
    """How many touches went out since a moment."""
    store.connect(settings)
    row = sql.one("SELECT COUNT(*) FROM touch WHERE state = 'sent' AND changed_us >= %s", (since_us,))
    return 0 if row is None else int(row[0])


def history(settings: Settings, touch_id: int) -> list[Happened]:
    """All that happened to a touch, the oldest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT what, began_us, at_us, made_by, code, reason, provider_id FROM touch_try "
        "WHERE touch_id = %s ORDER BY id",
        (touch_id,),
    )
    return [
        Happened(what, began, at, by, code, _sentence(reason), provider)
        for what, began, at, by, code, reason, provider in rows
    ]


def content_of(settings: Settings, touch_id: int) -> Content | None:
    """What a touch says."""
    store.connect(settings)
    row = sql.one(
        "SELECT subject, text, html, language, reply_to_message, sender_name, headers, secret "
        "FROM touch_content WHERE touch_id = %s",
        (touch_id,),
    )
    if row is None:
        return None
    subject, text, html, language, reply_to_message, sender_name, headers, secret = row
    files = sql.read(
        "SELECT name, media_type, LENGTH(content) FROM touch_attachment WHERE touch_id = %s ORDER BY place",
        (touch_id,),
    )
    return Content(
        subject,
        text,
        html,
        language,
        reply_to_message,
        sender_name,
        json.loads(headers) if isinstance(headers, str) else headers,
        bool(secret),
        [File(name, media_type, int(size)) for name, media_type, size in files],
    )


def address_of(settings: Settings, touch_id: int) -> str:
    """Where a touch goes; "" for no such touch."""
    store.connect(settings)
    row = sql.one("SELECT address FROM touch WHERE id = %s", (touch_id,))
    return "" if row is None else str(row[0])


# What people do

RETRIED = ("failed", "unknown", "held")
"""States from which a person may send a touch (again)."""

CANCELLED = ("waiting", "held", "unknown", "failed")
"""States in which a person may call a touch off."""


def send_again(settings: Settings, touch_id: int, *, by: str, now_us: int) -> bool:
    """Let a touch wait to be sent (again); whether it was in one of :data:`RETRIED` and has its words still.

    Of one that is *unknown* a person decides so after a look at the other side: it may arrive twice.
    """
    return _act(settings, touch_id, RETRIED, "waiting", "released", by, now_us)


def cancel(settings: Settings, touch_id: int, *, by: str, now_us: int) -> bool:
    """Call a touch off; whether it was in one of :data:`CANCELLED`. What is being sent is not called back."""
    return _act(settings, touch_id, CANCELLED, "cancelled", "cancelled", by, now_us)


def _act(
    settings: Settings, touch_id: int, states: Sequence[str], state: str, what: str, by: str, now_us: int
) -> bool:
    store.connect(settings)
    marks = ", ".join(["%s"] * len(states))
    with_words = _HAS_WORDS if state == "waiting" else ""
    with sql.short_write():
        changed = sql.write(
            "UPDATE touch SET state = %s, due_us = %s, code = '', reason = NULL, sender_id = NULL, "
            f"changed_us = %s WHERE id = %s AND state IN ({marks}) {with_words}",
            (state, now_us, now_us, touch_id, *states),
        )
        if changed:
            write_history([Result(touch_id, 0, what, by, None, now_us)])  # type: ignore[arg-type]
        if changed and state == "cancelled":
            forget_secrets([touch_id])
    return bool(changed)


_HAS_WORDS = "AND EXISTS (SELECT 1 FROM touch_content c WHERE c.touch_id = touch.id AND c.text <> '')"
"""What rules for what is kept have emptied cannot be sent: nothing would arrive."""


def release(settings: Settings, codes: Sequence[str], now_us: int) -> int:
    """Let touches that were held for one of these reasons wait for another look; how many.

    Their ``code`` stays until then: who is held for the same reason again has no new row of history.
    """
    store.connect(settings)
    marks = ", ".join(["%s"] * len(codes))
    done = 0
    while True:
        with sql.short_write():
            changed = sql.write(
                "UPDATE touch SET state = 'waiting', due_us = %s, changed_us = %s WHERE id IN "
                f"(SELECT id FROM touch WHERE state = 'held' AND code IN ({marks}) LIMIT {sql.RANGE})",
                (now_us, now_us, *codes),
            )
        done += changed
        if changed < sql.RANGE:
            return done


RESTORED = "restored"


def hold_all(settings: Settings, now_us: int) -> int:
    """Hold everything that waits, in a workspace that was just put back from a backup; how many touches.

    What was sent after the backup was made waits in it still: sent by itself it would arrive twice.
    """
    store.connect(settings)
    reason = Text(
        "The workspace was put back from a backup: it may have been sent since the backup was made."
    )
    done = sql.write(
        "UPDATE touch SET state = 'held', code = %s, reason = %s, sender_id = NULL, changed_us = %s "
        "WHERE state IN ('waiting', 'claimed')",
        (RESTORED, written(reason), now_us),
    )
    sql.write("DELETE FROM touch_sender")
    return done


def _listed(row: sql.Row) -> Listed:
    told = dict(zip(_NAMES, row, strict=True))
    return Listed(**(told | {"reason": _sentence(told["reason"])}))


def _sentence(kept: Any) -> Text | None:
    from holdfast.store.written import from_json

    if kept is None:
        return None
    said = from_json(json.loads(kept) if isinstance(kept, str) else kept)
    return said if isinstance(said, Text) else None


def sent_to(settings: Settings, address: str, names: Sequence[str]) -> int:
    """The touch to a mail ``address`` that a provider calls one of ``names`` (Message-IDs); 0 for none.

    Found by whom the address belongs to: a touch to nobody whom we know is not found.
    """
    store.connect(settings)
    if not names:
        return 0
    row = sql.one(
        f"SELECT t.id FROM touch t WHERE t.provider_id IN ({', '.join(['%s'] * len(names))}) "
        "AND LOWER(t.address) = %s AND t.subject_id IN "
        "(SELECT subject_id FROM contact_point WHERE kind = 'email' AND value = %s) LIMIT 1",
        (*names, address.lower(), address.lower()),
    )
    return 0 if row is None else int(row[0])
