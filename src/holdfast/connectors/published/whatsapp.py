"""WhatsApp's webhooks in the form that Meta publishes ("Cloud API, webhooks, payload examples")."""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import Example

_ANN = {"profile": {"name": "Ann Kelly"}, "wa_id": "353851234567"}


def _change(field: str, **value: Any) -> dict[str, Any]:
    about = {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
    said = {"messaging_product": "whatsapp", "metadata": about, **value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"value": said, "field": field}]}],
    }


def _message(number: int, kind: str, **said: Any) -> dict[str, Any]:
    message = {"from": "353851234567", "id": f"wamid.HBgM{number}", "timestamp": "1779010200", "type": kind}
    return _change("messages", contacts=[_ANN], messages=[{**message, **said}])


def _status(number: int, status: str, **more: Any) -> dict[str, Any]:
    told = {
        "id": f"wamid.HBgO{number}",
        "status": status,
        "timestamp": "1779010260",
        "recipient_id": "353851234567",
        **more,
    }
    return _change("messages", statuses=[told])


_NO = [
    {
        "code": 131026,
        "title": "Message undeliverable",
        "message": "Message undeliverable",
        "error_data": {"details": "Message Undeliverable."},
    }
]
_WROTE = ("identify", "Message Received")
_STOPPED = ("identify", "Unsubscribed", "Message Received")

EXAMPLES = (
    Example(_message(1, "text", text={"body": "Does it come in another color?"}), _WROTE),
    Example(_message(2, "text", text={"body": "لغو"}), _STOPPED),
    Example(
        _message(
            3,
            "image",
            image={"caption": "It arrived broken", "mime_type": "image/jpeg", "sha256": "4d", "id": "1003"},
        ),
        _WROTE,
    ),
    Example(
        _message(4, "button", button={"text": "No, thank you", "payload": "no"}, context={"id": "wamid.9"}),
        ("identify", "Button Pressed", "Message Received"),
    ),
    Example(
        _message(
            5,
            "interactive",
            interactive={"type": "list_reply", "list_reply": {"id": "p", "title": "Priority mail"}},
        ),
        ("identify", "Button Pressed", "Message Received"),
    ),
    Example(_message(6, "location", location={"latitude": 53.34, "longitude": -6.26}), _WROTE),
    Example(
        _message(7, "reaction", reaction={"message_id": "wamid.9", "emoji": "\U0001f44d"}),
        _WROTE,
    ),
    Example(_message(8, "unsupported", errors=[{"code": 131051, "title": "Message type unknown"}]), ()),
    Example(_status(9, "sent"), ()),
    Example(_status(9, "delivered"), ()),
    Example(_status(9, "read"), ()),
    Example(_status(10, "failed", errors=_NO), ()),
    Example(
        _change(
            "user_preferences",
            contacts=[_ANN],
            user_preferences=[
                {
                    "wa_id": "353851234567",
                    "detail": "User requested to stop marketing messages",
                    "category": "marketing_messages",
                    "value": "stop",
                    "timestamp": 1779010300,
                }
            ],
        ),
        ("identify", "Unsubscribed"),
    ),
    Example(_change("account_update", phone_number="15550783881", event="VERIFIED_ACCOUNT"), ()),
)
