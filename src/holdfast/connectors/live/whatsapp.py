"""WhatsApp by Meta's Cloud API: what people write to our number, and whether ours arrived and was read.

A message that is nothing but STOP, and Meta's own "stop marketing messages", withdraw the consent to it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.whatsapp import EXAMPLES
from holdfast.connectors.webhooks import Call, Delivery, Manners, Secret, Source, Told, at, option, words
from holdfast.domain.deliveries import Report, What
from holdfast.domain.phones import e164
from holdfast.domain.refusals import Refusal
from holdfast.domain.stop_words import wish
from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchChannel

HEADER = "X-Hub-Signature-256"
CHANNEL: TouchChannel = "whatsapp"
APP_SECRET = "app_secret"  # noqa: S105  (the name of a secret)
ACCESS_TOKEN = "access_token"  # noqa: S105
VERIFY_TOKEN = "verify_token"  # noqa: S105
SERVER, VERSION = "https://graph.facebook.com", "v25.0"

_ENDS: dict[str, What] = {"delivered": "delivered", "failed": "undelivered", "read": "read"}
_OPTED_OUT = "131050"
_FILES = ("image", "video", "audio", "document", "sticker")


@dataclass(frozen=True, slots=True)
class WhatsAppOptions:
    """From which number we write, and what we send where free text is not taken."""

    phone_number_id: str = option(
        Text("Phone number ID"), Text("On the page API Setup of your app at Meta, below the number.")
    )
    template: str = option(
        Text("Template for the first word"),
        Text(
            "One that Meta approved, with one place for the text: used a day after the customer last wrote."
        ),
    )
    template_language: str = option(
        Text("Language of the template"),
        Text("As Meta writes it, like en or pt_BR. Empty: the language of the message."),
    )
    version: str = option(Text("Version of the API"), Text("As Meta numbers it."), VERSION)
    server: str = option(
        Text("Server of the API"), Text("Leave it as it is unless something stands between."), SERVER
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """HMAC-SHA256 of the body with the app's secret, in hexadecimal after ``sha256=``."""
    kind, _, given = delivery.header(HEADER).partition("=")
    if kind != "sha256" or not hooks.is_signed([given], secrets, delivery.body, as_hex=True):
        return hooks.forged(HEADER)
    return None


