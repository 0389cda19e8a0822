"""Calls in the Segment HTTP format: what one says, or why it cannot be understood.

Pure: the door (web) asks the same questions as the take-in, with the same moment of arrival, so that
what was answered to the sender and what is kept in the quarantine agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from holdfast.connectors.segment_consent import Agreed, consent_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

MOST_EVENTS = 2_500
"""Events in one call."""
MOST_BODY_BYTES = 500_000
"""Bytes of one call, unpacked."""
MOST_EVENT_BYTES = 32_768
"""Bytes of one event as sent."""

KINDS = ("identify", "track", "group", "alias", "page", "screen")
"""The types of calls; each is an endpoint too, beside "batch" and "import", which hold several."""

_MOST_ID = 255
_MOST_NAME = 200
_MOST_DEPTH = 20
_SECOND = 1_000_000
_SKEW_US = 60 * _SECOND
"""Smaller differences of clocks are the way through the network."""
_AHEAD_US = 86_400 * _SECOND
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f]")
_EMPTY: Mapping[str, Any] = {}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Call:
    """One call, understood. ``name`` is the event's ("" for identify, group and alias).

    ``at_us`` is when it happened, by our clock; ``external`` are further ids of the person as
    (namespace, key), ``consent`` what the person agreed to or declined.
    """

    kind: str
    message_id: str
    user: str
    anonymous: str
    group: str
    previous: str
    at_us: int
    name: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    traits: Mapping[str, Any] = field(default_factory=dict)
    external: tuple[tuple[str, str], ...] = ()
    consent: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One event of a body: ``written`` as it was sent, and what it says, or the reason why nothing."""

    index: int
    written: bytes
    call: Call | None
    refusal: Refusal | None
    message_id: str


def read_body(
    body: bytes, *, endpoint: str, received_us: int, browser: bool = False, with_values: bool = True
) -> Iterator[Said]:
    """Every event of the body of a call to ``endpoint``, in order.

    ``with_values`` looks also whether amounts, numbers and moments among the properties are such: what
    the door answers; whoever makes rows of them finds out anyway.

    Refuses a body that is no JSON object in UTF-8 ("not_json"), a batch that has no events
    ("no_batch") or more than :data:`MOST_EVENTS` ("too_many_events"): then none of it counts.
    """
    written, sent_at = _events_of(body, endpoint)
    sent_us = moment(sent_at)
    for index, raw in enumerate(written):
        yield _said(index, raw, endpoint, received_us, sent_us, browser, with_values)


def write_key_of(body: bytes) -> str:
    """The write key that a body carries itself, "" for none; refuses what is no JSON."""
    key = _opened(body).writeKey
    return key if isinstance(key, str) else ""


def check(call: object, *, endpoint: str, received_us: int, browser: bool = False) -> Refusal | None:
    """Why one event cannot be understood; ``None`` when it can."""
    try:
        read_call(call, endpoint=endpoint, received_us=received_us, browser=browser)
    except Refusal as refusal:
        return refusal
    return None


def read_call(
    call: object, *, endpoint: str, received_us: int, sent_us: int | None = None, browser: bool = False
) -> Call:
    """What one event says. Refuses what cannot be understood, with what was found and what helps.

    ``sent_us`` is the sender's clock when it sent the body; an event that says so itself goes first.
    """
    if not isinstance(call, Mapping):
        raise bad("not_an_event", "an event is not an object", 'an object like {"type": "track", ...}')
    kind = _kind(call, endpoint)
    user, anonymous = _id(call, "userId"), _id(call, "anonymousId")
    group, previous = _id(call, "groupId"), _id(call, "previousId")
    _check_ids(kind, user, anonymous, group, previous)
    context = _mapping(call, "context")
    properties, traits = _mapping(call, "properties"), _mapping(call, "traits")
    if kind == "track" and not traits:
        traits = _EMPTY
    _check_depth(call)
    return Call(
        kind,
        _message_id(call),
        user,
        anonymous,
        group,
        previous,
        _happened(call, endpoint, received_us, sent_us),
        _name(call, kind, properties),
        properties,
        traits,
        () if browser else _external(context),
        () if browser or kind in ("group", "alias") else consent_of(context, traits),
    )


