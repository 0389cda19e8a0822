"""Zendesk's events as its reference publishes them (developer.zendesk.com, event types), shortened."""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import Example

_TICKET: dict[str, Any] = {
    "actor_id": "8447388090494",
    "assignee_id": "8447388090494",
    "brand_id": "8447346621310",
    "created_at": "2025-01-08T10:12:07Z",
    "custom_status": "8447320465790",
    "description": "The app says that my password is wrong, and it is not.",
    "external_id": None,
    "form_id": "8646151517822",
    "group_id": "8447320466430",
    "id": "5158",
    "is_public": True,
    "organization_id": "8447346622462",
    "priority": "HIGH",
    "requester_id": "8447388090495",
    "status": "OPEN",
    "subject": "Cannot login to mobile app",
    "submitter_id": "8447388090495",
    "tags": ["mobile"],
    "type": "PROBLEM",
    "updated_at": "2025-01-08T10:12:07Z",
    "via": {"channel": "web"},
}


def _event(
    kind: str, detail: dict[str, Any], said: dict[str, Any], subject: str = "ticket"
) -> dict[str, Any]:
    return {
        "account_id": 22129848,
        "detail": detail,
        "event": said,
        "id": f"cbe4028c-7239-495d-b020-f22348516046-{kind}",
        "subject": f"zen:{subject}:{detail['id']}",
        "time": "2025-01-08T10:12:07.672717030Z",
        "type": f"zen:event-type:{kind}",
        "zendesk_event_version": "2022-11-06",
    }


def _comment(body: str, *, staff: bool, public: bool = True) -> dict[str, Any]:
    author = {"id": "8447388090494" if staff else "8447388090495", "is_staff": staff, "name": "Ann"}
    return {"comment": {"author": author, "body": body, "id": "6496374212234", "is_public": public}}


_USER = {
    "created_at": "2025-01-08T10:00:00Z",
    "default_group_id": "0",
    "email": "ann@example.com",
    "external_id": "4711",
    "id": "8447388090495",
    "organization_id": "0",
    "role": "end-user",
    "updated_at": "2025-01-08T10:00:00Z",
}

EXAMPLES = (
    Example(
        _event("ticket.created", _TICKET, {"meta": {"sequence": {"id": "1", "position": 1, "total": 2}}}),
        ("Ticket Opened",),
    ),
    Example(
        _event("ticket.status_changed", _TICKET, {"current": "SOLVED", "previous": "OPEN"}),
        ("Ticket Closed",),
    ),
    Example(_event("ticket.status_changed", _TICKET, {"current": "CLOSED", "previous": "SOLVED"}), ()),
    Example(
        _event("ticket.status_changed", _TICKET, {"current": "OPEN", "previous": "SOLVED"}),
        ("Ticket Reopened",),
    ),
    Example(
        _event("ticket.comment_added", _TICKET, _comment("We are investigating this.", staff=True)),
        ("Ticket Answered", "Message Sent"),
    ),
    Example(
        _event("ticket.comment_added", _TICKET, _comment("Still wrong.", staff=False)), ("Message Received",)
    ),
    Example(
        _event("ticket.comment_added", _TICKET, _comment("Call the vendor?", staff=True, public=False)), ()
    ),
    Example(
        _event("ticket.comment_added", _TICKET, _comment(_TICKET["description"], staff=False)),
        (),
    ),
    Example(
        {
            "holdfast": "ticket_rated",
            "ticket_id": "5158",
            "requester_id": "8447388090495",
            "email": "ann@example.com",
            "rating": "Good",
            "comment": "Quick!",
            "at": "2025-01-09T08:00:00Z",
        },
        ("identify", "Ticket Rated"),
    ),
    Example(_event("user.created", _USER, {}, "user"), ("identify",)),
    Example(_event("user.created", _USER | {"role": "agent"}, {}, "user"), ()),
    Example(
        _event("user.created", _USER | {"organization_id": "8447346622462"}, {}, "user"),
        ("identify", "group"),
    ),
    Example(
        _event("user.name_changed", _USER, {"current": "Ann Lee", "previous": "Ann"}, "user"), ("identify",)
    ),
)
