"""SMS by Twilio: what people text to our number, and whether what we texted arrived, as its forms say.

A text that is nothing but STOP (in our languages too, or as Twilio's own opt-out says) withdraws the consent
to text messages; START gives it again. Twilio sends no moment: the one of arrival counts.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.sms import EXAMPLES
from holdfast.connectors.webhooks import (
    RECEIVED,
    Call,
    Delivery,
    Manners,
    Secret,
    Source,
    Told,
    option,
    whole,
    words,
)
from holdfast.domain.deliveries import Report, What
from holdfast.domain.phones import e164
from holdfast.domain.refusals import Refusal
from holdfast.domain.stop_words import wish
from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchChannel

HEADER, SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
CHANNEL: TouchChannel = "sms"
AUTH_TOKEN = "auth_token"  # noqa: S105  (the name of a secret)
SERVER = "https://api.twilio.com"
NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""TwiML that says nothing: any other text would be sent to the customer."""

_ENDS: dict[str, What] = {
    "delivered": "delivered",
    "undelivered": "undelivered",
    "failed": "undelivered",
    "read": "read",
}
_FOR_GOOD = frozenset({"30004", "30005", "30006", "21211", "21614", "21635"})
"""The number is blocked, unknown, or a landline."""

_OPTED_OUT = "21610"
_PORTS = {"https": 443, "http": 80}
_MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class SmsOptions:
    """From which account and as whom we text."""

    account_sid: str = option(
        Text("Account SID"), Text("Begins with AC; on the first page of the Twilio console.")
    )
    sender: str = option(
        Text("Sender"),
        Text("A number of yours like +15005550006, a name, or the SID of a messaging service (MG…)."),
    )
    server: str = option(
        Text("Server of Twilio"),
        Text("Leave it as it is unless your account is in another region."),
        SERVER,
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """HMAC-SHA1 of the address and of each field of the form in the order of their names (or SHA-256)."""
    given = delivery.header(HEADER).encode("utf-8", "replace")
    fields = parse_qsl(delivery.body.decode("utf-8", "surrogateescape"), keep_blank_values=True)
    said = "".join(name + value for name, value in sorted(set(fields)))
    digest = sha256 if "algorithm=HMAC_SHA256" in delivery.header(SETTINGS) else sha1
    found = False
    for secret in secrets:
        for url in _spellings(delivery.url):
            key, signed = secret.encode(), (url + said).encode("utf-8", "surrogateescape")
            wanted = b64encode(hmac.new(key, signed, digest).digest())
            found |= hmac.compare_digest(given, wanted)
    return None if found else hooks.forged(HEADER)


def _spellings(url: str) -> tuple[str, ...]:
    """The address with its port and without it: which one is signed depends on the kind of the request."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)
    host = f"[{host}]" if ":" in host else host
    return tuple(
        urlunsplit((parts.scheme, place, parts.path, parts.query, parts.fragment))
        for place in (host, f"{host}:{port}")
    )


def read(payload: Any, headers: Mapping[str, str], options: SmsOptions) -> Iterable[Told]:
    """What a form of Twilio means: a message to us, or what became of one of ours."""
    name = words(payload, "MessageSid", "SmsSid")
    moment = hooks.moment_of(headers.get(RECEIVED, ""))
    if not name or moment is None:
        return [Told("other", ignored=True)]
    status = words(payload, "MessageStatus", "SmsStatus")
    if status == "received" or (
        not words(payload, "MessageStatus") and hooks.at(payload, "Body") is not None
    ):
        calls = tuple(_received(payload, name, moment))
        return [Told("received", calls, ignored=not calls)]
    what = _ENDS.get(status)
    if what is None:
        return [Told(status or "other", ignored=True)]
    return [Told(status, reports=(_report(payload, name, moment, what),))]


def _report(payload: Any, name: str, moment: datetime, what: What) -> Report:
    code = words(payload, "ErrorCode")
    return Report(
        CHANNEL,
        (name,),
        what,
        moment,
        address=words(payload, "To"),
        code=code if code != "0" else "",
        reason=words(payload, "ErrorMessage"),
        for_good=code in _FOR_GOOD,
        opted_out=code == _OPTED_OUT,
    )


def _received(payload: Any, name: str, moment: datetime) -> Iterator[Call]:
    number = e164(words(payload, "From"))
    text, files = words(payload, "Body"), _files(payload)
    if not number or not (text or files):
        return
    wanted = _wish(payload, text)
    traits: dict[str, Any] = {"phone": number}
    if wanted:
        said = {"given": wanted == "start", "channel": CHANNEL, "wording": text[:200], "how": "form"}
        traits["consent"] = {"marketing": said}
    yield hooks.identify(number, moment, f"{name}:who", traits)
    if wanted == "stop":
        yield hooks.track(number, "Unsubscribed", moment, f"{name}:stop", {"code": CHANNEL})
    yield hooks.track(
        number,
        "Message Received",
        moment,
        name,
        {
            "conversation_id": number,
            "object_kind": "conversation",
            "object_id": number,
            "code": CHANNEL,
            "channel": CHANNEL,
            "message_id": name,
            "text": text,
            "address": number,
            "attachments": files,
        },
    )


def _wish(payload: Any, text: str) -> str:
    """What Twilio's own opt-out understood, else what the text says."""
    told = words(payload, "OptOutType").lower()
    return told if told in ("stop", "start") else wish(text)


def _files(payload: Any) -> list[dict[str, Any]]:
    count = min(max(whole(payload, "NumMedia") or 0, 0), _MOST_FILES)
    return [
        {"name": "", "type": words(payload, f"MediaContentType{place}")[:100], "size": None}
        for place in range(count)
    ]


SOURCE = Source(
    name="sms",
    title=Text("SMS by Twilio"),
    meaning=Text("Text messages both ways, with answers in the inbox and whether ours arrived."),
    options=SmsOptions,
    secrets=(
        Secret(
            AUTH_TOKEN,
            Text("Auth token"),
            Text("Beside the account SID in the Twilio console. Holdfast sends with it and believes by it."),
        ),
    ),
    verify=verify,
    read=read,
    events=("received", "delivered", "undelivered", "failed"),
    steps=(
        Text("In the Twilio console, open your number, or your messaging service under Integration."),
        Text("Under “A message comes in”, choose Webhook and HTTP POST, and paste the address."),
        Text("Whether messages arrive is told to the same address by itself; there is nothing to paste."),
    ),
    examples=EXAMPLES,
    manners=Manners(form=True, answer=("text/xml", NO_ANSWER)),
)
