"""What the dispatcher does in the outbox: claims, results, and taking over from a sender that died.

The rule that everything hangs on: a connection hands the next touch over only after what became of the one
before is committed. Of what it claimed, in order, the first without a result is therefore the only one
that was perhaps handed over when it dies; the others certainly were not.

Every function runs inside the caller's transaction, but :func:`take_over`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.settings import Settings
from holdfast.store import outbox, sql

if TYPE_CHECKING:
    from holdfast.store.ingest_log import LogEvent

What = Literal["sent", "failed", "again", "unknown", "held", "refused", "returned"]
"""What became of a claimed touch. *again* waits for its next try, *returned* was never tried."""

SOURCE = "holdfast"
"""The source of what we do ourselves, in the event log."""

EVENTS: Mapping[str, str] = {"sent": "Touch Sent", "failed": "Touch Failed"}

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
        f"UPDATE touch_sender SET until_us = %s WHERE id IN ({_numbers(sender_ids)}) RETURNING id",
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
    for channel in _CHANNELS:
        row = sql.one(
            "SELECT 1 FROM touch WHERE state = 'waiting' AND channel = %s AND due_us <= %s LIMIT 1",
            (channel, now_us),
        )
        if row is not None:
            found.add(channel)
    return found


_CHANNELS = ("email", "telegram", "chat", "webhook")


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
    listed = _numbers(id_ for (id_,) in rows)
    sql.write(
        f"UPDATE touch SET state = 'claimed', sender_id = %s, changed_us = %s WHERE id IN ({listed})",
        (sender_id, now_us),
    )
    return [_claimed(row) for row in sql.read(f"{_SELECT} WHERE t.id IN ({listed}) {_IN_ORDER}")]


_IN_ORDER = "ORDER BY t.due_us, t.id"
_SELECT = (
    "SELECT t.id, t.tries, t.key, t.purpose, t.channel, t.address, t.unit_id, t.subject_id, t.person_id, "
    "t.via, t.conversation_id, t.topic, t.asked_by, t.not_after_us, c.subject, c.text, c.html, c.language, "
    "c.reply_to_message, c.sender_name, c.headers, c.secret, "
    "EXISTS (SELECT 1 FROM touch_attachment a WHERE a.touch_id = t.id) "
    "FROM touch t JOIN touch_content c ON c.touch_id = t.id"
)


def _claimed(row: sql.Row) -> Claimed:
    (id_, tries, key, purpose, channel, address, unit_id, subject_id, person_id, *rest) = row
    via, conversation_id, topic, asked_by, not_after_us, *said = rest
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
    _many(_UPDATE, [_updated(each) for each in settled])
    write_history(each.result for each in settled if not each.held_as_before)
    over = [each.result for each in settled if each.result.what in ("sent", "refused")]
    if forget := [each.touch_id for each in over if each.secret]:
        _forget_secrets(forget)
    return settled


def _ours(results: Sequence[Result]) -> dict[int, sql.Row]:
    by_id = {each.touch_id: each for each in results}
    lock = "" if sql.is_sqlite() else " FOR UPDATE"
    rows = sql.read(
        "SELECT id, sender_id, channel, purpose, unit_id, subject_id, conversation_id, tries, state, code "
        f"FROM touch WHERE id IN ({_numbers(by_id)}) AND state IN ('claimed', 'unknown') ORDER BY id{lock}"
    )
    return {row[0]: row[2:] for row in rows if row[1] == by_id[row[0]].sender_id}


def _settled(result: Result, row: sql.Row) -> Settled:
    channel, purpose, unit_id, subject_id, conversation_id, tries, was, was_code = row
    tried = result.what not in ("held", "refused", "returned")
    return Settled(
        result, channel, purpose, unit_id, subject_id, conversation_id, tries + tried, was, was_code
    )


_UPDATE = (
    "UPDATE touch SET state = %s, code = %s, reason = %s, provider_id = %s, tries = %s, "
    "due_us = COALESCE(%s, due_us), sender_id = CASE WHEN %s = 'unknown' THEN sender_id END, "
    "changed_us = %s WHERE id = %s"
)


def _updated(settled: Settled) -> tuple[Any, ...]:
    said = settled.result
    return (
        said.state,
        said.code,
        written(said.reason),
        said.provider_id,
        settled.tries,
        said.due_us,
        said.state,
        said.at_us,
        said.touch_id,
    )


def write_history(results: Iterable[Result]) -> None:
    """Add a row to the history of each touch."""
    _many(
        "INSERT INTO touch_try (touch_id, what, began_us, at_us, made_by, code, reason, provider_id) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
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
        ],
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


def _forget_secrets(touch_ids: Collection[int]) -> None:
    listed = _numbers(touch_ids)
    sql.write(
        "UPDATE touch_content SET subject = '', text = '', html = '', headers = '{}' "
        f"WHERE touch_id IN ({listed}) AND secret"
    )


# Taking over


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was taken over: connections that died, touches perhaps sent, touches that wait again."""

    connections: int = 0
    unknown: int = 0
    returned: int = 0


