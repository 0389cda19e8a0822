"""What the dispatcher does in the outbox: claims and results.

The rule that everything hangs on: a connection hands the next touch over only after what became of the one
before is committed. Of what it claimed, in order, the first without a result is therefore the only one
that was perhaps handed over when it dies; the others certainly were not.

Every function runs inside the caller's transaction. :mod:`holdfast.store.outbox_taking` takes over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.domain.touch import TOUCH_CHANNELS, Recipient, TouchRequest
from holdfast.settings import Settings
from holdfast.store import outbox, sql

if TYPE_CHECKING:
    from holdfast.store.ingest_log import LogEvent

What = Literal["sent", "failed", "again", "unknown", "held", "refused", "returned"]
"""What became of a claimed touch. *again* waits for its next try, *returned* was never tried."""

SOURCE = "holdfast"
"""The source of what we do ourselves, in the event log."""

EVENTS: Mapping[str, str] = {"sent": "Touch Sent", "failed": "Touch Failed"}

_AT_ONCE = 60
"""Results in one statement."""

_STATES: Mapping[str, str] = {"again": "waiting", "returned": "waiting"}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A touch that a connection has claimed; ``tries`` counts those before."""

    touch_id: int
    request: TouchRequest
    tries: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a touch that ``sender_id`` had claimed; ``due_us`` is when it is tried next.

    The words of a ``secret`` one are forgotten when it is sent or never will be.
    """

    touch_id: int
    sender_id: int
    what: What
    made_by: str
    began_us: int | None
    at_us: int
    code: str = ""
    reason: Text | None = None
    provider_id: str = ""
    due_us: int | None = None
    secret: bool = False

    @property
    def state(self) -> str:
        """The state of the touch then; held until a known moment it waits for that."""
        if self.what == "held" and self.due_us is not None:
            return "waiting"
        return _STATES.get(self.what, self.what)


@dataclass(frozen=True, slots=True)
class Settled:
    """A result that was written down, with what the rest of the product needs to know of its touch."""

    result: Result
    channel: str
    purpose: str
    unit_id: int | None
    subject_id: int | None
    conversation_id: int | None
    tries: int
    was: str
    was_code: str

    @property
    def held_as_before(self) -> bool:
        """Whether it was looked at again and is held for the same reason: nothing happened."""
        return self.result.what == "held" and self.result.code == self.was_code


# Senders


def enter(settings: Settings, holder: str, channel: str, until_us: int) -> int:
    """Say that a connection of ``holder`` sends on ``channel``; its number."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO touch_sender (holder, channel, until_us) VALUES (%s, %s, %s) RETURNING id",
        (holder, channel, until_us),
    )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def prolong(settings: Settings, sender_ids: Collection[int], until_us: int) -> set[int]:
    """Put off the end of these connections' leases; which of them still have one."""
    store.connect(settings)
    if not sender_ids:
        return set()
    rows = sql.read(
        f"UPDATE touch_sender SET until_us = %s WHERE id IN ({numbers(sender_ids)}) RETURNING id",
        (until_us,),
    )
    return {int(id_) for (id_,) in rows}


def leave(settings: Settings, sender_id: int, now_us: int) -> None:
    """A connection ends in order: what it claimed and did not hand over waits again."""
    store.connect(settings)
    sql.write(
        "UPDATE touch SET state = 'waiting', sender_id = NULL, changed_us = %s "
        "WHERE sender_id = %s AND state = 'claimed'",
        (now_us, sender_id),
    )
    sql.write("DELETE FROM touch_sender WHERE id = %s", (sender_id,))


# Claims


def waiting_on(settings: Settings, now_us: int) -> set[str]:
    """The channels on which a touch is due."""
    store.connect(settings)
    found: set[str] = set()
    for channel in TOUCH_CHANNELS:
        row = sql.one(
            "SELECT 1 FROM touch WHERE state = 'waiting' AND channel = %s AND due_us <= %s LIMIT 1",
            (channel, now_us),
        )
        if row is not None:
            found.add(channel)
    return found


