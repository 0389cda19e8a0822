"""Zendesk: tickets opened, answered, closed, reopened and rated, and the people who asked.

Events of Zendesk name people by number; who they are comes with the events about users. A rating can
also be sent by a trigger with the body that :data:`TRIGGER_BODY` shows, for plans without that event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.zendesk import EXAMPLES
from holdfast.connectors.webhooks import Call, Delivery, Secret, Source, Told, at, option, words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

HEADER = "X-Zendesk-Webhook-Signature"
STAMP = "X-Zendesk-Webhook-Signature-Timestamp"
RATED = "ticket_rated"
TRIGGER_BODY = """\
{"holdfast": "ticket_rated", "ticket_id": "{{ticket.id}}", "requester_id": "{{ticket.requester.id}}",
 "email": "{{ticket.requester.email}}", "rating": "{{satisfaction.current_rating}}",
 "comment": "{{satisfaction.current_comment}}", "at": "{{ticket.updated_at_with_timestamp}}"}
"""
"""What a trigger "satisfaction is good or bad" sends, in Zendesk's placeholders."""

_PREFIX = "zen:event-type:"
_OVER = ("SOLVED", "CLOSED")
_AT_WORK = ("NEW", "OPEN", "PENDING", "HOLD")
_SCORES = {"good": 5, "bad": 1}
"""The old rating has two words; on the scale of one to five they are its ends."""


