"""Telegram: what people write to our bot, in the form of the Bot API's updates.

Telegram knows a person by a number; the phone number comes only when a person shares the own one.
Someone else's contact is a message like any other: it says nothing about who wrote it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.telegram import EXAMPLES
from holdfast.connectors.webhooks import Call, Delivery, Secret, Source, Told, at, option, whole, words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

HEADER = "X-Telegram-Bot-Api-Secret-Token"
CHANNEL = "telegram"
BOT_TOKEN = "bot_token"  # noqa: S105  (the name of a secret)
SECRET_TOKEN = "secret_token"  # noqa: S105
SERVER = "https://api.telegram.org"

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask Telegram to tell us of."""

_FILES = ("photo", "document", "video", "voice", "audio", "animation", "video_note", "sticker")
_GONE, _THERE = ("kicked", "left"), ("member", "administrator", "creator", "restricted")


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """How updates reach us."""

    receives: Literal["webhook", "pull"] = option(
        Text("How messages come"),
        Text(
            "webhook: Telegram brings them to the address of this Holdfast, which must be public and have "
            "HTTPS. pull: Holdfast asks for them every two seconds; it needs no public address."
        ),
        "webhook",
    )
    server: str = option(
        Text("Server of the Bot API"),
        Text("Leave it as it is unless you run a Bot API server of your own."),
        SERVER,
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """Telegram signs nothing: it sends the word that it was told with the address."""
    given = delivery.header(HEADER).encode("utf-8", "replace")
    found = False
    for secret in secrets:
        found |= bool(secret) and hmac.compare_digest(given, secret.encode("utf-8", "replace"))
    return None if found else hooks.forged(HEADER)


def read(payload: Any, headers: Mapping[str, str], options: TelegramOptions) -> Iterable[Told]:
    """What an update means."""
    kind = next((name for name in UPDATES if isinstance(at(payload, name), Mapping)), "")
    if not kind:
        return [Told("other", ignored=True)]
    told = at(payload, kind)
    person = at(told, "from")
    if not words(person, "id") or at(person, "is_bot") is True:
        return [Told(kind, ignored=True)]
    calls = tuple(_calls(kind, told, words(payload, "update_id")))
    return [Told(kind, calls, ignored=not calls)]


def _calls(kind: str, told: Any, update: str) -> Iterator[Call]:
    moment = hooks.epoch(told, "edit_date", "date") or hooks.epoch(told, "message.date")
    if moment is None:
        return
    # Telegram begins to count elsewhere after a quiet week: the number alone is not enough.
    key = ":".join(("update", update, words(told, "chat.id"), words(told, "message_id", "id"), str(moment)))
    made = list(_KINDS[kind](told, moment, key))
    if made:
        yield _who(told, moment, key)
        yield from made


def _who(told: Any, moment: datetime, key: str) -> Call:
    person = at(told, "from")
    traits = {
        "name": _name(person),
        "telegram_username": words(person, "username"),
        "language": words(person, "language_code"),
        "phone": _own_phone(told),
    }
    return hooks.identify(words(person, "id"), moment, f"{key}:who", traits)


def _name(person: Any) -> str:
    return f"{words(person, 'first_name')} {words(person, 'last_name')}".strip()[:200]


def _own_phone(told: Any) -> str:
    """The number of a contact that is the sender's own."""
    mine = words(told, "contact.user_id") == words(told, "from.id")
    return _international(words(told, "contact.phone_number")) if mine else ""


def _international(phone: str) -> str:
    return f"+{phone.lstrip('+')}" if phone else ""


def _message(told: Any, moment: datetime, key: str, name: str = "Message Received") -> Iterator[Call]:
    person, private = at(told, "from"), words(told, "chat.type") == "private"
    for event, who in _moved(told):
        yield hooks.track(who, event, moment, f"{key}:{event}:{who}", {"code": CHANNEL})
    text, files = _text(told), _files(told)
    if not text and not files:
        return
    conversation = words(told, "chat.id")
    properties = {
        "conversation_id": conversation,
        "object_kind": "conversation",
        "object_id": conversation,
        "code": CHANNEL,
        "channel": CHANNEL,
        "message_id": words(told, "message_id"),
        "text": text,
        "subject": "" if private else words(told, "chat.title"),
        "author": _name(person) or words(person, "username"),
        "address": f"@{username}" if (username := words(person, "username")) else "",
        "attachments": files,
    }
    yield hooks.track(words(person, "id"), name, moment, key, properties)


def _edited(told: Any, moment: datetime, key: str) -> Iterator[Call]:
    return _message(told, moment, key, "Message Edited")


def _moved(told: Any) -> Iterator[tuple[str, str]]:
    """Who came into a group or left it: (event, person)."""
    gone = at(told, "left_chat_member")
    if words(gone, "id") and at(gone, "is_bot") is not True:
        yield "Chat Left", words(gone, "id")
    for person in hooks.parts_of(told, "new_chat_members"):
        if words(person, "id") and at(person, "is_bot") is not True:
            yield "Chat Joined", words(person, "id")


def _text(told: Any) -> str:
    """What was written; of a contact and a place what they say."""
    if contact := at(told, "contact"):
        return f"{_name(contact)} {_international(words(contact, 'phone_number'))}".strip()
    if words(told, "location.latitude"):
        return f"{words(told, 'location.latitude')}, {words(told, 'location.longitude')}"
    return words(told, "text", "caption", "sticker.emoji")


def _files(told: Any) -> list[dict[str, Any]]:
    """Each file by name, type and size; of a picture in several sizes the largest."""
    found = []
    for kind in _FILES:
        file = at(told, kind)
        if isinstance(file, list):
            file = max(
                hooks.parts_of(told, kind), key=lambda each: whole(each, "file_size") or 0, default=None
            )
        if isinstance(file, Mapping):
            found.append(
                {
                    "name": words(file, "file_name")[:200],
                    "type": words(file, "mime_type")[:100] or kind,
                    "size": whole(file, "file_size"),
                }
            )
    return found


def _pressed(told: Any, moment: datetime, key: str) -> Iterator[Call]:
    said = {
        "object_kind": "conversation",
        "object_id": words(told, "message.chat.id"),
        "code": words(told, "data")[:200],
    }
    yield hooks.track(words(told, "from.id"), "Button Pressed", moment, key, said)


def _membership(told: Any, moment: datetime, key: str) -> Iterator[Call]:
    """That a person stopped or blocked the bot, or started it again."""
    before, now = words(told, "old_chat_member.status"), words(told, "new_chat_member.status")
    if words(told, "chat.type") != "private":
        return
    if now in _GONE and before not in _GONE:
        yield hooks.track(words(told, "from.id"), "Chat Left", moment, key, {"code": CHANNEL})
    elif now in _THERE and before in _GONE:
        yield hooks.track(words(told, "from.id"), "Chat Joined", moment, key, {"code": CHANNEL})


_KINDS = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _membership,
}

SOURCE = Source(
    name="telegram",
    title=Text("Telegram"),
    meaning=Text("What people write to your bot, in the inbox and on their page."),
    options=TelegramOptions,
    secrets=(
        Secret(
            SECRET_TOKEN,
            Text("Secret word"),
            Text("Make one up: 16 to 256 letters, digits, hyphens. Holdfast tells it to Telegram."),
        ),
        Secret(
            BOT_TOKEN,
            Text("Token of the bot"),
            Text("What @BotFather gave you, like 123456:ABC-DEF1234ghIkl."),
        ),
    ),
    verify=verify,
    read=read,
    events=UPDATES,
    steps=(
        Text(
            "In Telegram, write to @BotFather: /newbot, and follow what it asks. Copy the token it gives you."
        ),
        Text("Enter the token here, and a secret word of your own."),
        Text("Holdfast tells Telegram the address by itself within a minute; there is nothing to paste."),
    ),
    examples=EXAMPLES,
)