def claim(settings: Settings, sender_id: int, channel: str, now_us: int, most: int) -> list[Claimed]:
    """Claim at most so many touches that are due, the longest due first; in the order to hand them over."""
    store.connect(settings)
    lock = "" if sql.is_sqlite() else " FOR UPDATE SKIP LOCKED"
    rows = sql.read(
        "SELECT id FROM touch WHERE state = 'waiting' AND channel = %s AND due_us <= %s "
        f"ORDER BY due_us, id LIMIT {int(most)}{lock}",
        (channel, now_us),
    )
    if not rows:
        return []
    listed = numbers(id_ for (id_,) in rows)
    sql.write(
        f"UPDATE touch SET state = 'claimed', sender_id = %s, changed_us = %s WHERE id IN ({listed})",
        (sender_id, now_us),
    )
    return [_claimed(row) for row in sql.read(f"{_SELECT} WHERE t.id IN ({listed}) ORDER BY t.due_us, t.id")]


_SELECT = (
    "SELECT t.id, t.tries, t.key, t.purpose, t.channel, t.address, t.unit_id, t.subject_id, t.person_id, "
    "t.via, t.conversation_id, t.topic, t.asked_by, t.not_after_us, t.priority, t.asked_us, "
    "c.subject, c.text, c.html, c.language, c.reply_to_message, c.sender_name, c.headers, c.secret, "
    "EXISTS (SELECT 1 FROM touch_attachment a WHERE a.touch_id = t.id) "
    "FROM touch t JOIN touch_content c ON c.touch_id = t.id"
)


def _claimed(row: sql.Row) -> Claimed:
    (id_, tries, key, purpose, channel, address, unit_id, subject_id, person_id, *rest) = row
    via, conversation_id, topic, asked_by, not_after_us, priority, asked_us, *said = rest
    subject, text, html, language, reply_to_message, sender_name, headers, secret, attached = said
    request = TouchRequest(
        key=key,
        purpose=purpose,
        channel=channel,
        to=Recipient(address, unit_id, subject_id, person_id),
        subject=subject,
        text=text,
        html=html,
        language=language,
        not_after_us=not_after_us,
        reply_to_message=reply_to_message,
        headers=json.loads(headers) if isinstance(headers, str) else headers,
        attachments=outbox.attachments_of(id_) if attached else (),
        via=via,
        conversation_id=conversation_id,
        topic=topic,
        sender_name=sender_name,
        asked_by=asked_by,
        secret=bool(secret),
        priority=priority,
        asked_us=asked_us,
    )
    return Claimed(int(id_), request, int(tries))


# Results


def settle(settings: Settings, results: Sequence[Result]) -> list[Settled]:
    """Write down what became of touches, each with a row of its history; those that were ours to say.

    A touch that was erased meanwhile is not there any more. One that somebody took over is *unknown* by
    now; what its first sender still learns of it counts.
    """
    store.connect(settings)
    if not results:
        return []
    known = _ours(results)
    settled = [_settled(each, known[each.touch_id]) for each in results if each.touch_id in known]
    if not settled:
        return []
    _update(settled)
    write_history(each.result for each in settled if not each.held_as_before)
    over = [each.result for each in settled if each.result.what in ("sent", "refused")]
    if forget := [each.touch_id for each in over if each.secret]:
        forget_secrets(forget)
    return settled


def _ours(results: Sequence[Result]) -> dict[int, sql.Row]:
    by_id = {each.touch_id: each for each in results}
    lock = "" if sql.is_sqlite() else " FOR UPDATE"
    rows = sql.read(
        "SELECT id, sender_id, channel, purpose, unit_id, subject_id, conversation_id, tries, state, code "
        f"FROM touch WHERE id IN ({numbers(by_id)}) AND state IN ('claimed', 'unknown') ORDER BY id{lock}"
    )
    return {row[0]: row[2:] for row in rows if row[1] == by_id[row[0]].sender_id}


def _settled(result: Result, row: sql.Row) -> Settled:
    channel, purpose, unit_id, subject_id, conversation_id, tries, was, was_code = row
    tried = result.what not in ("held", "refused", "returned")
    return Settled(
        result, channel, purpose, unit_id, subject_id, conversation_id, tries + tried, was, was_code
    )


