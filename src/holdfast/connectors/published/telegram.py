"""Telegram's updates in the form that its Bot API publishes (core.telegram.org/bots/api, "Update")."""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import Example

_ANN: dict[str, Any] = {
    "id": 1111111,
    "is_bot": False,
    "first_name": "Ann",
    "last_name": "Kelly",
    "username": "annkelly",
    "language_code": "en",
}
_CHAT: dict[str, Any] = {
    "id": 1111111,
    "type": "private",
    "first_name": "Ann",
    "last_name": "Kelly",
    "username": "annkelly",
}
_GROUP: dict[str, Any] = {"id": -1009876, "type": "supergroup", "title": "Kettle lovers"}
_BOT: dict[str, Any] = {"id": 777, "is_bot": True, "first_name": "Shop", "username": "shop_bot"}


def _message(number: int, chat: dict[str, Any] = _CHAT, **said: Any) -> dict[str, Any]:
    return {"message_id": number, "from": _ANN, "chat": chat, "date": 1441645532, **said}


def _update(number: int, **said: Any) -> dict[str, Any]:
    return {"update_id": number, **said}


def _member(status: str) -> dict[str, Any]:
    return {"user": _BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}


_PHOTO = [
    {"file_id": "AgAD-s", "file_unique_id": "s", "width": 90, "height": 67, "file_size": 1204},
    {"file_id": "AgAD-x", "file_unique_id": "x", "width": 800, "height": 600, "file_size": 84312},
]
_WROTE = ("identify", "Message Received")

EXAMPLES = (
    Example(_update(10000, message=_message(1365, text="My kettle arrived broken.")), _WROTE),
    Example(
        _update(
            10001,
            edited_message=_message(1365, edit_date=1441646600, text="My new kettle arrived broken."),
        ),
        ("identify", "Message Edited"),
    ),
    Example(
        _update(
            10002,
            message=_message(
                1366,
                contact={"phone_number": "359888123456", "first_name": "Ann", "user_id": 1111111},
            ),
        ),
        _WROTE,
    ),
    Example(_update(10003, message=_message(1367, photo=_PHOTO, caption="Look at this")), _WROTE),
    Example(
        _update(
            10004,
            message=_message(
                1368,
                document={
                    "file_id": "BQAD",
                    "file_unique_id": "d",
                    "file_name": "invoice.pdf",
                    "mime_type": "application/pdf",
                    "file_size": 51200,
                },
            ),
        ),
        _WROTE,
    ),
    Example(
        _update(
            10005,
            callback_query={
                "id": "4382bfdwdsb323b2d9",
                "from": _ANN,
                "message": {"message_id": 1364, "from": _BOT, "chat": _CHAT, "date": 1441645500, "text": "?"},
                "chat_instance": "-3",
                "data": "rate:2",
            },
        ),
        ("identify", "Button Pressed"),
    ),
    Example(
        _update(
            10006,
            my_chat_member={
                "chat": _CHAT,
                "from": _ANN,
                "date": 1441646700,
                "old_chat_member": _member("member"),
                "new_chat_member": _member("kicked"),
            },
        ),
        ("identify", "Chat Left"),
    ),
    Example(
        _update(
            10007,
            my_chat_member={
                "chat": _CHAT,
                "from": _ANN,
                "date": 1441646800,
                "old_chat_member": _member("kicked"),
                "new_chat_member": _member("member"),
            },
        ),
        ("identify", "Chat Joined"),
    ),
    Example(
        _update(10008, message=_message(12, _GROUP, left_chat_member=_ANN)),
        ("identify", "Chat Left"),
    ),
    Example(_update(10009, message=_message(13, _GROUP, text="Hello, all")), _WROTE),
    Example(
        _update(
            10010,
            message=_message(1369, location={"latitude": 42.6977, "longitude": 23.3219}),
        ),
        _WROTE,
    ),
    Example(_update(10011, message={**_message(1370, text="beep"), "from": _BOT}), ()),
    Example(
        _update(
            10012, channel_post={"message_id": 5, "chat": {"id": -7, "type": "channel"}, "date": 1441645532}
        ),
        (),
    ),
    Example(_update(10013, message=_message(1371, pinned_message=_message(1365, text="x"))), ()),
)
