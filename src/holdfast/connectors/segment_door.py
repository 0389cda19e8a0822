"""The same answers as :mod:`holdfast.connectors.segment` gives, quicker: what the door of the web asks.

Nearly every event is plain: its ids are short texts, its amounts numbers, its moment is written as the
standard says. Compiled code sees that in a few microseconds, and nothing that is plain can be refused.
Only the others are read as the take-in reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import msgspec

from holdfast.connectors import segment
from holdfast.connectors.segment import MOST_EVENT_BYTES, Said

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEVERAL = ("batch", "import")
_NEEDED = {
    "identify": "",
    "track": "event",
    "group": "groupId",
    "alias": "previousId",
    "page": "",
    "screen": "",
}
"""What a kind of call needs beside the id of somebody."""
_DEEP_ENOUGH = 12
_NO_BRACKETS = bytes(code for code in range(256) if code not in b"{}[]")
_SAME_CLOCK_US = 60_000_000
_A_LITTLE_AHEAD = timedelta(hours=1)
_HALF_LETTERS = (b"\\ud", b"\\uD")
"""Escapes of letters that come in two halves: only a full reading knows whether both are there."""

Word = str | int | float | bool | None
Number = Annotated[float, msgspec.Meta(ge=-1e13, le=1e13)] | None
Few = Annotated[float, msgspec.Meta(ge=-1e4, le=1e4)] | None
Price = Annotated[float, msgspec.Meta(ge=-1e7, le=1e7)] | None
Moment = Annotated[datetime, msgspec.Meta(tz=True)] | None
Id = (
    Annotated[str, msgspec.Meta(max_length=255)]
    | Annotated[int, msgspec.Meta(ge=-(10**15), le=10**15)]
    | None
)
Name = Annotated[str, msgspec.Meta(max_length=200)] | None


class _Anything(msgspec.Struct, gc=False):
    """An object; what is in it matters to nobody here."""


class _Product(msgspec.Struct, gc=False):
    """A line of an order."""

    product_id: Word = None
    sku: Word = None
    quantity: Few = None
    price: Price = None


class _Properties(msgspec.Struct, gc=False):
    """Those properties that may fill a column of the event log, as what they should be."""

    object_kind: Word = None
    object_id: Word = None
    amount: Number = None
    currency: str | None = None
    quantity: Number = None
    product_id: Word = None
    code: Word = None
    score: Number = None
    promised_at: None = None
    due_at: None = None
    products: list[_Product] | None = None
    total: Number = None
    revenue: Number = None
    value: Number = None
    price: Number = None
    mrr: Number = None
    monthly_amount: Number = None
    seats: Number = None
    rating: Number = None
    count: Number = None
    order_id: Word = None
    subscription_id: Word = None
    invoice_id: Word = None
    ticket_id: Word = None
    message_id: Word = None
    email_id: Word = None
    campaign_id: Word = None
    cart_id: Word = None
    survey_id: Word = None
    list_id: Word = None
    coupon_id: Word = None
    coupon_name: Word = None
    coupon: Word = None
    category: Word = None
    sku: Word = None
    plan: Word = None
    topic: Word = None
    priority: Word = None
    channel: Word = None
    link_url: Word = None
    reason: Word = None
    failure_code: Word = None
    query: Word = None
    share_via: Word = None
    survey: Word = None
    survey_type: Word = None
    name: Word = None
    path: Word = None
    url: Word = None
    feature: Word = None
    type: Word = None
    method: Word = None


class _Event(msgspec.Struct, gc=False):
    """An event that is plain."""

    type: Literal["identify", "track", "group", "alias", "page", "screen"] | None = None
    userId: Id = None  # noqa: N815  (the names of the format)
    anonymousId: Id = None  # noqa: N815
    groupId: Id = None  # noqa: N815
    previousId: Id = None  # noqa: N815
    messageId: Id = None  # noqa: N815
    event: Name = None
    timestamp: Moment = None
    originalTimestamp: None = None  # noqa: N815
    sentAt: None = None  # noqa: N815
    properties: _Properties | None = None
    traits: _Anything | None = None
    context: _Anything | None = None


class _Body(msgspec.Struct):
    batch: list[msgspec.Raw] | None = None
    sentAt: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815


class _PlainBody(msgspec.Struct):
    batch: list[_Event]
    sentAt: str | None = None  # noqa: N815


_event = msgspec.json.Decoder(_Event)
_body = msgspec.json.Decoder(_Body)
_plain_body = msgspec.json.Decoder(_PlainBody)


def look_at(
    body: bytes, *, endpoint: str, received_us: int, browser: bool = False
) -> tuple[int, Sequence[Said]]:
    """How many events a body holds, and those that cannot be understood, each with the reason.

    Refuses what :func:`holdfast.connectors.segment.read_body` refuses, in the same words.
    """
    latest = _EPOCH + timedelta(microseconds=received_us) + _A_LITTLE_AHEAD
    if endpoint in _SEVERAL and (count := _all_plain(body, received_us, latest)) is not None:
        return count, ()
    opened = _opened(body, endpoint)
    if opened is None or not _same_clock(opened[1], received_us):
        said = list(segment.read_body(body, endpoint=endpoint, received_us=received_us, browser=browser))
        return len(said), [each for each in said if each.refusal is not None]
    written, sent_at = opened
    closer = [n for n, raw in enumerate(written) if not _is_plain(raw, endpoint, latest)]
    if not closer:
        return len(written), ()
    if endpoint in _SEVERAL:
        body = b'{"sentAt":%b,"batch":[%b]}' % (sent_at, b",".join(written[n] for n in closer))
    said = list(segment.read_body(body, endpoint=endpoint, received_us=received_us, browser=browser))
    refused = [
        replace(each, index=n) for n, each in zip(closer, said, strict=True) if each.refusal is not None
    ]
    return len(written), refused


def _all_plain(body: bytes, received_us: int, latest: datetime) -> int | None:
    """How many events a batch holds when every one of them is plain; ``None``: look closer.

    All of them are seen at once, by code that is compiled.
    """
    if not _is_flat(body):
        return None
    try:
        body.decode()
        opened = _plain_body.decode(body)
        longest = max(map(len, map(bytes, _body.decode(body).batch or ()))) if _may_be_large(body) else 0
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    events = opened.batch
    if len(events) > segment.MOST_EVENTS or longest > MOST_EVENT_BYTES:
        return None
    if opened.sentAt is not None and not _shows(opened.sentAt, received_us):
        return None
    return len(events) if _are_plain(events, "", latest) else None


def _may_be_large(body: bytes) -> bool:
    """Whether one of its events may be larger than an event may be."""
    return len(body) > MOST_EVENT_BYTES


def _opened(body: bytes, endpoint: str) -> tuple[Sequence[bytes], bytes] | None:
    """The events as they were written, and when the sender says it sent them; ``None``: look closer."""
    try:
        body.decode()
        if endpoint not in _SEVERAL:
            return [body], b"null"
        opened = _body.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if opened.batch is None or len(opened.batch) > segment.MOST_EVENTS:
        return None
    return [bytes(raw) for raw in opened.batch], bytes(opened.sentAt)


def _same_clock(sent_at: bytes, received_us: int) -> bool:
    """Whether the sender's clock shows about what ours does, or it says nothing of it."""
    if sent_at == b"null":
        return True
    try:
        return _shows(msgspec.json.decode(sent_at), received_us)
    except (msgspec.MsgspecError, RecursionError):
        return False