_RESULT = (
    "(CAST(%s AS BIGINT), CAST(%s AS TEXT), CAST(%s AS TEXT), CAST(%s AS TEXT), CAST(%s AS TEXT), "
    "CAST(%s AS INTEGER), CAST(%s AS BIGINT), CAST(%s AS BIGINT))"
)
_UPDATE = (
    "WITH said (id, state, code, reason, provider_id, tries, due_us, at_us) AS (VALUES {rows}) "
    "UPDATE touch SET state = said.state, code = said.code, reason = {reason}, "
    "provider_id = said.provider_id, tries = said.tries, due_us = COALESCE(said.due_us, touch.due_us), "
    "sender_id = CASE WHEN said.state = 'unknown' THEN touch.sender_id END, changed_us = said.at_us "
    "FROM said WHERE touch.id = said.id"
)
"""All results of one turn in one statement; reasons are JSON."""


def _update(settled: Sequence[Settled]) -> None:
    for first in range(0, len(settled), _AT_ONCE):
        some = [_updated(each) for each in settled[first : first + _AT_ONCE]]
        statement = _UPDATE.format(
            rows=", ".join([_RESULT] * len(some)),
            reason="said.reason" if sql.is_sqlite() else "CAST(said.reason AS JSONB)",
        )
        sql.write(statement, [value for row in some for value in row])


def _updated(settled: Settled) -> tuple[Any, ...]:
    said = settled.result
    return (
        said.touch_id,
        said.state,
        said.code,
        written(said.reason),
        said.provider_id,
        settled.tries,
        said.due_us,
        said.at_us,
    )


def write_history(results: Iterable[Result]) -> None:
    """Add a row to the history of each touch."""
    rows = [
        (
            each.touch_id,
            each.what,
            each.began_us,
            each.at_us,
            each.made_by,
            each.code,
            written(each.reason),
            each.provider_id,
        )
        for each in results
    ]
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        sql.write(
            "INSERT INTO touch_try (touch_id, what, began_us, at_us, made_by, code, reason, provider_id) "
            f"VALUES {', '.join(['(%s, %s, %s, %s, %s, %s, %s, %s)'] * len(some))}",
            [value for row in some for value in row],
        )


def events_of(settled: Iterable[Settled], present_us: int) -> list[LogEvent]:
    """The facts for the event log: of touches to customers, and without any address."""
    from holdfast.store.ingest_log import LogEvent

    return [
        LogEvent(
            event_key=event_key(each.result.touch_id, each.result.what, each.tries),
            message_id=None,
            subject_id=each.subject_id,
            at_us=min(present_us, each.result.at_us),
            known_us=each.result.at_us,
            name=EVENTS[each.result.what],
            source=SOURCE,
            object_kind="touch",
            object_id=str(each.result.touch_id),
            code=each.channel,
            details=json.dumps({"purpose": each.purpose, "reason": each.result.code}),
        )
        for each in settled
        if each.subject_id is not None and each.purpose != "staff" and each.result.what in EVENTS
    ]


def event_key(touch_id: int, what: str, tries: int) -> bytes:
    """The key of a fact about a touch among all events."""
    return blake2b(f"touch\x1f{touch_id}\x1f{what}\x1f{tries}".encode(), digest_size=16).digest()


def forget_secrets(touch_ids: Collection[int]) -> None:
    """Forget the words of those of these touches that are secret."""
    listed = numbers(touch_ids)
    sql.write(
        "UPDATE touch_content SET subject = '', text = '', html = '', headers = '{}' "
        f"WHERE touch_id IN ({listed}) AND secret"
    )


def written(reason: Text | None) -> str | None:
    """A sentence as the database keeps it."""
    from holdfast.store.written import as_json

    if reason is None:
        return None
    return _UNKEPT.sub("\\\\ufffd", json.dumps(as_json(reason)))


_UNKEPT = re.compile(r"\\u0000|\\ud[89a-f][0-9a-f]{2}")
"""What another server may say and no database keeps: NUL, and halves of letters."""


def numbers(some: Iterable[int]) -> str:
    """Numbers of ours as SQL."""
    return ", ".join(str(int(each)) for each in some)