@dataclass(frozen=True, slots=True)
class ZendeskOptions:
    """What a company does with Zendesk."""

    external_id_is_ours: bool = option(
        Text("The user's external id is our customer id"),
        Text("Where an integration fills it in; otherwise people are matched by their address."),
        False,
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """HMAC-SHA256 of the moment and the body, in base64."""
    stamp = delivery.header(STAMP)
    if not hooks.is_signed([delivery.header(HEADER)], secrets, stamp.encode() + delivery.body):
        return hooks.forged(HEADER)
    return hooks.stale(hooks.moment_of(stamp), now)


def read(payload: Any, headers: Mapping[str, str], options: ZendeskOptions) -> Iterable[Told]:
    """What an event of Zendesk, or the body of our trigger, means."""
    if words(payload, "holdfast") == RATED:
        return [Told(RATED, tuple(_trigger(payload)))]
    kind = words(payload, "type").removeprefix(_PREFIX)
    make = _KINDS.get(kind)
    moment = hooks.written(payload, "time")
    if make is None or moment is None or not words(payload, "detail.id"):
        return [Told(kind, ignored=True)]
    return [Told(kind, tuple(make(payload, moment, options)))]


def _ticket(
    payload: Any,
    name: str,
    moment: datetime,
    properties: Mapping[str, Any] | None = None,
    *,
    second: bool = False,
) -> Call:
    about = {
        "object_kind": "ticket",
        "object_id": words(payload, "detail.id"),
        "code": words(payload, "detail.type").lower(),
        "priority": words(payload, "detail.priority").lower(),
        "channel": words(payload, "detail.via.channel"),
    }
    message_id = words(payload, "id") + (f":{name}" if second else "")
    customer = words(payload, "detail.requester_id")
    ticket = f"ticket:{about['object_id']}"
    return hooks.track(customer, name, moment, message_id, about | dict(properties or {}), about=ticket)


def _opened(payload: Any, moment: datetime, options: ZendeskOptions) -> Iterator[Call]:
    opened = hooks.written(payload, "detail.created_at") or moment
    said = {"subject": words(payload, "detail.subject"), "text": words(payload, "detail.description")}
    yield _ticket(payload, "Ticket Opened", opened, said)


def _status(payload: Any, moment: datetime, options: ZendeskOptions) -> Iterator[Call]:
    now, before = words(payload, "event.current").upper(), words(payload, "event.previous").upper()
    if now in _OVER and before not in _OVER:
        yield _ticket(payload, "Ticket Closed", moment)
    elif now in _AT_WORK and before in _OVER:
        yield _ticket(payload, "Ticket Reopened", moment)


def _comment(payload: Any, moment: datetime, options: ZendeskOptions) -> Iterator[Call]:
    """A public answer of ours, or a further word of the customer; notes among us are none of theirs."""
    comment = at(payload, "event.comment")
    text = words(comment, "body")
    if at(comment, "is_public") is not True or text == words(payload, "detail.description"):
        return  # the first comment is the ticket's own text
    if at(comment, "author.is_staff") is True:
        yield _ticket(payload, "Ticket Answered", moment)
        yield _ticket(payload, "Message Sent", moment, second=True)
    else:
        yield _ticket(payload, "Message Received", moment, {"text": text})


def _rated(payload: Any, moment: datetime, options: ZendeskOptions) -> Iterator[Call]:
    rating = words(payload, "event.rating", "event.score", "event.current", "event.csat.rating")
    score = _score(rating)
    if score is not None:
        comment = words(payload, "event.comment.body", "event.comment", "event.csat.comment")
        yield _ticket(payload, "Ticket Rated", moment, {"score": score, "text": comment})


def _trigger(payload: Any) -> Iterator[Call]:
    score, customer = _score(words(payload, "rating")), words(payload, "requester_id")
    moment, ticket = hooks.written(payload, "at"), words(payload, "ticket_id")
    if score is None or moment is None or not (customer and ticket):
        return
    message_id = f"ticket:{ticket}:rated:{moment.isoformat()}"
    if mail := words(payload, "email"):
        yield hooks.identify(customer, moment, f"{message_id}:identify", {"email": mail})
    said = {"object_kind": "ticket", "object_id": ticket, "score": score, "text": words(payload, "comment")}
    yield hooks.track(customer, "Ticket Rated", moment, message_id, said)


def _score(rating: str) -> float | None:
    """1 to 5; the placeholder of the old rating says "Good, I'm satisfied" in the agent's language."""
    word = rating.partition(",")[0].strip().lower()
    if word in _SCORES:
        return _SCORES[word]
    number = hooks.decimal({"rating": rating}, "rating")
    return float(number) if number is not None and 0 <= number <= 10 else None


def _user(payload: Any, moment: datetime, options: ZendeskOptions) -> Iterator[Call]:
    """Who someone is; our own people are nobody's customers."""
    role = words(payload, "detail.role").lower()
    if role not in ("", "end-user", "end_user"):
        return
    identity = at(payload, "event.identity")
    kind = words(identity, "type").lower()
    renamed = words(payload, "type").endswith("user.name_changed")
    traits = {
        "email": words(payload, "detail.email"),
        "name": words(payload, "event.current") if renamed else words(payload, "detail.name"),
        "phone": words(identity, "value") if kind.startswith("phone") else "",
    }
    if kind == "email" and not traits["email"]:
        traits["email"] = words(identity, "value")
    ours = words(payload, "detail.external_id") if options.external_id_is_ours else ""
    who, organization = words(payload, "detail.id"), words(payload, "detail.organization_id")
    yield hooks.identify(who, moment, f"{words(payload, 'id')}:identify", traits, ours=ours)
    if organization not in ("", "0"):  # none is written as zero
        yield hooks.group(who, organization, moment, f"{words(payload, 'id')}:group")


_KINDS: dict[str, Callable[[Any, datetime, ZendeskOptions], Iterator[Call]]] = {
    "ticket.created": _opened,
    "ticket.status_changed": _status,
    "ticket.comment_added": _comment,
    "ticket.csat_received": _rated,
    "user.created": _user,
    "user.name_changed": _user,
    "user.identity_created": _user,
    "user.identity_changed": _user,
    "user.external_id_changed": _user,
}

SOURCE = Source(
    name="zendesk",
    title=Text("Zendesk"),
    meaning=Text("Tickets opened, answered, closed, opened again and rated, with what people wrote."),
    options=ZendeskOptions,
    secrets=(
        Secret(
            "signing_secret",
            Text("Signing secret"),
            Text("On the webhook's page in Zendesk: “Show secret key”."),
        ),
    ),
    verify=verify,
    read=read,
    events=tuple(_KINDS),
    steps=(
        Text("In Zendesk's Admin Center, open Apps and integrations, then Webhooks, and make one."),
        Text(
            "Subscribe it to the Zendesk events listed here. Paste the address as its endpoint (POST, JSON)."
        ),
        Text("On the webhook's page, choose “Show secret key”, copy it, and enter it here."),
    ),
    examples=EXAMPLES,
)