def take_over(
    settings: Settings, now_us: int, *, dedupes: Collection[str], gone: Callable[[str], bool], by: str
) -> TakenOver:
    """Take what died connections had claimed, each in a transaction of its own.

    ``gone`` says of a holder whose lease still runs whether its process is certainly no more. On the
    channels that ``dedupes`` nothing is unknown: sent twice it arrives once.
    """
    store.connect(settings)
    done = TakenOver()
    for sender_id, holder, channel, until_us in sql.read(
        "SELECT id, holder, channel, until_us FROM touch_sender ORDER BY id"
    ):
        if until_us > now_us and not gone(holder):
            continue
        with sql.short_write():
            if not sql.write(
                "DELETE FROM touch_sender WHERE id = %s AND until_us = %s", (sender_id, until_us)
            ):
                continue  # it lives after all, or somebody else was quicker
            unknown, returned = _take(sender_id, channel in dedupes, now_us, by)
        done = TakenOver(done.connections + 1, done.unknown + unknown, done.returned + returned)
    return _without_sender(done, dedupes, now_us, by)


def _without_sender(done: TakenOver, dedupes: Collection[str], now_us: int, by: str) -> TakenOver:
    """Take what belongs to a connection of which there is no row at all: a table was put back alone."""
    orphans = (
        "SELECT DISTINCT t.sender_id, t.channel FROM touch t WHERE t.state = 'claimed' "
        "AND NOT EXISTS (SELECT 1 FROM touch_sender s WHERE s.id = t.sender_id)"
    )
    if not sql.read(orphans):
        return done
    with sql.short_write():
        for sender_id, channel in sql.read(orphans):
            unknown, returned = _take(sender_id, channel in dedupes, now_us, by)
            done = TakenOver(done.connections + 1, done.unknown + unknown, done.returned + returned)
    return done


def _take(sender_id: int, again: bool, now_us: int, by: str) -> tuple[int, int]:
    rows = sql.read(
        f"SELECT t.id FROM touch t WHERE t.sender_id = %s AND t.state = 'claimed' {_IN_ORDER}", (sender_id,)
    )
    ids = [int(id_) for (id_,) in rows]
    unknown = [] if again else ids[:1]
    results = [
        Result(id_, sender_id, "unknown", by, None, now_us, "sender_died", _DIED)
        if id_ in unknown
        else Result(id_, sender_id, "returned", by, None, now_us, "sender_died")
        for id_ in ids
    ]
    _many(
        "UPDATE touch SET state = %s, code = %s, reason = %s, "
        "sender_id = CASE WHEN %s = 'unknown' THEN sender_id END, changed_us = %s WHERE id = %s",
        [
            (each.state, each.code, written(each.reason), each.state, now_us, each.touch_id)
            for each in results
        ],
    )
    write_history(results)
    return len(unknown), len(ids) - len(unknown)


_DIED = Text("The process that was handing it over ended at that moment: it may have arrived or not.")


def written(reason: Text | None) -> str | None:
    """A sentence as the database keeps it."""
    from holdfast.store.written import as_json

    if reason is None:
        return None
    return _UNKEPT.sub("\\\\ufffd", json.dumps(as_json(reason)))


_UNKEPT = re.compile(r"\\u0000|\\ud[89a-f][0-9a-f]{2}")
"""What another server may say and no database keeps: NUL, and halves of letters."""


def _numbers(some: Iterable[int]) -> str:
    return ", ".join(str(int(each)) for each in some)


def _many(statement: str, rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