def _events_of(body: bytes, endpoint: str) -> tuple[Sequence[bytes], object]:
    """The events of a body as they were written, and the moment at which the sender says it sent them."""
    if endpoint not in ("batch", "import"):
        return [body], _opened(body).sentAt
    opened = _opened(body)
    if opened.batch is None:
        raise bad("no_batch", "the body has no list of events", '{"batch": [ ... ]}')
    if len(opened.batch) > MOST_EVENTS:
        raise Refusal(
            "too_many_events",
            found=Text("The call holds {n} event.", "The call holds {n} events.", n=len(opened.batch)),
            expected=Text("One call holds at most {most} events.", most=MOST_EVENTS),
            remedy=Text("Send them in several calls."),
        )
    return [bytes(raw) for raw in opened.batch], opened.sentAt


@cache
def _decoder() -> Any:
    """Opens a body and leaves its events as they were written."""
    import msgspec

    fields = [("batch", list[msgspec.Raw] | None, None), ("sentAt", Any, None), ("writeKey", Any, None)]
    return msgspec.json.Decoder(msgspec.defstruct("Body", fields))


def _opened(body: bytes) -> Any:
    import msgspec

    try:
        body.decode()  # what is skipped would not be looked at
        return _decoder().decode(body)
    except msgspec.ValidationError as error:
        raise bad("no_batch", f"the body is not of the format ({error})", '{"batch": [ ... ]}') from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad("not_json", f"the body is no JSON ({error})", "a JSON object in UTF-8") from error


def _decoded(raw: bytes) -> object:
    import msgspec

    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad("not_json", f"the event is no JSON ({error})", "a JSON object in UTF-8") from error
    except RecursionError as error:
        raise _too_deep() from error


def _said(
    index: int,
    raw: bytes,
    endpoint: str,
    received_us: int,
    sent_us: int | None,
    browser: bool,
    with_values: bool,
) -> Said:
    told: object = None
    try:
        told = _decoded(raw)
        if len(raw) > MOST_EVENT_BYTES:
            raise Refusal(
                "event_too_large",
                found=Text("The event has {n} byte.", "The event has {n} bytes.", n=len(raw)),
                expected=Text("One event has at most {most} bytes.", most=MOST_EVENT_BYTES),
                remedy=Text("Leave out what nobody needs, or send the text in parts."),
            )
        call = read_call(told, endpoint=endpoint, received_us=received_us, sent_us=sent_us, browser=browser)
        if with_values and call.name and call.properties:
            _check_values(call)
    except Refusal as refusal:
        return Said(index, raw, None, refusal, _told_id(told))
    return Said(index, raw, call, None, call.message_id)


def _check_values(call: Call) -> None:
    from holdfast.connectors.segment_columns import rows_of

    rows_of(call, {}, "")


def _told_id(told: object) -> str:
    found = told.get("messageId") if isinstance(told, Mapping) else None
    return found[:_MOST_ID] if isinstance(found, str) else ""


def _kind(call: Mapping[str, Any], endpoint: str) -> str:
    kind = call.get("type") or (endpoint if endpoint in KINDS else None)
    if kind not in KINDS:
        raise bad("unknown_type", f"type is {shown(kind)}", f"one of {', '.join(KINDS)}")
    return str(kind)