def greet(query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
    """The challenge, for who knows the word that we agreed on with Meta."""
    wanted = secrets.get(VERIFY_TOKEN, "").encode("utf-8", "replace")
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    if not wanted or query.get("hub.mode") != "subscribe" or not hmac.compare_digest(wanted, given):
        return None
    challenge = query.get("hub.challenge", "")
    return challenge[:200] if challenge.isascii() and challenge.isalnum() else None


def read(payload: Any, headers: Mapping[str, str], options: WhatsAppOptions) -> Iterable[Told]:
    """What a notification means: messages to us, what became of ours, wishes; of our number only."""
    told = [
        each
        for entry in hooks.parts_of(payload, "entry")
        for change in hooks.parts_of(entry, "changes")
        for each in _change(words(change, "field"), at(change, "value"), options)
    ]
    return told or [Told("other", ignored=True)]


def _change(field: str, value: Any, options: WhatsAppOptions) -> Iterator[Told]:
    number = words(value, "metadata.phone_number_id")
    if options.phone_number_id and number and number != options.phone_number_id:
        yield Told(field, ignored=True)  # of another number of the same app
        return
    names = {
        words(each, "wa_id"): words(each, "profile.name")[:200] for each in hooks.parts_of(value, "contacts")
    }
    for message in hooks.parts_of(value, "messages"):
        calls = tuple(_received(message, names))
        yield Told(words(message, "type") or "message", calls, ignored=not calls)
    for status in hooks.parts_of(value, "statuses"):
        report = _report(status)
        yield Told(words(status, "status"), reports=(report,) if report else (), ignored=report is None)
    for chosen in hooks.parts_of(value, "user_preferences"):
        calls = tuple(_chosen(chosen))
        yield Told("user_preferences", calls, ignored=not calls)


def _moment(told: Any) -> datetime | None:
    seconds = hooks.whole(told, "timestamp")
    if seconds is None or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _report(told: Any) -> Report | None:
    what, moment, name = _ENDS.get(words(told, "status")), _moment(told), words(told, "id")
    if what is None or moment is None or not name:
        return None
    error = next(iter(hooks.parts_of(told, "errors")), {})
    code = words(error, "code")
    return Report(
        CHANNEL,
        (name,),
        what,
        moment,
        address=e164(words(told, "recipient_id")),
        code=code,
        reason=words(error, "error_data.details", "title", "message"),
        opted_out=code == _OPTED_OUT,
    )


def _received(message: Any, names: Mapping[str, str]) -> Iterator[Call]:
    who, moment, key = words(message, "from"), _moment(message), words(message, "id")
    text, files = _text(message), _attachments(message)
    if not e164(who) or moment is None or not key or not (text or files):
        return
    wanted = wish(text) if words(message, "type") == "text" else ""
    yield _who(who, moment, f"{key}:who", names.get(who, ""), wanted, text)
    if wanted == "stop":
        yield hooks.track(who, "Unsubscribed", moment, f"{key}:stop", {"code": CHANNEL})
    if pressed := words(
        message, "button.payload", "interactive.list_reply.id", "interactive.button_reply.id"
    ):
        said = {"object_kind": "conversation", "object_id": who, "code": pressed[:200]}
        yield hooks.track(who, "Button Pressed", moment, f"{key}:pressed", said)
    properties = {
        "conversation_id": who,
        "object_kind": "conversation",
        "object_id": who,
        "code": CHANNEL,
        "channel": CHANNEL,
        "message_id": key,
        "text": text,
        "author": names.get(who, ""),
        "address": e164(who),
        "attachments": files,
    }
    yield hooks.track(who, "Message Received", moment, key, properties)


def _who(who: str, moment: datetime, key: str, name: str, wanted: str, wording: str) -> Call:
    """The writer, with what they want where they said it."""
    traits: dict[str, Any] = {"phone": e164(who), "name": name}
    if wanted:
        said = {"given": wanted == "start", "channel": CHANNEL, "wording": wording[:200], "how": "form"}
        traits["consent"] = {"marketing": said}
    return hooks.identify(who, moment, key, traits)


def _text(message: Any) -> str:
    if words(message, "location.latitude"):
        return f"{words(message, 'location.latitude')}, {words(message, 'location.longitude')}"
    captions = (f"{kind}.caption" for kind in _FILES)
    return words(
        message,
        *("text.body", "button.text", "interactive.list_reply.title", "interactive.button_reply.title"),
        *("reaction.emoji", "contacts.0.name.formatted_name"),
        *captions,
    )


def _attachments(message: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": words(file, "filename")[:200],
            "type": words(file, "mime_type")[:100] or kind,
            "size": None,
        }
        for kind in _FILES
        if isinstance(file := at(message, kind), Mapping)
    ]


def _chosen(told: Any) -> Iterator[Call]:
    """That somebody ended our offers in WhatsApp itself, or wants them again."""
    who, moment, value = words(told, "wa_id"), _moment(told), words(told, "value")
    if words(told, "category") != "marketing_messages" or value not in ("stop", "resume"):
        return
    if not e164(who) or moment is None:
        return
    key = f"preference:{who}:{int(moment.timestamp())}"
    wanted = "stop" if value == "stop" else "start"
    yield _who(who, moment, f"{key}:who", "", wanted, words(told, "detail") or value)
    if wanted == "stop":
        yield hooks.track(who, "Unsubscribed", moment, key, {"code": CHANNEL})


SOURCE = Source(
    name="whatsapp",
    title=Text("WhatsApp"),
    meaning=Text("WhatsApp both ways, with answers in the inbox and whether ours arrived and were read."),
    options=WhatsAppOptions,
    secrets=(
        Secret(
            APP_SECRET,
            Text("App secret"),
            Text("In your app at Meta: App settings, Basic. It signs what comes."),
        ),
        Secret(
            VERIFY_TOKEN,
            Text("Verify token"),
            Text("Make one up and enter the same at Meta beside the address: letters and digits."),
        ),
        Secret(
            ACCESS_TOKEN,
            Text("Access token"),
            Text("A lasting one of a system user with whatsapp_business_messaging; one of a day ends."),
        ),
    ),
    verify=verify,
    read=read,
    events=("messages", "user_preferences"),
    steps=(
        Text(
            "In your app at Meta for developers, add the product WhatsApp; its page API Setup has the number."
        ),
        Text("Enter the secrets here and connect, before you go on: Meta tries the address at once."),
        Text("At Meta under WhatsApp, Configuration, enter the address and the verify token, and save."),
        Text("Under Webhook fields, subscribe to those listed here."),
    ),
    examples=EXAMPLES,
    manners=Manners(greet=greet),
)
