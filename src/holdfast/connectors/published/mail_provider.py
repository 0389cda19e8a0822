"""Events of mail providers, in the form that is made of all of them (see ``holdfast.web.mail_events``)."""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import Example


def _event(type_: str, **more: Any) -> dict[str, Any]:
    event = {
        "type": type_,
        "at": "2026-05-17T09:30:00+00:00",
        "recipient": "ann@example.com",
        "names": ["<0a1b2c@shop.example>"],
        **more,
    }
    return {"events": [event]}


EXAMPLES = (
    Example(_event("delivered", response="250 OK"), ()),
    Example(_event("bounced", kind="Permanent", status="5.1.1", response="smtp; 550 5.1.1 user unknown"), ()),
    Example(_event("bounced", kind="Transient", response="452 4.2.2 mailbox full"), ()),
    Example(_event("complained", description="abuse"), ()),
    Example(_event("opened", user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"), ()),
    Example(_event("opened", user_agent="Mozilla/5.0"), ()),
    Example(_event("clicked", user_agent="Barracuda Sentinel (EE)"), ()),
    Example(_event("rejected", reject_reason="bounced", description="Bounced Address"), ()),
    Example(_event("deferred", response="421 4.7.0 try again later"), ()),
    Example(_event("queued"), ()),
    Example({"events": [], "unread": "RecordType"}, ()),
)