def _id(call: Mapping[str, Any], name: str) -> str:
    """An id as text, "" where there is none."""
    value = call.get(name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise bad("bad_id", f"{name} is {shown(value)}", "a text or a whole number")
    written = str(value).strip()
    if not written or len(written) > _MOST_ID or _NO_TEXT.search(written):
        raise bad("bad_id", f"{name} is {shown(value)}", f"1 to {_MOST_ID} characters, none of control")
    return written


def _message_id(call: Mapping[str, Any]) -> str:
    return _id(call, "messageId")


def _check_ids(kind: str, user: str, anonymous: str, group: str, previous: str) -> None:
    if kind == "group" and not group:
        raise bad("no_id", "groupId is missing", "the id of the account")
    if kind == "alias":
        if not previous or not (user or anonymous):
            raise bad("no_id", "an alias needs previousId and userId", "both ids")
        return
    if not user and not anonymous:
        raise bad("no_id", "neither userId nor anonymousId is given", "one of them")


def _mapping(call: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = call.get(name)
    if value is None:
        return _EMPTY
    if not isinstance(value, Mapping):
        raise bad("not_an_object", f"{name} is {shown(value)}", f"{name} is an object")
    return value


def _check_depth(call: Mapping[str, Any]) -> None:
    """Refuse what is nested so deep that nobody wrote it by intent; look level by level, not by recursion."""
    level: list[Any] = [call]
    for _ in range(_MOST_DEPTH):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, Mapping) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> Refusal:
    return bad("too_deep", "the event is nested too deep", f"at most {_MOST_DEPTH} levels")


def _name(call: Mapping[str, Any], kind: str, properties: Mapping[str, Any]) -> str:
    if kind == "page":
        return "Page Viewed"
    if kind == "screen":
        return "Screen Viewed"
    if kind != "track":
        return ""
    name = call.get("event")
    if not isinstance(name, str) or not name.strip():
        raise bad("no_event_name", f"event is {shown(name)}", "the name of the event, like Order Completed")
    if len(name) > _MOST_NAME or _NO_TEXT.search(name):
        raise bad(
            "no_event_name", f"event is {shown(name)}", f"at most {_MOST_NAME} characters, none of control"
        )
    return name.strip()


def _external(context: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Further ids of the person, from ``context.externalIds``."""
    given = context.get("externalIds")
    if not isinstance(given, list):
        return ()
    return tuple(
        (namespace, str(key))
        for each in given[:10]
        if isinstance(each, Mapping)
        and isinstance(namespace := each.get("type"), str)
        and isinstance(key := each.get("id"), str | int)
        and 0 < len(namespace) <= _MOST_ID
        and 0 < len(str(key)) <= _MOST_ID
        and not _NO_TEXT.search(f"{namespace}{key}")
    )


def _happened(call: Mapping[str, Any], endpoint: str, received_us: int, sent_us: int | None) -> int:
    """When it happened, by our clock.

    A sender's clock that is off by more than a minute is set right by what it showed when it sent
    (Segment's rule); what would lie ahead of its arrival up to a day counts as of the arrival.
    """
    written = call.get("timestamp") or call.get("originalTimestamp")
    if written is None:
        return received_us
    at = moment(written)
    if at is None:
        raise bad("bad_moment", f"timestamp is {shown(written)}", "a moment like 2026-05-17T09:30:00Z")
    sent = moment(call.get("sentAt"))
    sent = sent_us if sent is None else sent
    if endpoint != "import" and sent is not None and abs(received_us - sent) > _SKEW_US:
        at += received_us - sent
    if at < 0:
        raise bad("too_early", f"timestamp is {shown(written)}", "a moment from 1970 on")
    if at > received_us + _AHEAD_US:
        raise bad("too_late", f"timestamp is {shown(written)}", "a moment that is not in the future")
    return min(at, received_us)


def moment(written: object) -> int | None:
    """A moment of ISO 8601 in microseconds; without an offset it is UTC. ``None`` for what is none."""
    if not isinstance(written, str) or len(written) > 40:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return (at - _EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        return None


def bad(code: str, found: str, expected: str) -> Refusal:
    """A refusal; what was found and what was expected are names and values of the format."""
    return Refusal(
        code,
        found=Text("Found: {found}.", found=found),
        expected=Text("Expected: {expected}.", expected=expected),
        remedy=Text("Mend it and send it again; the same messageId is taken once."),
    )


def shown(value: object) -> str:
    """A value as it can stand in a sentence: short, and without what would break a line."""
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}..."