def _shows(written: object, received_us: int) -> bool:
    sent_us = segment.moment(written)
    return sent_us is not None and abs(received_us - sent_us) <= _SAME_CLOCK_US


def _is_plain(raw: bytes, endpoint: str, latest: datetime) -> bool:
    """Whether nothing about this event can be refused."""
    if len(raw) > MOST_EVENT_BYTES or not _is_flat(raw):
        return False
    try:
        event = _event.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return _are_plain([event], endpoint, latest)


def _is_flat(written: bytes) -> bool:
    """Whether it is nested so little that nobody minds, and has no letter whose second half may be missing.

    Brackets within texts count too: then it is looked at closer.
    """
    if any(half in written for half in _HALF_LETTERS):
        return False
    brackets = written.translate(None, _NO_BRACKETS)
    for _ in range(_DEEP_ENOUGH):
        if not brackets:
            return True
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return not brackets


def _are_plain(events: Sequence[_Event], endpoint: str, latest: datetime) -> bool:
    """Whether what each kind of call needs is there, and ids, names, moments and currencies are such."""
    told: list[str | int | None] = []
    for event in events:
        needed = _NEEDED.get(event.type or endpoint)
        if needed is None or (event.userId is None and event.anonymousId is None):
            return False
        if needed and getattr(event, needed) is None:
            return False
        if event.timestamp is not None and not _EPOCH <= event.timestamp <= latest:
            return False
        if event.properties is not None and not _is_currency(event.properties.currency):
            return False
        told += (
            event.userId,
            event.anonymousId,
            event.messageId,
            event.event,
            event.groupId,
            event.previousId,
        )
    texts = [str(each) for each in told if each is not None]
    return all(map(str.strip, texts)) and "".join(texts).isprintable()


def _is_currency(given: str | None) -> bool:
    return given is None or (len(given) == 3 and given.isascii() and given.isalpha())
